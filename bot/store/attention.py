"""Who attends to what, in the database: claims whose customer waits, and windows that are open."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Final

from sqlalchemy import Connection, and_, bindparam, func, select

from bot.domain.attention import Claim
from bot.domain.case import Case, State
from bot.domain.ids import CaseId
from bot.domain.reply import Reply, ReplyState
from bot.store.rows import noun_of, nouns
from bot.store.tables import case, event, reply

_ACTED: Final = (
    select(func.max(event.c.at)).where(and_(event.c.case_id == case.c.id, event.c.by.is_not(None))).scalar_subquery()
)
_CLAIMS: Final = select(case, _ACTED.label("acted_at")).where(
    and_(case.c.state == State.CLAIMED, case.c.due_at.is_not(None))
)
_CLAIM: Final = _CLAIMS.where(case.c.id == bindparam("this"))
_OPEN: Final = (
    select(reply)
    .where(
        and_(
            reply.c.open_since.is_not(None),
            reply.c.state == ReplyState.DRAFT,
            reply.c.case_id.in_(bindparam("cases", expanding=True)),
        )
    )
    .order_by(reply.c.open_since)
)


class Attention:
    """The looks of one transaction at who does what."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def claims(self) -> list[Claim]:
        """Return every claimed case whose customer waits, with the last act of a person."""
        rows = self._connection.execute(_CLAIMS.order_by(case.c.id))
        return [Claim(noun_of(Case, row), row.acted_at) for row in rows]

    def claim(self, case_id: CaseId) -> Claim | None:
        """Return one of them; None when nobody has it or nobody waits."""
        row = self._connection.execute(_CLAIM, {"this": case_id}).one_or_none()
        return Claim(noun_of(Case, row), row.acted_at) if row else None

    def open_drafts(self, cases: Sequence[CaseId]) -> dict[CaseId, list[Reply]]:
        """Return the drafts whose window is open, by case, the oldest window first."""
        found: dict[CaseId, list[Reply]] = defaultdict(list)
        for draft in nouns(self._connection, Reply, _OPEN, cases=list(cases)) if cases else []:
            found[draft.case_id].append(draft)
        return found
