"""A database of its own for each run of the campaign, of either kind."""

from __future__ import annotations

import contextlib
import os
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from sqlalchemy import create_engine, text

from bot.settings import only
from bot.store import schema

KINDS: Final = ("sqlite", "postgresql")
SERVER: Final = os.environ.get("GOSHAWK_TEST_DATABASE_URL", "")

_blank: list[bytes] = []


@contextlib.contextmanager
def database(kind: str, folder: Path, *, server: str = SERVER) -> Iterator[str]:
    """Give the address of a new database; a PostgreSQL schema is dropped at the end."""
    folder.mkdir(parents=True, exist_ok=True)
    if kind == "sqlite":
        yield f"sqlite:///{_file(folder)}"
        return
    name = f"campaign_{uuid.uuid4().hex[:12]}"
    plain = only(database_url=server).store_url
    engine = create_engine(plain)
    with engine.begin() as connection:
        connection.execute(text(f"CREATE SCHEMA {name}"))
    url = f"{plain}{'&' if '?' in plain else '?'}options=-csearch_path%3D{name}"
    schema.upgrade(url)
    try:
        yield url
    finally:
        with engine.begin() as connection:
            connection.execute(text(f"DROP SCHEMA {name} CASCADE"))
        engine.dispose()


def _file(folder: Path) -> Path:
    """Copy one blank database: it is migrated once a process."""
    file = folder / "goshawk.db"
    if not _blank:
        schema.upgrade(f"sqlite:///{file}")
        _blank.append(file.read_bytes())
    file.write_bytes(_blank[0])
    return file
