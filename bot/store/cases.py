"""Cases in the database: every save checks the version it was read at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, and_, bindparam, func, insert, or_, select, text, union, update

from bot.domain.case import Case, Resolution, State
from bot.domain.ids import CaseId
from bot.errors import CaseGone, VersionConflict
from bot.store.queues import Queues
from bot.store.rows import noun_of, nouns, values_of
from bot.store.tables import case as table

#: How long after its end a case still takes in what the same author writes.
JOIN_WINDOW: Final = timedelta(days=7)
#: Ends of a case that nobody waited in vain for.
NOT_OURS: Final = (Resolution.DUPLICATE, Resolution.SPAM, Resolution.NOT_ABOUT_US)

# Written once: SQLAlchemy takes longer to build a statement of thirty columns than SQLite to run it.
_LAST: Final = text("SELECT seq FROM sqlite_sequence WHERE name = 'cases'")
_NEXT: Final = select(func.nextval(func.pg_get_serial_sequence(table.name, "id")))
_ADD: Final = insert(table)
_GET: Final = select(table).where(table.c.id == bindparam("this"))
_SOME: Final = select(table).where(table.c.id.in_(bindparam("these", expanding=True)))
_SAVE: Final = update(table).where(
    and_(table.c.id == bindparam("this"), table.c.version == bindparam("version_before"))
)


_ALIVE: Final = or_(table.c.state != State.RESOLVED, table.c.resolved_at >= bindparam("window"))
_HERE: Final = select(table.c.id).where(table.c.feed == bindparam("on"))
# Not an OR: for that SQLite walks through every case of the feed.
_TIES: Final = union(
    _HERE.where(table.c.author.in_(bindparam("authors", expanding=True))),
    _HERE.where(table.c.thread.in_(bindparam("threads", expanding=True))),
)
_JOINABLE: Final = select(table).where(and_(table.c.id.in_(_TIES), _ALIVE)).order_by(table.c.id)
_OURS: Final = or_(table.c.resolution.is_(None), table.c.resolution.not_in(NOT_OURS))
_IN_VAIN: Final = select(table.c.author).where(
    and_(
        table.c.feed == bindparam("on"),
        table.c.author.in_(bindparam("authors", expanding=True)),
        and_(table.c.first_reply_at.is_(None), _OURS),
    )
)


class Cases:
    """The cases of one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._last = 0

    def get(self, case_id: CaseId) -> Case:
        """Return one case.

        Raises:
            CaseGone: there is none of that number; the text names near ones.
        """
        row = self._connection.execute(_GET, {"this": case_id}).one_or_none()
        if row is None:
            raise CaseGone(self._did_you_mean(case_id))
        return noun_of(Case, row)

    def hold(self, case_id: CaseId) -> Case:
        """Return one case that nobody else holds before this transaction ends (SQLite writes one at a time anyway).

        Raises:
            CaseGone: there is none of that number.
        """
        self._connection.execute(select(table.c.id).where(table.c.id == case_id).with_for_update())
        return self.get(case_id)

    def number(self) -> CaseId:
        """Return the number of the next new case, which ``add_all`` is given; nobody else gets it."""
        if self._connection.dialect.name == "postgresql":
            return CaseId(self._connection.execute(_NEXT).scalar_one())
        # SQLite writes one transaction at a time, so that what is counted here is nobody else's.
        self._last = 1 + (self._last or self._connection.execute(_LAST).scalar_one_or_none() or 0)
        return CaseId(self._last)

    def add_all(self, cases: Sequence[Case]) -> None:
        """Store new cases under the numbers that ``number`` gave."""
        if cases:
            self._connection.execute(_ADD, [values_of(case) for case in cases])

    def add(self, case: Case) -> Case:
        """Store one new case and return it with its number."""
        numbered = replace(case, id=self.number())
        self.add_all([numbered])
        return numbered

    def save(self, before: Case, after: Case) -> None:
        """Store what an act made of a case.

        Raises:
            VersionConflict: somebody else changed it since it was read.
        """
        if after == before:
            return
        was = values_of(before)
        changed = {name: value for name, value in values_of(after).items() if value != was[name]}
        # Columns that stay as they are are not named: SQLite would write their indexes anew all the same.
        done = self._connection.execute(_SAVE, changed | {"this": before.id, "version_before": before.version})
        if done.rowcount != 1:
            raise VersionConflict(f"Case {before.id} changed meanwhile.")

    def joinable(self, *, feed: str, authors: Sequence[str], threads: Sequence[str], at: datetime) -> list[Case]:
        """Return the cases that a mention by one of these may join, newest last."""
        if not authors and not threads:
            return []
        theirs = {"on": feed, "authors": authors, "threads": threads, "window": at - JOIN_WINDOW}
        return nouns(self._connection, Case, _JOINABLE, **theirs)

    def some(self, case_ids: Sequence[CaseId]) -> list[Case]:
        """Return those that are there, in this order; as many as a list on a screen holds."""
        found = {case.id: case for case in nouns(self._connection, Case, _SOME, these=case_ids)}
        return [found[one] for one in case_ids if one in found]

    def queue(self, *, states: Sequence[State] = (State.OPEN, State.CLAIMED), limit: int = 20) -> list[Case]:
        """Return the most urgent cases in these states."""
        spots = Queues(self._connection).first(states=states, limit=limit)
        return self.some([spot.id for spot in spots])

    def _did_you_mean(self, case_id: CaseId) -> str:
        """Name the three unresolved cases whose numbers look most like ``case_id``."""
        alive = self.queue(states=[State.OPEN, State.CLAIMED, State.SNOOZED], limit=200)
        near = sorted(alive, key=lambda case: (_apart(str(case.id), str(case_id)), case.id))[:3]
        named = ", ".join(f"{case.id} ({_author_of(case)} on {case.platform})" for case in near)
        return f"I know no case {case_id}. Did you mean {named}?" if named else f"I know no case {case_id}."

    def counts(self) -> dict[State, int]:
        """Return how many cases stand in each state."""
        rows = self._connection.execute(select(table.c.state, func.count()).group_by(table.c.state))
        return {state: count for state, count in rows}  # noqa: C416 - rows are no tuples to mypy

    def unanswered_before(self, *, feed: str, authors: Sequence[str]) -> set[str]:
        """Return those authors who were left without any reply in an earlier case that was ours to answer."""
        if not authors:
            return set()
        return set(self._connection.execute(_IN_VAIN, {"on": feed, "authors": authors}).scalars())

    def accounts(self) -> list[str]:
        """Return every account of ours that a case would be answered by."""
        query = select(table.c.account).where(table.c.account != "").distinct().order_by(table.c.account)
        return list(self._connection.execute(query).scalars())

    def unresolved(self, *, account: str) -> list[CaseId]:
        """Return the cases of one account that are not over; with none, of every account."""
        query = select(table.c.id).where(table.c.state != State.RESOLVED).order_by(table.c.priority, table.c.id)
        if account:
            query = query.where(func.lower(table.c.account) == account.lower())
        return [CaseId(number) for number in self._connection.execute(query).scalars()]


def _author_of(case: Case) -> str:
    """Name the author to anybody who may ask: not who wrote in private."""
    return "a private mention" if case.private else case.author


def _apart(left: str, right: str) -> int:
    """Return how different two numbers look: wrong, missing and swapped digits."""
    if sorted(left) == sorted(right):
        return 1
    return abs(len(left) - len(right)) * 2 + sum(a != b for a, b in zip(left, right, strict=False)) * 2
