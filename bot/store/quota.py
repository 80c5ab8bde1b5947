"""What was used of a day's allowance, counted before it is spent."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Connection, and_, delete, func, select, update

from bot.store.outbox import quota as table
from bot.store.rows import insert_into


class Quotas:
    """The allowances of one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def take(self, key: str, *, cap: int) -> int | None:
        """Use one of ``cap`` and return how many are used now; None when none is left."""
        insert = insert_into(self._connection, table).values(key=key, used=1)
        more = insert.on_conflict_do_update(
            index_elements=["key"], set_={"used": table.c.used + 1}, where=table.c.used < cap
        )
        used = self._connection.execute(more.returning(table.c.used)).scalar_one_or_none() if cap > 0 else None
        return None if used is None else int(used)

    def give_back(self, key: str) -> None:
        """Return one that was surely not spent."""
        spent = and_(table.c.key == key, table.c.used > 0)
        self._connection.execute(update(table).where(spent).values(used=table.c.used - 1))

    def ending(self, words: str) -> dict[str, int]:
        """Return how much is used of every allowance whose name ends so, a day for instance."""
        query = select(table.c.key, table.c.used).where(table.c.key.endswith(words, autoescape=True))
        return {row.key: row.used for row in self._connection.execute(query.order_by(table.c.key))}

    def used(self, key: str) -> int:
        """Return how many of an allowance are used."""
        return self._connection.execute(select(table.c.used).where(table.c.key == key)).scalar_one_or_none() or 0

    def forget_before(self, day: date) -> None:
        """Forget the allowances of earlier days, whose names end with them."""
        its_day = func.substr(table.c.key, func.length(table.c.key) - len(day.isoformat()) + 1)
        self._connection.execute(delete(table).where(its_day < day.isoformat()))
