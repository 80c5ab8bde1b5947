"""The database of a simulation: the real store over SQLite in memory, run in place, and slow by dice."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import random
import sqlite3
import tempfile
import warnings
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from sqlalchemy.exc import SADeprecationWarning

from bot.store import schema
from bot.store.engine import Store, Work
from tests.campaign.checker import Checker
from tests.campaign.network import Life, Network

#: One database in memory, seen by everybody in this process who names it so.
PLACE: Final = "file:simulation?mode=memory&cache=shared"
STORE_URL: Final = f"sqlite:///{PLACE}&uri=true"


@dataclass(frozen=True)
class Memory:
    """The one database in memory, and the engines for it: made once, since each has to learn every statement."""

    blank: sqlite3.Connection
    kept: sqlite3.Connection
    store: Store
    checker: Checker


@functools.cache
def memory() -> Memory:
    """Return the database of every simulation in this process."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "blank.db"
        schema.upgrade(f"sqlite:///{file}")
        blank = sqlite3.connect(":memory:")
        with contextlib.closing(sqlite3.connect(file)) as written:
            written.backup(blank)
    kept = sqlite3.connect(PLACE, uri=True)
    blank.backup(kept)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SADeprecationWarning)  # of the pool, which is the right one here
        store, checker = Store(STORE_URL, inline=True), Checker(STORE_URL)
        store.open()
    return Memory(blank, kept, store, checker)


def last_case() -> int:
    """Return the number of the newest case; 0 while there is none."""
    return int(memory().kept.execute("SELECT coalesce(max(id), 0) FROM cases").fetchone()[0])


class Disk(Store):
    """The real store, run in place; a process may die before a transaction, or after it and before anybody hears.

    With ``holders`` it is one of several, as on PostgreSQL: leases alone decide whose a job is, and a name is held by
    one process at a time.
    """

    def __init__(self, network: Network, life: Life, dice: random.Random, holders: dict[str, Life] | None) -> None:
        super().__init__(STORE_URL, inline=True)
        base = memory().store
        self._engine, self._readers, self._writer = base._engine, base._readers, None
        self._network, self._life, self._dice, self._holders = network, life, dice, holders

    def close(self) -> None:
        """Leave the database to the next life."""

    async def recover(self, now: datetime) -> None:
        if self._holders is None:
            await super().recover(now)

    async def while_held(self, name: str, work: Callable[[], Awaitable[None]]) -> None:
        if self._holders is not None:
            while (holder := self._holders.setdefault(name, self._life)).is_here and holder is not self._life:  # noqa: ASYNC110 - as the real line looks
                await asyncio.sleep(1)
            self._holders[name] = self._life
        await work()

    async def transact(self, work: Work[Any]) -> Any:
        name = getattr(work, "__qualname__", "partial").replace(".<locals>", "")
        with self._network.busy():
            await self._slowly(0.01)
            self._life.cross(f"begins {name}")
            answer = await super().transact(work)
            await self._slowly(0.01)
        self._life.cross(f"has written {name}")
        return answer

    async def read(self, work: Work[Any]) -> Any:
        with self._network.busy():
            await self._slowly(0.002)
        return await super().read(work)

    async def _slowly(self, longest_s: float) -> None:
        await asyncio.sleep(self._dice.uniform(0.0001, longest_s))
        await self._life.thaw()
