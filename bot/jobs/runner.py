"""Runs what was promised: durable jobs, a few at a time in each lane, most urgent first.

A handler that returns has kept the promise. One that raises is tried again with
growing pauses; in the end the job is dead and the operators are told. While a
handler works its lease is renewed, so leases are short and a killed process'
work is taken over soon; who finds such a job looks before repeating anything
that leaves the house. A handler whose lease is lost is cut off, and nothing of
what it did is written down.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
import traceback
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from bot import metrics
from bot.clock import Clock
from bot.domain.job import Job, paced
from bot.errors import (
    CommitUnknown,
    GoshawkError,
    LeaseLost,
    SendLater,
    SlackBusy,
    SlackDoubtful,
    SlackRefused,
    Unusable,
)
from bot.jobs import lease as leases
from bot.jobs.lease import Lease
from bot.log import get
from bot.store.engine import Store
from bot.store.unit import Unit

Handler = Callable[[Job], Awaitable[None]]
Buried = Callable[[Unit, Job], None]

#: How long a job is surely ours without a renewal: longer than any one call takes (Slack's has 20 s).
LEASE: Final = timedelta(seconds=30)
#: Longest a handler may work, however often its lease is renewed.
LONGEST: Final = timedelta(minutes=10)
#: How long a call to Slack may still be applied after its answer was lost; only then does a look prove anything.
SETTLE: Final = timedelta(seconds=10)
#: Tries before a job is given up whose trouble is known: about an hour of an outage.
TRIES: Final = 20
#: The same for a fault that nobody foresaw: it is not likely to mend itself.
FAULTS: Final = 5
#: Longest pause between two tries.
LONGEST_PAUSE: Final = timedelta(minutes=5)
#: How often to look for due jobs when nobody calls: clocks of tests turn, other processes promise.
POLL_S: Final = 1.0
#: Jobs at once in one process, over all lanes.
SLOTS: Final = 48

_log = get(__name__)


class Runner:
    """One loop over the job table."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        handlers: Mapping[str, Handler],
        *,
        lease: timedelta = LEASE,
        settle: timedelta = SETTLE,
        on_dead: Buried | None = None,
    ) -> None:
        """Take the handler of each kind of job; ``on_dead`` is called in the transaction that gives a job up."""
        self._store = store
        self._clock = clock
        self._handlers = handlers
        self._lease = lease
        self._settle = settle
        self._on_dead = on_dead
        self._running: dict[asyncio.Task[None], Lease] = {}
        self._bell = asyncio.Event()
        self._held = self._stopped = False
        self._unheard: list[datetime] = []  # ends of the leases of claims whose commit nobody heard of

    @contextlib.contextmanager
    def held(self) -> Iterator[None]:
        """Begin no job inside the block: a whole file is stored before the first case of it is drawn."""
        self._held = True
        try:
            yield
        finally:
            self._held = False
            self.wake()

    def wake(self) -> None:
        """Look for due jobs now."""
        self._bell.set()

    async def run(self) -> None:
        """Keep promises until cancelled; what runs then is taken over after its lease."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._renew())
            while True:
                self._bell.clear()
                begun = await self._claim()
                for lease in begun:
                    task = group.create_task(self._keep(lease))
                    self._running[task] = lease
                    task.add_done_callback(self._ended)
                if not begun:
                    # asyncio.wait_for of Python 3.11 may swallow a cancellation; timeout() does not.
                    with contextlib.suppress(TimeoutError):
                        async with asyncio.timeout(POLL_S):
                            await self._bell.wait()

    async def stop(self, *, within_s: float) -> None:
        """Begin nothing more; what does not end in time is cut off and left to whoever comes next."""
        self._stopped = True
        if self._running:
            await asyncio.wait(self._running, timeout=within_s)
        left = dict(self._running)
        for task in left:
            task.cancel()
        if left:
            await asyncio.wait(left)
            now = self._clock.now()
            await self._store.transact(lambda unit: [unit.jobs.release(lease.job, at=now) for lease in left.values()])

    async def settled(self) -> None:
        """Return when nothing is due and nothing runs."""
        while await self._store.read(lambda unit: unit.jobs.any_due(at=self._clock.now())):  # noqa: ASYNC110 - no bell rings for the last one
            await asyncio.sleep(0.02)

    async def drained(self, kinds: Sequence[str], on_left: Callable[[int], object]) -> None:
        """Return when no job of these kinds is left, not even one for later; ``on_left`` hears how many there are."""
        while left := await self._store.read(lambda unit: unit.jobs.count_open(kinds)):
            on_left(left)
            await asyncio.sleep(0.1)

    def _ended(self, task: asyncio.Task[None]) -> None:
        del self._running[task]
        self._bell.set()

    async def _claim(self) -> list[Lease]:
        free = SLOTS - len(self._running)
        if self._held or self._stopped or not free:
            return []
        ends = self._ends()
        now, kinds, here = self._clock.now(), list(self._handlers), [one.job for one in self._running.values()]
        try:
            if self._unheard:
                await self._store.transact(lambda unit: unit.jobs.forgo(self._unheard, at=now))
                self._unheard = []
            jobs = await self._store.transact(
                lambda unit: unit.jobs.claim(kinds, at=now, lease=self._lease, limit=free, held=here)
            )
        except Unusable as trouble:  # a full disk or a locked file passes; the promises stay where they are
            if isinstance(trouble, CommitUnknown):
                self._unheard.append(now + self._lease)
            _log.error("due jobs cannot be read", trouble=str(trouble))
            return []
        return [Lease(job, ends) for job in jobs]

    def _ends(self) -> float:
        return leases.monotonic() + self._lease.total_seconds()

    async def _renew(self) -> None:
        """Keep what runs for longer, once a third of its lease is over; cut off what is another's by now."""
        third = self._lease.total_seconds() / 3
        while True:
            await asyncio.sleep(third / 2)
            soon = leases.monotonic() + 2 * third
            old = [(task, lease) for task, lease in self._running.items() if lease.ends <= soon]
            lost = await self._not_renewed([lease for _, lease in old]) if old else []
            for task, lease in old:
                if lease in lost or lease.ended:
                    lease.lose()
                    task.cancel()

    async def _not_renewed(self, old: Sequence[Lease]) -> list[Lease]:
        ends, until = self._ends(), self._clock.now() + self._lease
        try:
            kept = await self._store.transact(lambda unit: [unit.jobs.renew(one.job, until=until) for one in old])
        except Unusable as trouble:  # what is not renewed in time ends by itself
            _log.error("leases cannot be renewed", trouble=str(trouble))
            return []
        for lease in (one for one, ours in zip(old, kept, strict=True) if ours):
            lease.ends = ends
        return [one for one, ours in zip(old, kept, strict=True) if not ours]

    async def _keep(self, lease: Lease) -> None:
        """Run one job; one whose end cannot be written down comes back as soon as that can be, or after its lease."""
        leases.current.set(lease)
        ours = False
        try:
            ours = await self._try(lease)
        except Unusable as trouble:
            _log.error("the end of a job cannot be written down", job=lease.job.kind, trouble=str(trouble))
            await self._let_go(lease)
            return
        except asyncio.CancelledError:
            if not lease.ended:
                raise
        if not ours:
            _log.warning("a job was lost", job=lease.job.kind, subject=lease.job.subject)

    async def _let_go(self, lease: Lease) -> None:
        """Leave a job to whoever comes next, once the database answers; nothing happens when its end is there."""
        while not lease.ended:
            await asyncio.sleep(POLL_S)
            with contextlib.suppress(Unusable):
                await self._store.transact(lambda unit: unit.jobs.release(lease.job, at=self._clock.now()))
                return

    async def _try(self, lease: Lease) -> bool:
        """Call the handler and write down how it ended; return whether the job was still ours then."""
        job = lease.job
        if (left := self._unsettled(job)) > timedelta():
            return await self._later(lease, "Waiting until Slack can tell.", pause=left, counted=False)
        try:
            async with asyncio.timeout(LONGEST.total_seconds()):
                await self._handlers[job.kind](job)
        except (SlackBusy, SendLater) as busy:
            return await self._wait(lease, busy, timedelta(seconds=busy.retry_after_s))
        except LeaseLost:
            return False
        except GoshawkError as trouble:
            return await self._again(lease, trouble, fault=False)
        except Exception as fault:  # noqa: BLE001 - one broken job must not stop the others; logged here, once
            _log.exception("a job failed", job=job.kind, subject=job.subject, tries=job.tries)
            return await self._again(lease, fault, fault=True)
        metrics.JOBS.labels(job.kind, "done").inc()
        return await self._store.transact(lambda unit: unit.jobs.finish(job))

    def _unsettled(self, job: Job) -> timedelta:
        """Return how long a call that began before may still be applied."""
        return job.attempted_at + self._settle - self._clock.now() if job.attempted_at else timedelta()

    async def _wait(self, lease: Lease, busy: SlackBusy | SendLater, pause: timedelta) -> bool:
        """Come back when we were told to; where all wait for the same turn, the whole lane rests until then."""
        if not (isinstance(busy, SlackBusy) and paced(lease.job.lane)):
            return await self._later(lease, str(busy), pause=pause, counted=False, sure=lease.began)
        now, job = self._clock.now(), lease.job
        metrics.JOBS.labels(job.kind, "again").inc()
        self._wake_after(pause)
        return await self._store.transact(
            lambda unit: unit.jobs.rest(job, at=now, until=now + pause, trouble=str(busy), sure=lease.began)
        )

    async def _again(self, lease: Lease, error: Exception, *, fault: bool) -> bool:
        job, trouble = lease.job, _plainly(error)
        if job.tries >= TRIES or (fault and job.faults + 1 >= FAULTS):
            return await self._bury(job, trouble)
        pause = min(LONGEST_PAUSE, timedelta(seconds=2**job.tries)) * random.uniform(0.5, 1.0)  # noqa: S311 - no secret, only a spread
        if lease.began and isinstance(error, SlackDoubtful):
            pause = max(pause, self._settle)
        sure = lease.began and isinstance(error, SlackRefused)
        return await self._later(lease, trouble, pause=pause, counted=True, fault=fault, sure=sure)

    async def _bury(self, job: Job, trouble: str) -> bool:
        now = self._clock.now()

        def work(unit: Unit) -> bool:
            died = unit.jobs.bury(job, at=now, trouble=trouble)
            if died and self._on_dead:
                self._on_dead(unit, replace(job, trouble=trouble))
            return died

        if await self._store.transact(work):
            metrics.JOBS.labels(job.kind, "dead").inc()
            _log.error("a job was given up", job=job.kind, subject=job.subject, trouble=trouble)
        return True

    async def _later(
        self, lease: Lease, trouble: str, *, pause: timedelta, counted: bool, fault: bool = False, sure: bool = False
    ) -> bool:
        job, due = lease.job, self._clock.now() + pause
        metrics.JOBS.labels(job.kind, "again").inc()
        self._wake_after(pause)
        return await self._store.transact(
            lambda unit: unit.jobs.put_back(job, due=due, trouble=trouble, counted=counted, fault=fault, sure=sure)
        )

    def _wake_after(self, pause: timedelta) -> None:
        """Look again at the very moment, when that comes before the next look."""
        if pause.total_seconds() < POLL_S:
            asyncio.get_running_loop().call_later(pause.total_seconds() + 0.002, self.wake)


def _plainly(error: Exception) -> str:
    """Return what went wrong; of a fault nobody foresaw only its kind and its place, as it may quote a stranger."""
    if isinstance(error, GoshawkError):
        return str(error)
    place = (traceback.extract_tb(error.__traceback__) or [None])[-1]
    return f"{type(error).__name__} in {Path(place.filename).name}, line {place.lineno}" if place else repr(type(error))
