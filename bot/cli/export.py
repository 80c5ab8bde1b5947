"""``goshawk export``: the events, as the team's record of who did what.

They hold numbers, reasons and staff's own words, never a stranger's: nothing in
an export has to be erased with a person. What staff wrote about private cases
is left out: a file has readers whom nobody asks. It reads page by page, beside
a bot that runs.
"""

from __future__ import annotations

import contextlib
import csv
import os
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, TextIO

import orjson
import typer

from bot.cli.loop import STOPPED
from bot.cli.loop import run as run_loop
from bot.domain.event import DESK, Event
from bot.errors import Misconfigured, Unusable
from bot.privacy.veil import shown_event
from bot.settings import Settings, load
from bot.store.engine import Store
from bot.store.schema import head, version_of
from bot.store.unit import Unit

#: Events that are read at once.
PAGE: Final = 1_000
#: The columns, in order.
COLUMNS: Final = ("event", "at", "case", "what", "by", "by_name", "detail", "text_sha256", "platform_id")
#: Where a spreadsheet begins a formula: at the start of a cell, and where one that splits at other signs than ours
#: begins a cell. Source: OWASP, "CSV Injection", read 2026-11-22.
_FORMULA: Final = re.compile(r"(^|[;|\t\r\n])(\s*)(?=[=+\-@\t\r＝＋－＠])")


@dataclass(frozen=True, slots=True)
class Wish:
    """What to export, and where to."""

    since: datetime | None = None
    """The first day, without a zone: the team's own counts."""
    form: str = "csv"
    out: Path | None = None
    """Nowhere: standard output."""


def run(wish: Wish, given: dict[str, Any]) -> None:
    """Write every event that the wish asks for."""
    settings = load(**given)
    since = wish.since.replace(tzinfo=settings.zone) if wish.since else datetime(1970, 1, 1, tzinfo=UTC)
    store = Store(database(settings))
    store.open()
    try:
        with _paper(wish.out) as paper:
            record = _Json(paper) if wish.form == "json" else _Csv(paper)
            if not run_loop(_write(store, since, record)):
                raise typer.Exit(STOPPED)
    finally:
        store.close()


async def _write(store: Store, since: datetime, record: _Csv | _Json) -> None:
    last = 0
    while page := await _page(store, since, last):
        for last, one in page:
            record.line(_row(last, one))
    record.end()


async def _page(store: Store, since: datetime, after: int) -> list[tuple[int, Event]]:
    def work(unit: Unit) -> list[tuple[int, Event]]:
        page = unit.events.page(since=since, after=after, limit=PAGE)
        private = unit.events.about_private([number for number, _ in page])
        return [(number, shown_event(one, closed=number not in private)) for number, one in page]

    return await store.read(work)


def database(settings: Settings) -> str:
    """Return the address of the database as it is: what runs beside a bot changes nothing of its version.

    Raises:
        Misconfigured: it is of another version than this Goshawk, or there is none.
    """
    url = settings.store_url
    if url.startswith("sqlite") and not Path(url.removeprefix("sqlite:///")).is_file():
        raise Misconfigured(f"There is no database in {settings.data} yet. --data names another folder.")
    if (found := version_of(url)) != head():
        raise Misconfigured(f"The database is of version {found or 'none'}, not {head()}. Run `goshawk migrate` first.")
    return url


@contextlib.contextmanager
def _paper(out: Path | None) -> Iterator[TextIO]:
    """Open what is written to: a new file that only its owner reads, or standard output.

    Raises:
        Unusable: the file is there already, or its folder cannot be written.
    """
    if out is None:
        yield from _printed()
        return
    try:
        number = os.open(out, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as error:
        raise Unusable(f"{out} is there already. Name a new file.") from error
    except OSError as error:
        raise Unusable(f"{out} cannot be written: {error.strerror}.") from error
    whole = False
    try:
        with os.fdopen(number, "w", encoding="utf-8", newline="") as paper:
            yield paper
        whole = True
    except OSError as error:
        raise Unusable(f"{out} cannot be written: {error.strerror}.") from error
    finally:
        if not whole:
            out.unlink(missing_ok=True)  # half a record must not pass for a whole one


def _printed() -> Iterator[TextIO]:
    try:
        yield sys.stdout
        sys.stdout.flush()
    except BrokenPipeError:
        raise  # whoever reads has read enough
    except OSError as error:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # else the end of the process tries again
        raise Unusable(f"The events cannot be printed: {error.strerror}.") from error


def _row(number: int, one: Event) -> dict[str, Any]:
    values = (
        number,
        one.at.astimezone(UTC).isoformat(timespec="milliseconds"),
        None if one.case_id == DESK else one.case_id,
        str(one.what),
        one.by or "",
        one.by_name,
        one.detail,
        one.text_hash,
        one.remote_id,
    )
    return dict(zip(COLUMNS, values, strict=True))


def inert(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula, wherever it splits the line."""
    return _FORMULA.sub(r"\1\2'", cell)


class _Csv:
    """Comma separated, every cell in quotes, inert."""

    def __init__(self, paper: TextIO) -> None:
        self._lines = csv.writer(paper, quoting=csv.QUOTE_ALL, lineterminator="\n")
        self._lines.writerow(COLUMNS)

    def line(self, row: dict[str, Any]) -> None:
        """Write one event."""
        self._lines.writerow(["" if value is None else inert(str(value)) for value in row.values()])

    def end(self) -> None:
        """Write nothing more."""


class _Json:
    """One list, an object an event, exactly as it is stored."""

    def __init__(self, paper: TextIO) -> None:
        self._paper = paper
        self._before = "[\n"

    def line(self, row: dict[str, Any]) -> None:
        """Write one event."""
        self._paper.write(self._before + orjson.dumps(row).decode())
        self._before = ",\n"

    def end(self) -> None:
        """Close the list."""
        self._paper.write("[]\n" if self._before == "[\n" else "\n]\n")
