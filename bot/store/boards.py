"""The storms of channels, the cases that fold into their boards, and what a board shows of them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Select, and_, bindparam, case, delete, func, or_, select, update

from bot.domain.board import StormBoard
from bot.domain.case import Case, State
from bot.domain.ids import CaseId
from bot.domain.sla import Priority
from bot.store.outbox import folded
from bot.store.outbox import storm as table
from bot.store.rows import insert_into, nouns, values_of
from bot.store.tables import case as cases
from bot.store.tables import mention

_OF_CHANNEL: Final = select(table).where(table.c.channel == bindparam("of"))
_IS_FOLDED: Final = select(folded.c.case_id).where(folded.c.case_id == bindparam("of"))
_UNFOLD: Final = delete(folded).where(folded.c.case_id.in_(bindparam("these", expanding=True)))
_PUBLIC: Final = cases.c.private.is_(False)
_COUNT: Final = select(
    func.count(), func.sum(case((cases.c.seen_at >= bindparam("upto", type_=cases.c.seen_at.type), 1), else_=0))
).where(and_(cases.c.seen_at >= bindparam("since"), _PUBLIC))


@dataclass(frozen=True, slots=True)
class Tally:
    """The public cases of a storm in figures."""

    waiting: dict[Priority, int]
    """Those that nobody has."""
    taken: int
    oldest_at: datetime | None
    """When the one was posted that waits longest."""
    critical: tuple[CaseId, ...]
    """The critical ones that nobody has, newest first."""


class Boards:
    """The boards of one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._folding: list[CaseId] = []

    def get(self, channel: str) -> StormBoard | None:
        """Return the newest storm of a channel."""
        found = nouns(self._connection, StormBoard, _OF_CHANNEL, of=channel)
        return found[0] if found else None

    def begin(self, channel: str, *, at: datetime) -> None:
        """Put a board up, unless one is."""
        row = values_of(StormBoard(channel=channel, begun_at=at))
        insert = insert_into(self._connection, table).values(**row)
        over = table.c.ended_at.is_not(None)
        self._connection.execute(insert.on_conflict_do_update(index_elements=["channel"], set_=row, where=over))

    def save(self, board: StormBoard) -> None:
        """Remember where a board stands, what it shows, and its end."""
        same = and_(table.c.channel == board.channel, table.c.begun_at == board.begun_at)
        self._connection.execute(update(table).where(same).values(**values_of(board)))

    def fold(self, case_id: CaseId) -> None:
        """Let a new case have no card of its own; written with the others at the end."""
        self._folding.append(case_id)

    def flush(self) -> None:
        """Write which cases fold."""
        if self._folding:
            rows = [{"case_id": one} for one in self._folding]
            self._connection.execute(insert_into(self._connection, folded).on_conflict_do_nothing(), rows)
            self._folding = []

    def folds(self, case_id: CaseId) -> bool:
        """Return whether a case has no card because it folded."""
        return case_id in self._folding or self._connection.execute(_IS_FOLDED, {"of": case_id}).first() is not None

    def unfold(self, case_ids: Collection[CaseId]) -> None:
        """Let cases have cards of their own again."""
        self._connection.execute(_UNFOLD, {"these": list(case_ids)})

    def to_unfold(self, *, limit: int) -> list[Case]:
        """Return the folded cases that are to be seen one by one when it is calm: urgent, and nobody has them."""
        urgent = and_(cases.c.state == State.OPEN, cases.c.priority.in_([Priority.P1, Priority.P2]))
        query = select(cases).join(folded, folded.c.case_id == cases.c.id).where(urgent)
        return nouns(self._connection, Case, query.order_by(cases.c.priority, cases.c.due_at, cases.c.id).limit(limit))

    def stormed(self, at: datetime) -> bool:
        """Return whether a board was up at a moment."""
        over = or_(table.c.ended_at.is_(None), table.c.ended_at >= at)
        return (
            self._connection.execute(select(table.c.channel).where(and_(table.c.begun_at <= at, over))).first()
            is not None
        )

    def count(self, *, since: datetime, upto: datetime | None = None) -> tuple[int, int]:
        """Return how many public cases are new since a moment, and how many of these since ``upto``."""
        row = self._connection.execute(_COUNT, {"since": since, "upto": upto or since}).one()
        return int(row[0]), int(row[1] or 0)

    def tally(self, *, since: datetime, named: int) -> Tally:
        """Return the figures of the cases that are new since a moment, and the numbers of so many critical ones."""
        is_open = case((cases.c.state == State.OPEN, 1), else_=0)
        oldest = func.min(case((cases.c.state == State.OPEN, cases.c.posted_at)))
        query = select(cases.c.priority, func.count(), func.sum(is_open), oldest)
        rows = self._connection.execute(
            query.where(and_(cases.c.seen_at >= since, _PUBLIC)).group_by(cases.c.priority)
        ).all()
        waiting = {priority: int(count) for priority, _, count, _ in rows if count}
        return Tally(
            waiting,
            taken=sum(int(total) - int(count) for _, total, count, _ in rows),
            oldest_at=min((at for *_, at in rows if at is not None), default=None),
            critical=self._critical(since, named),
        )

    def top(self, *, since: datetime, limit: int, skip: int = 0) -> list[Case]:
        """Return unclaimed public cases of a storm, most urgent first, then by the reach of who wrote."""
        found: list[Case] = []
        for priority in Priority:
            if len(found) < skip + limit:
                most = skip + limit - len(found)
                found += nouns(self._connection, Case, _by_reach(since, priority).limit(most))
        return found[skip:]

    def _critical(self, since: datetime, limit: int) -> tuple[CaseId, ...]:
        query = select(cases.c.id).where(_waiting(since, Priority.P1)).order_by(cases.c.id.desc()).limit(limit)
        return tuple(CaseId(number) for number in self._connection.execute(query).scalars())


def _waiting(since: datetime, priority: Priority) -> Any:
    return and_(cases.c.state == State.OPEN, cases.c.priority == priority, _PUBLIC, cases.c.seen_at >= since)


def _by_reach(since: datetime, priority: Priority) -> Select[Any]:
    """Return the cases of one priority by the followers of their author: first who is heard by most."""
    reach = func.coalesce(mention.c.followers, 0)
    widest = (
        select(cases.c.id, func.max(reach).label("reach"))
        .join(mention, mention.c.case_id == cases.c.id)
        .where(_waiting(since, priority))
        .group_by(cases.c.id)
        .subquery()
    )
    query = select(cases).join(widest, widest.c.id == cases.c.id)
    return query.order_by(widest.c.reach.desc(), cases.c.due_at, cases.c.id)
