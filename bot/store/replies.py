"""Replies in the database: each is an intent row before anything leaves."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, and_, bindparam, func, insert, or_, select, update

from bot.domain.ids import CaseId, ReplyId, StaffId
from bot.domain.mention import Mention
from bot.domain.reply import Reply, ReplyState
from bot.errors import NotAllowed, VersionConflict
from bot.store.rows import key_of, noun_of, nouns, values_of
from bot.store.tables import mention
from bot.store.tables import reply as table

#: States of a reply that stands in public, or soon may.
_OUT: Final = (ReplyState.QUEUED, ReplyState.SENDING, ReplyState.SENT, ReplyState.UNKNOWN)
_OF_CASE: Final = select(table).where(table.c.case_id == bindparam("of")).order_by(table.c.id)


class Replies:
    """The replies of one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, reply_id: ReplyId) -> Reply:
        """Return one reply.

        Raises:
            NotAllowed: there is none of that number.
        """
        row = self._connection.execute(select(table).where(table.c.id == reply_id)).one_or_none()
        if row is None:
            raise NotAllowed("That draft is gone. Press Reply on the card again.")
        return noun_of(Reply, row)

    def add(self, reply: Reply) -> Reply:
        """Store a new draft and return it with its number."""
        done = self._connection.execute(insert(table).values(**values_of(reply, without=["id"])))
        return replace(reply, id=ReplyId(key_of(done)))

    def save(self, before: Reply, after: Reply) -> None:
        """Store the next state of a reply.

        Raises:
            VersionConflict: its state changed since it was read.
        """
        same = and_(table.c.id == before.id, table.c.state == before.state)
        done = self._connection.execute(update(table).where(same).values(**values_of(after, without=["id"])))
        if done.rowcount != 1:
            raise VersionConflict(f"Reply {before.id} changed meanwhile.")

    def draft_of(self, case_id: CaseId, by: StaffId) -> Reply | None:
        """Return the newest draft that somebody has for a case."""
        mine = and_(table.c.case_id == case_id, table.c.by == by, table.c.state == ReplyState.DRAFT)
        query = select(table).where(mine)
        found = nouns(self._connection, Reply, query.order_by(table.c.id.desc()).limit(1))
        return found[0] if found else None

    def under_way(self) -> list[Reply]:
        """Return what waits to be sent or may be on its way, oldest first."""
        query = select(table).where(table.c.state.in_([ReplyState.QUEUED, ReplyState.SENDING]))
        return nouns(self._connection, Reply, query.order_by(table.c.id))

    def beside(self, answered: Mention, *, since: datetime, limit: int = 200) -> list[tuple[str, str]]:
        """Return (who, text) of the newest replies to other people that leave, or left, after ``since``."""
        other = or_(mention.c.handle != answered.author.handle, mention.c.feed != answered.feed)
        query = (
            select(mention.c.feed, mention.c.handle, table.c.text)
            .join(mention, mention.c.id == table.c.mention_id)
            .where(and_(table.c.send_at >= since, table.c.state.in_(_OUT), other))
            .order_by(table.c.send_at.desc())
            .limit(limit)
        )
        return [(f"{row.feed}:{row.handle}", row.text) for row in self._connection.execute(query)]

    def count_sent(self, by: StaffId) -> int:
        """Return how many replies of somebody stand on a platform."""
        theirs = and_(table.c.by == by, table.c.state == ReplyState.SENT)
        return self._connection.execute(select(func.count()).select_from(table).where(theirs)).scalar_one()

    def of_case(self, case_id: CaseId) -> list[Reply]:
        """Return every reply of a case, oldest first."""
        return nouns(self._connection, Reply, _OF_CASE, of=case_id)
