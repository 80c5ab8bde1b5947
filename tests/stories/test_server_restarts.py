"""The database server falls and comes back: the bot goes on by itself, and nothing that was acknowledged is lost."""

from __future__ import annotations

import asyncio
import os
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.domain.case import State
from bot.settings import only
from bot.store.engine import Store
from bot.store.schema import ensure
from tests.conftest import SERVER
from tests.fakes.cluster import Cluster, own_server
from tests.stories.crew import crew, free_port
from tests.stories.stage import ANA, text_of

pytestmark = pytest.mark.skipif(not SERVER, reason="GOSHAWK_TEST_DATABASE_URL names no PostgreSQL server")

#: How often the server falls (by hand: FALLS=20), and what is written between two falls.
FALLS, POSTS = int(os.environ.get("FALLS", "3")), 8


@pytest.fixture
def cluster() -> Iterator[Cluster]:
    with own_server(free_port()) as server:
        yield server


async def test_the_server_falls_again_and_again_and_nothing_is_lost_or_said_twice(tmp_path: Path, cluster: Cluster):
    url = only(database_url=cluster.url).store_url
    await asyncio.to_thread(ensure, url)
    recovered, claimed = [], []
    async with crew(tmp_path, url) as (them, _):
        await them.join("run")
        await them.join("worker")
        scene = them.scene
        for fall in range(FALLS):
            for number in range(POSTS):
                scene.town.post(f"@harbourline suitcase {fall}-{number} never arrived!", by=f"guest{fall}x{number}")
            await asyncio.sleep(0.3 * (fall % 3))
            await asyncio.to_thread(cluster.stop)
            await asyncio.to_thread(cluster.start)
            begun = time.monotonic()
            for number in range(POSTS):
                card = await scene.card(f"suitcase {fall}-{number} ")
            recovered.append(time.monotonic() - begun)
            await scene.press(ANA, card, "case.claim")
            if not await scene.whispers(ANA):
                claimed.append(text_of(card).partition("Case ")[2].partition(",")[0])
        for member in them.members:
            assert member.handle.poll() is None
        cards = Counter(text_of(card).partition("Case ")[2].partition(",")[0] for card in await scene.cards())

    store = Store(url)
    store.open()
    cases = await store.read(lambda unit: unit.cases.queue(states=list(State), limit=1_000))
    store.close()
    print(f"recovered within {max(recovered):.1f} s at most, {len(claimed)} claims were acknowledged")  # noqa: T201 - for who runs it by hand
    assert max(recovered) < 15
    assert len(cases) == FALLS * POSTS
    assert (len(cards), set(cards.values())) == (FALLS * POSTS, {1})
    assert {str(case.id) for case in cases if case.assignee} >= set(claimed)
    assert claimed
