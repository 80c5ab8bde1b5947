"""The sandbox's memory on disk: one SQLite file, written behind by a thread of its own.

Every change is put into a small waiting room; the thread empties it in one transaction, every 200 ms or when
somebody waits. So a put costs a dictionary entry, and what an API call was answered survives a kill.
"""

import asyncio
import contextlib
import logging
import sqlite3
import threading
from collections.abc import Iterator
from concurrent.futures import Future, InvalidStateError
from pathlib import Path
from typing import Final

from bot.sandbox.errors import KeepUnusable

#: Seconds between two writes.
PACE_S: Final = 0.2
#: Longest that an answer waits for the disk: a stuck one must not stop the play (a full one answers at once).
PATIENCE_S: Final = 5.0

_log: Final = logging.getLogger(__name__)

_SCHEMA: Final = "CREATE TABLE IF NOT EXISTS kept (kind TEXT, key TEXT, body BLOB, PRIMARY KEY (kind, key))"
_PUT: Final = "INSERT INTO kept VALUES (?, ?, ?) ON CONFLICT (kind, key) DO UPDATE SET body = excluded.body"
_DROP: Final = "DELETE FROM kept WHERE kind = ? AND key = ?"


class Keep:
    """Write-behind storage of small JSON bodies; without a path it keeps nothing."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._waiting: dict[tuple[str, str], bytes | None] = {}
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._bell = threading.Event()
        self._awaited: list[Future[None]] = []
        self._writes = False
        self._thread: threading.Thread | None = None
        self.failure = ""
        """The last error of the disk, in words of SQLite or the system; empty when the last write succeeded."""

    def read(self, kind: str) -> Iterator[tuple[str, bytes]]:
        """Yield key and body of everything kept under ``kind``, in the order of keys.

        Raises:
            KeepUnusable: the file cannot be opened, or is no SQLite file.
        """
        if self._path is None:
            return
        try:
            with contextlib.closing(self._open(self._path)) as connection:
                rows = connection.execute("SELECT key, body FROM kept WHERE kind = ? ORDER BY key", (kind,)).fetchall()
        except sqlite3.Error as error:
            raise KeepUnusable(f"The sandbox cannot use {self._path}: {error}.") from error
        yield from rows

    def put(self, kind: str, key: str, body: bytes | None) -> None:
        """Have ``body`` written soon; None forgets the entry."""
        if self._path is None:
            return
        with self._lock:
            self._waiting[kind, key] = body

    async def written(self) -> None:
        """Return when everything that was put is on disk, or after ``PATIENCE_S``."""
        with self._lock:
            if self._thread is None or not (self._waiting or self._writes):
                return
            done: Future[None] = Future()
            self._awaited.append(done)
        self._bell.set()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE_S):
                await asyncio.wrap_future(done)

    def start(self) -> None:
        """Start writing; does nothing without a path."""
        if self._path is not None and self._thread is None:
            self._stop.clear()
            self._thread = threading.Thread(target=self._write, args=(self._path,), name="sandbox-keep", daemon=True)
            self._thread.start()

    def close(self) -> None:
        """Write what is waiting and stop."""
        self._stop.set()
        self._bell.set()
        if self._thread is not None:
            self._thread.join()
            self._thread = None

    def _write(self, path: Path) -> None:
        with contextlib.closing(self._open(path)) as connection:
            while not self._stop.is_set():
                self._bell.wait(PACE_S)
                self._bell.clear()
                self._flush(path, connection)
            self._flush(path, connection)

    def _flush(self, path: Path, connection: sqlite3.Connection) -> None:
        with self._lock:
            batch, self._waiting = self._waiting, {}
            awaited, self._awaited = self._awaited, []
            self._writes = bool(batch)
        if batch:
            self._put_all(path, connection, batch)
        with self._lock:
            self._writes = False
        for done in awaited:
            with contextlib.suppress(InvalidStateError):  # whoever waited gave up
                done.set_result(None)

    def _put_all(self, path: Path, connection: sqlite3.Connection, batch: dict[tuple[str, str], bytes | None]) -> None:
        try:
            path.stat()  # what is written to a file that was deleted is lost without an error
            with connection:
                connection.executemany(_PUT, [(*key, body) for key, body in batch.items() if body is not None])
                connection.executemany(_DROP, [key for key, body in batch.items() if body is None])
        except (sqlite3.Error, OSError) as error:
            if not self.failure:
                _log.error("The sandbox cannot write %s: %s", path, error)
            self.failure = str(error)
            with self._lock:
                self._waiting = batch | self._waiting
        else:
            self.failure = ""

    @staticmethod
    def _open(path: Path) -> sqlite3.Connection:
        connection = sqlite3.connect(path)
        try:
            for statement in ("PRAGMA journal_mode = WAL", "PRAGMA synchronous = NORMAL", _SCHEMA):
                connection.execute(statement)
        except sqlite3.Error:
            connection.close()
            raise
        return connection
