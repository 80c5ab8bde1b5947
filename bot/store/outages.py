"""What part of Slack is closed to us, in the database: one row each, from its beginning to its next one."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, and_, select, update

from bot.domain.outage import Outage
from bot.store.outbox import outage as table
from bot.store.rows import insert_into, nouns, values_of


class Outages:
    """The outages of one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, key: str) -> Outage | None:
        """Return one outage, also one that is over."""
        found = nouns(self._connection, Outage, select(table).where(table.c.key == key))
        return found[0] if found else None

    def open(self) -> list[Outage]:
        """Return what is closed now, oldest first."""
        return nouns(self._connection, Outage, select(table).where(table.c.over_at.is_(None)).order_by(table.c.since))

    def begin(self, outage: Outage) -> bool:
        """Note that something is closed; return whether that, or why, is new."""
        still = and_(table.c.key == outage.key, table.c.over_at.is_(None), table.c.why != outage.why)
        if self._connection.execute(update(table).where(still).values(why=outage.why)).rowcount:
            return True
        row = values_of(outage)
        insert = insert_into(self._connection, table).values(**row)
        anew = insert.on_conflict_do_update(index_elements=["key"], set_=row, where=table.c.over_at.is_not(None))
        return self._connection.execute(anew.returning(table.c.key)).first() is not None

    def end(self, key: str, *, at: datetime) -> bool:
        """Note that something is open again; return whether it was closed."""
        closed = and_(table.c.key == key, table.c.over_at.is_(None))
        return self._connection.execute(update(table).where(closed).values(over_at=at)).rowcount == 1

    def told(self, key: str, *, channel: str, ts: str) -> None:
        """Remember the message that tells of it."""
        self._connection.execute(update(table).where(table.c.key == key).values(channel=channel, ts=ts))
