"""Operators hear once of what ails the machine, also when the database takes nothing, and once that it is over."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from datetime import timedelta
from email.utils import format_datetime

import aiohttp
import pytest

from bot.cases.upkeep import Upkeep, clock_trouble
from bot.slack.alarms import Alarms
from bot.slack.checkup import skew
from bot.slack.gateway import Gateway, client_for
from tests.fakes.disk import files_end_at
from tests.fakes.platform import Platform, Request

OK = b'{"ok": true, "channel": "C0OPS00001", "ts": "1.000001"}'
FULL = "The disk is nearly full."


@pytest.fixture
async def slack() -> AsyncIterator[Platform]:
    async with Platform() as platform:
        yield platform


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as one:
        yield one


class Machine:
    """Ails as a test says."""

    def __init__(self) -> None:
        self.found: dict[str, str] = {}

    async def ails(self) -> dict[str, str]:
        return self.found


def said(request: Request) -> tuple[str, str]:
    """Return which method was called, and the words."""
    return request.path.rpartition("/")[2], json.loads(request.body)["blocks"][0]["text"]["text"]


@pytest.fixture
def machine() -> Machine:
    return Machine()


@pytest.fixture
def alarms(slack: Platform, session, machine: Machine, clock) -> Alarms:
    gateway = Gateway(client_for("xoxb-sandbox-x", f"{slack.url}/api/", session), session)
    return Alarms(gateway, "C0OPS00001", machine.ails, clock)


async def test_what_ails_is_told_once_and_edited_when_it_is_over(slack, machine, alarms):
    for _ in range(2):
        slack.will_answer(200, OK, content_type="application/json")

    machine.found = {"disk": FULL}
    for _ in range(3):
        await alarms.look()
    machine.found = {}
    for _ in range(3):
        await alarms.look()

    (told, words), (edited, over) = map(said, slack.heard)
    assert (told, edited) == ("chat.postMessage", "chat.update")
    assert FULL in words and "Over" in over and FULL in over


async def test_what_slack_did_not_take_is_told_at_the_next_look(slack, machine, alarms):
    slack.will_answer(500, b"down")
    slack.will_answer(200, OK, content_type="application/json")
    machine.found = {"disk": FULL}

    for _ in range(3):
        await alarms.look()

    assert [said(one)[0] for one in slack.heard] == ["chat.postMessage"] * 2


async def no_skew() -> None:
    return None


async def test_a_database_that_takes_nothing_is_an_ailment_and_heals(store, store_url, clock, tmp_path):
    upkeep = Upkeep(store, clock, tmp_path, no_skew)
    on_a_server = store_url.startswith("postgresql")  # then a full disk of ours is not the database's

    with files_end_at(4_096):
        ails = await upkeep.ails()

    assert ails.get("database", "").startswith("" if on_a_server else "Nothing can be stored: ")
    assert ("database" in ails) is not on_a_server
    assert "database" not in await upkeep.ails()


@pytest.mark.parametrize(
    ("seconds", "words"), [(29, ""), (45, "45 s ahead of Slack's"), (-3_600, "3600 s behind Slack's")]
)
def test_a_clock_that_is_half_a_minute_off_is_said_with_its_way(seconds, words):
    found = clock_trouble(timedelta(seconds=seconds))

    assert words in found and bool(found) == bool(words)


async def test_the_clock_is_compared_with_slacks(slack, session, clock):
    theirs = format_datetime(clock.now() - timedelta(seconds=90), usegmt=True)
    slack.will_answer(200, b'{"ok": true}', content_type="application/json", date=theirs)
    slack.will_answer(200, b'{"ok": true}', content_type="application/json", date="yesterday")
    client = client_for("xoxb-sandbox-x", f"{slack.url}/api/", session)

    ahead, unknown = await skew(client, clock), await skew(client, clock)

    assert ahead and abs(ahead - timedelta(seconds=90)) <= timedelta(seconds=1)
    assert unknown is None
