"""How calls to Slack fail: what surely did not happen, what may have, and a token that counts no more."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from datetime import timedelta

import aiohttp
import pytest

from bot import metrics
from bot.domain.job import Job
from bot.errors import NoTurn, SlackBusy, SlackLocked, SlackRefused
from bot.jobs import lease
from bot.jobs.lease import Lease
from bot.jobs.pace import Pace
from bot.jobs.vitals import Vitals
from bot.slack.gateway import UPDATES, Gateway, client_for, session_for
from bot.slack.lists import notice
from bot.slack.text import say
from tests.fakes.platform import Platform
from tests.fakes.posts import START

HELLO = notice(say("hello"))
OK = b'{"ok": true, "channel": "C1", "ts": "1.000001"}'
WORK = Lease(Job(kind="card.redraw", key="card.redraw:1", due=START), ends=float("inf"))
REVOKED = b'{"ok": false, "error": "token_revoked"}'


@pytest.fixture
async def slack() -> AsyncIterator[Platform]:
    async with Platform() as platform:
        yield platform


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with session_for(connect_s=1.0) as one:
        yield one


def gate(url: str, session: aiohttp.ClientSession, **more) -> Gateway:
    return Gateway(client_for("xoxb-sandbox-x", f"{url}/api/", session), session, **more)


@pytest.mark.parametrize("url", ["http://no-such-host.invalid", "https://127.0.0.1:{port}"])
async def test_without_a_name_or_trust_nothing_was_sent(slack: Platform, session, url: str):
    port = slack.url.rpartition(":")[2]

    with pytest.raises(SlackBusy, match="cannot be reached"):
        await gate(url.format(port=port), session).post("C1", HELLO)

    assert slack.heard == []


async def test_who_waited_in_vain_for_a_connection_has_sent_nothing(slack: Platform):
    slack.will_stall()
    narrow = aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=1), timeout=aiohttp.ClientTimeout(total=None, connect=0.2)
    )
    async with narrow as session:
        one = gate(slack.url, session)
        first = asyncio.create_task(one.post("C1", HELLO))
        while not slack.heard:  # noqa: ASYNC110 - no bell rings when somebody asks
            await asyncio.sleep(0.01)

        with pytest.raises(SlackBusy, match="cannot be reached"):
            await one.post("C1", HELLO)

        first.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await first
    assert len(slack.heard) == 1


async def test_a_token_that_counts_no_more_is_said_once_and_tried_again_after_a_while(
    slack: Platform, session, log_lines
):
    now = [100.0]
    vitals = Vitals(lambda: now[0])
    slack.will_answer(200, REVOKED, content_type="application/json")
    slack.will_answer(200, REVOKED, content_type="application/json")
    slack.will_answer(200, OK, content_type="application/json")
    one = gate(slack.url, session, vitals=vitals)

    for moment in (100.0, 110.0, 120.0, 130.0, 140.0):
        now[0] = moment
        with pytest.raises(SlackLocked, match="does not take our token: token_revoked"):
            await one.post("C1", HELLO)

    assert len(slack.heard) == 2 and vitals.token_trouble == "token_revoked"
    assert metrics.SLACK_TOKEN._value.get() == 0
    now[0] = 160.0
    await one.post("C1", HELLO)
    assert vitals.token_trouble == "" and metrics.SLACK_TOKEN._value.get() == 1
    assert log_lines().count("everything waits until it does") == 1


async def test_an_app_token_that_is_wrong_says_nothing_of_the_bots(slack: Platform, session):
    vitals = Vitals()
    slack.will_answer(200, b'{"ok": false, "error": "invalid_auth"}', content_type="application/json")

    with pytest.raises(SlackLocked):
        await gate(slack.url, session, vitals=vitals).socket_address("xapp-sandbox-x")

    assert vitals.token_trouble == ""


async def test_a_missing_right_is_named(slack: Platform, session):
    body = b'{"ok": false, "error": "missing_scope", "needed": "im:write", "provided": "chat:write"}'
    slack.will_answer(200, body, content_type="application/json")

    with pytest.raises(SlackRefused) as refused:
        await gate(slack.url, session).direct("U1")

    assert refused.value.needed == "im:write"


async def test_redraws_of_a_channel_are_paced_and_slacks_wait_counts_for_every_process(
    slack: Platform, session, store, clock
):
    lease.current.set(WORK)
    slack.will_answer(429, b'{"ok": false, "error": "ratelimited"}', retry_after="30")
    here, there = [gate(slack.url, session, turns=Pace(store, clock, timedelta(seconds=1))) for _ in range(2)]
    with pytest.raises(SlackBusy):
        await here.update("C1", "1.0", HELLO)

    with pytest.raises(NoTurn) as told:
        await there.update("C1", "1.0", HELLO)

    assert told.value.retry_after_s == 30 and len(slack.heard) == 1


async def test_no_more_redraws_follow_each_other_than_slack_takes(slack: Platform, session, store, clock):
    lease.current.set(WORK)
    for _ in range(UPDATES):
        slack.will_answer(200, OK, content_type="application/json")
    one = gate(slack.url, session, turns=Pace(store, clock, timedelta(seconds=1)))
    for _ in range(UPDATES):
        await one.update("C1", "1.0", HELLO)

    with pytest.raises(NoTurn):
        await one.update("C1", "1.0", HELLO)

    assert len(slack.heard) == UPDATES
