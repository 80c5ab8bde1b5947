"""The dead man's switch over real sockets: a watcher outside hears of Goshawk while it works, and only then."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import SERVER
from tests.fakes.clock import TurnableClock
from tests.fakes.cluster import Cluster, own_server
from tests.fakes.platform import Platform
from tests.stories.crew import free_port, until
from tests.stories.stage import ESCALATIONS, PLAIN, Stage, stage, text_of
from tests.stories.test_slack_closes import OPERATORS, break_, mend


@pytest.fixture
async def watcher() -> AsyncIterator[Platform]:
    async with Platform() as platform:
        for _ in range(20):
            platform.will_answer(200, b"OK")
        yield platform


@pytest.fixture
def cluster() -> Iterator[Cluster]:
    with own_server(free_port()) as server:
        yield server


def heartbeats(watcher: Platform, folder: Path) -> dict[str, str]:
    return {"heartbeat_url": f"{watcher.url}/ping/a-secret-place", "heartbeat_file": str(folder / "heartbeat")}


async def minute(scene: Stage) -> None:
    """Let a minute pass in which the feed is read; whatever is promised for it is kept, if anybody works."""
    await read(scene)
    scene.clock.advance(timedelta(minutes=1))
    scene.goshawk.runner.wake()
    await read(scene)


async def read(scene: Stage) -> None:
    """Wait until the feed is read at this moment of the clock, or later."""
    now = scene.clock.now()
    while await scene.goshawk.store.read(_last_read) < now:  # noqa: ASYNC110 - a look rings no bell
        await asyncio.sleep(0.02)


def _last_read(unit) -> datetime:
    return max((feed.last_read_at or feed.since for feed in unit.feeds.all()), default=datetime.min.replace(tzinfo=UTC))


async def hears(watcher: Platform, number: int) -> None:
    await until(lambda: len(watcher.asked) >= number or None)


async def test_a_watcher_hears_each_minute_of_a_bot_that_works(tmp_path: Path, watcher: Platform):
    clock = TurnableClock(datetime.now(UTC))
    async with stage(tmp_path, clock=clock, **heartbeats(watcher, tmp_path)) as scene:
        for number in (1, 2, 3):
            await minute(scene)
            await hears(watcher, number)
        await scene.settled()

        said = json.loads((tmp_path / "heartbeat").read_text())
        assert watcher.asked == ["/ping/a-secret-place"] * 3
        assert (said["at"], said["checked"]) == (
            clock.now().isoformat(timespec="seconds"),
            ["database", "slack", "token", "work", "feeds"],
        )


async def test_a_watcher_hears_nothing_while_no_promise_is_kept(tmp_path: Path, watcher: Platform):
    clock = TurnableClock(datetime.now(UTC))
    async with stage(tmp_path, clock=clock, **heartbeats(watcher, tmp_path)) as scene:
        await minute(scene)
        await hears(watcher, 1)
        await scene.settled()
        with scene.goshawk.runner.held():
            for _ in range(3):
                await minute(scene)
            silent = len(watcher.asked)
        await hears(watcher, 2)

        assert silent == 1


async def test_a_watcher_hears_nothing_while_slack_takes_nothing(
    tmp_path: Path, watcher: Platform, log_lines: Callable[[], str]
):
    clock = TurnableClock(datetime.now(UTC))
    async with stage(tmp_path, clock=clock, **heartbeats(watcher, tmp_path)) as scene:
        await minute(scene)
        await hears(watcher, 1)
        await break_(scene, "token_revoked")
        for _ in range(3):
            await minute(scene)
            await scene.settled()
        silent = len(watcher.asked)
        await mend(scene)
        await minute(scene)
        await hears(watcher, 2)

        assert silent == 1
        assert log_lines().count("nobody outside is told otherwise") == 1
        assert "a-secret-place" not in log_lines()


@pytest.mark.skipif(not SERVER, reason="GOSHAWK_TEST_DATABASE_URL names no PostgreSQL server")
async def test_a_watcher_hears_nothing_while_the_database_is_away(
    tmp_path: Path, watcher: Platform, cluster: Cluster, log_lines: Callable[[], str]
):
    clock = TurnableClock(datetime.now(UTC))
    async with stage(tmp_path, clock=clock, database_url=cluster.url, **heartbeats(watcher, tmp_path)) as scene:
        await minute(scene)
        await hears(watcher, 1)
        await scene.settled()
        await asyncio.to_thread(cluster.stop)
        clock.advance(timedelta(minutes=1))
        await until(lambda: "due jobs cannot be read" in log_lines() or None)
        silent = len(watcher.asked)
        await asyncio.to_thread(cluster.start)
        await hears(watcher, 2)

        assert silent == 1


async def test_operators_hear_once_of_work_that_waits_and_that_it_is_over(tmp_path: Path):
    clock = TurnableClock(datetime.now(UTC))
    async with stage(tmp_path, clock=clock, channels=OPERATORS) as scene:
        with scene.goshawk.runner.held():
            scene.town.post(PLAIN)
            await scene.read()
            await minute(scene)
            await minute(scene)
            told = await alarm(scene, "Work waits: card.redraw has been due")
        await scene.card("Unclaimed")
        over = await alarm(scene, "Over")

        assert over["ts"] == told["ts"] and "Nothing is lost" in text_of(over)
        assert len(await scene.cards(ESCALATIONS)) == 1


async def alarm(scene: Stage, words: str) -> dict[str, Any]:
    """Wait for what operators are told; it is looked for every ten seconds."""
    async with asyncio.timeout(200):
        while True:
            for one in await scene.cards(ESCALATIONS):
                if words in text_of(one):
                    return one
            await asyncio.sleep(0.1)
