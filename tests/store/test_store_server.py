"""PostgreSQL from several processes: a broken line, a commit that nobody heard of, names that one of them holds."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable, Iterator

import pytest
from sqlalchemy import make_url, text

from bot.domain.job import Job
from bot.errors import CommitUnknown, Unusable
from bot.store import schema
from bot.store.engine import Store
from bot.store.invariants import examine
from bot.store.unit import Unit
from tests.conftest import SERVER
from tests.fakes.cable import Cable
from tests.fakes.posts import START

pytestmark = pytest.mark.skipif(not SERVER, reason="GOSHAWK_TEST_DATABASE_URL names no PostgreSQL server")


def promise(key: str) -> Callable[[Unit], None]:
    return lambda unit: unit.jobs.add(Job(kind="test", key=key, due=START))


def keys(unit: Unit) -> list[str]:
    return [job.key for job in unit.jobs.open()]


def named(what: str) -> Callable[[Unit], str]:
    return lambda unit: str(unit.jobs._connection.execute(text(f"SHOW {what}")).scalar_one())


@pytest.fixture
def cable(emptied: str) -> Iterator[Cable]:
    place = make_url(emptied)
    cable = Cable(place.host or "127.0.0.1", place.port or 5432)
    yield cable
    cable.close()


@pytest.fixture
def open_store(emptied: str, cable: Cable) -> Iterator[Callable[..., Store]]:
    """Open one more process' store; ``cabled`` says that its line can be cut."""
    opened: list[Store] = []

    def begin(*, cabled: bool = False) -> Store:
        url = make_url(emptied)
        url = url.set(host="127.0.0.1", port=cable.port) if cabled else url
        opened.append(Store(url.render_as_string(hide_password=False)))
        opened[-1].open()
        return opened[-1]

    yield begin
    for store in opened:
        store.close()


@contextlib.asynccontextmanager
async def listening(*stores: Store) -> AsyncIterator[None]:
    tasks = [asyncio.create_task(store.listen()) for store in stores]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)


class Work:
    """Something that only one process may do; says when it began and when it was stopped."""

    def __init__(self) -> None:
        self.runs = 0
        self.begun, self.stopped = asyncio.Event(), asyncio.Event()

    async def __call__(self) -> None:
        self.runs += 1
        self.begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            self.stopped.set()


@contextlib.asynccontextmanager
async def wanting(store: Store, work: Work, name: str = "feed.square") -> AsyncIterator[asyncio.Task[None]]:
    task = asyncio.create_task(store.while_held(name, work))
    try:
        yield task
    finally:
        task.cancel()
        await asyncio.wait([task])


async def test_nobody_waits_for_ever_for_a_row_or_keeps_one_asleep(open_store):
    store = open_store()

    limits = ["lock_timeout", "statement_timeout", "idle_in_transaction_session_timeout"]
    found = [await store.transact(named(one)) for one in limits]
    read = await store.read(named("statement_timeout"))

    assert (found, read) == (["5s", "30s", "10s"], "1min")


async def test_a_broken_line_is_made_again_and_what_was_asked_is_stored_once(open_store, cable):
    store = open_store(cabled=True)
    await store.transact(promise("before"))
    await store.read(keys)

    cable.cut()
    await store.transact(promise("after"))
    cable.cut()

    assert sorted(await store.read(keys)) == ["after", "before"]


async def test_a_commit_that_nobody_heard_of_is_not_run_again(open_store, cable):
    store, other = open_store(cabled=True), open_store()
    runs = 0

    def work(unit: Unit) -> None:
        nonlocal runs
        runs += 1
        unit.jobs.add(Job(kind="test", key="once", due=START))

    await store.transact(promise("before"))
    cable.deaf_after(b"COMMIT")
    with pytest.raises(CommitUnknown, match="Look whether it is there"):
        await store.transact(work)

    assert runs == 1
    assert sorted(await other.read(keys)) == ["before", "once"]


async def test_a_server_that_stays_away_is_said_in_a_sentence(open_store, cable):
    store = open_store(cabled=True)

    cable.close()

    with pytest.raises(Unusable, match=r"^The database server 127\.0\.0\.1 cannot be used"):
        await store.transact(promise("never"))


async def test_what_one_process_promises_wakes_the_others_and_not_itself(open_store):
    one, other = open_store(), open_store()
    mine: list[None] = []
    theirs = asyncio.Event()
    one.on_promise = lambda: mine.append(None)
    other.on_promise = theirs.set
    async with listening(one, other):
        await asyncio.sleep(1)
        theirs.clear()
        begun = time.monotonic()

        await one.transact(promise("soon"))
        await asyncio.wait_for(theirs.wait(), 10)

        assert time.monotonic() - begun < 0.9  # a poll would take a second
        assert len(mine) == 2  # when it began to listen, and by its own hand


async def test_only_one_process_holds_a_name_and_leaves_it_to_the_next(open_store):
    one, other = open_store(), open_store()
    first, second = Work(), Work()
    async with listening(one, other):
        async with wanting(one, first) as holding:
            await asyncio.wait_for(first.begun.wait(), 10)
            async with wanting(other, second):
                await asyncio.sleep(2.5)
                before = second.runs

                holding.cancel()
                await asyncio.wait_for(second.begun.wait(), 10)

        assert (before, first.stopped.is_set()) == (0, True)


async def test_who_loses_the_line_stops_at_once(open_store, cable):
    store, work = open_store(cabled=True), Work()
    async with listening(store), wanting(store, work):
        await asyncio.wait_for(work.begun.wait(), 10)
        begun = time.monotonic()

        cable.cut()
        await asyncio.wait_for(work.stopped.wait(), 10)
        stopped = time.monotonic() - begun
        work.begun.clear()
        await asyncio.wait_for(work.begun.wait(), 10)

        assert (stopped < 2, work.runs) == (True, 2)


async def test_whose_line_falls_silent_stops_and_the_next_begins_within_ten_seconds(open_store, cable):
    one, other = open_store(cabled=True), open_store()
    first, second = Work(), Work()
    async with listening(one, other), wanting(one, first):
        await asyncio.wait_for(first.begun.wait(), 10)
        async with wanting(other, second):
            begun = time.monotonic()

            cable.silence()
            await asyncio.wait_for(second.begun.wait(), 10)

            assert first.stopped.is_set()
            assert time.monotonic() - begun < 10
            cable.cut()


async def test_an_address_that_leads_through_a_pooler_is_understood_wherever_a_database_is_opened(emptied):
    through = f"{emptied}&prepare_threshold=none"

    schema.ensure(through)
    examined = examine(through)

    assert (schema.version_of(through), examined.counts["cases"]) == (schema.head(), 0)
