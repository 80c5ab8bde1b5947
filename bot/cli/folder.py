"""The data folder of a command, made and tried before anything else begins."""

from __future__ import annotations

from pathlib import Path

from bot.errors import Unusable


def made(folder: Path) -> Path:
    """Make the data folder and return it.

    Raises:
        Unusable: it cannot be made or written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / ".writable"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise Unusable(
            f"The folder {folder} cannot be written ({error.strerror}). Choose another with --data."
        ) from error
    return folder
