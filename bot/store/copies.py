"""Messages in Slack that hold a stranger's words, and requests to erase somebody."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, Connection, and_, bindparam, delete, func, insert, or_, select, update

from bot.domain.ids import CaseId, ErasureId, MentionId
from bot.domain.removed import Copy, CopyOf, Erasure, Removed
from bot.errors import NotAllowed
from bot.store.outbox import copy as table
from bot.store.outbox import erasure
from bot.store.rows import chunks, key_of, noun_of, nouns, values_of

Place = tuple[str, str]
"""Channel and ts of one message."""

#: What is about one case.
ABOUT_A_CASE: Final = (CopyOf.CARD, CopyOf.TIER, CopyOf.LINE, CopyOf.HOME, CopyOf.BOARD)


_ADD: Final = insert(table)
_AT: Final = (
    select(table)
    .where(and_(table.c.channel == bindparam("place"), table.c.ts == bindparam("moment")))
    .order_by(table.c.id)
)


class Copies:
    """The copies and erasures of one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, copies: Sequence[Copy]) -> None:
        """Remember a message by what it shows."""
        if copies:
            self._connection.execute(_ADD, [values_of(one, without=["id"]) for one in copies])

    def at(self, channel: str, ts: str) -> list[Copy]:
        """Return what one message shows, in its order."""
        return nouns(self._connection, Copy, _AT, place=channel, moment=ts)

    def of_cases(self, case_ids: Sequence[CaseId], *, kinds: Sequence[CopyOf] = ABOUT_A_CASE) -> list[Place]:
        """Return the messages about some cases."""
        return [
            place
            for some in chunks(list(case_ids), 1_000)
            for place in _places(self._connection, and_(table.c.case_id.in_(some), table.c.what.in_(kinds)))
        ]

    def of_mentions(self, mention_ids: Sequence[MentionId]) -> list[Place]:
        """Return the roll-ups and thread lines that show some mentions."""
        shows = or_(table.c.what == CopyOf.ROLLUP, and_(table.c.what == CopyOf.LINE, table.c.line == "heard"))
        return [
            place
            for some in chunks(list(mention_ids), 1_000)
            for place in _places(self._connection, and_(table.c.ref.in_(some), shows))
        ]

    def of_staff(self, case_ids: Sequence[CaseId]) -> list[Place]:
        """Return the thread lines of some cases that can repeat what staff wrote: any but what a customer said."""
        lines = and_(table.c.what == CopyOf.LINE, table.c.line != "heard")
        return _places(self._connection, and_(lines, table.c.case_id.in_(case_ids)))

    def direct(self, *, since: datetime | None = None, before: datetime | None = None) -> list[Place]:
        """Return the private answers of a time: nobody wrote down whom they quote."""
        told = and_(table.c.what == CopyOf.DIRECT, table.c.removed.is_(None))
        if since:
            told = and_(told, table.c.at >= since)
        if before:
            told = and_(told, table.c.at < before)
        return _places(self._connection, told)

    def ask(self, places: Sequence[Place], why: Removed, *, erasure_id: ErasureId | None = None) -> None:
        """Note that messages shall show less; for an erasure it is counted what became of each."""
        wish = {"removed": why, "erasure_id": erasure_id, "redrawn_at": None, "trouble": ""}
        for channel, ts in places:
            here = and_(table.c.channel == channel, table.c.ts == ts)
            self._connection.execute(update(table).where(here).values(**wish))

    def redrawn(self, channel: str, ts: str, *, at: datetime, trouble: str = "") -> None:
        """Note what became of a message."""
        here = and_(table.c.channel == channel, table.c.ts == ts)
        self._connection.execute(update(table).where(here).values(redrawn_at=at, trouble=trouble))

    def forget_before(self, at: datetime) -> None:
        """Forget messages that were emptied long ago; a Home may show the case still."""
        emptied = and_(table.c.removed.is_not(None), table.c.redrawn_at < at, table.c.what != CopyOf.HOME)
        self._connection.execute(delete(table).where(emptied))

    def shows_only(self, channel: str, ts: str, cases: Collection[CaseId]) -> None:
        """Forget the cases that one message shows no more."""
        here = and_(table.c.channel == channel, table.c.ts == ts)
        self._connection.execute(delete(table).where(and_(here, table.c.case_id.not_in(list(cases)))))


class Erasures:
    """The requests to erase somebody, and what became of their messages, in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, erasure_: Erasure) -> Erasure:
        """Store a request to erase somebody and return it with its number."""
        done = self._connection.execute(insert(erasure).values(**values_of(erasure_, without=["id"])))
        return replace(erasure_, id=ErasureId(key_of(done)))

    def get(self, erasure_id: ErasureId) -> Erasure:
        """Return one request.

        Raises:
            NotAllowed: there is none of that number.
        """
        row = self._connection.execute(select(erasure).where(erasure.c.id == erasure_id)).one_or_none()
        if row is None:
            raise NotAllowed(f"I know no erasure {erasure_id}.")
        return noun_of(Erasure, row)

    def told(self, erasure_id: ErasureId, *, at: datetime) -> None:
        """Note that whoever asked for it knows how it ended."""
        self._connection.execute(update(erasure).where(erasure.c.id == erasure_id).values(told_at=at))

    def open(self, erasure_id: ErasureId) -> list[Place]:
        """Return the messages of an erasure about which nothing is known yet."""
        return _places(self._connection, and_(table.c.erasure_id == erasure_id, table.c.redrawn_at.is_(None)))

    def emptied(self, erasure_id: ErasureId) -> list[Place]:
        """Return the messages of an erasure that Slack said it changed."""
        done = and_(table.c.redrawn_at.is_not(None), table.c.trouble == "")
        return _places(self._connection, and_(table.c.erasure_id == erasure_id, done))

    def refused(self, erasure_id: ErasureId) -> dict[str, int]:
        """Return how many messages of an erasure stand as they did, by Slack's name for the reason."""
        message = select(table.c.channel, table.c.ts, func.max(table.c.trouble).label("trouble"))
        stood = message.where(and_(table.c.erasure_id == erasure_id, table.c.trouble != ""))
        grouped = stood.group_by(table.c.channel, table.c.ts).subquery()
        rows = self._connection.execute(select(grouped.c.trouble, func.count()).group_by(grouped.c.trouble))
        return {str(trouble): int(count) for trouble, count in rows}


def _places(connection: Connection, which: ColumnElement[bool]) -> list[Place]:
    rows = connection.execute(select(table.c.channel, table.c.ts).where(which).distinct())
    return [(row.channel, row.ts) for row in rows]
