"""How long a job is surely ours, told by the clock that nobody turns.

A process that was stopped for a minute wakes in the middle of a handler and
knows nothing of it: by then its job may be another's. So the lease is asked
directly before anything leaves the house, on the monotonic clock, which goes on
while a process stands still.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextvars import ContextVar
from typing import Final

from bot.domain.job import Job
from bot.errors import LeaseLost


def monotonic() -> float:
    """Return seconds by the event loop's clock: the monotonic one, unless the whole loop is a simulation's."""
    return asyncio.get_running_loop().time()


class Lease:
    """One job while a handler works on it."""

    def __init__(self, job: Job, ends: float, *, monotonic: Callable[[], float] = monotonic) -> None:
        """Hold ``job`` until ``ends``, a moment of the monotonic clock."""
        self.job = job
        self.ends = ends
        self.began = False
        """Whether this run itself wrote down that a call begins."""
        self._monotonic = monotonic

    @property
    def ended(self) -> bool:
        """Whether the job may be another's by now."""
        return self._monotonic() >= self.ends

    def check(self) -> None:
        """Refuse when the job may be another's by now.

        Raises:
            LeaseLost: the lease has ended, or was taken away.
        """
        if self.ended:
            raise LeaseLost(f"The lease of the job {self.job.key} has ended.")

    def lose(self) -> None:
        """Let nothing more leave: somebody else holds the job."""
        self.ends = float("-inf")


#: The lease under which the present task works; none outside of the job runner.
current: Final[ContextVar[Lease | None]] = ContextVar("lease", default=None)


def check() -> None:
    """Refuse to go on with a job that may be another's; call it directly before a socket is written to.

    Raises:
        LeaseLost: the lease of the job that this task works on has ended.
    """
    if lease := current.get():
        lease.check()
