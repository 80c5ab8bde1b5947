"""Two connections for presses: one that breaks, goes dead or is refreshed leaves nobody deaf."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.errors import Misconfigured
from bot.slack.gateway import Gateway
from bot.slack.sockets import Sockets
from tests.fakes.wire import Wire, wired
from tests.sandbox.desk import Desk
from tests.sandbox.stage import ANA, CARE, Stage, card, staged

SOCKET = b"GET /socket"


@dataclass
class Duty:
    """An app on duty behind a wire, and the people who press its buttons."""

    stage: Stage
    desk: Desk
    wire: Wire
    sockets: Sockets
    ts: str = ""

    async def presses(self) -> bool:
        """Press once and say whether the app heard it."""
        answer = await self.stage.sim("action", user=ANA, channel=CARE, message_ts=self.ts, action_id="claim")
        return bool(answer["ok"])

    async def connections(self) -> int:
        return len((await self.stage.state())["connections"])


@contextlib.asynccontextmanager
async def on_duty(*, count: int = 2, ping_s: float = 0.5) -> AsyncIterator[Duty]:
    async with staged() as stage, wired(stage.url) as wire, aiohttp.ClientSession() as session:
        client = AsyncWebClient(
            stage.sandbox.bot_token, base_url=f"{wire.url}/api/", session=session, retry_handlers=[]
        )
        stage.web = client
        desk = Desk(stage)
        sockets = Sockets(desk.app, stage.sandbox.app_token, count=count, ping_s=ping_s)
        await sockets.connect(Gateway(client, session, None))
        duty = Duty(stage, desk, wire, sockets)
        duty.ts = (await client.chat_postMessage(channel=CARE, text="a card", blocks=card()))["ts"]
        try:
            yield duty
        finally:
            await sockets.close()


async def test_two_connections_stand_and_share_the_presses():
    async with on_duty() as duty:
        heard = [await duty.presses() for _ in range(4)]

        assert heard == [True] * 4 and await duty.connections() == 2
        assert {one["unacked"] for one in (await duty.stage.state())["connections"]} == {0}


async def test_a_connection_that_breaks_takes_no_press_with_it():
    async with on_duty() as duty:
        duty.wire.those(SOCKET)[0].cut()
        await asyncio.sleep(0.05)

        heard = [await duty.presses() for _ in range(6)]

        assert heard == [True] * 6


@pytest.mark.parametrize("kind", ["refresh_requested", "warning"])
async def test_a_refresh_of_both_at_once_loses_no_press(kind: str):
    async with on_duty() as duty:
        await duty.stage.sim("faults", kind=kind)
        await asyncio.sleep(0.1)  # what is on its way over the very connection that the SDK closes is lost
        ends = time.monotonic() + 3

        heard = []
        while time.monotonic() < ends:
            heard.append(await duty.presses())
            await asyncio.sleep(0.1)

        assert heard.count(False) == 0


async def test_a_half_open_connection_is_replaced_before_long():
    async with on_duty() as duty:
        (dead, _) = duty.wire.those(SOCKET)
        dead.dead.set()

        async with asyncio.timeout(10):  # four pings of half a second, and the SDK's own rounding
            while dead in duty.wire.strands or await duty.connections() < 2:  # noqa: ASYNC110 - no bell to wait for
                await asyncio.sleep(0.05)

        assert [await duty.presses() for _ in range(4)] == [True] * 4


async def test_it_says_whether_anything_listens():
    async with on_duty() as duty:
        before = await duty.sockets.listens()
        await duty.stage.sim("faults", kind="slack_down", seconds=30)
        await asyncio.sleep(0.3)

        assert before and not await duty.sockets.listens()


async def test_a_token_that_slack_refuses_is_said():
    async with staged() as stage, aiohttp.ClientSession() as session:
        client = AsyncWebClient(stage.sandbox.bot_token, base_url=f"{stage.url}/api/", session=session)
        sockets = Sockets(Desk(stage).app, "xapp-sandbox-of-somebody-else")

        with pytest.raises(Misconfigured, match="SLACK_APP_TOKEN"):
            await sockets.connect(Gateway(client, session, None))
        await sockets.close()
