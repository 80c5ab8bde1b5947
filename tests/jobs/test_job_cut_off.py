"""The line to the database breaks in a commit of the runner's own: its jobs go on soon, not after their lease."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import make_url

from bot.clock import SystemClock
from bot.domain.job import Job
from bot.jobs.runner import Runner
from bot.store.engine import Store
from tests.conftest import SERVER
from tests.fakes.cable import Cable

pytestmark = pytest.mark.skipif(not SERVER, reason="GOSHAWK_TEST_DATABASE_URL names no PostgreSQL server")


@pytest.fixture
def cable(emptied: str) -> Iterator[Cable]:
    place = make_url(emptied)
    cable = Cable(place.host or "127.0.0.1", place.port or 5432)
    yield cable
    cable.close()


@pytest.fixture
def far(emptied: str, cable: Cable) -> Iterator[Store]:
    """Give a store whose line can be cut."""
    url = make_url(emptied).set(host="127.0.0.1", port=cable.port)
    store = Store(url.render_as_string(hide_password=False))
    store.open()
    yield store
    store.close()


async def promised(store: Store) -> None:
    job = Job(kind="test", key="once", due=SystemClock().now())
    await store.transact(lambda unit: unit.jobs.add(job))


@contextlib.asynccontextmanager
async def at_work(store: Store, handler: Callable[[Job], None]):
    async def keep(job: Job) -> None:
        handler(job)

    task = asyncio.create_task(Runner(store, SystemClock(), {"test": keep}).run())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait([task])


async def test_what_was_claimed_by_a_commit_that_nobody_heard_of_is_begun_soon(far: Store, cable: Cable):
    await promised(far)
    begun = asyncio.Event()
    cable.deaf_after(b"COMMIT")

    async with at_work(far, lambda _job: begun.set()):
        await asyncio.wait_for(begun.wait(), 8)


async def test_a_job_whose_end_was_cut_off_is_not_open_for_long(far: Store, cable: Cable):
    await promised(far)
    runs: list[Job] = []

    def once_deaf(job: Job) -> None:
        runs.append(job)
        if len(runs) == 1:
            cable.deaf_after(b"COMMIT")

    async with at_work(far, once_deaf), asyncio.timeout(12):
        while not runs or await far.read(lambda unit: unit.jobs.open()):  # noqa: ASYNC110 - no bell rings for it
            await asyncio.sleep(0.1)

    assert 1 <= len(runs) <= 2
