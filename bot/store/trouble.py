"""What a database that cannot be used says, in a sentence that tells what to do."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import URL, make_url


def sentence(url: str | URL, error: BaseException) -> str:
    """Return what a person should do about ``error``; empty when it is a fault of ours."""
    place, said = make_url(url), "; ".join(dict.fromkeys(_words(error)))
    return _of_file(place.database or "", said) if place.get_backend_name() == "sqlite" else _of_server(place, said)


def _words(error: BaseException | None) -> Iterator[str]:
    """Give the database's own words; the cause may hide behind a failing clean-up."""
    while error:
        yield " ".join(str(getattr(error, "orig", None) or error).split())
        error = error.__context__


def _of_file(path: str, said: str) -> str:
    folder = Path(path).parent
    if "unable to open" in said or "readonly" in said:
        return f"The folder {folder} cannot be written. Choose another with --data or GOSHAWK_DATA."
    if "locked" in said:
        return f"Another program holds the database {path}. Close it, or try again in a moment."
    if "full" in said:
        return f"The disk of {folder} is full. Make room, then try again."
    if "disk I/O" in said:
        return f"The files in {folder} cannot be written (disk I/O error). Look at the disk and its quota."
    if "not a database" in said or "malformed" in said:
        return f"The file {path} is damaged or no database ({said}). Move it away, or restore a backup."
    return ""


def _of_server(place: URL, said: str) -> str:
    if "connection" not in said and "authentication" not in said:
        return ""
    return f"The database server {place.host or 'of DATABASE_URL'} cannot be used ({said}). Check DATABASE_URL."
