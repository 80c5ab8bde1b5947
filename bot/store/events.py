"""The timeline in the database: rows are added, never changed."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy import Connection, and_, bindparam, insert, select

from bot.domain.event import Event
from bot.domain.ids import CaseId
from bot.store.rows import noun_of, nouns, values_of
from bot.store.tables import event as table

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
            self._connection.execute(insert(table), [values_of(event) for event in self._waiting])
            self._waiting = []

    def of_case(self, case_id: CaseId, *, limit: int = 100) -> list[Event]:
        """Return the newest events of a case, oldest first."""
        return nouns(self._connection, Event, _OF_CASE, of=case_id, most=limit)[::-1]

    def page(self, *, since: datetime, after: int, limit: int) -> list[tuple[int, Event]]:
        """Return events of all cases, with their numbers: from a moment on, behind number ``after``, oldest first."""
        wanted = and_(table.c.at >= since, table.c.id > after)
        query = select(table).where(wanted).order_by(table.c.id).limit(limit)
        return [(int(row.id), noun_of(Event, row)) for row in self._connection.execute(query)]
