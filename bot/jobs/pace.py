"""A turn at a time in each lane, for instance a Slack channel, however many processes there are.

Nobody sleeps for a turn while holding a job: whoever has none bids for the next
one and goes back. That is for the most urgent of all who bid, whatever lanes of
jobs they stand in.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Final, Protocol

from bot.clock import Clock
from bot.errors import NoTurn
from bot.jobs import lease
from bot.store.engine import Store
from bot.store.unit import Unit

Sleep = Callable[[float], Awaitable[None]]


class Turns(Protocol):
    """Who says when a message may go out."""

    async def take(self, lane: str, *, burst: int = 1) -> None:
        """Take the turn in ``lane``, or raise :class:`NoTurn`; so many may be taken at once of a lane that rested."""
        ...

    async def push(self, lane: str, seconds: float, *, burst: int = 1) -> None:
        """Give nobody a turn in ``lane`` for that long, not even of a burst."""
        ...


class Pace:
    """Hands out turns, ``gap`` apart in each lane; a lane may be held back longer."""

    def __init__(self, store: Store, clock: Clock, gap: timedelta, *, sleep: Sleep = asyncio.sleep) -> None:
        self._store = store
        self._clock = clock
        self._gap = gap
        self._sleep = sleep

    async def take(self, lane: str, *, gap: timedelta | None = None, burst: int = 1) -> None:
        """Take the turn in ``lane``; ``burst`` of them may follow each other at once when the lane has rested.

        Who holds no job, like a private answer to a press, waits for the turn here.

        Raises:
            NoTurn: a job has none now; says when there is one.
        """
        span = self._gap if gap is None else gap
        while (wait := await self._refused(lane, span, burst)) is not None:
            if lease.current.get():
                raise NoTurn("It is another message's turn.", retry_after_s=wait.total_seconds())
            await self._sleep(wait.total_seconds())

    async def _refused(self, lane: str, gap: timedelta, burst: int) -> timedelta | None:
        now, held = self._clock.now(), lease.current.get()

        def work(unit: Unit) -> datetime | None:
            urgent = held.job.urgent if held else 0
            free_at = unit.paces.take(lane, at=now, gap=gap, burst=burst, urgent=urgent)
            if free_at and held:
                unit.paces.bid(lane, urgent=urgent)
            return free_at

        free_at = await self._store.transact(work)
        return None if free_at is None else free_at - now

    async def push(self, lane: str, seconds: float, *, burst: int = 1) -> None:
        """Give nobody a turn in ``lane`` for that long, not even of a burst: the other side asked for it."""
        until = self._clock.now() + timedelta(seconds=seconds) + (burst - 1) * self._gap
        await self._store.transact(lambda unit: unit.paces.push(lane, until=until))


class _Free:
    """No pace at all: for whoever says a word or two and ends."""

    async def take(self, lane: str, *, burst: int = 1) -> None:
        """Let everybody through."""

    async def push(self, lane: str, seconds: float, *, burst: int = 1) -> None:
        """Hold nobody back."""


FREE: Final = _Free()
