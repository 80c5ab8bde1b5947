"""The database: transactions as plain functions, one thread hop each.

SQLite has one writer thread. It takes all the works that wait, up to
``GROUP``, into one durable commit, each in its own savepoint: a click does not
pay for a page of mentions, and fifty clicks share one disk flush. PostgreSQL
has a small pool of threads and settles collisions by the version of the case.
A line to the server that breaks before the commit was asked for is made again;
one that breaks in it leaves the outcome unknown, and nothing is run again.
"""

from __future__ import annotations

import asyncio
import contextlib
import queue
import sqlite3
import threading
import time
import uuid
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Engine, make_url
from sqlalchemy.exc import DBAPIError

from bot.errors import CommitUnknown, Misconfigured, Unusable, VersionConflict
from bot.store import trouble
from bot.store.connect import engine_of, lost_a_race, was_cut
from bot.store.holds import CHANNEL, Line
from bot.store.once import Answer, Work, looked, marked
from bot.store.unit import Unit

#: Most works in one commit of SQLite's writer; bounds how long the first of them waits.
GROUP: Final = 100
#: Seconds between the tries of a work whose line to the server breaks: an immediate restart takes about as long.
PAUSES_S: Final = (0.05, 0.2, 0.5, 1.0)
#: How often a work runs that loses against another: a newer version of its case, the same row at once, a deadlock.
ATTEMPTS: Final = len(PAUSES_S) + 1
#: Threads for PostgreSQL transactions and for reading.
THREADS: Final = 4


class Store:
    """One database. Call :meth:`open` before and :meth:`close` after use."""

    def __init__(self, url: str, *, inline: bool = False, direct_url: str = "") -> None:
        """Take the database at ``url``; ``inline`` runs works in the caller's thread, for simulations.

        ``direct_url`` leads to the same database past a pooler, which would not let a line of our own through.
        """
        self._url = make_url(url)
        self._lite = self._url.get_backend_name() == "sqlite"
        self._inline = inline
        self._me = uuid.uuid4().hex
        self.on_promise: Callable[[], None] = lambda: None
        """Called in the event loop after a commit that promised a job, here or in another process."""
        self._line = None if self._lite else Line(direct_url or url, me=self._me)

    def open(self) -> None:
        """Open the database file or server.

        Raises:
            Unusable: the folder cannot be written, the file is broken, or the server does not answer.
            Misconfigured: the URL names a database that Goshawk does not speak.
        """
        if self._url.get_backend_name() not in {"sqlite", "postgresql"}:
            raise Misconfigured("DATABASE_URL must begin with sqlite:/// or postgresql://.")
        self._engine = engine_of(self._url, writes=True)
        self._readers = engine_of(self._url, writes=False)
        try:
            self._check()
        except BaseException:
            self._readers.dispose()
            self._engine.dispose()
            raise
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="store")
        self._writer = _Writer(self._engine) if self._lite and not self._inline else None

    def _check(self) -> None:
        """Look at the database once, from both sides: as who reads and as who writes."""
        with self._plainly(), self._readers.connect() as reading:
            found = reading.exec_driver_sql("PRAGMA quick_check(1)").scalar_one() if self._lite else "ok"
            if found != "ok":
                why = f"The database {self._url.database} is damaged ({' '.join(found.split())})."
                raise Unusable(f"{why} Restore a backup: `goshawk restore FILE`.")
            with self._engine.begin():
                pass

    def close(self) -> None:
        """Finish what runs and close every connection."""
        if self._writer:
            self._writer.close()
        self._threads.shutdown()
        self._readers.dispose()
        self._engine.dispose()

    @contextlib.contextmanager
    def _plainly(self) -> Iterator[None]:
        """Say in words what a person can mend: a full disk, a locked file, a silent server."""
        try:
            yield
        except (DBAPIError, sqlite3.DatabaseError) as error:
            if words := trouble.sentence(self._url, error, cut=was_cut(error)):
                raise Unusable(words) from error
            raise

    async def listen(self) -> None:
        """Hear what other processes promise, and hold names, until cancelled; SQLite has one process only."""
        if self._line:
            await self._line.run(self.on_promise)

    async def while_held(self, name: str, work: Callable[[], Awaitable[None]]) -> None:
        """Do ``work`` while no other process holds ``name``; :meth:`listen` must run.

        Who loses it stops the work at once, and does it anew when it is held again.
        """
        await (self._line.while_held(name, work) if self._line else work())

    async def recover(self, now: datetime) -> None:
        """Take up what a killed process left running, without waiting for its leases to end.

        Only SQLite's lock proves that nobody else runs a job; elsewhere the leases decide.
        """
        if self._lite:
            await self.transact(lambda unit: unit.jobs.take_back(at=now))

    async def transact(self, work: Work[Answer]) -> Answer:
        """Run ``work`` in one transaction and return what it returns.

        It may run up to ``ATTEMPTS`` times, so it must not touch anything but
        the unit. Cancelling the caller does not stop it.

        Raises:
            VersionConflict: it lost every time; anything that ``work`` raises.
            Unusable: the disk is full, another program holds the file, or the server is silent.
        """
        with self._plainly():
            answer, promised = await marked(work, self._written)
        if promised:
            self.on_promise()
        return answer  # type: ignore[no-any-return]

    async def _written(self, work: Work[Any]) -> tuple[Any, bool]:
        if self._writer:
            return await asyncio.wrap_future(self._writer.ask(work))
        if self._inline:
            return self._alone(work)
        return await asyncio.get_running_loop().run_in_executor(self._threads, self._alone, work)

    async def read(self, work: Work[Answer]) -> Answer:
        """Run ``work`` over one consistent view; it cannot write.

        Raises:
            Unusable: the database cannot be reached any more; anything that ``work`` raises.
        """
        work = looked(work)
        with self._plainly():
            if self._inline:
                return self._look(work)
            return await asyncio.get_running_loop().run_in_executor(self._threads, self._look, work)

    async def settle(self, *, compact: bool = False) -> None:
        """Leave nothing of what was taken out beside the database file; ``compact``: give free pages back, too.

        PostgreSQL does both by itself (autovacuum).

        Raises:
            Unusable: the disk is too full to compact, or another program holds the file.
        """
        if self._lite and self._url.database:
            with self._plainly():
                await asyncio.to_thread(_settled, self._url.database, compact=compact)

    def _look(self, work: Work[Answer]) -> Answer:
        def look() -> Answer:
            with self._readers.connect() as connection:
                return work(Unit(connection))

        return _persistently(look)

    def _alone(self, work: Work[Any]) -> tuple[Any, bool]:
        def write() -> tuple[Any, bool]:
            committing = False
            try:
                with self._engine.begin() as connection:
                    answer, promised = _run(connection, work)
                    if promised and not self._lite:
                        connection.exec_driver_sql(f"SELECT pg_notify({CHANNEL}, %s)", (self._me,))
                    committing = True
            except DBAPIError as error:
                if committing and was_cut(error):
                    raise CommitUnknown from error
                raise
            return answer, promised

        return _persistently(write)


