"""Promises in the database: outbox and timers, claimed under a lease, finished behind a fence."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, bindparam, case, func, or_, select, type_coerce, update

from bot.domain.job import PACED, Job, JobState
from bot.store.claims import IS_DEAD, IS_RUNNING, Asked, claim
from bot.store.outbox import job as table
from bot.store.outbox import pace
from bot.store.pace import Paces
from bot.store.rows import chunks, insert_in, nouns

_OPEN = (JobState.READY, JobState.RUNNING)

# Written once: building it costs more than running it.
_OURS = and_(table.c.id == bindparam("this"), table.c.fence == bindparam("our_fence"), IS_RUNNING)
_ATTEMPT = update(table).where(_OURS).values(attempted_at=bindparam("now", type_=table.c.attempted_at.type))
_FINISH = (
    update(table)
    .where(_OURS)
    .values(
        state=case((table.c.wish != bindparam("our_wish"), JobState.READY.value), else_=JobState.DONE.value),
        due=table.c.wished_due,
        tries=0,
        faults=0,
        trouble="",
        attempted_at=None,
    )
)


class Jobs:
    """The jobs of one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._waiting: dict[str, Job] = {}

    def add(self, job: Job) -> None:
        """Promise something; written with the others at the end. The last wish for a key counts."""
        self._waiting[job.key] = job

    def flush(self) -> bool:
        """Write what was promised, in the order of keys, so that no two writers wait for each other's rows.

        Return whether there was anything.
        """
        waiting = [self._waiting[key] for key in sorted(self._waiting)]
        for final in (True, False):
            rows = [_row(job) for job in waiting if job.final is final]
            if rows:
                self._connection.execute(_upsert(self._connection.dialect.name, final=final), rows)
        had_any, self._waiting = bool(self._waiting), {}
        return had_any

    def claim(
        self, kinds: Sequence[str], *, at: datetime, lease: timedelta, limit: int, held: Sequence[Job] = ()
    ) -> list[Job]:
        """Take due jobs, the most urgent of each lane first; nobody else gets them before the lease ends.

        What ``held`` names runs here already: it counts in its lane and is not taken over.
        """
        return claim(self._connection, Asked(kinds, at, limit, held), until=at + lease)

    def renew(self, job: Job, *, until: datetime) -> bool:
        """Keep a running job for longer; return whether it is still ours."""
        ours = and_(table.c.id == job.id, table.c.fence == job.fence, IS_RUNNING)
        return self._connection.execute(update(table).where(ours).values(due=until)).rowcount == 1

    def take_back(self, *, at: datetime) -> None:
        """Make every running job ready at once: only for a process that knows no other can run one."""
        running = table.c.state == JobState.RUNNING
        self._connection.execute(update(table).where(running).values(state=JobState.READY, due=at))

    def forgo(self, untils: Sequence[datetime], *, at: datetime) -> None:
        """Make ready what was claimed until these very moments, and never begun."""
        mine = and_(IS_RUNNING, table.c.due.in_(untils))
        self._connection.execute(update(table).where(mine).values(state=JobState.READY, due=at))

    def finish(self, job: Job) -> bool:
        """Mark a job as done, or ready again when it was wished for meanwhile.

        Return whether it was still ours: an older fence changes nothing.
        """
        ours = {"this": job.id, "our_fence": job.fence, "our_wish": job.wish}
        return self._connection.execute(_FINISH, ours).rowcount == 1

    def attempt(self, job: Job, *, at: datetime) -> bool:
        """Write down that a call begins whose end may stay unknown; return whether the job is still ours."""
        ours = {"this": job.id, "our_fence": job.fence, "now": at}
        return self._connection.execute(_ATTEMPT, ours).rowcount == 1

    def put_back(
        self,
        job: Job,
        *,
        due: datetime | ColumnElement[datetime],
        trouble: str,
        counted: bool,
        fault: bool = False,
        sure: bool = False,
    ) -> bool:
        """Try a job again later; ``counted`` says that the try counts against it, ``fault`` that nobody foresaw it.

        ``sure`` says that the call that was begun was not applied: there is nothing to look for.
        """
        anew = table.c.wish != job.wish  # promised again meanwhile: that is not put off, and begins with no try
        later = due if isinstance(due, ColumnElement) else type_coerce(due, table.c.due.type)
        change: dict[str, Any] = {
            "state": JobState.READY,
            "due": case((and_(anew, table.c.wished_due < later), table.c.wished_due), else_=later),
            "tries": case((anew, 0), else_=table.c.tries if counted else table.c.tries - 1),
            "faults": case((anew, 0), else_=table.c.faults + int(fault)),
            "trouble": trouble[:500],
        }
        if sure:
            change["attempted_at"] = None
        return self._ours(job, change)

    def rest(self, job: Job, *, at: datetime, until: datetime, trouble: str, sure: bool) -> bool:
        """Put a job back to where it stood in its lane, and let the whole lane rest ``until`` then."""
        Paces(self._connection).push(job.lane, until=until)
        place = case((table.c.wished_due < at, table.c.wished_due), else_=type_coerce(at, table.c.due.type))
        return self.put_back(job, due=place, trouble=trouble, counted=False, sure=sure)

    def release(self, job: Job, *, at: datetime) -> bool:
        """Leave a job to whoever comes next; a call that it began is still to be looked for."""
        return self.put_back(job, due=at, trouble="", counted=False)

    def _ours(self, job: Job, change: Mapping[str, Any]) -> bool:
        ours = and_(table.c.id == job.id, table.c.fence == job.fence, IS_RUNNING)
        return self._connection.execute(update(table).where(ours).values(**change)).rowcount == 1

    def bury(self, job: Job, *, at: datetime, trouble: str) -> bool:
        """Give a job up, so that an operator looks; one that was wished for meanwhile begins anew.

        Return whether it is dead now.
        """
        again = table.c.wish != job.wish
        change = {
            "state": case((again, JobState.READY.value), else_=JobState.DEAD.value),
            "due": table.c.wished_due,
            "trouble": trouble[:500],
            "dead_at": case((again, None), else_=type_coerce(at, table.c.dead_at.type)),
        }
        return self._ours(job, change) and self._is(job, JobState.DEAD)

    def _is(self, job: Job, state: JobState) -> bool:
        query = select(table.c.id).where(and_(table.c.id == job.id, table.c.state == state))
        return self._connection.execute(query).first() is not None

    def any_due(self, *, at: datetime) -> bool:
        """Return whether a job is due or under way; those of a lane that rests are not."""
        resting = select(pace.c.lane).where(and_(pace.c.next_at > at, pace.c.lane.startswith(PACED)))
        due = and_(table.c.state == JobState.READY, table.c.due <= at, table.c.lane.not_in(resting))
        query = select(table.c.id).where(or_(table.c.state == JobState.RUNNING, due)).limit(1)
        return self._connection.execute(query).first() is not None

    def count_open(self, kinds: Sequence[str]) -> int:
        """Return how many jobs of these kinds are still to be done, now or later."""
        query = select(func.count()).where(and_(table.c.state.in_(_OPEN), table.c.kind.in_(kinds)))
        return self._connection.execute(query).scalar_one()

    def count_waiting(self) -> int:
        """Return how many jobs are still to be done, now or later."""
        return self._connection.execute(select(func.count()).where(table.c.state.in_(_OPEN))).scalar_one()

    def open(self, kinds: Sequence[str] = ()) -> list[Job]:
        """Return the jobs that are still to be done."""
        query = select(table).where(table.c.state.in_(_OPEN))
        if kinds:
            query = query.where(table.c.kind.in_(kinds))
        return nouns(self._connection, Job, query.order_by(table.c.due))

    def dead(self) -> list[Job]:
        """Return the jobs that were given up, the oldest first."""
        return nouns(self._connection, Job, select(table).where(IS_DEAD).order_by(table.c.dead_at, table.c.id))

    def revive(self, dead: Sequence[Job], *, at: datetime) -> None:
        """Try jobs again that were given up; what a call of theirs did is still to be looked for."""
        self._of_dead(dead, {"state": JobState.READY, "due": at, "tries": 0, "faults": 0, "dead_at": None})

    def drop(self, dead: Sequence[Job]) -> None:
        """Count jobs as done that were given up."""
        self._of_dead(dead, {"state": JobState.DONE, "dead_at": None, "attempted_at": None})

    def _of_dead(self, dead: Sequence[Job], change: Mapping[str, Any]) -> None:
        for some in chunks([job.id for job in dead], 1_000):
            self._connection.execute(update(table).where(and_(table.c.id.in_(some), IS_DEAD)).values(**change))

    def count_dead(self) -> int:
        """Return how many jobs were given up."""
        return self._connection.execute(select(func.count()).select_from(table).where(IS_DEAD)).scalar_one()

    def pending(self, key: str) -> Job | None:
        """Return the open job of that key."""
        query = select(table).where(and_(table.c.key == key, table.c.state.in_(_OPEN)))
        found = nouns(self._connection, Job, query)
        return found[0] if found else None


