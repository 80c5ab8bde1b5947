"""The schema's version: known without loading Alembic, brought up to date in a child process.

Alembic costs 11 MiB and half a second in a process that otherwise never needs it.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Final

from sqlalchemy import Engine, create_engine, text
from sqlalchemy.exc import ArgumentError, DBAPIError

from bot.errors import Misconfigured, Unusable
from bot.store import trouble

_FOLDER: Final = Path(__file__).parent / "migrations"


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
        return create_engine(url)
    except (ArgumentError, ValueError, ImportError) as error:
        raise Misconfigured(
            "DATABASE_URL is no address of a database that Goshawk can use. Write sqlite:///path, or "
            "postgresql://user:password@host/name after installing the extra: pip install -e '.[postgres]'."
        ) from error


def ensure(url: str) -> None:
    """Bring a database to the newest version; does nothing when it is there.

    Raises:
        Misconfigured: the database was written by a newer Goshawk.
        Unusable: the upgrade failed; the text ends with what the database said.
    """
    found = version_of(url)
    if found == head():
        return
    if found > head():
        raise Misconfigured(f"The database is of version {found}, newer than this Goshawk ({head()}). Upgrade Goshawk.")
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
