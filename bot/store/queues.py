"""Piles of work, most urgent first, at a cost that no backlog changes.

An index holds the cases of each state by priority and due moment. It is walked
level by level, those in which a customer waits before the others, until enough
were found: of 15,000 open cases no more are read than are asked for.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import Connection, Row, Select, and_, bindparam, select

from bot.domain.case import State
from bot.domain.ids import CaseId, StaffId
from bot.domain.sla import Priority
from bot.store.rows import nouns
from bot.store.tables import case as table

#: Later than any moment: every promise is due by then.
EVER: Final = datetime.max.replace(tzinfo=UTC)
#: The order of one level: by what is due, else by age.
_BY_AGE: Final = (table.c.due_at, table.c.posted_at, table.c.id)
_KEPT: Final = (table.c.id, table.c.account, table.c.private)

# Written once: building them costs more than running them.
_LEVEL: Final = (
    select(*_KEPT, table.c.due_at, table.c.posted_at)
    .where(and_(table.c.state == bindparam("state"), table.c.priority == bindparam("priority")))
    .order_by(*_BY_AGE)
    .limit(bindparam("most"))
)
_DUE: Final = _LEVEL.where(table.c.due_at < bindparam("by"))
_QUIET: Final = _LEVEL.where(table.c.due_at.is_(None))
_MINE: Final = (
    select(*_KEPT)
    .where(and_(table.c.assignee == bindparam("mine"), table.c.state.in_(bindparam("states", expanding=True))))
    .order_by(table.c.due_at.is_(None), table.c.priority, *_BY_AGE)
    .limit(bindparam("most"))
)


@dataclass(frozen=True, slots=True)
class Spot:
    """A case in a queue, as far as rights are asked for it."""

    id: CaseId
    account: str
    private: bool


class Queues:
    """The queues of one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def first(
        self, *, states: Sequence[State] = (State.OPEN, State.CLAIMED), due_by: datetime | None = None, limit: int
    ) -> list[Spot]:
        """Return the most urgent cases: those in which a customer waits first, then by priority and by due moment.

        ``due_by``: only those in which a customer waits for what is promised by then.
        """
        found: list[Spot] = []
        for query, priority in _levels(due_by):
            if len(found) < limit:
                asked = {"priority": priority, "by": due_by or EVER, "most": limit - len(found)}
                found += self._level(query, states, asked)
        return found

    def _level(self, query: Select[Any], states: Sequence[State], asked: dict[str, Any]) -> list[Spot]:
        rows = [row for state in states for row in self._connection.execute(query, {"state": state, **asked})]
        return [Spot(row.id, row.account, row.private) for row in sorted(rows, key=_age)[: asked["most"]]]

    def mine(self, by: StaffId, *, states: Sequence[State], limit: int) -> list[Spot]:
        """Return what somebody has, in the same order."""
        return nouns(self._connection, Spot, _MINE, mine=by, states=states, most=limit)

    def next(self, among: Sequence[CaseId] | None = None) -> list[CaseId]:
        """Return the most urgent unclaimed case (of those) that nobody takes at this moment, if there is one."""
        for query, priority in _levels(None):
            free = query.with_for_update(skip_locked=True)
            if among is not None:
                free = free.where(table.c.id.in_(among))
            asked = {"state": State.OPEN, "priority": priority, "by": EVER, "most": 1}
            if row := self._connection.execute(free, asked).first():
                return [CaseId(row.id)]
        return []


def _levels(due_by: datetime | None) -> list[tuple[Select[Any], Priority]]:
    return [(query, priority) for query in ([_DUE] if due_by else [_DUE, _QUIET]) for priority in Priority]


def _age(row: Row[Any]) -> tuple[datetime, datetime, int]:
    return row.due_at or EVER, row.posted_at, row.id
