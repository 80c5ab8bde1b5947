"""Where the cards of a case stand in Slack."""

from __future__ import annotations

import functools
from typing import Final

from sqlalchemy import Connection, Executable, and_, bindparam, delete, func, select

from bot.domain.card import Card
from bot.domain.ids import CaseId
from bot.store.rows import insert_in, nouns, values_of
from bot.store.tables import card as table

_OF_CASE: Final = select(table).where(table.c.case_id == bindparam("of"))


class Cards:
    """The cards of one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of_case(self, case_id: CaseId) -> list[Card]:
        """Return the cards of a case."""
        return nouns(self._connection, Card, _OF_CASE, of=case_id)

    def at(self, channel: str, ts: str) -> Card | None:
        """Return the card that is this message, if it is one."""
        query = select(table).where(and_(table.c.channel == channel, table.c.ts == ts))
        found = nouns(self._connection, Card, query)
        return found[0] if found else None

    def count(self) -> int:
        """Return how many cards stand in Slack."""
        return self._connection.execute(select(func.count()).select_from(table)).scalar_one()

    def put(self, card: Card) -> None:
        """Remember where a card stands and what it shows."""
        self._connection.execute(_put(self._connection.dialect.name), values_of(card))

    def drop(self, card: Card) -> None:
        """Forget a card that Slack lost."""
        same = and_(table.c.case_id == card.case_id, table.c.channel == card.channel, table.c.ts == card.ts)
        self._connection.execute(delete(table).where(same))


@functools.cache
def _put(dialect: str) -> Executable:
    """Return the statement that keeps a card; made once, because that takes longer than running it."""
    insert = insert_in(dialect, table)
    changed = {"ts": insert.excluded.ts, "drawn_version": insert.excluded.drawn_version}
    return insert.on_conflict_do_update(index_elements=["case_id", "channel"], set_=changed)
