"""What every room's tests share: a clock, a database of their own, and people."""

from __future__ import annotations

import io
import logging
import os
import shutil
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import cast

import pytest
import structlog
from hypothesis import settings
from sqlalchemy import create_engine, text

from bot import log
from bot.domain.staff import Staff
from bot.settings import only
from bot.store import schema
from bot.store.engine import Store
from bot.store.tables import metadata
from tests.fakes import people
from tests.fakes.clock import TurnableClock

#: The same walks on every run; ``--hypothesis-profile=search`` looks for new ones.
settings.register_profile("goshawk", deadline=None, derandomize=True, database=None)
settings.register_profile("search", deadline=None, max_examples=500)
settings.load_profile("goshawk")

#: Where the same tests run on PostgreSQL too, each worker in a schema of its own.
SERVER = os.environ.get("GOSHAWK_TEST_DATABASE_URL", "")


@pytest.fixture
def clock() -> TurnableClock:
    return TurnableClock()


@pytest.fixture
def ana() -> Staff:
    return people.ANA


@pytest.fixture
def ben() -> Staff:
    return people.BEN


@pytest.fixture
def cleo() -> Staff:
    return people.CLEO


@pytest.fixture
def guest() -> Staff:
    return people.GUEST


@pytest.fixture
def log_lines() -> Iterator[Callable[[], str]]:
    """Log as in production, but to where a test can read; give what was logged so far."""
    root, paper = logging.getLogger(), io.StringIO()
    handlers, level = root.handlers, root.level
    log.configure("INFO")
    for handler in root.handlers:
        cast("logging.StreamHandler[io.StringIO]", handler).setStream(paper)
    yield paper.getvalue
    structlog.reset_defaults()
    root.handlers = handlers
    root.setLevel(level)


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make one SQLite file with all tables; tests copy it."""
    path = tmp_path_factory.mktemp("template") / "goshawk.db"
    schema.upgrade(f"sqlite:///{path}")
    return path


@pytest.fixture
def new_file(template: Path, tmp_path: Path) -> Callable[[], str]:
    """Give the URL of one more fresh SQLite database at each call."""

    def make() -> str:
        path = tmp_path / f"{uuid.uuid4().hex}.db"
        shutil.copy(template, path)
        return f"sqlite:///{path}"

    return make


@pytest.fixture(scope="session")
def schema_url() -> Iterator[str]:
    """Make a PostgreSQL schema for this worker and drop it at the end."""
    server = only(database_url=SERVER).store_url
    name = f"goshawk_{uuid.uuid4().hex[:12]}"
    engine = create_engine(server)
    with engine.begin() as connection:
        connection.execute(text(f"CREATE SCHEMA {name}"))
    url = f"{server}{'&' if '?' in server else '?'}options=-csearch_path%3D{name}"
    schema.upgrade(url)
    yield url
    with engine.begin() as connection:
        connection.execute(text(f"DROP SCHEMA {name} CASCADE"))
    engine.dispose()


@pytest.fixture
def emptied(schema_url: str) -> str:
    """Empty the tables of this worker's PostgreSQL schema."""
    engine = create_engine(schema_url)
    with engine.begin() as connection:
        names = ", ".join(table.name for table in metadata.sorted_tables)
        connection.execute(text(f"TRUNCATE {names} RESTART IDENTITY"))
    engine.dispose()
    return schema_url


@pytest.fixture(params=["sqlite", "postgres"])
def store_url(request: pytest.FixtureRequest) -> str:
    """Give a fresh database, once of each kind."""
    if request.param == "sqlite":
        return str(request.getfixturevalue("new_file")())
    if not SERVER:
        pytest.skip("GOSHAWK_TEST_DATABASE_URL names no PostgreSQL server")
    return str(request.getfixturevalue("emptied"))


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    """Give an open store over a fresh database."""
    opened = Store(store_url)
    opened.open()
    yield opened
    opened.close()
