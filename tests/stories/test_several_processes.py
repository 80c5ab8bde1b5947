"""Several processes on one PostgreSQL: Slack over HTTP, feeds that change hands, a stop that loses nothing."""

from __future__ import annotations

import asyncio
import signal
import time
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from tests.conftest import SERVER
from tests.stories.crew import Crew, crew
from tests.stories.stage import ANA, BEN, PLAIN
from tests.web.test_web_slack_door import signed

pytestmark = pytest.mark.skipif(not SERVER, reason="GOSHAWK_TEST_DATABASE_URL names no PostgreSQL server")


@pytest.fixture
async def everybody(tmp_path: Path, emptied: str) -> AsyncIterator[Crew]:
    """Two workers with Socket Mode."""
    async with crew(tmp_path, emptied) as (them, _):
        await them.join("worker")
        await them.join("worker")
        yield them


async def test_a_press_over_http_claims_and_no_second_process_takes_the_same_request(tmp_path: Path, emptied: str):
    async with crew(tmp_path, emptied, over_http=True) as (them, port):
        scene = them.scene
        web = await them.join("web", port=port)
        other = await them.join("web")
        await them.join("worker")
        scene.town.post(PLAIN)
        card = await scene.card("Unclaimed")

        pressed = await scene.press(ANA, card, "case.claim")
        await scene.card("Claimed by ana")
        words = "command=%2Fsocial&text=help&user_id=U0ANA00001&channel_id=C0CARE0001&team_id=T0GOSHAWK1"
        headers = signed(words, secret=scene.sandbox.signing_secret)
        headers["Content-Type"] = "application/x-www-form-urlencoded"
        async with httpx.AsyncClient(timeout=20, trust_env=False) as slack:
            answers = [
                (await slack.post(f"{one.url}/slack/events", content=words, headers=headers)).status_code
                for one in (web, other)
            ]
            ready = (await slack.get(f"{other.url}/readyz")).json()

        assert pressed["ok"]
        assert answers == [200, 409]
        assert ready == {"ready": True, "reasons": {}}


async def test_a_feed_is_listened_to_by_one_and_changes_hands_when_that_one_is_killed(everybody: Crew):
    scene = everybody.scene
    scene.town.post(PLAIN)
    await scene.card("my suitcase")
    holder = await everybody.holder()
    before = [one.feeds for one in everybody.members]

    holder.send(signal.SIGKILL)
    begun = time.monotonic()
    scene.town.post("@harbourline my cabin was sold twice and nobody answers", by="nils")
    await scene.card("my cabin was sold twice")

    assert sorted(before) == [0, 1]
    assert time.monotonic() - begun < 10
    assert len(await scene.cards()) == 2


async def test_told_to_stop_a_worker_ends_in_time_and_the_other_goes_on(everybody: Crew):
    scene = everybody.scene
    for number in range(20):
        scene.town.post(f"@harbourline my suitcase {number} never arrived!", by=f"guest{number}")
    await scene.card("suitcase")
    holder = await everybody.holder()

    begun = time.monotonic()
    holder.send(signal.SIGTERM)
    holder.send(signal.SIGTERM)
    code = await holder.ended()
    took = time.monotonic() - begun
    scene.town.post("@harbourline my cabin was sold twice and nobody answers", by="nils")
    await scene.card("my cabin was sold twice")
    for number in range(20):
        await scene.card(f"suitcase {number} ")

    assert (code, took < 10) == (0, True)
    assert len(await scene.cards()) == 21


async def test_two_press_at_once_on_two_processes_and_one_wins(tmp_path: Path, emptied: str):
    async with crew(tmp_path, emptied) as (them, _):
        for _ in range(2):
            await them.join("run")
        scene = them.scene
        scene.town.post(PLAIN)
        card = await scene.card("Unclaimed")

        await asyncio.gather(scene.press(ANA, card, "case.claim"), scene.press(BEN, card, "case.claim"))
        await scene.quiet()

        told = [len(await scene.whispers(who)) for who in (ANA, BEN)]
        assert sorted(told) == [0, 1]
