"""Strangers in the database: what somebody wrote, what is old, and whether anything still names them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, exists, func, or_, select

from bot.domain.case import State
from bot.domain.ids import CaseId, MentionId
from bot.domain.removed import Removed
from bot.store.rows import chunks
from bot.store.tables import case, event, mention


@dataclass(frozen=True, slots=True)
class Person:
    """An author on one platform, as far as we know them."""

    platform: str
    handle: str
    mentions: int
    newest: MentionId


class Strangers:
    """The looks for people and their words in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def people(self, handle: str) -> list[Person]:
        """Return everybody who writes under that handle, whatever its capitals, most mentions first."""
        columns = (mention.c.platform, mention.c.handle, func.count(), func.max(mention.c.id))
        same = func.lower(mention.c.handle).in_([handle.lower(), handle])
        query = select(*columns).where(same).group_by(mention.c.platform, mention.c.handle)
        found = [Person(*row) for row in self._connection.execute(query)]
        return sorted(found, key=lambda one: (-one.mentions, one.platform, one.handle))

    def mentions_of(self, person: Person) -> list[MentionId]:
        """Return the mentions of one author."""
        theirs = and_(mention.c.platform == person.platform, mention.c.handle == person.handle)
        return list(self._connection.execute(select(mention.c.id).where(theirs).order_by(mention.c.id)).scalars())

    def cases_of(self, person: Person, mention_ids: Sequence[MentionId]) -> list[CaseId]:
        """Return the cases that an author began or wrote in."""
        begun = and_(case.c.platform == person.platform, case.c.author == person.handle)
        found = set(self._connection.execute(select(case.c.id).where(begun)).scalars())
        for some in chunks(list(mention_ids), 1_000):
            query = select(mention.c.case_id).where(and_(mention.c.id.in_(some), mention.c.case_id.is_not(None)))
            found.update(self._connection.execute(query).scalars())
        return sorted(found)

    def seen_first(self, mention_ids: Sequence[MentionId]) -> datetime | None:
        """Return when the first of some mentions came in."""
        first: datetime | None = self._connection.execute(
            select(func.min(mention.c.seen_at)).where(mention.c.id.in_(mention_ids))
        ).scalar_one()
        return first

    def names_left(self, person: Person) -> int:
        """Return how many rows still name an author: none, once they were erased."""
        theirs = and_(mention.c.platform == person.platform, mention.c.handle == person.handle)
        begun = and_(case.c.platform == person.platform, case.c.author == person.handle)
        counts = (
            select(func.count()).select_from(table).where(which) for table, which in ((mention, theirs), (case, begun))
        )
        return sum(self._connection.execute(query).scalar_one() for query in counts)

    def old_cases(self, *, before: datetime, limit: int) -> list[CaseId]:
        """Return resolved cases to which nothing happened since, the oldest first."""
        later = exists().where(and_(event.c.case_id == case.c.id, event.c.at >= before))
        over = and_(case.c.state == State.RESOLVED, case.c.resolved_at < before, case.c.removed.is_(None), ~later)
        return list(self._connection.execute(select(case.c.id).where(over).order_by(case.c.id).limit(limit)).scalars())

    def old_mentions(self, *, before: datetime, limit: int) -> list[MentionId]:
        """Return mentions without a case that came in before, the oldest first."""
        loose = and_(mention.c.case_id.is_(None), mention.c.seen_at < before, _kept())
        query = select(mention.c.id).where(loose).order_by(mention.c.id).limit(limit)
        return list(self._connection.execute(query).scalars())

    def mentions_in(self, case_ids: Sequence[CaseId]) -> list[MentionId]:
        """Return the mentions of some cases that still hold words."""
        found: list[MentionId] = []
        for some in chunks(list(case_ids), 1_000):
            query = select(mention.c.id).where(and_(mention.c.case_id.in_(some), _kept()))
            found += self._connection.execute(query.order_by(mention.c.id)).scalars()
        return found


def _kept() -> ColumnElement[bool]:
    return or_(mention.c.removed.is_(None), mention.c.removed == Removed.DELETED)
