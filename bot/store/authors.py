"""What an author wrote before a case, in the database: counted, and the newest of it.

An author is a handle on a feed: who is called the same elsewhere is somebody else.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, Connection, and_, func, or_, select
from sqlalchemy import case as when

from bot.domain.case import Case
from bot.domain.history import Earlier, History
from bot.domain.ids import MentionId
from bot.domain.mention import Visibility
from bot.domain.removed import NOBODY
from bot.store.cases import NOT_OURS
from bot.store.mentions import kept_of
from bot.store.tables import case as cases
from bot.store.tables import mention as table

_JOINED: Final = table.outerjoin(cases, cases.c.id == table.c.case_id)
_ANSWERED: Final = and_(cases.c.last_reply_at.is_not(None), cases.c.last_reply_at >= table.c.posted_at)
_IN_VAIN: Final = and_(
    cases.c.id.is_not(None),
    or_(cases.c.last_reply_at.is_(None), cases.c.last_reply_at < table.c.posted_at),
    or_(cases.c.resolution.is_(None), cases.c.resolution.not_in(NOT_OURS)),
)


class Authors:
    """The authors of one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def history(self, of: Case, *, before: MentionId, since: datetime, private: bool) -> History | None:
        """Return what the author of a case wrote before mention number ``before``; None for nothing.

        ``private``: private mentions count, too.
        """
        in_vain = func.coalesce(func.sum(when((_IN_VAIN, 1), else_=0)), 0).label("in_vain")
        query = select(func.count().label("many"), func.min(table.c.posted_at).label("oldest"), in_vain)
        row = self._connection.execute(query.select_from(_JOINED).where(_by(of, before, since, private=private))).one()
        return History(row.many, row.oldest, int(row.in_vain)) if row.many else None

    def earlier(self, of: Case, *, before: MentionId, since: datetime, private: bool, limit: int = 5) -> list[Earlier]:
        """Return the newest of it, newest first."""
        query = select(table, _ANSWERED.label("answered")).select_from(_JOINED)
        found = query.where(_by(of, before, since, private=private)).order_by(table.c.id.desc()).limit(limit)
        return [Earlier(kept_of(row), bool(row.answered)) for row in self._connection.execute(found)]


def _by(of: Case, before: MentionId, since: datetime, *, private: bool) -> ColumnElement[bool]:
    theirs = and_(table.c.feed == of.feed, table.c.handle == of.author, table.c.handle != NOBODY)
    elsewhere = or_(table.c.case_id.is_(None), table.c.case_id != of.id)
    seen = and_(theirs, elsewhere, table.c.id < before, table.c.posted_at >= since)
    return seen if private else and_(seen, table.c.visibility == Visibility.PUBLIC)
