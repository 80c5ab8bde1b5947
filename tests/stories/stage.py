"""The stage of a story: sandbox, demo platform and bot in one process, over real sockets."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from bot.app import Goshawk, running
from bot.clock import Clock
from bot.sandbox.server import Sandbox
from bot.settings import only
from bot.slack.manifest import manifest
from bot.web.server import bind, serving

ANA, BEN, CLEO, GUS, OTTO = "U0ANA00001", "U0BEN00001", "U0CLEO0001", "U0GUS00001", "U0OTTO0001"
CARE, ESCALATIONS, PRIVATE = "C0CARE0001", "C0ESCAL001", "C0PRIVATE1"
TOKEN = "story"


@dataclass
class Stage:
    """What a story may touch: people's hands and eyes in Slack, and the bot."""

    http: httpx.AsyncClient
    goshawk: Goshawk
    url: str

    async def state(self) -> dict[str, Any]:
        return (await self.http.get("/sim/state")).json()

    async def _do(self, what: str, **body: Any) -> dict[str, Any]:
        return (await self.http.post(f"/sim/{what}", json=body)).json()

    async def command(self, user: str, text: str, *, command: str = "/social", channel: str = CARE) -> dict[str, Any]:
        return await self._do("command", user=user, channel=channel, command=command, text=text)

    async def press(self, user: str, message: dict[str, Any], action_id: str, **more: Any) -> dict[str, Any]:
        where = message.get("channel", CARE)
        return await self._do("action", user=user, channel=where, message_ts=message["ts"], action_id=action_id, **more)

    async def submit(self, user: str, **values: Any) -> dict[str, Any]:
        view = (await self.views(user))[-1]
        return await self._do("submit", user=user, view_id=view["id"], values=values)

    async def views(self, user: str) -> list[dict[str, Any]]:
        return (await self.state())["views"].get(user, [])

    async def react(self, user: str, message: dict[str, Any], name: str) -> dict[str, Any]:
        where = message.get("channel", CARE)
        return await self._do("reaction", user=user, channel=where, message_ts=message["ts"], name=name)

    async def say(self, user: str, text: str, *, channel: str = CARE, thread_ts: str = "") -> dict[str, Any]:
        return await self._do("message", user=user, channel=channel, text=text, thread_ts=thread_ts)

    async def messages(self, channel: str = CARE) -> list[dict[str, Any]]:
        found = (await self.state())["messages"].get(channel, [])
        return [{**message, "channel": channel} for message in found]

    async def card(self, words: str, *, channel: str = CARE) -> dict[str, Any]:
        """Wait for the card whose drawing holds ``words``."""
        return await self.see(lambda message: not message.get("thread_ts") and words in text_of(message), channel)

    async def see(self, wanted: Callable[[dict[str, Any]], bool], channel: str = CARE) -> dict[str, Any]:
        """Wait until a message of the channel is as wanted."""
        for _ in range(400):
            for message in await self.messages(channel):
                if wanted(message):
                    return message
            await asyncio.sleep(0.025)
        seen = "\n---\n".join(text_of(message) for message in await self.messages(channel))
        raise AssertionError(f"never seen in {channel}; there is:\n{seen}")

    async def whispers(self, user: str) -> list[str]:
        """Return what only this person was told."""
        return [text_of(one) for one in (await self.state())["ephemerals"] if one["user"] == user]

    async def settled(self) -> None:
        """Wait until every promise that is due was kept and Slack is quiet."""
        await self.goshawk.runner.settled()
        await self.http.get("/sim/idle", params={"timeout_s": 5})


def text_of(thing: Any) -> str:
    """Return all words of a message or a view, however deep."""
    if isinstance(thing, dict):
        return " ".join(text_of(value) for key, value in thing.items() if key not in {"value", "private_metadata"})
    if isinstance(thing, list):
        return " ".join(text_of(value) for value in thing)
    return thing if isinstance(thing, str) else ""


@contextlib.asynccontextmanager
async def stage(folder: Path, *, clock: Clock | None = None, **settings: Any) -> AsyncIterator[Stage]:
    """Set the stage: the sandbox, and the bot connected to it."""
    folder.mkdir(parents=True, exist_ok=True)
    sandbox = Sandbox(manifest(), keep=folder / "slack.db", sim_token=TOKEN)
    async with serving(sandbox.asgi, bind(0)) as url:
        given = {
            "data": folder,
            "slack_bot_token": sandbox.bot_token,
            "slack_app_token": sandbox.app_token,
            "slack_api_url": f"{url}/api/",
            "channels": {"cases": "#social-care", "private": "#social-private"},
            "tiers": [
                {"name": "lead", "channel": "#social-escalations", "notify": ["@social-leads"]},
                {"name": "pr", "channel": "#social-escalations", "notify": ["@pr"]},
            ],
            "undo_s": 0,
            "undo_p1_s": 0,
            "card_gap_s": 0,
        }
        async with running(only(**{**given, **settings}), clock) as goshawk:
            async with httpx.AsyncClient(base_url=url, headers={"X-Sim-Token": TOKEN}, timeout=20) as http:
                yield Stage(http, goshawk, url)
