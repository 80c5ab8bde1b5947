"""How far each feed was read, how it is doing, which deliveries were seen, and what its posts say no more."""

from __future__ import annotations

import functools
from collections.abc import Collection
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, Executable, and_, bindparam, delete, or_, select

from bot.domain.health import FeedHealth
from bot.store.rows import chunks, insert_in, insert_into, nouns, values_of
from bot.store.tables import delivery
from bot.store.tables import feed as table

#: What the keys of traces begin with; no delivery's does, as no feed can bear such a name.
_TRACE: Final = "post/"
_SEEN: Final = select(delivery.c.key).where(delivery.c.key == bindparam("this"))


class Feeds:
    """The feeds of one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def cursor(self, feed: str) -> str:
        """Return where a feed goes on; empty: at its beginning."""
        return self._connection.execute(select(table.c.cursor).where(table.c.feed == feed)).scalar_one_or_none() or ""

    def go_on(self, feed: str, cursor: str | None, *, at: datetime) -> None:
        """Remember where a feed goes on, in the transaction that stores its page; None keeps its place.

        Done first, it makes pages of one feed wait for each other on PostgreSQL too.
        """
        row = {**values_of(FeedHealth(feed=feed, since=at)), "cursor": cursor or ""}
        insert = insert_into(self._connection, table).values(**row)
        place = table.c.cursor if cursor is None else cursor
        self._connection.execute(insert.on_conflict_do_update(index_elements=["feed"], set_={"cursor": place}))

    def health(self, feed: str) -> FeedHealth | None:
        """Return how a feed is doing, if it ever ran."""
        found = nouns(self._connection, FeedHealth, select(table).where(table.c.feed == feed))
        return found[0] if found else None

    def all(self) -> list[FeedHealth]:
        """Return every feed that ever ran, by name."""
        return nouns(self._connection, FeedHealth, select(table).order_by(table.c.feed))

    def note(self, health: FeedHealth) -> None:
        """Remember how a feed is doing."""
        row = values_of(health)
        insert = insert_into(self._connection, table).values(cursor="", **row)
        self._connection.execute(insert.on_conflict_do_update(index_elements=["feed"], set_=row))

    def first_time(self, key: str, *, at: datetime) -> bool:
        """Remember a delivery; return whether it had never been seen."""
        done = self._connection.execute(_remember(self._connection.dialect.name), {"key": key, "at": at})
        return done.first() is not None

    def seen(self, key: str) -> bool:
        """Return whether a delivery was remembered."""
        return self._connection.execute(_SEEN, {"this": key}).first() is not None

    def deliveries(self, beginning: str) -> list[tuple[str, datetime]]:
        """Return the deliveries whose keys begin so, with the moment at which each was taken."""
        query = select(delivery.c.key, delivery.c.at).where(delivery.c.key.startswith(beginning, autoescape=True))
        return [(row.key, row.at) for row in self._connection.execute(query)]

    def remember(self, traces: Collection[str], *, at: datetime) -> None:
        """Keep traces of posts, so that what comes late is known."""
        if traces:
            rows = [{"key": _TRACE + one, "at": at} for one in sorted(traces)]
            self._connection.execute(insert_into(self._connection, delivery).on_conflict_do_nothing(), rows)

    def remembered(self, traces: Collection[str]) -> set[str]:
        """Return those traces that are kept."""
        keys = [_TRACE + one for one in traces]
        found: set[str] = set()
        for some in chunks(keys, 1_000):
            found.update(self._connection.execute(select(delivery.c.key).where(delivery.c.key.in_(some))).scalars())
        return {key.removeprefix(_TRACE) for key in found}

    def forget_before(self, at: datetime, *, traces: datetime) -> None:
        """Forget the deliveries that are too old to be repeated, and the ``traces`` of what comes no more."""
        is_trace = delivery.c.key.startswith(_TRACE)
        old = or_(and_(~is_trace, delivery.c.at < at), and_(is_trace, delivery.c.at < traces))
        self._connection.execute(delete(delivery).where(old))

    def forget(self, key: str) -> None:
        """Forget one delivery: its repetition is welcome."""
        self._connection.execute(delete(delivery).where(delivery.c.key == key))


@functools.cache
def _remember(dialect: str) -> Executable:
    """Return the statement that remembers a delivery; made once, because that takes longer than running it."""
    return insert_in(dialect, delivery).on_conflict_do_nothing().returning(delivery.c.key)
