"""Stops of all sending in the database, and the one lock that makes them exact.

SQLite writes one transaction at a time. PostgreSQL needs the lock: who is about
to send passes the gate with others, who freezes closes it alone. So a freeze
waits until every transaction that passed before it is committed, and whoever
passes after it sees it.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import Connection, insert, select, text, update

from bot.domain.freeze import Freeze
from bot.domain.ids import FreezeId
from bot.errors import NotAllowed
from bot.store.rows import key_of, noun_of, nouns, values_of
from bot.store.tables import freeze as table

#: Number of the lock, ours alone in a database: the letters "goshawk" read in base 36.
GATE: Final = 36_327_542_132
_ACTIVE: Final = select(table).where(table.c.ended_at.is_(None)).order_by(table.c.id)


class Freezes:
    """The freezes of one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def pass_gate(self) -> None:
        """Keep every freeze out until this transaction ends; others may pass as well."""
        self._lock("SELECT pg_advisory_xact_lock_shared(:gate)")

    def close_gate(self) -> None:
        """Wait for all who pass, and let nobody pass before this transaction ends."""
        self._lock("SELECT pg_advisory_xact_lock(:gate)")

    def _lock(self, statement: str) -> None:
        if self._connection.dialect.name == "postgresql":
            self._connection.execute(text(statement), {"gate": GATE})

    def active(self) -> list[Freeze]:
        """Return the freezes that hold, oldest first."""
        return nouns(self._connection, Freeze, _ACTIVE)

    def over(self, account: str) -> Freeze | None:
        """Return the oldest freeze that stops ``account``, if one does."""
        return next((freeze for freeze in self.active() if freeze.covers(account)), None)

    def get(self, freeze_id: FreezeId) -> Freeze:
        """Return one freeze.

        Raises:
            NotAllowed: there is none of that number.
        """
        row = self._connection.execute(select(table).where(table.c.id == freeze_id)).one_or_none()
        if row is None:
            raise NotAllowed(f"I know no freeze {freeze_id}.")
        return noun_of(Freeze, row)

    def add(self, freeze: Freeze) -> Freeze:
        """Store a new freeze and return it with its number."""
        done = self._connection.execute(insert(table).values(**values_of(freeze, without=["id"])))
        return self.get(FreezeId(key_of(done)))

    def save(self, freeze: Freeze) -> None:
        """Store how a freeze stands now."""
        values = values_of(freeze, without=["id", "channel", "ts"])
        self._connection.execute(update(table).where(table.c.id == freeze.id).values(**values))

    def posted(self, freeze_id: FreezeId, *, channel: str, ts: str) -> None:
        """Remember the message that tells of it."""
        self._connection.execute(update(table).where(table.c.id == freeze_id).values(channel=channel, ts=ts))
