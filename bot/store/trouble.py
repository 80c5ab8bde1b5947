"""What a database that cannot be used says, in a sentence that tells what to do."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import URL, make_url

#: What says that there is no way to a server: libpq's words, and psycopg's of a name that nobody knows.
_NO_WAY = ("connection", "authentication", "resolve host")


def sentence(url: str | URL, error: BaseException, *, cut: bool = False) -> str:
    """Return what a person should do about ``error``; empty when it is a fault of ours.

    ``cut`` says that the line to a server broke, in whatever words it did.
    """
    place, said = make_url(url), "; ".join(dict.fromkeys(_words(error)))
    if place.get_backend_name() == "sqlite":
        return _of_file(place.database or "", said)
    return _of_server(place, said, cut=cut)


def _words(error: BaseException | None) -> Iterator[str]:
    """Give the database's own words; the cause may hide behind a failing clean-up."""
    while error:
        yield " ".join(str(getattr(error, "orig", None) or error).split())
        error = error.__context__


def _of_file(path: str, said: str) -> str:
    folder = Path(path).parent
    if "unable to open" in said or "readonly" in said:
        return f"The folder {folder} cannot be written. {_elsewhere(path)}"
    if "locked" in said:
        return f"Another program holds the database {path}. Close it, or try again in a moment."
    if "full" in said:
        return f"The disk of {folder} is full. Make room, then try again."
    if "disk I/O" in said:
        return f"The files in {folder} cannot be written (disk I/O error). Look at the disk and its quota."
    if "not a database" in said or "malformed" in said:
        put_back = "Restore a backup: `goshawk restore FILE`; or move it away."
        return f"The file {path} is damaged or no database ({said}). {put_back}"
    return ""


def _elsewhere(path: str) -> str:
    """Return what names the folder: only the file of a data folder has our own name."""
    ours = Path(path).name == "goshawk.db"
    return "Choose another with --data, GOSHAWK_DATA or DATABASE_URL." if ours else "Correct DATABASE_URL."


def _of_server(place: URL, said: str, *, cut: bool) -> str:
    if "timeout" in said and not cut:
        return f"The database server {place.host or 'of DATABASE_URL'} was too slow ({said}). Try again in a moment."
    if not cut and not any(word in said for word in _NO_WAY):
        return ""
    return f"The database server {place.host or 'of DATABASE_URL'} cannot be used ({said}). Check DATABASE_URL."
