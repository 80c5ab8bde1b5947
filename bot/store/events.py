"""The timeline in the database: rows are added, never changed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, and_, bindparam, insert, select

from bot.domain.event import DESK, Event, Happening
from bot.domain.ids import CaseId
from bot.store.rows import noun_of, nouns, values_of
from bot.store.tables import case
from bot.store.tables import event as table

_ADD: Final = insert(table)
_OF_CASE: Final = (
    select(table).where(table.c.case_id == bindparam("of")).order_by(table.c.id.desc()).limit(bindparam("most"))
)


class Events:
    """The events of one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._waiting: list[Event] = []

    def add(self, event: Event) -> None:
        """Remember something that happened; written with the others at the end."""
        self._waiting.append(event)

    def flush(self) -> None:
        """Write what was added."""
        if self._waiting:
            self._connection.execute(_ADD, [values_of(event) for event in self._waiting])
            self._waiting = []

    def of_case(self, case_id: CaseId, *, limit: int = 100) -> list[Event]:
        """Return the newest events of a case, oldest first."""
        return nouns(self._connection, Event, _OF_CASE, of=case_id, most=limit)[::-1]

    def detail(self, what: Happening, *, at: datetime) -> str:
        """Return what was noted of something that concerned the whole desk at a moment; empty when nothing was."""
        this = and_(table.c.case_id == DESK, table.c.what == what, table.c.at == at)
        return str(self._connection.execute(select(table.c.detail).where(this).limit(1)).scalar_one_or_none() or "")

    def page(self, *, since: datetime, after: int, limit: int) -> list[tuple[int, Event]]:
        """Return events of all cases, with their numbers: from a moment on, behind number ``after``, oldest first."""
        wanted = and_(table.c.at >= since, table.c.id > after)
        query = select(table).where(wanted).order_by(table.c.id).limit(limit)
        return [(int(row.id), noun_of(Event, row)) for row in self._connection.execute(query)]

    def about_private(self, numbers: Sequence[int]) -> set[int]:
        """Return which of these events tell of private cases."""
        query = (
            select(table.c.id).join(case, case.c.id == table.c.case_id).where(table.c.id.in_(numbers), case.c.private)
        )
        return set(self._connection.execute(query).scalars())
