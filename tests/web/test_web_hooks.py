"""Signed deliveries over a real socket: what is proven is stored once, everything else is refused and kept nowhere."""

from __future__ import annotations

import asyncio
import os
import shutil
import time

import pytest

from bot.feeds.webhook import BODY_LIMIT, curl_example
from tests.web.conftest import COMPLAINT, NEW, OLD


@pytest.mark.parametrize("secret", [OLD, NEW])
async def test_a_signed_delivery_becomes_a_card(sender, secret):
    answer = await sender.deliver(secret=secret)

    assert (answer.status_code, answer.json()) == (
        200,
        {"stored": 1, "known": 0, "flagged": 1, "edited": 0, "deleted": 0, "rejected": 0, "examples": []},
    )
    assert await sender.scene.card("My cabin was sold twice")


async def test_what_was_delivered_again_changes_nothing(sender):
    at = time.time()

    first = await sender.deliver(at=at)
    same = await sender.deliver(at=at)
    named = [await sender.deliver({**COMPLAINT, "id": n}, delivery="number-1") for n in ("8", "9")]

    assert [first.json()["stored"], same.json()["stored"], same.json()["known"]] == [1, 0, 1]
    assert [one.json()["stored"] for one in named] == [1, 0]
    assert await sender.stored() == 2


async def test_twenty_at_once_are_all_stored(sender):
    answers = await asyncio.gather(*[sender.deliver({**COMPLAINT, "id": str(n)}) for n in range(20)])

    assert [answer.status_code for answer in answers] == [200] * 20
    assert await sender.stored() == 20


@pytest.mark.parametrize(
    ("how", "status", "sentence"),
    [
        ({"secret": "somebody else's"}, 401, "The signature does not fit the body and our secret."),
        ({"secret": "of-the-forms"}, 401, "The signature does not fit the body and our secret."),
        ({"at": 0}, 401, "X-Goshawk-Timestamp is more than 300 seconds away from our clock."),
        ({"at": time.time() + 3_600}, 401, "X-Goshawk-Timestamp is more than 300 seconds away from our clock."),
        ({"signature": "v1=00"}, 401, "X-Goshawk-Signature must be v1= and 64 hexadecimal digits."),
        ({"timestamp": "now"}, 401, "X-Goshawk-Timestamp must be the time in whole seconds since 1970."),
        ({"hook": "nowhere"}, 404, "There is no such webhook here."),
        ({"body": b"{"}, 400, "The body is no JSON."),
        ({"body": {"id": "1", "text": "no author"}}, 400, "No mention could be read from it. Item 1: no author."),
        ({"body": b'"' + b"x" * BODY_LIMIT + b'"'}, 413, "A delivery may have 1,048,576 bytes. Send less at once."),
    ],
)
async def test_what_is_not_proven_or_not_understood_is_refused(sender, how, status, sentence):
    answer = await sender.deliver(**how)

    assert (answer.status_code, answer.json()) == (status, {"error": sentence})
    assert await sender.stored() == 0


async def test_a_body_without_an_end_is_cut_off(sender):
    async def endless():
        for _ in range(40):
            yield b"x" * 65_536

    answer = await sender.http.post("/hooks/shop", content=endless())

    assert answer.status_code == 413


async def test_an_unsigned_delivery_is_refused(sender):
    answer = await sender.http.post("/hooks/shop", json=COMPLAINT)

    assert answer.status_code == 401
    assert await sender.stored() == 0


async def test_other_names_and_single_bad_items_are_told(sender):
    body = [
        {"id": "1", "author": "mo", "data": {"body": "The lift is broken and nobody cares"}},
        {"id": "2", "author": "mo", "text": "not where this sender writes it"},
    ]

    answer = await sender.deliver(body, secret="of-the-forms", hook="forms")

    told = answer.json()
    assert (told["stored"], told["rejected"], told["examples"]) == (1, 1, ["Item 2: no text."])


async def test_the_example_of_the_manual_works_as_written(sender):
    tools = [name for name in ("curl", "openssl", "bash") if not shutil.which(name)]
    if tools:
        pytest.skip(f"this machine has no {tools[0]}")
    environment = {**os.environ, "GOSHAWK_SECRETS__SHOP": NEW}

    shell = await asyncio.create_subprocess_exec(
        "bash",
        "-euc",
        curl_example("shop", sender.url),
        env=environment,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = await shell.communicate()

    assert (shell.returncode, err) == (0, b"")
    assert b'"stored":1' in out
    assert await sender.stored() == 1


async def test_health_and_figures_answer_and_nothing_else_does(sender):
    await sender.deliver()

    health, figures, page = [await sender.http.get(path) for path in ("/healthz", "/metrics", "/")]

    assert (health.status_code, health.text) == (200, "ok\n")
    assert 'goshawk_mentions_ingested_total{feed="shop"}' in figures.text
    assert (await sender.http.get("/hooks/shop")).status_code == 405
    assert page.status_code == 404
    assert sender.url.startswith("http://127.0.0.1:")
