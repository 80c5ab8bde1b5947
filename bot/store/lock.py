"""One engine on one data folder: a second process is refused, however it was started."""

from __future__ import annotations

import contextlib
import fcntl
from collections.abc import Iterator
from pathlib import Path

from bot.errors import Unusable


@contextlib.contextmanager
def held(folder: Path, *, name: str = "goshawk.lock") -> Iterator[None]:
    """Make the data folder if need be and hold it; the lock dies with the process.

    Who plays Slack on the same folder, too, holds it before under another ``name``.

    Raises:
        Unusable: another process holds it, or the folder cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = (folder / name).open("w")
    except OSError as error:
        raise Unusable(
            f"The folder {folder} cannot be written ({error.strerror}). Choose another with --data or GOSHAWK_DATA."
        ) from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise Unusable(
                f"Another Goshawk runs on {folder}. Stop it, or choose another folder with --data."
            ) from error
        yield
