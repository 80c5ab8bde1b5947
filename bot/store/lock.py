"""One engine on one data folder: a second process is refused, however it was started."""

from __future__ import annotations

import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

from bot.errors import Unusable


@contextlib.contextmanager
def alone(url: str, folder: Path) -> Iterator[None]:
    """Be the only process that runs on a SQLite database; on PostgreSQL there may be any number.

    Raises:
        Unusable: another process runs on its folder, or the folder cannot be written.
    """
    with contextlib.ExitStack() as stack:
        if url.startswith("sqlite"):
            stack.enter_context(held(folder))
            beside = Path(url.removeprefix("sqlite:///").partition("?")[0]).parent
            if beside.is_dir() and beside.resolve() != folder.resolve():
                stack.enter_context(held(beside))
        yield


@contextlib.contextmanager
def held(folder: Path, *, name: str = "goshawk.lock") -> Iterator[None]:
    """Make the data folder if need be, for its owner alone, and hold it; the lock dies with the process.

    Who plays Slack on the same folder, too, holds it before under another ``name``.

    Raises:
        Unusable: another process holds it, or the folder cannot be written.
    """
    try:
        _make(folder)
        lock = os.fdopen(os.open(folder / name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w")
    except OSError as error:
        raise Unusable(
            f"The folder {folder} cannot be written ({error.strerror}). Choose another with --data or GOSHAWK_DATA."
        ) from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise Unusable(
                f"Another Goshawk runs on {folder}. Stop it, or choose another folder with --data. "
                "Several processes (web, worker) need PostgreSQL: set DATABASE_URL."
            ) from error
        yield


def _make(folder: Path) -> None:
    """Make a folder and those above it that are missing; one that is there keeps the rights it was given."""
    for one in reversed([folder, *folder.parents]):
        if not one.exists():
            one.mkdir(mode=0o700, exist_ok=True)
