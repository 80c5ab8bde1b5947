"""The rows of a CSV or JSON-lines file, each a dict; a damaged row never takes its neighbours with it."""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final

from bot.errors import Unusable
from bot.feeds import values
from bot.feeds.lines import LINE_LIMIT, Line, Source
from bot.feeds.tally import Tally

#: Lines that one CSV row may span; a quote that stays open longer was a slip.
ROW_LINES: Final = 300
#: Lines of a JSON-lines file whose names are taken for its columns, and how many names at most.
SAMPLE, COLUMNS_MOST = 1_000, 500

_OBJECTS: Final = "Write one a line, with an id, or say with --id-column what stands for it."

_JSON_ENDINGS: Final = (".jsonl", ".ndjson", ".json")
_TABLE_ENDINGS: Final = (".csv", ".tsv")
_SEPARATORS: Final = ",;\t|"


@dataclass(frozen=True, slots=True)
class Row:
    """One record of the file."""

    line: int
    """Where it begins."""
    fields: dict[str, Any] | None
    """None: it could not be read or holds nothing, and was counted."""


def is_json_lines(source: Source) -> bool:
    """Whether the file holds JSON, one object a line.

    Raises:
        Unusable: it holds one JSON list.
    """
    head = source.head.decode("utf-8", "replace").lstrip("\ufeff \t\r\n")
    names = source.path.name.lower().removesuffix(".gz")
    if head.startswith("[") and not names.endswith(_TABLE_ENDINGS):
        raise Unusable(f"{source.path} is one JSON list. Write one object a line, for instance with: jq -c '.[]'")
    if head.startswith("{"):
        return True
    if names.endswith((*_JSON_ENDINGS, *_TABLE_ENDINGS)):
        return names.endswith(_JSON_ENDINGS)
    return any(line.lstrip().startswith("{") for line in head.splitlines()[:20])


def columns(source: Source) -> tuple[str, ...]:
    """Return the names that the rows use, from the header or from the first thousand objects.

    Raises:
        Unusable: there is neither; the text says what to write.
    """
    if is_json_lines(source):
        if names := _names_of_objects(source):
            return names
        raise Unusable(f"No line of {source.path} holds a JSON object. {_OBJECTS}")
    if names := tuple(name for name in _header(_Held(source.lines(Tally())), _separator(source)) if name):
        return names
    raise Unusable(f"The first line of {source.path} names no columns. Write a header: id,author,text,posted_at.")


def _names_of_objects(source: Source) -> tuple[str, ...]:
    unheard = Tally()
    names: dict[str, None] = {}
    for row in islice(_from_json(source, unheard), SAMPLE):
        names |= dict.fromkeys(row.fields or ())
        if len(names) > COLUMNS_MOST:
            break
    return tuple(names)


def rows(source: Source, tally: Tally) -> Iterator[Row]:
    """Yield every row, also those that could not be read, so that a caller can stop at any of them."""
    return _from_json(source, tally) if is_json_lines(source) else _from_csv(source, tally)


def _from_json(source: Source, tally: Tally) -> Iterator[Row]:
    for line in source.lines(tally):
        yield Row(line.number, _object(line, tally))


def _object(line: Line, tally: Tally) -> dict[str, Any] | None:
    if not line.text.strip():
        tally.skip("empty line")
        return None
    try:
        record = values.from_json(line.text.encode("utf-8"))
    except ValueError:
        tally.reject("malformed JSON", where=f"Line {line.number}")
        return None
    if not isinstance(record, dict):
        tally.reject("no JSON object", where=f"Line {line.number}")
        return None
    return record


def _from_csv(source: Source, tally: Tally) -> Iterator[Row]:
    csv.field_size_limit(LINE_LIMIT)
    held, separator = _Held(source.lines(tally)), _separator(source)
    names = _header(held, separator)
    while (start := held.begin()) is not None:
        if not start.text.strip():
            tally.skip("empty line")
            yield Row(start.number, None)
            continue
        cells, slip = _record(held, separator)
        if slip is None and len(cells) != len(names):
            slip = f"{len(cells)} columns instead of {len(names)}"
        if slip is None:
            yield Row(start.number, dict(zip(names, cells, strict=True)))
            continue
        tally.reject(slip, where=f"Line {start.number}")
        held.give_back()
        yield Row(start.number, None)


def _header(held: _Held, separator: str) -> list[str]:
    while (start := held.begin()) is not None and not start.text.strip():
        continue
    names, slip = _record(held, separator)
    return [] if slip else [name.strip() for name in names]


def _separator(source: Source) -> str:
    first = source.head.decode("utf-8", "replace").lstrip("\ufeff\r\n").partition("\n")[0]
    return max(_SEPARATORS, key=first.count)


def _record(held: _Held, separator: str) -> tuple[list[str], str | None]:
    """Return the cells of the record that began, and what is wrong with it, if anything."""
    try:
        cells = next(csv.reader(held, delimiter=separator, strict=True), [])
    except _NeverClosedError:
        return [], "a quote that is never closed"
    except csv.Error:
        return ([], "a quote that is never closed") if held.ran_out else _lenient(held.only_line, separator)
    return cells, None


def _lenient(line: str | None, separator: str) -> tuple[list[str], str | None]:
    """Read a row with careless quotes, if it is one line: over several, quotes may have joined strangers."""
    try:
        return next(csv.reader([line or ""], delimiter=separator), []), None if line else "malformed row"
    except csv.Error:
        return [], "malformed row"


class _NeverClosedError(Exception):
    """A quoted cell went on beyond all reason."""


class _Held:
    """Hands lines to csv.reader and holds those of the record under way, so that a slip costs one line."""

    def __init__(self, lines: Iterator[Line]) -> None:
        self._lines = lines
        self._back: deque[Line] = deque()
        self._record: list[Line] = []
        self._size = 0
        self._given = 0
        self.ran_out = False
        """Whether the file ended inside the record."""

    def begin(self) -> Line | None:
        """Begin a record with the next line; None at the end of the file."""
        self._record.clear()
        self._size, self._given, self.ran_out = 0, 0, False
        line = self._next()
        if line is not None:
            self._hold(line)
        return line

    @property
    def only_line(self) -> str | None:
        """The record's text while it is one line, else None."""
        return self._record[0].text if len(self._record) == 1 else None

    def give_back(self) -> None:
        """Return all lines of the record but the first; they are read again as records of their own."""
        self._back.extendleft(reversed(self._record[1:]))

    def __iter__(self) -> _Held:
        return self

    def __next__(self) -> str:
        if self._given == len(self._record):
            if len(self._record) >= ROW_LINES or self._size > LINE_LIMIT:
                raise _NeverClosedError
            line = self._next()
            if line is None:
                self.ran_out = True
                raise StopIteration
            self._hold(line)
        self._given += 1
        return self._record[self._given - 1].text

    def _hold(self, line: Line) -> None:
        self._record.append(line)
        self._size += len(line.text)

    def _next(self) -> Line | None:
        return self._back.popleft() if self._back else next(self._lines, None)
