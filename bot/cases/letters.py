"""Dead letters: promises that were given up, told to the operators, tried again or dropped by a person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from bot.cases import promises, undelivered
from bot.cases.rights import may
from bot.clock import Clock
from bot.domain.event import DESK, Event, Happening
from bot.domain.ids import ReplyId, StaffId
from bot.domain.job import Burst, Job
from bot.domain.policy import Policy
from bot.domain.staff import Staff
from bot.errors import NotAllowed
from bot.store.engine import Store
from bot.store.unit import Unit

#: Jobs that die within this span are told in one message.
BURST: Final = timedelta(minutes=15)
#: How long the first of them waits for others, before the message is posted.
FOLD: Final = timedelta(seconds=3)
#: Who it was, where nobody has a name.
SHELL: Final = "the command line"


@dataclass(frozen=True, slots=True)
class Letter:
    """What the operators are told: some jobs that died at about the same time."""

    burst: Burst
    dead: tuple[Job, ...]
    """Those that nobody has seen to yet."""


class Letters:
    """The jobs that were given up."""

    def __init__(self, store: Store, clock: Clock, policy: Policy) -> None:
        self._store = store
        self._clock = clock
        self._policy = policy

    def given_up(self, unit: Unit, job: Job) -> None:
        """Promise to tell of a job that died just now, in the same transaction; a reply is a person's to settle."""
        now = self._clock.now()
        if job.kind == promises.DEAD:
            return  # nobody can be told in Slack that nobody can be told
        if job.kind == promises.SEND:
            undelivered.given_up(unit, unit.replies.get(ReplyId(int(job.subject))), at=now)
        burst = unit.bursts.join(job, at=now, within=BURST)
        unit.jobs.add(promises.dead(burst.id, at=max(now, burst.begun_at + FOLD)))

    async def letter(self, burst_id: int) -> Letter | None:
        """Return what is to be told of one burst."""

        def work(unit: Unit) -> Letter | None:
            burst = unit.bursts.get(burst_id)
            return Letter(burst, tuple(unit.bursts.dead(burst_id))) if burst else None

        return await self._store.read(work)

    async def posted(self, burst: Burst, *, channel: str, ts: str) -> None:
        """Remember where the message stands: it is edited from now on."""
        await self._store.transact(lambda unit: unit.bursts.save(replace(burst, channel=channel, ts=ts)))

    async def retry(self, burst_id: int, *, by: Staff) -> int:
        """Try the jobs of a burst again, from the beginning; return how many those are.

        Raises:
            NotAllowed: no right.
        """
        may(by, "retry", self._policy)
        return await self._see_to(burst_id, by, revive=True)

    async def drop(self, burst_id: int, *, by: Staff) -> int:
        """Give the jobs of a burst up for good; return how many those were.

        Raises:
            NotAllowed: no right.
        """
        may(by, "drop", self._policy)
        return await self._see_to(burst_id, by, revive=False)

    async def _see_to(self, burst_id: int, by: Staff, *, revive: bool) -> int:
        now = self._clock.now()

        def work(unit: Unit) -> int:
            dead = unit.bursts.dead(burst_id)
            see_to(unit, dead, by.name, revive=revive, at=now, by=by.id)
            return len(dead)

        return await self._store.transact(work)


def see_to(
    unit: Unit, dead: Sequence[Job], name: str, *, revive: bool, at: datetime, by: StaffId | None = None
) -> None:
    """Make dead jobs ready again, or count them as done; write it down, and promise to say so where they were told."""
    if not dead:
        return
    if revive:
        unit.jobs.revive(dead, at=at)
    else:
        unit.jobs.drop(dead)
    what = Happening.REVIVED if revive else Happening.DROPPED
    keys = ", ".join(sorted(job.key for job in dead))[:500]
    unit.events.add(Event(case_id=DESK, what=what, at=at, by=by, by_name=name, detail=keys))
    for burst_id in sorted({job.burst_id for job in dead if job.burst_id}):
        if burst := unit.bursts.get(burst_id):
            unit.bursts.save(replace(burst, ended_by_name=name))
            unit.jobs.add(promises.dead(burst_id, at=at))


def named(unit: Unit, keys: Sequence[str]) -> list[Job]:
    """Return the dead jobs of these keys; none given: all.

    Raises:
        NotAllowed: one of them is not among the dead.
    """
    dead = unit.jobs.dead()
    known = {job.key: job for job in dead}
    if strange := [key for key in keys if key not in known]:
        raise NotAllowed(f"No job that was given up has the key {strange[0]}. See: goshawk jobs list")
    return [known[key] for key in keys] if keys else dead
