"""Which deliveries were seen, and traces of posts that are gone: what comes again, or late, is known."""

from __future__ import annotations

import functools
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, Executable, and_, bindparam, delete, or_, select

from bot.store.rows import chunks, insert_in, insert_into
from bot.store.tables import delivery as table

#: What the keys of traces begin with; no delivery's does, as no feed can bear such a name.
_TRACE: Final = "post/"
_SEEN: Final = select(table.c.key).where(table.c.key == bindparam("this"))


class Deliveries:
    """The deliveries of one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def first_time(self, key: str, *, at: datetime) -> bool:
        """Remember a delivery; return whether it had never been seen."""
        done = self._connection.execute(_remember(self._connection.dialect.name), {"key": key, "at": at})
        return done.first() is not None

    def first_times(self, keys: Sequence[str], *, at: datetime) -> list[bool]:
        """Remember deliveries; return of each whether it had never been seen. Of two of one key the first is new."""
        # In one order, so that no two transactions wait for each other's rows.
        rows = [{"key": key, "at": at} for key in sorted(set(keys))]
        new = set(self._connection.execute(_remember(self._connection.dialect.name), rows).scalars())
        first = {key: place for place, key in reversed([*enumerate(keys)])}
        return [key in new and first[key] == place for place, key in enumerate(keys)]

    def seen(self, key: str) -> bool:
        """Return whether a delivery was remembered."""
        return self._connection.execute(_SEEN, {"this": key}).first() is not None

    def deliveries(self, beginning: str) -> list[tuple[str, datetime]]:
        """Return the deliveries whose keys begin so, with the moment at which each was taken."""
        query = select(table.c.key, table.c.at).where(table.c.key.startswith(beginning, autoescape=True))
        return [(row.key, row.at) for row in self._connection.execute(query)]

    def remember(self, traces: Collection[str], *, at: datetime) -> None:
        """Keep traces of posts, so that what comes late is known."""
        if traces:
            rows = [{"key": _TRACE + one, "at": at} for one in sorted(traces)]
            self._connection.execute(insert_into(self._connection, table).on_conflict_do_nothing(), rows)

    def remembered(self, traces: Collection[str]) -> set[str]:
        """Return those traces that are kept."""
        keys = [_TRACE + one for one in traces]
        found: set[str] = set()
        for some in chunks(keys, 1_000):
            found.update(self._connection.execute(select(table.c.key).where(table.c.key.in_(some))).scalars())
        return {key.removeprefix(_TRACE) for key in found}

    def forget_before(self, at: datetime, *, traces: datetime) -> None:
        """Forget the deliveries that are too old to be repeated, and the ``traces`` of what comes no more."""
        is_trace = table.c.key.startswith(_TRACE)
        old = or_(and_(~is_trace, table.c.at < at), and_(is_trace, table.c.at < traces))
        self._connection.execute(delete(table).where(old))

    def forget(self, key: str) -> None:
        """Forget one delivery: its repetition is welcome."""
        self._connection.execute(delete(table).where(table.c.key == key))


@functools.cache
def _remember(dialect: str) -> Executable:
    """Return the statement that remembers a delivery; made once, because that takes longer than running it."""
    return insert_in(dialect, table).on_conflict_do_nothing().returning(table.c.key)
