"""A database that the first release filled is read by this one, on both engines."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import MetaData, create_engine, text

from bot.domain.case import State
from bot.domain.event import Happening
from bot.domain.ids import CaseId, MentionId, ReplyId
from bot.domain.reply import ReplyState
from bot.settings import only
from bot.store import schema
from bot.store.engine import Store
from tests.conftest import SERVER

FOLDER = Path(schema.__file__).parent / "migrations"

#: What the columns of the first release hold where a plain 0, False or "x" would be no word of the house.
WORDS = {
    "cases": {"state": "open", "kind": "complaint", "priority": "P2", "resolution": None, "assignee": None},
    "mention": {
        "visibility": "public",
        "kind": "complaint",
        "terms": '{"mode": "api"}',
        "reasons": "[]",
        "urgency": "safety",
    },
    "reply": {"state": "sent"},
    "event": {"what": "opened"},
    "job": {"state": "ready"},
    "feed": {"pulse": "listening"},
}


@pytest.fixture(params=["sqlite", "postgres"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Give a database without any table."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'old.db'}"
        return
    if not SERVER:
        pytest.skip("GOSHAWK_TEST_DATABASE_URL names no PostgreSQL server")
    server, name = only(database_url=SERVER).store_url, f"old_{uuid.uuid4().hex[:12]}"
    engine = create_engine(server)
    with engine.begin() as connection:
        connection.execute(text(f"CREATE SCHEMA {name}"))
    yield f"{server}{'&' if '?' in server else '?'}options=-csearch_path%3D{name}"
    with engine.begin() as connection:
        connection.execute(text(f"DROP SCHEMA {name} CASCADE"))
    engine.dispose()


def upgraded(url: str, to: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    config.attributes["url"] = url
    command.upgrade(config, to)


def fill(url: str) -> None:
    """Put one row into every table, as wide as the first release made it."""
    engine, tables = create_engine(url), MetaData()
    tables.reflect(engine)
    with engine.begin() as connection:
        for table in tables.sorted_tables:
            if table.name != "alembic_version":
                plain = {column.name: plain_of(column) for column in table.columns}
                connection.execute(table.insert().values(plain | WORDS.get(table.name, {})))
    engine.dispose()


def plain_of(column) -> object:
    if column.nullable:
        return 1 if column.name == "case_id" else None
    kinds = {int: 1, bool: False, float: 0.5, str: "x"}
    return kinds[column.type.python_type]


async def test_what_the_first_release_kept_is_there_after_the_upgrade(empty_url):
    await asyncio.to_thread(upgraded, empty_url, "0001")
    fill(empty_url)

    await asyncio.to_thread(upgraded, empty_url, "head")

    store = Store(empty_url)
    store.open()
    case = await store.read(lambda unit: unit.cases.get(CaseId(1)))
    reply = await store.read(lambda unit: unit.replies.get(ReplyId(1)))
    kept = await store.read(lambda unit: unit.mentions.get(MentionId(1)))
    said = await store.read(lambda unit: unit.events.of_case(CaseId(1)))
    store.close()
    assert (case.state, case.account, case.author) == (State.OPEN, "", "x")
    assert (reply.state, reply.text, reply.approver) == (ReplyState.SENT, "x", None)
    assert (kept.mention.text, kept.mention.photo_urls) == ("x", ())
    assert [(one.what, one.text_hash) for one in said] == [(Happening.OPENED, "")]
