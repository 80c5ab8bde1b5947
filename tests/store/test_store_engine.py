"""Transactions as plain functions: grouped, durable, alone with their errors; one clear sentence in trouble."""

import asyncio
import sqlite3
import threading
from pathlib import Path

import pytest
from sqlalchemy import create_engine

from bot import metrics
from bot.domain.job import Job
from bot.errors import Misconfigured, NotAllowed, Unusable
from bot.store.engine import GROUP, Store
from bot.store.unit import Unit
from tests.fakes.posts import START


def promise(key: str) -> Job:
    return Job(kind="test", key=key, due=START)


def keys(unit: Unit) -> set[str]:
    return {job.key for job in unit.jobs.open()}


def running_in(_unit: Unit) -> threading.Thread:
    return threading.current_thread()


def pragma(words: str):
    """Return a work that says something to SQLite on the writer's own connection."""
    return lambda unit: unit.jobs._connection.exec_driver_sql(words).all()


async def held_back(store: Store) -> threading.Event:
    """Keep the writer busy until the event is set, so that what is asked meanwhile becomes one group."""
    busy, go_on = threading.Event(), threading.Event()

    def wait(unit: Unit) -> None:
        busy.set()
        assert go_on.wait(10)

    task = asyncio.create_task(store.transact(wait))
    await asyncio.to_thread(busy.wait, 10)
    waiting.append(task)
    return go_on


waiting: list[asyncio.Task[None]] = []


@pytest.fixture
async def lite(new_file):
    """Give a SQLite store, whose writer groups what waits."""
    store = Store(new_file())
    store.open()
    yield store
    await asyncio.gather(*waiting)
    waiting.clear()
    store.close()


async def test_what_was_answered_is_there_for_another_reader(store, store_url):
    await store.transact(lambda unit: unit.jobs.add(promise("a")))

    other = Store(store_url)
    other.open()
    assert await other.read(keys) == {"a"}
    other.close()


async def test_a_failing_work_leaves_nothing_and_harms_no_other_of_its_group(lite):
    def fail(unit: Unit) -> None:
        unit.jobs.add(promise("bad"))
        unit.flush()
        raise NotAllowed("No.")

    go_on = await held_back(lite)
    works = [lambda unit: unit.jobs.add(promise("first")), fail, lambda unit: unit.jobs.add(promise("last"))]
    asked = [asyncio.create_task(lite.transact(work)) for work in works]
    await asyncio.sleep(0)
    go_on.set()
    answers = await asyncio.gather(*asked, return_exceptions=True)

    assert [type(answer) for answer in answers] == [type(None), NotAllowed, type(None)]
    assert await lite.read(keys) == {"first", "last"}


async def test_more_works_than_a_group_holds_are_all_done(lite):
    go_on = await held_back(lite)
    names = [f"job {number}" for number in range(2 * GROUP + 5)]
    asked = [lite.transact(lambda unit, name=name: unit.jobs.add(promise(name))) for name in names]
    done = asyncio.gather(*asked)
    await asyncio.sleep(0)
    go_on.set()
    await done

    assert await lite.read(keys) == set(names)


async def test_a_reader_sees_no_half_transaction(store):
    halfway, go_on = threading.Event(), threading.Event()

    def write(unit: Unit) -> None:
        unit.jobs.add(promise("one"))
        unit.flush()
        halfway.set()
        assert go_on.wait(10)
        unit.jobs.add(promise("two"))

    writing = asyncio.create_task(store.transact(write))
    await asyncio.to_thread(halfway.wait, 10)
    seen_halfway = await store.read(keys)
    go_on.set()
    await writing

    assert seen_halfway == set()
    assert await store.read(keys) == {"one", "two"}


async def test_a_reader_sees_one_moment_however_long_it_looks(store):
    looked, go_on = threading.Event(), threading.Event()

    def look_twice(unit: Unit) -> list[set[str]]:
        first = keys(unit)
        looked.set()
        assert go_on.wait(10)
        return [first, keys(unit)]

    looking = asyncio.create_task(store.read(look_twice))
    await asyncio.to_thread(looked.wait, 10)
    await store.transact(lambda unit: unit.jobs.add(promise("new")))
    go_on.set()

    assert await looking == [set(), set()]


async def test_a_reader_cannot_write(store):
    def write(unit: Unit) -> None:
        unit.jobs.add(promise("a"))
        unit.flush()

    with pytest.raises(Exception, match=r"readonly|read-only|cannot be written"):
        await store.read(write)
    assert await store.read(keys) == set()


async def test_a_caller_who_gives_up_does_not_stop_the_writer(lite):
    go_on = await held_back(lite)
    given_up = asyncio.create_task(lite.transact(lambda unit: unit.jobs.add(promise("given up"))))
    await asyncio.sleep(0)
    given_up.cancel()
    after = asyncio.create_task(lite.transact(lambda unit: unit.jobs.add(promise("after"))))
    await asyncio.sleep(0)
    go_on.set()
    await after

    assert await lite.read(keys) == {"after"}  # it had not begun, so it was left out


async def test_closing_finishes_what_was_asked_before(new_file):
    url = new_file()
    store = Store(url)
    store.open()
    asked = [asyncio.create_task(store.transact(lambda unit, n=n: unit.jobs.add(promise(str(n))))) for n in range(20)]
    await asyncio.sleep(0)
    await asyncio.to_thread(store.close)
    await asyncio.gather(*asked)

    with sqlite3.connect(url.removeprefix("sqlite:///")) as looking:
        assert looking.execute("SELECT count(*) FROM job").fetchone() == (20,)
    looking.close()


