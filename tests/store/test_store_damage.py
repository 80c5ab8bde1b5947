"""A database that was damaged while nobody looked is found at the start, and refused with what to do."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from bot.errors import Unusable
from bot.store import backup, schema
from bot.store.engine import Store
from tests.fakes.posts import START

#: Writes through the store, tells how much is acknowledged, and is killed.
KILLED = """
import asyncio, os, signal, sys
from datetime import UTC, datetime
from bot.store.engine import Store
store = Store(sys.argv[1])
store.open()
async def write():
    for number in range(50):
        at = datetime.now(UTC)
        await store.transact(lambda unit: unit.feeds.first_time(f"{number}", at=at))
asyncio.run(write())
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture
def left(new_file) -> Path:
    """Give a database whose process was killed: what it acknowledged last stands in the log alone."""
    url = new_file()
    command = [sys.executable, "-c", KILLED, url]
    done = subprocess.run(command, check=False, cwd=Path(__file__).parents[2])  # noqa: S603 - our own
    assert done.returncode == -signal.SIGKILL
    return Path(url.removeprefix("sqlite:///"))


def beside(database: Path, ending: str) -> Path:
    return database.with_name(database.name + ending)


def deliveries(database: Path) -> int:
    with closing(sqlite3.connect(database)) as connection:
        return int(connection.execute("SELECT count(*) FROM delivery").fetchone()[0])


def start(database: Path) -> None:
    schema.ensure(f"sqlite:///{database}")
    store = Store(f"sqlite:///{database}")
    store.open()
    store.close()


def test_after_a_kill_all_that_was_acknowledged_is_there(left):
    start(left)

    assert deliveries(left) == 50


@pytest.mark.parametrize("lost", [1, 4_096, 100_000, None])
def test_a_log_that_was_cut_off_is_found(left, lost):
    log = beside(left, "-wal")
    size = log.stat().st_size
    assert size > 100_000
    os.truncate(log, 0 if lost is None else size - lost)

    with pytest.raises(
        Unusable, match=r"lacks what was acknowledged last\. Restore a backup: `goshawk restore FILE`\."
    ):
        start(left)
    with pytest.raises(Unusable):  # it stays refused: looking has changed nothing
        start(left)


@pytest.mark.parametrize("share", [0.0, 0.3, 0.999])
def test_a_byte_that_changed_in_the_log_is_found(left, share):
    log = beside(left, "-wal")
    content = bytearray(log.read_bytes())
    content[int(share * len(content)) + 40] ^= 0x10
    log.write_bytes(content)

    with pytest.raises(Unusable, match="is damaged"):
        start(left)


def test_what_is_left_of_a_cut_log_can_be_put_back(left, tmp_path):
    os.truncate(beside(left, "-wal"), 60_000)
    (tmp_path / "elsewhere").mkdir()
    for ending in ("", "-wal"):
        beside(left, ending).rename(tmp_path / "elsewhere" / f"goshawk.db{ending}")

    backup.copy(tmp_path / "elsewhere" / "goshawk.db", tmp_path / "whole.db")
    backup.put_in_place(tmp_path / "whole.db", left, at=START)

    start(left)
    assert 0 < deliveries(left) < 50


def test_a_log_that_is_gone_is_found(left):
    beside(left, "-wal").unlink()

    with pytest.raises(Unusable, match="is damaged"):
        start(left)


def test_an_index_of_before_the_machine_was_restarted_proves_nothing(left):
    os.truncate(beside(left, "-wal"), 60_000)
    os.utime(beside(left, "-shm"), (1, 1))

    start(left)

    assert 0 < deliveries(left) < 50


@pytest.mark.parametrize("table", ["alembic_version", "delivery", "job"])
def test_a_page_that_was_overwritten_is_found(new_file, table):
    database = Path(new_file().removeprefix("sqlite:///"))
    with closing(sqlite3.connect(database)) as connection:
        (page,) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", [table]).fetchone()
    with database.open("r+b") as content:
        content.seek((page - 1) * 4_096)
        content.write(os.urandom(4_096))

    with pytest.raises(Unusable, match=r"damaged .* `goshawk restore FILE`"):
        start(database)


def test_a_database_that_ends_too_early_is_found(new_file):
    database = Path(new_file().removeprefix("sqlite:///"))
    os.truncate(database, 60_000)

    with pytest.raises(Unusable, match=r"damaged .* `goshawk restore FILE`"):
        start(database)
