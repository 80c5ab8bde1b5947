"""How far each feed was read, and how it is doing."""

from __future__ import annotations

import functools
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import BigInteger, Executable, bindparam, case, func, select, type_coerce

from bot.domain.health import FeedHealth, Pulse
from bot.store.deliveries import Deliveries
from bot.store.rows import insert_in, nouns, values_of
from bot.store.tables import MICROSECOND, mention
from bot.store.tables import feed as table

_HEALTH: Final = select(table).where(table.c.feed == bindparam("of"))


class Feeds(Deliveries):
    """The feeds of one transaction, with what they delivered."""

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
        found = nouns(self._connection, FeedHealth, _HEALTH, of=feed)
        return found[0] if found else None

    def all(self) -> list[FeedHealth]:
        """Return every feed that ever ran, by name."""
        return nouns(self._connection, FeedHealth, select(table).order_by(table.c.feed))

    def longest_pause(self, feed: str, *, since: datetime) -> tuple[timedelta, timedelta]:
        """Return the longest span between two posts of a feed that were seen since a moment, and the span of all."""
        at = type_coerce(mention.c.posted_at, BigInteger)
        before = func.lag(at, type_=BigInteger).over(order_by=at)
        seen = select(at.label("at"), (at - before).label("pause"))
        each = seen.where(mention.c.feed == feed, mention.c.seen_at >= since).subquery()
        query = select(func.max(each.c.pause), func.max(each.c.at) - func.min(each.c.at))
        pause, span = self._connection.execute(query).one()
        return int(pause or 0) * MICROSECOND, int(span or 0) * MICROSECOND

    def note(self, health: FeedHealth) -> None:
        """Remember how a feed is doing."""
        self._connection.execute(_note(self._connection.dialect.name), {**values_of(health), "cursor": ""})


@functools.cache
def _go_on(dialect: str) -> Executable:
    """Return the statement that moves a cursor, or leaves it; made once, as those below."""
    place = func.coalesce(bindparam("place", type_=table.c.cursor.type), table.c.cursor)
    return insert_in(dialect, table).on_conflict_do_update(index_elements=["feed"], set_={"cursor": place})


@functools.cache
def _note(dialect: str) -> Executable:
    insert = insert_in(dialect, table)
    told = {column.name: insert.excluded[column.name] for column in table.c if column.name not in {"feed", "cursor"}}
    return insert.on_conflict_do_update(index_elements=["feed"], set_=told)


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
