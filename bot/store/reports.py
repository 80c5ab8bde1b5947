"""Figures of the desk, counted by the database."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, and_, func, select

from bot.domain.case import Case, State
from bot.domain.event import Happening
from bot.domain.figures import FirstReply, Work
from bot.domain.ids import StaffId
from bot.domain.job import JobState
from bot.domain.reply import ReplyState
from bot.store.outbox import job
from bot.store.rows import nouns
from bot.store.tables import case, event, mention, reply

_COUNTED = (Happening.CLAIMED, Happening.SENT)


class Reports:
    """The counts of one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def received(self, *, since: datetime) -> int:
        """Return how many mentions came in."""
        return self._count(select(func.count()).where(mention.c.seen_at >= since))

    def opened(self, *, since: datetime) -> int:
        """Return how many cases were opened."""
        return self._count(select(func.count()).where(case.c.seen_at >= since))

    def late_unanswered(self, *, since: datetime, at: datetime) -> int:
        """Return how many cases of that time have a customer who waits beyond the promise."""
        waits = and_(case.c.state != State.RESOLVED, case.c.due_at < at, case.c.first_reply_at.is_(None))
        return self._count(select(func.count()).where(and_(case.c.seen_at >= since, waits)))

    def first_replies(self, *, since: datetime) -> list[FirstReply]:
        """Return the moments of every case that was answered for the first time."""
        moments = (case.c.priority, case.c.posted_at, case.c.seen_at, case.c.first_reply_at)
        query = select(*moments).where(case.c.first_reply_at >= since)
        return [FirstReply(*row) for row in self._connection.execute(query)]

    def staff(self, *, since: datetime) -> list[Work]:
        """Return what each of staff claimed and answered, the busiest first."""
        ours = and_(event.c.at >= since, event.c.what.in_(_COUNTED), event.c.by.is_not(None))
        columns = (event.c.by, event.c.what, func.max(event.c.by_name), func.count())
        rows = self._connection.execute(select(*columns).where(ours).group_by(event.c.by, event.c.what))
        names: dict[str, str] = {}
        counts: dict[tuple[str, Happening], int] = {}
        for by, what, name, count in rows:
            names[by] = name
            counts[by, what] = count
        work = [Work(name, *(counts.get((by, what), 0) for what in _COUNTED)) for by, name in names.items()]
        return sorted(work, key=lambda one: (-one.answered, -one.claimed, one.name))

    def has_worked(self, by: StaffId) -> bool:
        """Return whether somebody ever did anything here."""
        return self._connection.execute(select(event.c.id).where(event.c.by == by).limit(1)).first() is not None

    def longest_waiting(self, *, limit: int) -> list[Case]:
        """Return the cases whose customers wait longest for any answer, the oldest first."""
        waits = and_(case.c.state.in_([State.OPEN, State.CLAIMED]), case.c.due_at.is_not(None))
        query = select(case).where(and_(waits, case.c.first_reply_at.is_(None)))
        return nouns(self._connection, Case, query.order_by(case.c.posted_at, case.c.id).limit(limit))

    def oldest_promise(self, *, at: datetime) -> datetime | None:
        """Return since when the oldest promise is due that nobody keeps; None when none is."""
        waits = and_(job.c.state == JobState.READY, job.c.due <= at)
        found: datetime | None = self._connection.execute(select(func.min(job.c.due)).where(waits)).scalar_one()
        return found

    def doubtful_replies(self) -> int:
        """Return how many replies wait for a person to say whether they arrived."""
        return self._count(select(func.count()).where(reply.c.state == ReplyState.UNKNOWN))

    def _count(self, query: object) -> int:
        return int(self._connection.execute(query).scalar_one())  # type: ignore[call-overload]
