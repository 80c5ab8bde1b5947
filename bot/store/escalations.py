"""Who must be told about which case, and whether they were."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, and_, bindparam, func, insert, select, update

from bot.domain.card import Escalation
from bot.domain.ids import CaseId
from bot.store.rows import nouns, values_of
from bot.store.tables import escalation as table

_OF_CASE: Final = select(table).where(table.c.case_id == bindparam("of")).order_by(table.c.id)


class Escalations:
    """The escalations of one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, escalation: Escalation) -> None:
        """Remember that a tier must be told."""
        self._connection.execute(insert(table).values(**values_of(escalation, without=["id"])))

    def untold(self, tier: int) -> list[Escalation]:
        """Return what a tier has not heard yet, oldest first."""
        query = select(table).where(and_(table.c.tier == tier, table.c.told_at.is_(None))).order_by(table.c.id)
        return nouns(self._connection, Escalation, query)

    def told(self, escalations: Sequence[Escalation], *, at: datetime) -> None:
        """Note that they were told."""
        ids = [escalation.id for escalation in escalations]
        self._connection.execute(update(table).where(table.c.id.in_(ids)).values(told_at=at))

    def last_told(self, tier: int) -> datetime | None:
        """Return when a tier last heard of anything."""
        query = select(func.max(table.c.told_at)).where(table.c.tier == tier)
        last: datetime | None = self._connection.execute(query).scalar_one()
        return last

    def of_case(self, case_id: CaseId) -> list[Escalation]:
        """Return the escalations of a case, oldest first."""
        return nouns(self._connection, Escalation, _OF_CASE, of=case_id)
