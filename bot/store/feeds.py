"""How far each feed was read, how it is doing, which deliveries were seen, and what its posts say no more."""

from __future__ import annotations

import functools
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, Executable, and_, bindparam, case, delete, func, or_, select

from bot.domain.health import FeedHealth, Pulse
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
        row = {**values_of(FeedHealth(feed=feed, since=at)), "cursor": cursor or "", "place": cursor}
        self._connection.execute(_go_on(self._connection.dialect.name), row)

    def hear(self, feed: str, *, at: datetime, heard: bool) -> None:
        """Note that a feed which is never asked delivered something; ``heard``: also a mention."""
        health = FeedHealth(feed=feed, since=at, pulse=Pulse.LISTENING, last_read_at=at)
        row = values_of(replace(health, last_mention_at=at if heard else None))
        self._connection.execute(_hear(self._connection.dialect.name), {**row, "cursor": ""})

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
def _go_on(dialect: str) -> Executable:
    """Return the statement that moves a cursor, or leaves it; made once, as those below."""
    place = func.coalesce(bindparam("place", type_=table.c.cursor.type), table.c.cursor)
    return insert_in(dialect, table).on_conflict_do_update(index_elements=["feed"], set_={"cursor": place})


@functools.cache
def _hear(dialect: str) -> Executable:
    insert = insert_in(dialect, table)
    new = insert.excluded
    listening = table.c.pulse == Pulse.LISTENING
    return insert.on_conflict_do_update(
        index_elements=["feed"],
        set_={
            "pulse": new.pulse,
            "since": case((listening, table.c.since), else_=new.since),
            "last_read_at": new.last_read_at,
            "last_mention_at": func.coalesce(new.last_mention_at, table.c.last_mention_at),
        },
    )


@functools.cache
def _remember(dialect: str) -> Executable:
    """Return the statement that remembers a delivery; made once, because that takes longer than running it."""
    return insert_in(dialect, delivery).on_conflict_do_nothing().returning(delivery.c.key)
