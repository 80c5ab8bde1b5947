"""The door for Slack over HTTP: only what Slack signed just now passes, and only once."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import hmac
import logging
import time
from collections.abc import AsyncIterator, Mapping

import httpx
import pytest
from starlette.applications import Starlette

from bot.clock import SystemClock
from bot.errors import Repeated
from bot.store.once import Mark
from bot.web.server import bind, serving
from bot.web.slack import BODY_LIMIT, Door

SECRET, OLDER = "the-signing-secret", "the-one-before"
WORDS = "command=%2Fsocial&text=a-canary-nobody-logs"


class House:
    """Works on what passes the door, and remembers requests as the database does."""

    def __init__(self) -> None:
        self.worked_on: list[str] = []
        self.answers_with = 200
        self._seen: set[str] = set()

    async def dispatch(self, body: str, headers: Mapping[str, str]) -> tuple[int, str, dict[str, str]]:
        assert "x-slack-signature" in headers
        self.worked_on.append(body)
        return self.answers_with, "done", {"content-type": "text/plain"}

    @contextlib.asynccontextmanager
    async def once(self, key: str) -> AsyncIterator[Mark]:
        if key in self._seen:
            raise Repeated
        mark = Mark(key, SystemClock().now())
        yield mark
        if not mark.failed:
            self._seen.add(key)


def signed(body: bytes | str = WORDS, *, secret: str = SECRET, stamp: str | None = None) -> dict[str, str]:
    raw = body.encode() if isinstance(body, str) else body
    stamp = str(int(time.time())) if stamp is None else stamp
    proof = hmac.new(secret.encode(), b"v0:" + stamp.encode() + b":" + raw, hashlib.sha256).hexdigest()
    return {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": f"v0={proof}"}


@pytest.fixture
def house() -> House:
    return House()


@pytest.fixture
async def slack(house: House) -> AsyncIterator[httpx.AsyncClient]:
    door = Door(house.dispatch, house, [SECRET, OLDER], SystemClock())
    with bind(0) as listening:
        async with (
            serving(Starlette(routes=[door.route()]), listening) as url,
            httpx.AsyncClient(base_url=url, trust_env=False) as http,
        ):
            yield http


async def test_what_slack_signed_is_worked_on_and_answered(slack: httpx.AsyncClient, house: House) -> None:
    answer = await slack.post("/slack/events", content=WORDS, headers=signed())

    assert (answer.status_code, answer.text) == (200, "done")
    assert house.worked_on == [WORDS]


async def test_the_secret_before_the_last_change_still_counts(slack: httpx.AsyncClient, house: House) -> None:
    answer = await slack.post("/slack/events", content=WORDS, headers=signed(secret=OLDER))

    assert answer.status_code == 200 and house.worked_on


async def test_the_same_signed_request_is_worked_on_once(slack: httpx.AsyncClient, house: House) -> None:
    headers = signed()

    answers = [await slack.post("/slack/events", content=WORDS, headers=headers) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [200, 409, 409]
    assert len(house.worked_on) == 1


async def test_what_could_not_be_worked_on_may_come_again(slack: httpx.AsyncClient, house: House) -> None:
    headers, house.answers_with = signed(), 500
    await slack.post("/slack/events", content=WORDS, headers=headers)
    house.answers_with = 200

    answer = await slack.post("/slack/events", content=WORDS, headers=headers)

    assert answer.status_code == 200 and len(house.worked_on) == 2


def now(*, plus: int = 0) -> str:
    return str(int(time.time()) + plus)


@pytest.mark.parametrize(
    ("why", "headers"),
    [
        ("nothing is signed", {}),
        ("another secret", signed(secret="somebody-elses")),
        ("another body", signed("command=%2Fother")),
        ("too old", signed(stamp=now(plus=-301))),
        ("from the future", signed(stamp=now(plus=900))),
        ("no moment", signed(stamp="")),
        ("an odd moment", signed(stamp="soon")),
        ("a moment with a point", signed(stamp="1e9")),
        ("a moment of five thousand digits", signed(stamp="1" * 5_000)),
        ("a negative moment", signed(stamp="-5")),
        ("digits of another script", {**signed(), "X-Slack-Request-Timestamp": "١٢٣".encode()}),
        ("no signature", {"X-Slack-Request-Timestamp": now()}),
        ("an empty signature", {**signed(), "X-Slack-Signature": ""}),
        ("a signature that is no ASCII", {**signed(), "X-Slack-Signature": "v0=é".encode("latin-1")}),
        ("a signature without its version", {**signed(), "X-Slack-Signature": signed()["X-Slack-Signature"][3:]}),
        ("a signature in capitals", {**signed(), "X-Slack-Signature": signed()["X-Slack-Signature"].upper()}),
    ],
)
async def test_anything_else_is_refused_and_not_logged(
    slack: httpx.AsyncClient, house: House, caplog: pytest.LogCaptureFixture, why: str, headers: Mapping[str, str]
) -> None:
    caplog.set_level(logging.DEBUG)

    answer = await slack.post("/slack/events", content=WORDS, headers=headers)

    assert answer.status_code == 401, why
    assert not house.worked_on
    assert "a-canary-nobody-logs" not in caplog.text


async def test_a_body_beyond_the_limit_is_refused_before_it_is_read(slack: httpx.AsyncClient, house: House) -> None:
    large = b"x" * (BODY_LIMIT + 1)

    answer = await slack.post("/slack/events", content=large, headers=signed(large))

    assert answer.status_code == 413 and not house.worked_on


async def test_a_signed_body_that_is_no_text_is_refused(slack: httpx.AsyncClient, house: House) -> None:
    answer = await slack.post("/slack/events", content=b"\xff\xfe", headers=signed(b"\xff\xfe"))

    assert answer.status_code == 400 and not house.worked_on


async def test_somebody_who_sends_slowly_delays_nobody(slack: httpx.AsyncClient, house: House) -> None:
    async def drip() -> AsyncIterator[bytes]:
        yield b"command="
        await asyncio.sleep(8)
        yield b"never"

    slow = asyncio.create_task(slack.post("/slack/events", content=drip(), headers=signed(), timeout=20))
    await asyncio.sleep(0.1)

    answer = await slack.post("/slack/events", content=WORDS, headers=signed())

    assert answer.status_code == 200
    slow.cancel()
    await asyncio.gather(slow, return_exceptions=True)


async def test_a_line_that_was_idle_is_still_open(slack: httpx.AsyncClient) -> None:
    reader, writer = await asyncio.open_connection(slack.base_url.host, slack.base_url.port)

    async def ask() -> bytes:
        writer.write(b"HEAD /slack/events HTTP/1.1\r\nHost: door\r\n\r\n")
        return await reader.readuntil(b"\r\n\r\n")

    first = await ask()
    await asyncio.sleep(6)  # one second more than the server under it waits by itself

    second = await ask()

    assert first.startswith(b"HTTP/1.1 405") and second.startswith(b"HTTP/1.1 405")
    writer.close()


async def test_only_a_post_is_understood(slack: httpx.AsyncClient, house: House) -> None:
    answer = await slack.get("/slack/events", headers=signed(""))

    assert answer.status_code == 405 and not house.worked_on
