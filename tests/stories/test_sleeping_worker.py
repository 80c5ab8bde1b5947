"""A worker that sleeps in the middle of sending: another one takes over, and whoever wakes late says nothing twice."""

from __future__ import annotations

import asyncio
import signal
from collections import Counter
from pathlib import Path

import pytest

from bot.jobs.runner import LEASE
from tests.conftest import SERVER
from tests.stories.crew import asleep, crew, until
from tests.stories.stage import ANA, text_of

pytestmark = pytest.mark.skipif(not SERVER, reason="GOSHAWK_TEST_DATABASE_URL names no PostgreSQL server")

REPLIES = 8


async def test_a_worker_that_sleeps_longer_than_its_lease_sends_nothing_twice(tmp_path: Path, emptied: str):
    async with crew(tmp_path, emptied, over_http=True) as (them, port):
        await them.join("web", port=port)
        sleeper = await them.join("worker")
        await them.join("worker")
        scene, town = them.scene, them.scene.town
        for number in range(REPLIES):
            town.post(f"@harbourline suitcase {number} never arrived!", by=f"guest{number}")
        cards = [await scene.card(f"suitcase {number} ") for number in range(REPLIES)]
        town.hangs = True
        for number, card in enumerate(cards):
            assert (await scene.answer(ANA, card, f"We found suitcase {number}."))["ok"]

        await until(lambda: town.replies or None)
        asleep(sleeper)
        await asyncio.sleep(2)
        town.hangs = False
        await asyncio.sleep(LEASE.total_seconds() + 5)
        sleeper.send(signal.SIGCONT)
        for number in range(REPLIES):
            await scene.see(lambda card, n=number: f"suitcase {n} " in text_of(card) and "Replied" in text_of(card))
        await asyncio.sleep(3)

        sent = Counter(reply["text"] for reply in town.replies)
        assert sent == {f"We found suitcase {number}.": 1 for number in range(REPLIES)}
        assert len(await scene.cards()) == REPLIES
        assert sleeper.handle.poll() is None
