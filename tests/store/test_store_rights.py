"""Who may read what is kept: its owner alone, as with a mailbox."""

from __future__ import annotations

import sqlite3
import stat
from pathlib import Path

from bot.store import schema
from bot.store.engine import Store
from bot.store.lock import held


def rights(path: Path) -> str:
    return oct(stat.S_IMODE(path.stat().st_mode))


async def test_the_folder_and_every_file_in_it_are_their_owners_alone(tmp_path):
    folder = tmp_path / "new" / "data"

    with held(folder):
        url = f"sqlite:///{folder / 'goshawk.db'}"
        schema.ensure(url)
        store = Store(url)
        store.open()
        await store.transact(lambda unit: unit.feeds.cursor("square"))
        files = {path.name: rights(path) for path in folder.iterdir()}
        store.close()

    assert [rights(path) for path in (folder.parent, folder)] == ["0o700", "0o700"]
    assert files == dict.fromkeys(["goshawk.db", "goshawk.db-shm", "goshawk.db-wal", "goshawk.lock"], "0o600")


def test_a_folder_that_is_there_keeps_the_rights_it_was_given(tmp_path):
    (tmp_path / "shared").mkdir(mode=0o750)

    with held(tmp_path / "shared"):
        pass

    assert rights(tmp_path / "shared") == "0o750"


def test_a_database_that_is_there_is_left_as_it_is(tmp_path):
    path = tmp_path / "goshawk.db"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE theirs (word TEXT)")
    connection.close()
    path.chmod(0o640)

    schema.ensure(f"sqlite:///{path}")

    assert rights(path) == "0o640"
