"""``goshawk restore``: looks whether a backup is sound, and puts it in the place of the database."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import typer

from bot.cases import restored
from bot.cli.backup import size
from bot.errors import Misconfigured, Unusable
from bot.settings import load
from bot.store import backup, invariants
from bot.store.engine import Store
from bot.store.lock import alone
from bot.store.restored import Doubts
from bot.store.schema import ensure, file_of, head, version_of
from bot.store.unit import Unit


def run(given: dict[str, Any], *, file: Path | None, check: bool) -> None:
    """Look at a backup, or put it back; without a file the database on the server is meant."""
    settings = load(**given)
    database = file_of(settings.store_url)
    if database is not None and file is None:
        raise Misconfigured("Name the backup: goshawk restore FILE. `goshawk backup` makes one.")
    if database is None and file is not None:
        raise Misconfigured(
            "This database is on a server. Put the dump back with pg_restore, then run this without a file."
        )
    if check:
        found = _looked_at(settings.store_url) if file is None else _checked(file)
        raise typer.Exit(0 if found.is_sound else 1)
    if database is None or file is None:
        _refuse_other_versions(settings.store_url)
        _say_doubts(*asyncio.run(_settled(settings.store_url, [feed.name for feed in settings.feeds])))
        return
    with alone(settings.store_url, settings.data):
        _put_back(file, database)


def _checked(file: Path) -> invariants.Examined:
    """Look at a copy of the backup, which is brought up to date beforehand; the backup itself stays as it is."""
    backup.refuse_changed(file)
    with tempfile.TemporaryDirectory(prefix="goshawk-check-") as folder:
        return _looked_at(_ready(file, Path(folder) / "copy.db"))


def _ready(file: Path, copy: Path) -> str:
    """Copy a backup, bring it up to date, and return its address.

    Raises:
        Unusable: it is no database of ours, or damaged. Misconfigured: it is of a newer Goshawk.
    """
    try:
        backup.copy(file, copy)
    except OSError as error:
        raise Unusable(f"{copy.parent} cannot be written: {error.strerror}.") from error
    url = f"sqlite:///{copy}"
    if not version_of(url):
        raise Unusable(f"{file} is no database of Goshawk.")
    ensure(url, keep=False)
    return url


def _looked_at(url: str) -> invariants.Examined:
    _refuse_other_versions(url)
    found = invariants.examine(url)
    typer.echo(", ".join(f"{count:,} {name}" for name, count in found.counts.items()))
    for law in found.laws:
        typer.echo(f"{'broken' if law.broken else 'ok':8} {law.text}{f': {law.broken}' if law.broken else ''}")
    return found


def _put_back(file: Path, database: Path) -> None:
    backup.refuse_changed(file)
    copy = database.with_name(f".{database.name}.part")
    try:
        url = _ready(file, copy)
        _looked_at(url)
        taken_at, doubts = asyncio.run(_settled(url))
        aside = backup.put_in_place(copy, database, at=datetime.now(UTC))
    except OSError as error:
        raise Unusable(f"{database} cannot be written: {error.strerror}.") from error
    finally:
        copy.unlink(missing_ok=True)
    typer.echo(f"{database} is back: {size(database.stat().st_size)}.")
    if aside:
        typer.echo(f"What stood there is kept as {aside}.")
    _say_doubts(taken_at, doubts)


async def _settled(url: str, feeds: Sequence[str] = ()) -> tuple[datetime, Doubts]:
    """Write into a database that it was put back, and what is in doubt therefore.

    Raises:
        Unusable: a worker listens to one of its ``feeds``.
    """

    def work(unit: Unit) -> tuple[datetime, Doubts]:
        if unit.restored.somebody_works(feeds):
            raise Unusable("A Goshawk runs on this database. Stop every web and worker first.")
        return restored.settle(unit, at=now)

    store = Store(url)
    store.open()
    try:
        now = datetime.now(UTC)
        answer = await store.transact(work)
        await store.settle()
    finally:
        store.close()
    return answer


def _say_doubts(taken_at: datetime, doubts: Doubts) -> None:
    typer.echo(f"It knows nothing of what happened after {taken_at:%Y-%m-%d %H:%M:%S} UTC. At the next start")
    typer.echo(f"- {doubts.replies} replies are looked for on the platform before any of them leaves,")
    typer.echo(f"- {doubts.messages} messages are looked for in Slack before they are posted,")
    typer.echo(f"- {doubts.alarms} alarms rest for {restored.REST.seconds // 60} minutes,")
    typer.echo("- feeds read again from where they were; what is known already is not told anew.")


def _refuse_other_versions(url: str) -> None:
    if (found := version_of(url)) != head():
        raise Misconfigured(f"The database is of version {found or 'none'}, not {head()}. Run `goshawk migrate` first.")