class _Writer:
    """SQLite's one writing thread."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._asked: queue.SimpleQueue[tuple[Work[Any], Future[Any]] | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._serve, name="store-writer", daemon=True)
        self._thread.start()

    def ask(self, work: Work[Any]) -> Future[Any]:
        """Queue a work; the future holds its answer once the commit is durable."""
        future: Future[Any] = Future()
        self._asked.put((work, future))
        return future

    def close(self) -> None:
        """Do what was asked before, then end."""
        self._asked.put(None)
        self._thread.join()

    def _serve(self) -> None:
        with self._engine.connect() as connection:
            while group := self._take():
                self._commit(connection, group)

    def _take(self) -> list[tuple[Work[Any], Future[Any]]]:
        """Return the next group; empty when the store closes."""
        first = self._asked.get()
        group = [first] if first else []
        while group and len(group) < GROUP and not self._asked.empty():
            if (one := self._asked.get()) is None:
                self._asked.put(None)
                break
            group.append(one)
        return group

    def _commit(self, connection: Connection, group: list[tuple[Work[Any], Future[Any]]]) -> None:
        awaited = [(work, future) for work, future in group if future.set_running_or_notify_cancel()]
        answers: list[tuple[Future[Any], Any]] = []
        try:
            with connection.begin():
                if len(awaited) == 1:  # nobody else's work would go with it
                    answers = [(awaited[0][1], _run(connection, awaited[0][0]))]
                else:
                    for work, future in awaited:
                        _attempt(connection, work, future, answers)
        except BaseException as error:  # noqa: BLE001 - carried to everybody who waits for this commit
            for _, future in awaited:
                if not future.done():
                    future.set_exception(error)
            return
        for future, answer in answers:
            future.set_result(answer)


def _attempt(
    connection: Connection, work: Work[Any], future: Future[Any], answers: list[tuple[Future[Any], Any]]
) -> None:
    """Run one work in its savepoint; its error is its caller's alone.

    A full disk makes SQLite throw away the whole transaction: then nobody's work is there.
    """
    try:
        with connection.begin_nested():
            answer = _run(connection, work)
    except Exception as error:
        if not connection.connection.dbapi_connection.in_transaction:  # type: ignore[union-attr]
            raise
        future.set_exception(error)
    else:
        answers.append((future, answer))


def _settled(path: str, *, compact: bool) -> None:
    """Move all pages of the log into the file and empty the log; whoever reads or writes is waited for."""
    with contextlib.closing(sqlite3.connect(path, timeout=30, isolation_level=None)) as connection:
        connection.execute("PRAGMA secure_delete=ON")
        if compact:
            connection.execute("VACUUM")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _run(connection: Connection, work: Work[Any]) -> tuple[Any, bool]:
    unit = Unit(connection)
    answer = work(unit)
    return answer, unit.flush()


def _persistently(attempt: Callable[[], Answer]) -> Answer:
    """Run anew what surely changed nothing: it was too slow for another, or the line to the server broke."""
    for pause in PAUSES_S:
        try:
            return attempt()
        except (VersionConflict, DBAPIError) as error:
            if not (cut := was_cut(error)) and not lost_a_race(error):
                raise
            if cut:
                time.sleep(pause)
    return attempt()
