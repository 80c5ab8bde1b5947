"""Who is named by others: every text of the database is searched for a handle, as a whole word.

Searched is every column of text but those that only our own staff, Slack or the
settings can fill, so a column that is added tomorrow is searched, too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from sqlalchemy import Column, Connection, Row, String, Table, Text, func, or_, select, update

from bot.domain.ids import CaseId
from bot.domain.removed import NOBODY, Naming
from bot.store.strangers import Person
from bot.store.tables import case, escalation, event, mention, metadata, reply

#: Columns without a stranger's words: names and ids of staff, of Slack's places, of feeds and of our own accounts.
ASIDE: Final = frozenset(
    {
        *("by", "by_name", "assignee", "assignee_name", "resolved_by", "approver", "approver_name"),
        *("ended_by", "ended_by_name", "feed", "platform", "account", "channel", "ts", "text_hash", "lang", "terms"),
    }
)
#: What a table's rows are to those who read of them; any other is a row of the machine.
_KINDS: Final = {
    "event": "note by colleagues",
    "escalation": "note by colleagues",
    "reply": "reply of ours",
    "mention": "post by others",
}
#: Who a row is of, where the same handle on another network is another person.
_WHOSE: Final = {"mention": mention.c.handle, "cases": case.c.author}


@dataclass(frozen=True, slots=True)
class Cleaned:
    """What was done about a handle in texts of others."""

    quoting: frozenset[CaseId]
    """Cases that quoted the person."""
    blanked: list[Naming]
    left: list[Naming]
    """Rows that name the person still."""


class Namings:
    """The looks for a handle in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of(self, person: Person) -> list[Naming]:
        """Return every row that names somebody."""
        return [_naming(table, row) for table, row, _ in self._found(person)]

    def clean(self, person: Person, *, everywhere: bool = False) -> Cleaned:
        """Take somebody out of quotes and of what the machine noted; ``everywhere``: out of every other text, too.

        One look at all texts: on a large desk a second one would keep others from writing.
        """
        quoting, blanked, left = set(), [], []
        for table, row, columns in self._found(person):
            values = {one: _without(person, getattr(row, one)) for one in columns if _goes(table, one, everywhere)}
            if "parent_text" in values:
                values["parent_text"] = ""
                quoting.add(row.case_id)
            self._write(table, row, values)
            blanked += [_naming(table, row)] if everywhere and values else []
            left += [_naming(table, row)] if set(columns) - set(values) else []
        return Cleaned(frozenset(quoting - {None}), blanked, left)

    def _write(self, table: Table, row: Row[Any], values: dict[str, str]) -> None:
        if values:
            this = [column == getattr(row, column.name) for column in table.primary_key]
            self._connection.execute(update(table).where(*this).values(**values))

    def _found(self, person: Person) -> Iterator[tuple[Table, Row[Any], list[str]]]:
        """Yield rows that name somebody, with the columns that do."""
        pattern = _pattern(person)
        for table, columns in _texts():
            near = or_(*(func.lower(one).contains(person.handle.lower(), autoescape=True) for one in columns))
            for row in self._connection.execute(select(table).where(near)).all():
                named = [one.name for one in columns if pattern.search(getattr(row, one.name) or "")]
                if named and not _is_anothers(table, row, person):
                    yield table, row, named


@cache
def _texts() -> list[tuple[Table, list[Column[Any]]]]:
    """Return the tables that hold text, each with the columns that do."""
    held = ((table, [one for one in table.c if _is_text(one)]) for table in metadata.sorted_tables)
    return [(table, columns) for table, columns in held if columns]


def _is_text(column: Column[Any]) -> bool:
    return isinstance(column.type, String) and column.name not in ASIDE


def _goes(table: Table, name: str, everywhere: bool) -> bool:  # noqa: FBT001 - the caller's own wish
    """Whether a text is cleaned: a quote and a trouble always, any other text where that is wished."""
    return name in {"parent_text", "trouble"} or (everywhere and isinstance(table.c[name].type, Text))


def _is_anothers(table: Table, row: Row[Any], person: Person) -> bool:
    """Whether a row is of somebody else who is called so on another network."""
    whose = _WHOSE.get(table.name)
    if whose is None or row.platform == person.platform:
        return False
    return str(getattr(row, whose.name)).lower() == person.handle.lower()


def _naming(table: Table, row: Row[Any]) -> Naming:
    case_id = row.id if table is case else getattr(row, "case_id", None)
    kind = _KINDS.get(table.name, "row of the machine")
    mention_id = row.id if table is mention else row.mention_id if table is reply else None
    return Naming(kind, CaseId(case_id) if case_id else None, mention_id, ours=table in (event, escalation, reply))


def _pattern(person: Person) -> re.Pattern[str]:
    """Return what finds a handle as a whole word: not within a longer one."""
    return re.compile(rf"(?<![\w-])(?<!\w\.)@?{re.escape(person.handle)}(?![\w-]|\.\w)", re.IGNORECASE)


def _without(person: Person, text: str) -> str:
    return _pattern(person).sub(NOBODY, text)
