"""Turns, a gap apart in each lane, that hold across every process: one row a lane, one statement a turn."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import BigInteger, Connection, case, select, type_coerce

from bot.store.outbox import pace as table
from bot.store.rows import insert_into
from bot.store.tables import EPOCH, MICROSECOND


class Paces:
    """The turns of one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def take(self, lane: str, *, at: datetime, gap: timedelta, burst: int = 1) -> datetime | None:
        """Take the turn in ``lane``; when it is not free, return the moment at which it will be.

        Of a lane that rested, up to ``burst`` turns may be taken at once; in the long run they are ``gap`` apart.
        """
        stored, now = type_coerce(table.c.next_at, BigInteger), (at - EPOCH) // MICROSECOND
        later = case((stored > now, stored), else_=now) + gap // MICROSECOND
        ahead = (burst - 1) * gap
        insert = insert_into(self._connection, table).values(lane=lane, next_at=at + gap)
        turn = insert.on_conflict_do_update(
            index_elements=["lane"], set_={"next_at": later}, where=table.c.next_at <= at + ahead
        )
        if self._connection.execute(turn.returning(table.c.lane)).first():
            return None
        next_at: datetime = self._connection.execute(select(table.c.next_at).where(table.c.lane == lane)).scalar_one()
        return next_at - ahead

    def push(self, lane: str, *, until: datetime) -> None:
        """Give nobody a turn in ``lane`` before ``until``: the other side asked for it."""
        insert = insert_into(self._connection, table).values(lane=lane, next_at=until)
        later = insert.on_conflict_do_update(
            index_elements=["lane"], set_={"next_at": until}, where=table.c.next_at < until
        )
        self._connection.execute(later)
