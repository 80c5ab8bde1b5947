"""The gateway: one call is one message, whatever the line does; every failure is one of three kinds."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator
from datetime import timedelta

import aiohttp
import pytest

from bot.clock import SystemClock
from bot.domain.job import Job
from bot.errors import LeaseLost, NotAllowed, SlackBusy, SlackDoubtful, SlackRefused
from bot.jobs import lease
from bot.jobs.lease import Lease
from bot.jobs.pace import FREE, Pace, Turns
from bot.slack import gateway as room
from bot.slack.cards import draw
from bot.slack.gateway import Gateway, client_for
from bot.slack.lists import notice
from bot.slack.text import say
from bot.store.engine import Store
from tests.fakes.platform import Platform, nobody
from tests.fakes.posts import START
from tests.slack import sheets

HELLO = notice(say("hello"))
OK = b'{"ok": true, "channel": "C1", "ts": "1.000001", "permalink": "https://x.example/p1", "user": {"id": "U1"}}'


@pytest.fixture
async def slack() -> AsyncIterator[Platform]:
    async with Platform() as platform:
        yield platform


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as one:
        yield one


def gate(url: str, session: aiohttp.ClientSession, turns: Turns = FREE) -> Gateway:
    return Gateway(client_for("xoxb-sandbox-x", f"{url}/api/", session), session, turns)


def paced(store: Store, gap_s: float = 0) -> Pace:
    return Pace(store, SystemClock(), timedelta(seconds=gap_s))


async def test_a_post_says_where_it_stands(slack: Platform, session):
    slack.will_answer(200, OK, content_type="application/json")

    assert await gate(slack.url, session).post("#care", HELLO, thread="1.000000") == ("C1", "1.000001")

    (asked,) = slack.heard
    assert asked.headers["authorization"] == "Bearer xoxb-sandbox-x"
    body = asked.body.decode()
    assert "unfurl_links" in body and "link_names" not in body and "parse" not in body


async def test_a_connection_that_breaks_after_the_post_is_a_doubt_and_one_call(slack: Platform, session):
    slack.will_reset()

    with pytest.raises(SlackDoubtful):
        await gate(slack.url, session).post("C1", HELLO)

    assert slack.asked == ["/api/chat.postMessage"]


@pytest.mark.parametrize("call", ["update", "whisper", "respond", "home", "direct"])
async def test_no_call_that_changes_anything_is_made_twice(slack: Platform, session, call: str):
    slack.will_reset()
    one = gate(slack.url, session)
    calls = {
        "update": lambda: one.update("C1", "1.0", HELLO),
        "whisper": lambda: one.whisper("C1", "U1", HELLO),
        "respond": lambda: one.respond(f"{slack.url}/respond/1", HELLO),
        "home": lambda: one.home("U1", HELLO.blocks),
        "direct": lambda: one.direct("U1"),
    }

    with pytest.raises(SlackDoubtful):
        await calls[call]()

    assert len(slack.heard) == 1


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry_after": "7"}, 7.0),
        ({"retry_after": "0.5"}, 0.5),
        ({"retry_after": "soon"}, 1.0),
        ({"retry_after": "-5"}, 0.0),
        ({"retry_after": "nan"}, 1.0),
        ({"retry_after": "1" + "0" * 400}, 1.0),
        ({"retry_after": "999999"}, 3_600.0),
        ({"retry_after": "Sun, 22 Nov 2026 08:00:30 GMT", "date": "Sun, 22 Nov 2026 08:00:00 GMT"}, 30.0),
        ({}, 1.0),
    ],
)
async def test_429_says_how_long_to_wait(slack: Platform, session, headers: dict[str, str], seconds: float):
    slack.will_answer(429, b'{"ok": false, "error": "ratelimited"}', **headers)

    with pytest.raises(SlackBusy) as busy:
        await gate(slack.url, session).post("C1", HELLO)

    assert busy.value.retry_after_s == seconds and len(slack.heard) == 1


async def test_a_channel_that_must_wait_holds_the_next_post_back(slack: Platform, session, store):
    slack.will_answer(429, b'{"ok": false, "error": "ratelimited"}', retry_after="1")
    slack.will_answer(200, OK, content_type="application/json")
    one = gate(slack.url, session, paced(store))
    with pytest.raises(SlackBusy):
        await one.post("C1", HELLO)

    began = time.monotonic()
    await one.post("C1", HELLO)

    assert time.monotonic() - began > 0.9


async def test_no_answer_at_all_is_a_doubt_in_words(slack: Platform, session):
    slack.will_stall()
    impatient = Gateway(client_for("xoxb-sandbox-x", f"{slack.url}/api/", session), session, FREE, timeout_s=0.3)

    with pytest.raises(SlackDoubtful, match=r"^Slack did not answer in time\.$"):
        await impatient.post("C1", HELLO)


async def test_html_with_200_is_a_doubt(slack: Platform, session):
    slack.will_answer(200, b"<html>Back soon</html>", content_type="text/html")

    with pytest.raises(SlackDoubtful):
        await gate(slack.url, session).post("C1", HELLO)

    assert len(slack.heard) == 1


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (500, b"oops"),
        (503, b'{"ok": false, "error": "service_unavailable"}'),
        (200, b'{"ok": false, "error": "internal_error"}'),
        (200, b'{"ok": false, "error": "fatal_error"}'),
        (200, b""),
        (200, b"[]"),
        (200, b"{"),
    ],
)
async def test_what_slack_cannot_vouch_for_is_a_doubt(slack: Platform, session, status: int, body: bytes):
    slack.will_answer(status, body, content_type="application/json")

    with pytest.raises(SlackDoubtful):
        await gate(slack.url, session).post("C1", HELLO)

    assert len(slack.heard) == 1


async def test_a_refusal_bears_slacks_own_word_and_what_is_missing(slack: Platform, session):
    slack.will_answer(
        200,
        json.dumps({"ok": False, "error": "missing_scope", "needed": "im:write", "provided": "chat:write"}).encode(),
        content_type="application/json",
    )

    with pytest.raises(SlackRefused, match=r"missing_scope\. It needs the scope im:write\.") as refused:
        await gate(slack.url, session).direct("U1")

    assert refused.value.code == "missing_scope"


async def test_refused_blocks_are_named(slack: Platform, session):
    body = {"ok": False, "error": "invalid_blocks", "response_metadata": {"messages": ["[ERROR] must be less"]}}
    slack.will_answer(200, json.dumps(body).encode(), content_type="application/json")

    with pytest.raises(SlackRefused, match="must be less"):
        await gate(slack.url, session).whisper("C1", "U1", HELLO)


@pytest.mark.parametrize("call", ["post", "update"])
async def test_a_refused_drawing_stands_as_its_sentence_and_buttons(slack: Platform, session, log_lines, call: str):
    slack.will_answer(200, b'{"ok": false, "error": "invalid_blocks"}', content_type="application/json")
    slack.will_answer(200, OK, content_type="application/json")
    card, one = draw(sheets.LOOKS["unclaimed"], sheets.POLICY), gate(slack.url, session)

    await (one.post("C1", card) if call == "post" else one.update("C1", "1.0", card))

    rich, plain = [json.loads(asked.body)["blocks"] for asked in slack.heard]
    assert [block["type"] for block in plain] == ["section", "actions"]
    assert plain[0]["text"]["text"] == card.text and plain[1] in rich
    assert "Slack refused a drawing" in log_lines()


async def test_nobody_there_is_surely_not_posted(session):
    async with nobody() as url:
        with pytest.raises(SlackBusy, match="cannot be reached"):
            await gate(url, session).post("C1", HELLO)


async def test_an_answer_that_never_comes_is_a_doubt(slack: Platform, session):
    slack.will_stall()
    client = client_for("xoxb-sandbox-x", f"{slack.url}/api/", session)

    with pytest.raises(SlackDoubtful):
        await Gateway(client, session, timeout_s=0.3).post("C1", HELLO)

    assert len(slack.heard) == 1


@pytest.mark.parametrize("call", ["open", "person"])
async def test_what_stands_before_an_ack_gives_up_in_time(slack: Platform, session, call: str):
    slack.will_stall()
    one = gate(slack.url, session)

    began = time.monotonic()
    with pytest.raises(NotAllowed, match=r"press once more|try again"):
        await (one.open("1.2.abc", {"type": "modal"}) if call == "open" else one.person("U1"))

    assert time.monotonic() - began < 2 * room.PATIENCE_S < 3


async def test_a_spent_trigger_is_a_sentence_for_the_person(slack: Platform, session):
    slack.will_answer(200, b'{"ok": false, "error": "expired_trigger_id"}', content_type="application/json")

    with pytest.raises(NotAllowed, match=r"Slack did not open the window in time\. Nothing is lost: press once more\."):
        await gate(slack.url, session).open("1.2.abc", {"type": "modal"})


async def test_a_response_url_that_is_over_is_refused(slack: Platform, session):
    slack.will_answer(404, b"expired_url")

    with pytest.raises(SlackRefused, match="404"):
        await gate(slack.url, session).respond(f"{slack.url}/respond/1", HELLO)


async def test_lists_are_read_to_the_last_page(slack: Platform, session):
    first = {"ok": True, "members": [{"id": "U1"}], "response_metadata": {"next_cursor": "abc="}}
    slack.will_answer(200, json.dumps(first).encode(), content_type="application/json")
    last = {"ok": True, "members": [{"id": "U2"}], "response_metadata": {"next_cursor": ""}}
    slack.will_answer(200, json.dumps(last).encode(), content_type="application/json")

    found = await gate(slack.url, session).pages("users.list", "members")

    assert [one["id"] for one in found] == ["U1", "U2"]
    assert "cursor=abc" in slack.asked[1]


async def test_posts_in_one_channel_take_turns(slack: Platform, session, store):
    for _ in range(3):
        slack.will_answer(200, OK, content_type="application/json")
    one = gate(slack.url, session, paced(store, 0.2))

    began = time.monotonic()
    await asyncio.gather(*[one.post("C1", HELLO) for _ in range(3)])

    assert time.monotonic() - began >= 0.39


async def test_who_lost_the_lease_of_a_job_says_nothing_to_slack(slack: Platform, session):
    lease.current.set(Lease(Job(kind="card", key="card:1", due=START), ends=time.monotonic()))

    with pytest.raises(LeaseLost):
        await gate(slack.url, session).post("C1", HELLO)

    assert slack.heard == []
