"""``goshawk backup``: the database as it is at this moment, in a file of its own, while the bot goes on."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import typer

from bot.errors import Misconfigured, Unusable
from bot.settings import Settings, load
from bot.store import backup
from bot.store.schema import file_of

#: Where backups go that nobody gave a place: beside the database, in a folder of their own.
FOLDER = "backups"


def run(given: dict[str, Any], *, to: Path | None, keep: int | None) -> None:
    """Write a backup to a file or folder; of those named by the clock there, keep the newest so many."""
    settings = load(**given)
    source = source_of(settings)
    target = _target(settings, to)
    done = backup.write(source, target)
    typer.echo(f"{done.file} holds {size(done.size)}, sha256 {done.sha256[:16]}...")
    for old in backup.rotate(target.parent, keep) if keep else []:
        typer.echo(f"{old} is removed.")


def source_of(settings: Settings) -> Path:
    """Return the file of the database.

    Raises:
        Misconfigured: it is on a server, or there is none yet.
    """
    file = file_of(settings.store_url)
    if file is None:
        raise Misconfigured("This database is on a server. Back it up with pg_dump: docs/operate.md shows how.")
    if not file.is_file():
        raise Misconfigured(f"There is no database {file} yet. --data names another folder.")
    return file


def _target(settings: Settings, to: Path | None) -> Path:
    if to is not None and not to.is_dir():
        return to
    folder = to or settings.data / FOLDER
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise Unusable(f"The folder {folder} cannot be made: {error.strerror}.") from error
    return folder / backup.name_at(datetime.now(UTC))


def size(count: float) -> str:
    """Return so many bytes as people say them."""
    for unit in ("bytes", "KiB", "MiB"):
        if count < 1_024:
            return f"{count:.0f} {unit}"
        count /= 1_024
    return f"{count:.1f} GiB"
