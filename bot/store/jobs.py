"""Promises in the database: outbox and timers, claimed under a lease, finished behind a fence."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Select, and_, bindparam, case, func, or_, select, update

from bot.domain.job import Job, JobState
from bot.store.rows import insert_into, noun_of, nouns
from bot.store.tables import job as table

_OPEN = (JobState.READY, JobState.RUNNING)

# Written once: building them costs more than running them, and each job needs both.
_TAKE = (
    update(table)
    .where(table.c.id.in_(bindparam("ids", expanding=True)))
    .values(
        state=JobState.RUNNING,
        due=bindparam("until", type_=table.c.due.type),
        tries=table.c.tries + 1,
        fence=table.c.fence + 1,
    )
    .returning(table)
)
_FINISH = (
    update(table)
    .where(and_(table.c.id == bindparam("this"), table.c.fence == bindparam("our_fence")))
    .values(
        state=case((table.c.wish != bindparam("our_wish"), JobState.READY.value), else_=JobState.DONE.value),
        due=table.c.wished_due,
        tries=0,
        trouble="",
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
                self._connection.execute(self._upsert(final=final), rows)
        had_any, self._waiting = bool(self._waiting), {}
        return had_any

    def _upsert(self, *, final: bool) -> Any:
        insert = insert_into(self._connection, table)
        if final:
            return insert.on_conflict_do_nothing(index_elements=["key"])
        new = insert.excluded
        running = table.c.state == JobState.RUNNING
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
                "urgent": case(
                    (and_(table.c.state != JobState.DONE, table.c.urgent < new.urgent), table.c.urgent),
                    else_=new.urgent,
                ),
                "tries": 0,
            },
        )

    def claim(self, kinds: Sequence[str], *, at: datetime, lease: timedelta, limit: int) -> list[Job]:
        """Take due jobs, most urgent first; nobody else gets them before the lease ends."""
        due = and_(table.c.state.in_(_OPEN), table.c.due <= at, table.c.kind.in_(kinds))
        query = select(table.c.id).where(due).order_by(table.c.urgent, table.c.due, table.c.id).limit(limit)
        return self._take(self._skipping_locked(query), at, lease)

    def _skipping_locked(self, query: Select[Any]) -> Select[Any]:
        return query.with_for_update(skip_locked=True) if self._connection.dialect.name == "postgresql" else query

    def _take(self, query: Select[Any], at: datetime, lease: timedelta) -> list[Job]:
        ids = list(self._connection.execute(query).scalars())
        if not ids:
            return []
        rows = self._connection.execute(_TAKE, {"ids": ids, "until": at + lease})
        return sorted((noun_of(Job, row) for row in rows), key=lambda job: ids.index(job.id))

    def take_back(self, *, at: datetime) -> None:
        """Make every running job ready at once: only for a process that knows no other can run one."""
        running = table.c.state == JobState.RUNNING
        self._connection.execute(update(table).where(running).values(state=JobState.READY, due=at))

    def finish(self, job: Job) -> bool:
        """Mark a job as done, or ready again when it was wished for meanwhile.

        Return whether it was still ours: an older fence changes nothing.
        """
        ours = {"this": job.id, "our_fence": job.fence, "our_wish": job.wish}
        return self._connection.execute(_FINISH, ours).rowcount == 1

    def put_back(self, job: Job, *, due: datetime, trouble: str, counted: bool) -> bool:
        """Try a job again later; ``counted`` says that the try counts against it."""
        tries = table.c.tries if counted else table.c.tries - 1
        done = self._connection.execute(
            update(table)
            .where(and_(table.c.id == job.id, table.c.fence == job.fence))
            .values(state=JobState.READY, due=due, tries=tries, trouble=trouble[:500])
        )
        return done.rowcount == 1

    def bury(self, job: Job, *, trouble: str) -> bool:
        """Give a job up, so that an operator looks; one that was wished for meanwhile begins anew."""
        again = table.c.wish != job.wish
        done = self._connection.execute(
            update(table)
            .where(and_(table.c.id == job.id, table.c.fence == job.fence))
            .values(
                state=case((again, JobState.READY.value), else_=JobState.DEAD.value),
                due=table.c.wished_due,
                trouble=trouble[:500],
            )
        )
        return done.rowcount == 1

    def any_due(self, *, at: datetime) -> bool:
        """Return whether a job is due or under way."""
        open_now = or_(table.c.state == JobState.RUNNING, and_(table.c.state == JobState.READY, table.c.due <= at))
        return self._connection.execute(select(table.c.id).where(open_now).limit(1)).first() is not None

    def count_open(self, kinds: Sequence[str]) -> int:
        """Return how many jobs of these kinds are still to be done, now or later."""
        query = select(func.count()).where(and_(table.c.state.in_(_OPEN), table.c.kind.in_(kinds)))
        return self._connection.execute(query).scalar_one()

    def open(self, kinds: Sequence[str] = ()) -> list[Job]:
        """Return the jobs that are still to be done."""
        query = select(table).where(table.c.state.in_(_OPEN))
        if kinds:
            query = query.where(table.c.kind.in_(kinds))
        return nouns(self._connection, Job, query.order_by(table.c.due))

    def dead(self) -> list[Job]:
        """Return the jobs that were given up."""
        return nouns(self._connection, Job, select(table).where(table.c.state == JobState.DEAD))

    def count_dead(self) -> int:
        """Return how many jobs were given up."""
        return self._connection.execute(select(func.count()).where(table.c.state == JobState.DEAD)).scalar_one()

    def pending(self, key: str) -> Job | None:
        """Return the open job of that key."""
        query = select(table).where(and_(table.c.key == key, table.c.state.in_(_OPEN)))
        found = nouns(self._connection, Job, query)
        return found[0] if found else None


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
    }
