"""Written down before the call: a job that calls out says so first, behind its fence.

Whoever finds a job with ``attempted_at`` knows that a call of it began and not
how that ended. It looks at the other side before any second one.
"""

from __future__ import annotations

from dataclasses import replace

from bot.clock import Clock
from bot.domain.job import Job
from bot.errors import LeaseLost
from bot.jobs import lease
from bot.store.engine import Store


class Attempts:
    """The calls that jobs make, each written down before it is made."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def begin(self, job: Job) -> Job:
        """Write down that a call begins now, and return the job as it stands then.

        What was doubtful before must have been looked for: this is a fresh attempt. The runner takes the mark
        away when the handler returns, or fails in a way that proves that nothing was applied.

        Raises:
            LeaseLost: the job is another's; make no call.
        """
        now = self._clock.now()
        if not await self._store.transact(lambda unit: unit.jobs.attempt(job, at=now)):
            raise LeaseLost(f"The job {job.key} is another's by now.")
        if held := lease.current.get():
            held.began = True
            held.check()
        return replace(job, attempted_at=now)
