"""The database server falls and comes back: the bot goes on by itself, and nothing that was acknowledged is lost."""

from __future__ import annotations

import asyncio
import os
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from bot.domain.case import State
from bot.settings import only
from bot.store.engine import Store
from bot.store.schema import ensure
from tests.conftest import SERVER
from tests.fakes.cable import Cable
from tests.fakes.cluster import Cluster, own_server
from tests.stories.crew import crew, free_port
from tests.stories.stage import ANA, text_of

pytestmark = pytest.mark.skipif(not SERVER, reason="GOSHAWK_TEST_DATABASE_URL names no PostgreSQL server")

#: How often the server falls (by hand: FALLS=20), and what is written between two falls.
FALLS, POSTS = int(os.environ.get("FALLS", "3")), 8
#: For how long the line swallows everything, in seconds (by hand: HOLE_S=30).
HOLE_S = float(os.environ.get("HOLE_S", "3"))


@pytest.fixture
def cluster() -> Iterator[Cluster]:
    with own_server(free_port()) as server:
        yield server


async def test_the_server_falls_again_and_again_and_nothing_is_lost_or_said_twice(tmp_path: Path, cluster: Cluster):
    async def falls(number: int) -> None:
        await asyncio.sleep(0.3 * (number % 3))
        await asyncio.to_thread(cluster.stop)
        await asyncio.to_thread(cluster.start)

    assert await play(tmp_path, cluster.url, falls) < 15


async def test_every_backend_is_killed_and_nothing_is_lost_or_said_twice(tmp_path: Path, cluster: Cluster):
    everybody = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE backend_type = 'client backend'"

    async def falls(number: int) -> None:
        await asyncio.sleep(0.3 * (number % 3))
        await asyncio.to_thread(_do, cluster.url, f"{everybody} AND pid <> pg_backend_pid()")

    assert await play(tmp_path, cluster.url, falls) < 15


async def test_the_line_swallows_everything_for_a_while_and_nothing_is_lost_or_said_twice(
    tmp_path: Path, cluster: Cluster
):
    cable = Cable("127.0.0.1", cluster.port)

    async def falls(number: int) -> None:
        if number:
            return
        cable.hold()
        await asyncio.sleep(HOLE_S)
        cable.let_go()

    assert await play(tmp_path, cluster.url.replace(str(cluster.port), str(cable.port)), falls) < 15
    cable.close()


def _do(url: str, statement: str) -> None:
    engine = create_engine(only(database_url=url).store_url)
    with engine.begin() as connection:
        connection.execute(text(statement))
    engine.dispose()


async def play(folder: Path, address: str, falls: Callable[[int], Awaitable[None]]) -> float:
    """Let the server fall under load, in one way or another; compare the ledgers, and return the longest recovery."""
    url = only(database_url=address).store_url
    await asyncio.to_thread(ensure, url)
    recovered, claimed = [], []
    async with crew(folder, url) as (them, _):
        await them.join("run")
        await them.join("worker")
        scene = them.scene
        for fall in range(FALLS):
            for number in range(POSTS):
                scene.town.post(f"@harbourline suitcase {fall}-{number} never arrived!", by=f"guest{fall}x{number}")
            await falls(fall)
            begun = time.monotonic()
            for number in range(POSTS):
                card = await scene.card(f"suitcase {fall}-{number} ")
            recovered.append(time.monotonic() - begun)
            pressed = await scene.press(ANA, card, "case.claim")
            if pressed["ok"] and not await scene.whispers(ANA):
                claimed.append(text_of(card).partition("Case ")[2].partition(",")[0])
        for member in them.members:
            assert member.handle.poll() is None
        cards = Counter(text_of(card).partition("Case ")[2].partition(",")[0] for card in await scene.cards())

    store = Store(url)
    store.open()
    cases = await store.read(lambda unit: unit.cases.queue(states=list(State), limit=1_000))
    store.close()
    print(f"recovered within {max(recovered):.1f} s at most, {len(claimed)} claims were acknowledged")  # noqa: T201 - for who runs it by hand
    assert len(cases) == FALLS * POSTS
    assert (len(cards), set(cards.values())) == (FALLS * POSTS, {1})
    assert {str(case.id) for case in cases if case.assignee} >= set(claimed)
    assert claimed
    return max(recovered)