@functools.cache
def _upsert(dialect: str, *, final: bool) -> Any:
    """Return the statement that writes promises; made once, because that takes longer than running it."""
    insert = insert_in(dialect, table)
    if final:
        return insert.on_conflict_do_nothing(index_elements=["key"])
    new = insert.excluded
    running = table.c.state == JobState.RUNNING
    more_pressing = and_(table.c.state != JobState.DONE, table.c.urgent < new.urgent)
    return insert.on_conflict_do_update(
        index_elements=["key"],
        set_={
            "wish": table.c.wish + 1,
            "wished_due": new.due,
            # A running job keeps its lease in ``due``; the wish is read when it finishes.
            "due": case((running, table.c.due), else_=new.due),
            "state": case((running, table.c.state), else_=new.state),
            "subject": new.subject,
            # While it is still to be done, the most pressing of all wishes counts.
            "urgent": case((more_pressing, table.c.urgent), else_=new.urgent),
            "lane": case((or_(running, more_pressing), table.c.lane), else_=new.lane),
            "tries": 0,
            "faults": 0,
            "dead_at": None,
            "burst_id": None,
        },
    )


def _row(job: Job) -> dict[str, Any]:
    return {
        "kind": job.kind,
        "key": job.key,
        "subject": job.subject,
        "final": job.final,
        "urgent": job.urgent,
        "due": job.due,
        "wished_due": job.due,
        "state": JobState.READY,
        "tries": 0,
        "fence": 0,
        "wish": 0,
        "trouble": "",
        "lane": job.lane,
        "faults": 0,
    }
