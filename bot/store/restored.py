"""What a database that was put back must not believe: it knows nothing of what happened after the backup."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, Update, and_, bindparam, func, select, text, update
from sqlalchemy import case as sql_case

from bot.domain.case import State
from bot.domain.event import DESK, Happening
from bot.domain.ids import CaseId
from bot.domain.job import JobState
from bot.domain.reply import ReplyState
from bot.store.outbox import job
from bot.store.tables import card, case, event, feed, mention, reply

#: Numbers of cases that are left out: more than were opened, and lost, since any backup.
GAP: Final = 10_000

_OPEN: Final = (JobState.READY, JobState.RUNNING)


@dataclass(frozen=True, slots=True)
class Doubts:
    """How much cannot be taken as it stands."""

    replies: int
    """Replies that may stand on a platform already: looked for before anything leaves."""
    messages: int
    """Messages that may stand in Slack already."""
    alarms: int
    """Alarms that were due, and rest."""


class Restored:
    """The steps of one transaction over a database that was put back."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def newest(self) -> datetime | None:
        """Return the last moment that the database knows of."""
        columns = (event.c.at, mention.c.seen_at, feed.c.last_read_at, reply.c.written_at)
        found = (self._connection.execute(select(func.max(one))).scalar_one() for one in columns)
        return max((one for one in found if one is not None), default=None)

    def unsent(self) -> int:
        """Return how many replies were to leave: the courier looks for what a backup holds before it sends it."""
        waiting = reply.c.state.in_([ReplyState.QUEUED, ReplyState.SENDING])
        return int(self._connection.execute(select(func.count()).where(waiting)).scalar_one())

    def doubt_messages(self, kinds: Collection[str], *, since: datetime) -> int:
        """Mark the open jobs of these kinds as attempted: what they post is looked for first, from ``since`` on."""
        ours = and_(job.c.state.in_(_OPEN), job.c.kind.in_(kinds))
        known = job.c.attempted_at
        first = sql_case((known < since, known), else_=bindparam("since", since, type_=known.type))
        return self._changed(update(job).where(ours).values(state=JobState.READY, attempted_at=first))

    def rest(self, kinds: Collection[str], *, until: datetime) -> int:
        """Let the timers of these kinds that are due, or nearly, ring only then."""
        due = and_(job.c.state.in_(_OPEN), job.c.kind.in_(kinds), job.c.due < until)
        return self._changed(update(job).where(due).values(state=JobState.READY, due=until, wished_due=until))

    def carded(self) -> list[CaseId]:
        """Return the cases that are not over and have a card: it may show what was forgotten."""
        query = select(case.c.id).join(card, card.c.case_id == case.c.id).where(case.c.state != State.RESOLVED)
        return [CaseId(number) for number in self._connection.execute(query.distinct().order_by(case.c.id)).scalars()]

    def leave_numbers_out(self) -> None:
        """Give no new case the number of one that was lost: its card may stand in Slack."""
        last = int(self._connection.execute(select(func.coalesce(func.max(case.c.id), 0))).scalar_one()) + GAP
        if not self._is_lite:
            self._connection.execute(select(func.setval(func.pg_get_serial_sequence(case.name, "id"), last)))
            return
        words = {"last": last, "name": case.name}
        self._connection.execute(text("DELETE FROM sqlite_sequence WHERE name = :name"), words)
        self._connection.execute(text("INSERT INTO sqlite_sequence (name, seq) VALUES (:name, :last)"), words)

    def last_at(self) -> datetime | None:
        """Return when this database was last put back; None: never."""
        this = and_(event.c.case_id == DESK, event.c.what == Happening.RESTORED)
        found: datetime | None = self._connection.execute(select(func.max(event.c.at)).where(this)).scalar_one()
        return found

    def somebody_works(self, feeds: Collection[str]) -> bool:
        """Return whether a worker listens to one of these feeds; SQLite's lock file says that without us."""
        if self._is_lite:
            return False
        name = func.current_schema() + ".feed." + bindparam("feed")
        query = select(func.pg_try_advisory_xact_lock(func.hashtextextended(name, 0)))
        return not all(self._connection.execute(query, {"feed": feed}).scalar_one() for feed in feeds)

    @property
    def _is_lite(self) -> bool:
        return self._connection.dialect.name == "sqlite"

    def _changed(self, change: Update) -> int:
        return self._connection.execute(change).rowcount
