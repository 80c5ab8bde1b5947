"""Turns, a gap apart in each lane, that hold across every process: one row a lane, one statement a turn.

Who finds no turn bids for the next one. It then goes to nobody less urgent,
unless the bidder does not come within half a gap.
"""

from __future__ import annotations

import functools
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import BigInteger, Connection, and_, bindparam, case, delete, or_, select, type_coerce, update

from bot.store.outbox import pace as table
from bot.store.rows import insert_in, insert_into
from bot.store.tables import EPOCH, MICROSECOND

_NEXT: Final = select(table.c.next_at).where(table.c.lane == bindparam("of"))
_BID: Final = (
    update(table)
    .where(and_(table.c.lane == bindparam("of"), or_(table.c.urgent.is_(None), table.c.urgent > bindparam("mine"))))
    .values(urgent=bindparam("mine"))
)


class Paces:
    """The turns of one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def take(self, lane: str, *, at: datetime, gap: timedelta, burst: int = 1, urgent: int = 0) -> datetime | None:
        """Take the turn in ``lane``; when it is not free, or bid for by the more ``urgent``, return when to come again.

        Of a lane that rested, up to ``burst`` turns may be taken at once; in the long run they are ``gap`` apart.
        """
        ahead, patience = (burst - 1) * gap, gap / 2
        times = {"first": at + gap, "now": (at - EPOCH) // MICROSECOND, "gap": gap // MICROSECOND, "latest": at + ahead}
        asked = {"of": lane, **times, "missed": at + ahead - patience, "mine": urgent}
        if self._connection.execute(_turn(self._connection.dialect.name), asked).first():
            return None
        next_at: datetime = self._connection.execute(_NEXT, {"of": lane}).scalar_one()
        free_at = next_at - ahead
        return free_at if free_at > at else free_at + patience

    def bid(self, lane: str, *, urgent: int) -> None:
        """Let the next turn in ``lane`` be given to nobody less urgent; 0 goes first."""
        self._connection.execute(_BID, {"of": lane, "mine": urgent})

    def push(self, lane: str, *, until: datetime) -> None:
        """Give nobody a turn in ``lane`` before ``until``: the other side asked for it."""
        insert = insert_into(self._connection, table).values(lane=lane, next_at=until)
        later = insert.on_conflict_do_update(
            index_elements=["lane"], set_={"next_at": until}, where=table.c.next_at < until
        )
        self._connection.execute(later)

    def forget_before(self, at: datetime) -> None:
        """Forget the lanes that have rested since: their next turn is as free as the first one of a lane."""
        self._connection.execute(delete(table).where(table.c.next_at < at))


@functools.cache
def _turn(dialect: str) -> Any:
    """Return the statement that takes a turn; made once, because that takes longer than running it."""
    moment = table.c.next_at.type
    now, gap = (bindparam(name, type_=BigInteger) for name in ("now", "gap"))
    stored = type_coerce(table.c.next_at, BigInteger)
    later = case((stored > now, stored), else_=now) + gap
    nobody_first = or_(table.c.urgent.is_(None), table.c.urgent >= bindparam("mine", type_=table.c.urgent.type))
    missed = table.c.next_at <= bindparam("missed", type_=moment)
    insert = insert_in(dialect, table).values(lane=bindparam("of"), next_at=bindparam("first", type_=moment))
    turn = insert.on_conflict_do_update(
        index_elements=["lane"],
        set_={"next_at": later, "urgent": None},
        where=and_(table.c.next_at <= bindparam("latest", type_=moment), or_(nobody_first, missed)),
    )
    return turn.returning(table.c.lane)
