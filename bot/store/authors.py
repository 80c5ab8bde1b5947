"""What an author wrote before a case, in the database: counted, and the newest of it.

An author is a handle on a feed: who is called the same elsewhere is somebody else.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, and_, bindparam, func, or_, select
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
_BEFORE: Final = and_(
    table.c.feed == bindparam("on"),
    table.c.handle == bindparam("by"),
    table.c.handle != NOBODY,
    or_(table.c.case_id.is_(None), table.c.case_id != bindparam("but")),
    table.c.id < bindparam("before"),
    table.c.posted_at >= bindparam("since"),
)
#: What counts, by whether private mentions do.
_SEEN: Final = {True: _BEFORE, False: and_(_BEFORE, table.c.visibility == Visibility.PUBLIC)}

# Written once: SQLAlchemy takes longer to build these than SQLite to run them, and each card asks.
_HISTORY: Final = {
    private: select(
        func.count().label("many"),
        func.min(table.c.posted_at).label("oldest"),
        func.coalesce(func.sum(when((_IN_VAIN, 1), else_=0)), 0).label("in_vain"),
    )
    .select_from(_JOINED)
    .where(seen)
    for private, seen in _SEEN.items()
}
_EARLIER: Final = {
    private: select(table, _ANSWERED.label("answered"))
    .select_from(_JOINED)
    .where(seen)
    .order_by(table.c.id.desc())
    .limit(bindparam("most"))
    for private, seen in _SEEN.items()
}


class Authors:
    """The authors of one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def history(self, of: Case, *, before: MentionId, since: datetime, private: bool) -> History | None:
        """Return what the author of a case wrote before mention number ``before``; None for nothing.

        ``private``: private mentions count, too.
        """
        row = self._connection.execute(_HISTORY[private], _by(of, before, since)).one()
        return History(row.many, row.oldest, int(row.in_vain)) if row.many else None

    def earlier(self, of: Case, *, before: MentionId, since: datetime, private: bool, limit: int = 5) -> list[Earlier]:
        """Return the newest of it, newest first."""
        found = self._connection.execute(_EARLIER[private], {**_by(of, before, since), "most": limit})
        return [Earlier(kept_of(row), bool(row.answered)) for row in found]


def _by(of: Case, before: MentionId, since: datetime) -> dict[str, Any]:
    return {"on": of.feed, "by": of.author, "but": of.id, "before": before, "since": since}
