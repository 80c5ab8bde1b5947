"""One time for everybody: the bot, its feeds, the sandbox, customers and staff.

Everybody who waits sleeps on this clock. It is turned only when all of them
sleep and the bot is still, and always to the next moment at which somebody
wakes, so nothing depends on how fast the machine is.
"""

from __future__ import annotations

import asyncio
import heapq
import itertools
import math
import random
from collections.abc import Coroutine
from datetime import datetime, timedelta
from typing import Any

from tests.fakes.clock import TurnableClock

Sleeper = tuple[datetime, int, asyncio.Future[bool]]


def dice_of(*seeds: object) -> random.Random:
    """Return dice that fall the same way each time for the same seeds."""
    return random.Random(" ".join(map(str, seeds)))  # noqa: S311 - a play, no secret


class Hours(TurnableClock):
    """A clock to sleep on."""

    def __init__(self, at: datetime, *, listeners: int) -> None:
        """Begin at a moment; so many feeds of the bot listen, and sleep here as well."""
        super().__init__(at)
        self._listeners = listeners
        self._numbers = itertools.count()
        self._sleepers: list[Sleeper] = []
        self._idle: list[asyncio.Future[bool]] = []
        self._people: set[asyncio.Task[None]] = set()
        self._faults: list[BaseException] = []

    def begin(self, life: Coroutine[Any, Any, None]) -> None:
        """Let somebody live; until they end, time waits for them."""
        task = asyncio.create_task(life)
        self._people.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._people.discard(task)
        if not task.cancelled() and (fault := task.exception()):
            self._faults.append(fault)

    async def sleep(self, seconds: float) -> None:
        """Sleep until this clock shows so many seconds more, in whole seconds: people meet in the same one."""
        await self._slept(self._at + timedelta(seconds=max(1, math.ceil(seconds))))

    async def until(self, moment: datetime) -> None:
        """Sleep until a moment."""
        if moment > self._at:
            await self._slept(moment)

    async def news(self, seconds: float) -> bool:
        """Wait until something new can be seen, or so long; return whether there is news."""
        return await self._slept(self._at + timedelta(seconds=seconds), idle=True)

    async def _slept(self, moment: datetime, *, idle: bool = False) -> bool:
        future: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._sleepers, (moment, next(self._numbers), future))
        if idle:
            self._idle.append(future)
        return await future

    @property
    def asleep(self) -> int:
        """How many sleep beyond the people and the feeds that listen: jobs of the bot that wait to look again.

        Below zero somebody is in the middle of something; whoever failed is heard of here.
        """
        if self._faults:
            raise self._faults[0]
        asleep = sum(not future.done() for _, _, future in self._sleepers)
        return asleep - len(self._people) - self._listeners

    def tell_news(self) -> None:
        """Wake whoever waits for something new."""
        for future in self._idle:
            if not future.done():
                future.set_result(True)
        self._idle = []

    def next_moment(self) -> datetime | None:
        """Return when somebody wakes next."""
        while self._sleepers and self._sleepers[0][2].done():
            heapq.heappop(self._sleepers)
        return self._sleepers[0][0] if self._sleepers else None

    def turn_to(self, moment: datetime) -> None:
        """Show a later moment, and wake whoever slept until then, in the order in which they lay down."""
        self._at = max(self._at, moment)
        while self._sleepers and self._sleepers[0][0] <= self._at:
            _, _, future = heapq.heappop(self._sleepers)
            if not future.done():
                future.set_result(False)
        self._idle = [future for future in self._idle if not future.done()]

    async def close(self) -> None:
        """Send everybody home."""
        for task in self._people:
            task.cancel()
        await asyncio.gather(*self._people, return_exceptions=True)
