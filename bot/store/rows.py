"""From a frozen dataclass to a row and back: columns bear the names of fields."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

from sqlalchemy import Connection, CursorResult, Row, Select, Table
from sqlalchemy.dialects import postgresql, sqlite

Noun = TypeVar("Noun")


def values_of(noun: Any, *, without: Iterable[str] = ()) -> dict[str, Any]:
    """Return the fields of a dataclass as column values."""
    values = {name: getattr(noun, name) for name in noun.__dataclass_fields__}
    for name in without:
        del values[name]
    return values


def noun_of(noun: type[Noun], row: Row[Any]) -> Noun:
    """Build a dataclass from the columns that bear its fields' names."""
    found = row._mapping  # noqa: SLF001 - SQLAlchemy's public way to read a row by name
    return noun(**{name: found[name] for name in noun.__dataclass_fields__ if name in found})  # type: ignore[attr-defined]


def nouns(connection: Connection, noun: type[Noun], query: Select[Any], **bound: Any) -> list[Noun]:
    """Run a query whose rows are nouns; ``bound`` fills the parameters of one that was written beforehand."""
    return [noun_of(noun, row) for row in connection.execute(query, bound)]


def insert_into(connection: Connection, table: Table) -> sqlite.Insert | postgresql.Insert:
    """Return an insert that knows ``ON CONFLICT``, in the database's own dialect."""
    return insert_in(connection.dialect.name, table)


def insert_in(dialect: str, table: Table) -> sqlite.Insert | postgresql.Insert:
    """Return the same by the dialect's name: for a statement that is made once and kept."""
    return postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)


def key_of(done: CursorResult[Any]) -> int:
    """Return the number that a single insert was given."""
    key = done.inserted_primary_key
    if key is None:
        raise LookupError("the insert gave no number")
    return int(key[0])


def chunks(things: Sequence[Any], size: int) -> Iterable[Sequence[Any]]:
    """Cut a long list for ``IN (...)``: SQLite takes 32,766 variables in a statement (since 3.32)."""
    return (things[start : start + size] for start in range(0, len(things), size))
