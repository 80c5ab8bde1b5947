"""The schema's version: known without loading Alembic, brought up to date in a child process.

Alembic costs 11 MiB and half a second in a process that otherwise never needs it.
"""

from __future__ import annotations

import contextlib
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Final

from sqlalchemy import Engine, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError

from bot.errors import Misconfigured, Unusable
from bot.store import backup, trouble
from bot.store.connect import plain_engine
from bot.store.damage import refuse_cut_log

_FOLDER: Final = Path(__file__).parent / "migrations"
_NO_ADDRESS: Final = (
    "DATABASE_URL is no address of a database that Goshawk can use. Write sqlite:///path, or "
    "postgresql://user:password@host:port/name, with %40 for an @ in the password."
)


def head() -> str:
    """Return the newest version that this code knows, for instance ``0001``."""
    names = [path.name for path in (_FOLDER / "versions").glob("*.py")]
    return max(name[:4] for name in names if re.match(r"\d{4}_", name))


def version_of(url: str) -> str:
    """Return the version of a database; empty for a new one.

    Raises:
        Unusable: it cannot be read at all.
        Misconfigured: the address is none.
    """
    engine = _engine(url)
    try:
        with engine.connect() as connection:
            return str(connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none() or "")
    except DBAPIError as error:
        if words := trouble.sentence(url, error):
            raise Unusable(words) from error
        return ""  # there is no such table yet
    finally:
        engine.dispose()


def _engine(url: str) -> Engine:
    try:
        engine = plain_engine(url)
    except (ArgumentError, ValueError, ImportError) as error:
        if isinstance(error, ImportError) and url.startswith("postgres"):
            raise Misconfigured(
                "PostgreSQL needs a package that is not installed: pip install -c constraints.txt -e '.[postgres]'."
            ) from error
        raise Misconfigured(_NO_ADDRESS) from None  # its words may hold a piece of the password
    if "@" in (engine.url.host or ""):
        raise Misconfigured(_NO_ADDRESS)  # ... and so may the host
    return engine


def ensure(url: str, *, keep: bool = True) -> None:
    """Bring a database to the newest version; does nothing when it is there.

    A SQLite file that holds something is copied before, unless told not to ``keep`` it. Nobody else may have it open.

    Raises:
        Misconfigured: the database was written by a newer Goshawk.
        Unusable: it is damaged, or the upgrade failed; the text ends with what the database said.
    """
    _reserve(url)
    found = version_of(url)
    if found == head():
        return
    if found > head():
        raise Misconfigured(
            f"The database is of version {found}, newer than this Goshawk ({head()}). Upgrade Goshawk. "
            "To go back instead, restore a backup: `goshawk restore FILE`."
        )
    if found and keep and (file := file_of(url)):
        _keep(file)
    done = subprocess.run(
        [sys.executable, "-m", "bot.store.schema"],
        env={**os.environ, "GOSHAWK_MIGRATE": url},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        last = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise Unusable(f"The database could not be brought up to date: {last}")


def _keep(file: Path) -> None:
    """Copy a database as it is before its upgrade; one that was copied before and not upgraded is still the same."""
    kept = file.with_name(f"{file.name}.before-{head()}")
    if not kept.exists():
        try:
            backup.copy(file, part := kept.with_name(f".{kept.name}.part"))
            part.replace(kept)
        except OSError as error:
            raise Unusable(f"{kept} cannot be written before the upgrade: {error.strerror}.") from error


def _reserve(url: str) -> None:
    """Look at a SQLite database before it is opened.

    A new one is made for its owner alone: SQLite gives its log the same rights.
    """
    if (file := file_of(url)) is None:
        return
    backup.refuse_half_restored(file)
    refuse_cut_log(file)
    if not file.exists():
        with contextlib.suppress(OSError):  # who opens it next says why, in words
            os.close(os.open(file, os.O_WRONLY | os.O_CREAT, 0o600))


def file_of(url: str) -> Path | None:
    """Return the file of a SQLite database; None: it is in memory, or on a server."""
    try:
        place = make_url(url)
    except (ArgumentError, ValueError):
        return None
    if place.get_backend_name() != "sqlite" or not place.database or place.database == ":memory:":
        return None
    return Path(place.database)


def upgrade(url: str) -> None:
    """Run every migration that is missing, in this process."""
    from alembic import command  # noqa: PLC0415 - see the module's docstring
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(_FOLDER))
    config.attributes["url"] = url
    command.upgrade(config, "head")


def main() -> None:
    """Bring the database named in the environment up to date; end with one line when it cannot be done."""
    url = os.environ["GOSHAWK_MIGRATE"]
    try:
        upgrade(url)
    except DBAPIError as error:
        sys.exit(trouble.sentence(url, error) or str(error.orig))


if __name__ == "__main__":
    main()
