"""Runs what was promised: durable jobs, a few at a time in each lane, most urgent first.

A handler that returns has kept the promise. One that raises is tried again with
growing pauses; after ``TRIES`` the job is dead and the log says so. A job found
running after its lease is taken over: handlers look before they repeat anything
that leaves the house. No handler outlives its lease, so that it never works
beside whoever took over.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Final

from bot import metrics
from bot.clock import Clock
from bot.domain.job import Job
from bot.errors import GoshawkError, SendLater, SlackBusy, Unusable
from bot.log import get
from bot.store.engine import Store

Handler = Callable[[Job], Awaitable[None]]

#: Longest a handler may hold a job before another may take it.
LEASE: Final = timedelta(seconds=90)
#: Share of the lease after which a handler is cut off; the rest is for writing down how it ended.
CUT: Final = 0.9
#: Tries before a job is given up: about an hour of an outage of Slack's.
TRIES: Final = 20
#: Longest pause between two tries.
LONGEST_PAUSE: Final = timedelta(minutes=5)
#: How often to look for due jobs when nobody calls: clocks of tests turn, other processes promise.
POLL_S: Final = 1.0
#: Jobs at once in each lane.
WIDTH: Final = 8

_log = get(__name__)


class Runner:
    """One loop over the job table for each lane."""

    def __init__(
        self, store: Store, clock: Clock, lanes: Sequence[Mapping[str, Handler]], *, lease: timedelta = LEASE
    ) -> None:
        """Take the handlers of each lane, by kind of job: one lane's backlog never starves another."""
        self._store = store
        self._clock = clock
        self._lanes = [_Lane(store, clock, handlers, lease) for handlers in lanes]

    @contextlib.contextmanager
    def held(self) -> Iterator[None]:
        """Begin no job inside the block: a whole file is stored before the first case of it is drawn."""
        for lane in self._lanes:
            lane.held = True
        try:
            yield
        finally:
            for lane in self._lanes:
                lane.held = False
            self.wake()

    def wake(self) -> None:
        """Look for due jobs now."""
        for lane in self._lanes:
            lane.bell.set()

    async def run(self) -> None:
        """Keep promises until cancelled; what runs then is taken over after its lease."""
        async with asyncio.TaskGroup() as group:
            for lane in self._lanes:
                group.create_task(lane.serve())

    async def settled(self) -> None:
        """Return when nothing is due and nothing runs."""
        while await self._store.read(lambda unit: unit.jobs.any_due(at=self._clock.now())):  # noqa: ASYNC110 - no bell rings for the last one
            await asyncio.sleep(0.02)

    async def drained(self, kinds: Sequence[str], on_left: Callable[[int], object]) -> None:
        """Return when no job of these kinds is left, not even one for later; ``on_left`` hears how many there are."""
        while left := await self._store.read(lambda unit: unit.jobs.count_open(kinds)):
            on_left(left)
            await asyncio.sleep(0.1)


class _Lane:
    """Some kinds of jobs, ``WIDTH`` at once."""

    def __init__(self, store: Store, clock: Clock, handlers: Mapping[str, Handler], lease: timedelta) -> None:
        self.bell = asyncio.Event()
        self.held = False
        self._store = store
        self._clock = clock
        self._handlers = handlers
        self._lease = lease
        self._running = 0

    async def serve(self) -> None:
        """Claim and keep, for ever."""
        async with asyncio.TaskGroup() as group:
            while True:
                self.bell.clear()
                jobs = await self._claim(WIDTH - self._running)
                for job in jobs:
                    self._running += 1
                    group.create_task(self._keep(job))
                if not jobs:
                    # asyncio.wait_for of Python 3.11 may swallow a cancellation; timeout() does not.
                    with contextlib.suppress(TimeoutError):
                        async with asyncio.timeout(POLL_S):
                            await self.bell.wait()

    async def _claim(self, limit: int) -> list[Job]:
        if self.held or not limit:
            return []
        now, kinds = self._clock.now(), list(self._handlers)
        try:
            return await self._store.transact(
                lambda unit: unit.jobs.claim(kinds, at=now, lease=self._lease, limit=limit)
            )
        except Unusable as trouble:  # a full disk or a locked file passes; the promises stay where they are
            _log.error("due jobs cannot be read", trouble=str(trouble))
            return []

    async def _keep(self, job: Job) -> None:
        """Run one job; one whose end cannot be written down comes back after its lease."""
        try:
            await self._try(job)
        except Unusable as trouble:
            _log.error("the end of a job cannot be written down", job=job.kind, trouble=str(trouble))
        finally:
            self._running -= 1
            self.bell.set()

    async def _try(self, job: Job) -> None:
        """Call the handler and write down how it ended."""
        try:
            async with asyncio.timeout(CUT * self._lease.total_seconds()):
                await self._handlers[job.kind](job)
        except (SlackBusy, SendLater) as busy:
            await self._later(job, busy, pause=timedelta(seconds=busy.retry_after_s), counted=False)
        except GoshawkError as trouble:
            await self._again(job, trouble)
        except Exception as fault:  # noqa: BLE001 - one broken job must not stop the others; logged here, once
            _log.exception("a job failed", job=job.kind, subject=job.subject, tries=job.tries)
            await self._again(job, fault)
        else:
            metrics.JOBS.labels(job.kind, "done").inc()
            await self._store.transact(lambda unit: unit.jobs.finish(job))

    async def _again(self, job: Job, trouble: Exception) -> None:
        if job.tries < TRIES:
            pause = min(LONGEST_PAUSE, timedelta(seconds=2**job.tries)) * random.uniform(0.5, 1.0)  # noqa: S311 - no secret, only a spread
            return await self._later(job, trouble, pause=pause, counted=True)
        metrics.JOBS.labels(job.kind, "dead").inc()
        _log.error("a job was given up", job=job.kind, subject=job.subject, trouble=str(trouble))
        await self._store.transact(lambda unit: unit.jobs.bury(job, trouble=str(trouble)))
        return None

    async def _later(self, job: Job, trouble: Exception, *, pause: timedelta, counted: bool) -> None:
        metrics.JOBS.labels(job.kind, "again").inc()
        due = self._clock.now() + pause
        await self._store.transact(lambda unit: unit.jobs.put_back(job, due=due, trouble=str(trouble), counted=counted))
