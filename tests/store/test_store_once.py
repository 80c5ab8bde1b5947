"""A request is stored with what it changes first: both are there, or neither."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest

from bot.domain.job import Job
from bot.errors import NotAllowed, Repeated
from bot.store.engine import Store
from bot.store.once import marking
from bot.store.unit import Unit
from tests.fakes.posts import START


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    store = Store(store_url)
    store.open()
    yield store
    store.close()


async def change(store: Store, what: str) -> None:
    await store.transact(lambda unit: unit.jobs.add(Job(kind="test", key=what, due=START)))


async def changes(store: Store) -> list[str]:
    return await store.read(lambda unit: [job.key for job in unit.jobs.open()])


async def is_seen(store: Store, key: str) -> bool:
    return await store.read(lambda unit: unit.feeds.seen(key))


async def test_what_a_request_changes_first_bears_its_mark(store: Store) -> None:
    with marking("press", at=START) as mark:
        await change(store, "first")
        await change(store, "second")

    assert mark.kept and await is_seen(store, "press")
    assert await changes(store) == ["first", "second"]


async def test_what_fails_leaves_neither_a_change_nor_a_mark(store: Store) -> None:
    def refused(unit: Unit) -> None:
        unit.jobs.add(Job(kind="test", key="lost", due=START))
        unit.jobs.flush()
        raise NotAllowed("No.")

    with marking("press", at=START) as mark, pytest.raises(NotAllowed):
        await store.transact(refused)

    assert not mark.kept and not await is_seen(store, "press")
    assert await changes(store) == []


async def test_a_request_that_was_taken_changes_and_reads_nothing(store: Store) -> None:
    with marking("press", at=START):
        await change(store, "first")

    with marking("press", at=START):
        with pytest.raises(Repeated):
            await changes(store)
        with pytest.raises(Repeated):
            await change(store, "again")

    assert await changes(store) == ["first"]


async def test_of_the_same_request_at_two_processes_one_is_worked_on(store: Store, store_url: str) -> None:
    async def work(at: Store, what: str) -> bool:
        with marking("press", at=START):
            try:
                await change(at, what)
            except Repeated:
                return False
            return True

    other = Store(store_url)
    other.open()
    won = await asyncio.gather(*(work(at, f"{n}") for n, at in enumerate((store, other) * 5)))
    other.close()

    assert won.count(True) == 1
    assert await changes(store) == [str(won.index(True))]


async def test_what_runs_beside_a_request_does_not_bear_its_mark(store: Store) -> None:
    with marking("press", at=START) as mark:
        await asyncio.create_task(change(store, "beside"))

    assert not mark.kept and not await is_seen(store, "press")
    assert await changes(store) == ["beside"]