async def test_the_bell_rings_in_the_loop_after_a_promise_and_only_then(store):
    rung: list[str] = []
    store.on_promise = lambda: rung.append(threading.current_thread().name)

    await store.transact(lambda unit: unit.jobs.open())
    assert rung == []
    await store.transact(lambda unit: unit.jobs.add(promise("a")))
    assert rung == [threading.current_thread().name]


async def test_inline_works_run_in_the_callers_thread(new_file):
    store = Store(new_file(), inline=True)
    store.open()

    ran_in = await store.transact(running_in)
    looked_in = await store.read(running_in)
    store.close()

    assert ran_in is looked_in is threading.current_thread()


async def test_a_busy_file_gives_a_sentence_to_everybody_who_waits(new_file):
    url = new_file()
    store = Store(url)
    store.open()
    await store.transact(pragma("PRAGMA busy_timeout=50"))
    holder = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")

    asked = [store.transact(lambda unit, n=n: unit.jobs.add(promise(str(n)))) for n in range(3)]
    answers = await asyncio.gather(*asked, return_exceptions=True)
    holder.execute("ROLLBACK")
    holder.close()
    await store.transact(lambda unit: unit.jobs.add(promise("later")))

    assert {type(answer) for answer in answers} == {Unusable}
    assert "Another program holds the database" in str(answers[0])
    assert await store.read(keys) == {"later"}
    store.close()


async def test_a_full_disk_gives_a_sentence_and_loses_nothing_that_was_answered(new_file):
    store = Store(new_file())
    store.open()
    [(pages,)] = await store.transact(pragma("PRAGMA page_count"))
    await store.transact(pragma(f"PRAGMA max_page_count={pages + 4}"))
    long_keys = [f"{number:0190}" for number in range(500)]

    answers = [await answered(store, key) for key in long_keys]

    kept = {key for key, answer in zip(long_keys, answers, strict=True) if answer is None}
    assert 0 < len(kept) < 500
    assert await store.read(keys) == kept
    assert "is full. Make room, then try again." in str(answers[-1])
    store.close()


async def test_a_full_disk_in_the_middle_of_a_group_is_told_to_the_whole_group(lite):
    [(pages,)] = await lite.transact(pragma("PRAGMA page_count"))
    await lite.transact(pragma(f"PRAGMA max_page_count={pages + 4}"))

    def overflow(unit: Unit) -> None:
        for number in range(500):
            unit.jobs.add(promise(f"{number:0190}"))

    go_on = await held_back(lite)
    works = [lambda unit: unit.jobs.add(promise("before")), overflow, lambda unit: unit.jobs.add(promise("after"))]
    asked = [asyncio.create_task(lite.transact(work)) for work in works]
    await asyncio.sleep(0)
    go_on.set()
    answers = await asyncio.gather(*asked, return_exceptions=True)

    assert [type(answer) for answer in answers] == [Unusable] * 3
    assert await lite.read(keys) == set()


async def answered(store: Store, key: str) -> Unusable | None:
    try:
        return await store.transact(lambda unit: unit.jobs.add(promise(key)))
    except Unusable as trouble:
        return trouble


def test_a_folder_that_cannot_be_written_is_named():
    store = Store("sqlite:////proc/goshawk/goshawk.db")

    with pytest.raises(Unusable, match=r"The folder /proc/goshawk cannot be written. Choose another with --data"):
        store.open()


@pytest.mark.parametrize(
    "content", [b"Dear diary, this is no database. " * 40, b"SQLite format 3\x00" + b"\xff" * 4_000]
)
def test_a_file_that_is_no_database_is_named(tmp_path: Path, content):
    path = tmp_path / "goshawk.db"
    path.write_bytes(content)

    with pytest.raises(Unusable, match=r"goshawk\.db is damaged or no database .* Restore a backup"):
        Store(f"sqlite:///{path}").open()


def test_a_database_with_broken_pages_is_refused(new_file):
    url = new_file()
    path = Path(url.removeprefix("sqlite:///"))
    content = bytearray(path.read_bytes())
    content[4_096:12_288] = b"\x5a" * 8_192
    path.write_bytes(content)

    with pytest.raises(Unusable, match="damaged"):
        Store(url).open()


def test_another_kind_of_database_is_refused():
    with pytest.raises(Misconfigured, match="must begin with sqlite:/// or postgresql://"):
        Store("mysql://localhost/goshawk").open()


def test_a_server_that_does_not_answer_is_named(free_port):
    with pytest.raises(Unusable, match=r"The database server 127\.0\.0\.1 cannot be used .* Check DATABASE_URL"):
        Store(f"postgresql+psycopg://goshawk@127.0.0.1:{free_port}/goshawk").open()


def test_a_database_that_is_only_read_elsewhere_opens(new_file):
    url = new_file()
    engine = create_engine(url)
    with engine.connect() as looking:
        looking.exec_driver_sql("SELECT count(*) FROM job")
        store = Store(url)
        store.open()
        store.close()
    engine.dispose()


async def test_every_commit_is_measured_and_no_reading(store):
    def count() -> float:
        return sum(one.value for one in metrics.COMMIT.collect()[0].samples if one.name.endswith("_count"))

    before = count()
    await store.transact(lambda unit: unit.feeds.first_time("one", at=START))
    written = count()
    await store.read(lambda unit: unit.feeds.all())

    assert (written - before, count()) == (1, written)
