"""A signed request has one effect, whoever sends it how often, and a database that is away loses nothing silently."""

from __future__ import annotations

import asyncio
import contextlib
import json
import sqlite3
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest

from bot.cli.run import receiving
from bot.web.server import bind, serving
from tests.stories.stage import ANA, CARE, PLAIN, Stage, stage
from tests.web.test_web_slack_door import SECRET, now, signed


class Phone:
    """Slack's side of the HTTP door: signs, sends, and sends again."""

    def __init__(self, http: httpx.AsyncClient, scene: Stage) -> None:
        self._http = http
        self.scene = scene

    async def send(self, words: str, headers: dict[str, str]) -> httpx.Response:
        return await self._http.post("/slack/events", content=words, headers=headers)

    async def event(self, text: str, event_id: str, *, nth: int = 0) -> httpx.Response:
        """Deliver an event, for the ``nth`` time: each is signed at another moment."""
        said = {"type": "app_mention", "user": ANA, "channel": CARE, "ts": "1.1", "text": f"<@U0GOSHAWK1> {text}"}
        words = json.dumps({"type": "event_callback", "event_id": event_id, "team_id": "T1", "event": said})
        return await self.send(words, {**signed(words, stamp=now(plus=nth)), "Content-Type": "application/json"})

    async def notes(self, case: int = 1) -> list[str]:
        timeline = await self.scene.goshawk.board.timeline(case)
        return [event.detail for event in timeline.events if event.what == "noted"]


def typed(text: str) -> str:
    return urlencode({"command": "/social", "text": text, "user_id": ANA, "channel_id": CARE, "team_id": "T1"})


def form(words: str) -> dict[str, str]:
    return {**signed(words), "Content-Type": "application/x-www-form-urlencoded"}


@contextlib.asynccontextmanager
async def calling(folder: Path) -> AsyncIterator[Phone]:
    """Set the stage with a door."""
    async with stage(folder, slack_signing_secret=SECRET) as scene:
        async with serving(receiving(scene.goshawk), bind(0)) as url:
            async with httpx.AsyncClient(base_url=url, timeout=30, trust_env=False) as http:
                yield Phone(http, scene)


@pytest.fixture
async def slack(tmp_path: Path) -> AsyncIterator[Phone]:
    async with calling(tmp_path) as phone:
        phone.scene.town.post(PLAIN)
        await phone.scene.card("Unclaimed")
        yield phone


async def test_the_same_signed_request_at_once_and_later_has_one_effect(slack: Phone) -> None:
    words = typed("note 1 the captain called back")
    headers = form(words)

    at_once = await asyncio.gather(*(slack.send(words, headers) for _ in range(8)))
    later = await slack.send(words, headers)

    assert sorted(answer.status_code for answer in at_once) == [200] + [409] * 7
    assert later.status_code == 409
    assert await slack.notes() == ["the captain called back"]


@pytest.mark.parametrize("text", ["show 1", "help", "claim 404"], ids=["reads", "asks nothing", "is refused"])
async def test_what_changes_nothing_is_answered_once_as_well_also_after_a_restart(tmp_path: Path, text: str) -> None:
    words = typed(text)
    headers = form(words)
    async with calling(tmp_path) as phone:
        first = await phone.send(words, headers)
        second = await phone.send(words, headers)

    async with calling(tmp_path) as phone:
        third = await phone.send(words, headers)

    assert [first.status_code, second.status_code, third.status_code] == [200, 409, 409]


async def test_a_repetition_tells_nobody_that_it_failed(slack: Phone) -> None:
    words = typed("claim 1")
    headers = form(words)
    await slack.send(words, headers)

    await slack.send(words, headers)

    assert await slack.scene.whispers(ANA) == []


async def test_an_event_that_comes_again_acts_once(slack: Phone) -> None:
    answers = [await slack.event("note 1 once is enough", "Ev1", nth=nth) for nth in range(3)]

    assert [answer.status_code for answer in answers] == [200, 200, 200]
    assert await slack.notes() == ["once is enough"]


@contextlib.contextmanager
def away(folder: Path) -> Iterator[None]:
    """Let another program hold the database file: what is to be written waits five seconds, then fails."""
    with contextlib.closing(sqlite3.connect(folder / "goshawk.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


async def test_an_event_that_meets_no_database_comes_again_and_acts(slack: Phone, tmp_path: Path) -> None:
    with away(tmp_path):
        lost = await slack.event("note 1 said in the dark", "Ev2")
    dark = await slack.notes()

    again = await slack.event("note 1 said in the dark", "Ev2", nth=1)

    assert (lost.status_code, again.status_code) == (500, 200)
    assert (dark, await slack.notes()) == ([], ["said in the dark"])


async def test_who_presses_while_the_database_is_away_is_told(slack: Phone, tmp_path: Path) -> None:
    card = (await slack.scene.cards())[0]
    pressed = {"type": "button", "action_id": "case.claim", "block_id": "b", "value": "1:1", "action_ts": "1.1"}
    body: dict[str, Any] = {
        "type": "block_actions",
        "user": {"id": ANA},
        "team": {"id": "T1"},
        "channel": {"id": CARE},
        "container": {"type": "message", "channel_id": CARE, "message_ts": card["ts"]},
        "actions": [pressed],
    }
    words = urlencode({"payload": json.dumps(body)})

    with away(tmp_path):
        answer = await slack.send(words, form(words))
    told = await slack.scene.whispers(ANA)

    assert answer.status_code == 200
    assert len(told) == 1 and "database" in told[0]
    assert "Unclaimed" in str((await slack.scene.cards())[0])
