"""A SQLite database copied whole while it is written to, and a copy put back in its place.

SQLite's own backup reads everything in one transaction: in WAL mode whoever
writes goes on beside it, and the copy is the database of one moment. It becomes
visible under its name only when it is complete and on the disk.

Putting back moves three files (the database, its log, the log's index), and a
crash between them must not leave a log beside a database that it is not of. So
the copy waits under ``.restoring`` meanwhile; as long as that stands there,
nothing starts on the folder.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from bot.errors import Unusable

#: How a backup is called that nobody gave a name; rotation touches no other file.
_NAMED: Final = "goshawk-%Y%m%dT%H%M%S%fZ.db"
_PATTERN: Final = "goshawk-????????T????????????Z.db"
#: What stands beside a database file and belongs to it.
LOGS: Final = ("-wal", "-shm")
#: What a copy is called while it is being put in the place of a database.
WAITING: Final = ".restoring"


@dataclass(frozen=True, slots=True)
class Backup:
    """One copy."""

    file: Path
    size: int
    sha256: str


def name_at(at: datetime) -> str:
    """Return what a backup of that moment is called."""
    return at.strftime(_NAMED)


def write(source: Path, target: Path) -> Backup:
    """Copy a database to a new file, for its owner alone, with its checksum beside it.

    Raises:
        Unusable: ``target`` is there already, or one of the two cannot be read or written.
    """
    part = target.with_name(f".{target.name}.part")
    try:
        if target.exists():
            raise Unusable(f"{target} is there already. Name a new file.")
        copy(source, part)
        digest = checksum(part)
        part.replace(target)
        _note(target, digest)
        _keep_names(target.parent)
    except OSError as error:
        raise Unusable(f"{target} cannot be written: {error.strerror}.") from error
    finally:
        with contextlib.suppress(OSError):  # it is gone, or never could be
            part.unlink()
    return Backup(target, target.stat().st_size, digest)


def copy(source: Path, target: Path) -> None:
    """Copy a database to a file of its own, without a log.

    Raises:
        Unusable: ``source`` is no database, or the disk is full. OSError: ``target`` cannot be made.
    """
    for left in _files_of(target):  # by whoever was killed here before
        left.unlink(missing_ok=True)
    os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    try:
        with contextlib.closing(sqlite3.connect(source.absolute().as_uri() + "?mode=rw", uri=True)) as there:
            with contextlib.closing(sqlite3.connect(target)) as here:
                there.backup(here)
                here.execute("PRAGMA journal_mode=DELETE")
    except sqlite3.Error as error:
        target.unlink()
        if not isinstance(error, sqlite3.OperationalError):
            sound = "Restore a backup that is sound: `goshawk restore --check FILE` tells."
            raise Unusable(f"{source} is damaged or no database ({error}). {sound}") from error
        raise Unusable(f"{source} cannot be copied to {target.parent} ({error}). Look at the disk there.") from error
    _to_disk(target)


def rotate(folder: Path, keep: int) -> list[Path]:
    """Remove all but the newest ``keep`` of the backups that were named here; return what was removed."""
    old = sorted(folder.glob(_PATTERN))[: -keep or None]
    for file in old:
        file.unlink()
        _note_of(file).unlink(missing_ok=True)
    return old


def checksum(file: Path) -> str:
    """Return the SHA-256 of a file."""
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def refuse_changed(file: Path) -> None:
    """Compare a backup with the checksum beside it, if there is one.

    Raises:
        Unusable: they differ, or the file is not there.
    """
    if not file.is_file():
        raise Unusable(f"{file} does not exist, or is no file. Check the name.")
    try:
        noted = _note_of(file).read_bytes().split()[:1] if _note_of(file).is_file() else []
        if noted and noted != [checksum(file).encode()]:
            raise Unusable(f"{file} is not what was written: its checksum differs. Take another backup.")
    except OSError as error:
        raise Unusable(f"{file} cannot be read: {error.strerror}.") from error


def refuse_half_restored(database: Path) -> None:
    """Refuse a place where putting back was interrupted.

    Raises:
        Unusable: it was; the text says how to go on.
    """
    if waiting_for(database).exists():
        raise Unusable(f"Putting back {database} was interrupted. Run `goshawk restore` with the same file again.")


def waiting_for(database: Path) -> Path:
    """Return where a copy waits while it takes the place of ``database``."""
    return database.with_name(database.name + WAITING)


def put_in_place(ready: Path, database: Path, *, at: datetime) -> Path | None:
    """Let a complete copy take the place of a database; return where that was put aside, if there was one.

    Whoever is killed in the middle does it again: what was put aside before stays there.
    """
    waiting = waiting_for(database)
    ready.replace(waiting)
    _keep_names(database.parent)
    aside = database.with_name(f"{database.name}.before-{at.strftime('%Y%m%dT%H%M%S')}")
    found = [one for one in _files_of(database) if one.exists()]
    for one in found:
        one.replace(aside.with_name(aside.name + one.name.removeprefix(database.name)))
    _keep_names(database.parent)
    waiting.replace(database)
    _keep_names(database.parent)
    return aside if found else None


def _files_of(database: Path) -> Iterator[Path]:
    yield database
    for log in LOGS:
        yield database.with_name(database.name + log)


def _note_of(file: Path) -> Path:
    return file.with_name(f"{file.name}.sha256")


def _note(file: Path, digest: str) -> None:
    """Write the checksum as ``sha256sum --check`` reads it."""
    _note_of(file).unlink(missing_ok=True)  # it may be a link, and what it leads to is not ours to overwrite
    number = os.open(_note_of(file), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(number, "w") as paper:
        paper.write(f"{digest}  {file.name}\n")


def _to_disk(path: Path) -> None:
    number = os.open(path, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)


def _keep_names(folder: Path) -> None:
    """Bring what a folder calls its files to the disk, too."""
    _to_disk(folder)
