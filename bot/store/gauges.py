"""What an operator watches, counted by the database."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, func, select

from bot.domain.case import State
from bot.domain.job import JobState
from bot.domain.reply import ReplyState
from bot.store.outbox import job
from bot.store.tables import case, mention, reply


class Counts:
    """The gauges of one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def due(self, *, at: datetime, urgent: int = 9) -> dict[str, tuple[int, datetime]]:
        """Return kind of job to how many are due that are at least so urgent, and since when the first of them."""
        waits = and_(job.c.state == JobState.READY, job.c.due <= at, job.c.urgent <= urgent)
        rows = self._connection.execute(
            select(job.c.kind, func.count(), func.min(job.c.due)).where(waits).group_by(job.c.kind)
        )
        return {kind: (count, since) for kind, count, since in rows}

    def dead(self) -> int:
        """Return how many jobs were given up."""
        query = select(func.count()).select_from(job).where(job.c.state == JobState.DEAD)
        return self._connection.execute(query).scalar_one()

    def unknown(self) -> dict[str, int]:
        """Return feed to how many replies wait for a person to say whether they arrived."""
        rows = self._connection.execute(
            select(mention.c.feed, func.count())
            .join(mention, mention.c.id == reply.c.mention_id)
            .where(reply.c.state == ReplyState.UNKNOWN)
            .group_by(mention.c.feed)
        )
        return {str(feed): int(count) for feed, count in rows}

    def unclaimed(self) -> int:
        """Return how many cases nobody has."""
        query = select(func.count()).select_from(case).where(case.c.state == State.OPEN)
        return self._connection.execute(query).scalar_one()

    def waits_for_reply(self, *, since: datetime) -> list[float]:
        """Return the seconds to the first reply of every case that was answered first since then."""
        return self._spans(case.c.first_reply_at, since)

    def waits_for_claim(self, *, since: datetime) -> list[float]:
        """Return the seconds to the claim of every case that was claimed since then."""
        return self._spans(case.c.claimed_at, since)

    def _spans(self, until: ColumnElement[datetime], since: datetime) -> list[float]:
        rows = self._connection.execute(select(until, case.c.seen_at).where(until >= since))
        return [max(0.0, (end - begin).total_seconds()) for end, begin in rows]
