"""An upgrade that is killed anywhere loses nothing: it is done wholly, or not at all, and the next start ends it."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Engine, MetaData, create_engine, event, func, select

from bot.errors import Unusable
from bot.store import schema
from tests.store.releases import fill, upgraded

#: Statements after which an upgrade is killed: each of the first ones, then some on the way.
POINTS = (1, 2, 3, 5, 8, 13, 21, 34, 55, 89)


def rows(url: str) -> dict[str, int]:
    """Count what every table holds."""
    engine, tables = create_engine(url), MetaData()
    tables.reflect(engine)
    with engine.connect() as connection:
        found = {
            table.name: connection.execute(select(func.count()).select_from(table)).scalar_one()
            for table in tables.sorted_tables
        }
    engine.dispose()
    return found


def killed_upgrade(url: str, after: int) -> bool:
    """Upgrade in a process that dies by ``kill -9`` after so many statements; return whether it lived to the end."""
    child = os.fork()
    if child:
        return os.waitpid(child, 0)[1] == 0
    left = after

    def count(*_: object) -> None:
        nonlocal left
        left -= 1
        if left < 0:
            os.kill(os.getpid(), signal.SIGKILL)

    event.listen(Engine, "before_cursor_execute", count)
    upgraded(url, "head")
    os._exit(0)


@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
@pytest.mark.parametrize("release", ["0001", "0002"])
def test_a_killed_upgrade_is_done_by_the_next_start_and_no_row_is_lost(empty_url, release):
    upgraded(empty_url, release)
    fill(empty_url)
    before = rows(empty_url)

    lived = [killed_upgrade(empty_url, after) for after in POINTS]
    between = rows(empty_url)
    schema.ensure(empty_url)

    after = rows(empty_url)
    assert lived.count(False) >= 5
    assert between == before or between.keys() == after.keys()
    assert {name: after[name] for name in before} == before
    assert schema.version_of(empty_url) == schema.head()


def copies(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if "before" in path.name)


def test_before_an_upgrade_a_file_that_holds_something_is_copied(tmp_path):
    file = tmp_path / "goshawk.db"
    upgraded(f"sqlite:///{file}", "0002")
    fill(f"sqlite:///{file}")

    schema.ensure(f"sqlite:///{file}")

    kept = tmp_path / f"goshawk.db.before-{schema.head()}"
    assert copies(tmp_path) == [kept.name]
    assert schema.version_of(f"sqlite:///{kept}") == "0002"
    assert rows(f"sqlite:///{kept}")["cases"] == 1
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600


def test_a_new_file_and_one_that_is_up_to_date_are_not_copied(tmp_path):
    for _ in range(2):
        schema.ensure(f"sqlite:///{tmp_path / 'goshawk.db'}")

    assert copies(tmp_path) == []


def test_without_room_for_the_copy_nothing_is_upgraded(tmp_path):
    file = tmp_path / "goshawk.db"
    upgraded(f"sqlite:///{file}", "0002")
    (tmp_path / f".goshawk.db.before-{schema.head()}.part").mkdir()

    with pytest.raises(Unusable, match="cannot be written before the upgrade"):
        schema.ensure(f"sqlite:///{file}")
    assert schema.version_of(f"sqlite:///{file}") == "0002"


def test_a_copy_of_before_the_upgrade_goes_back_and_forth(tmp_path):
    file = tmp_path / "goshawk.db"
    upgraded(f"sqlite:///{file}", "0001")
    fill(f"sqlite:///{file}")
    schema.ensure(f"sqlite:///{file}")

    shutil.copy(tmp_path / f"goshawk.db.before-{schema.head()}", file)
    schema.ensure(f"sqlite:///{file}")

    with closing(sqlite3.connect(file)) as connection:
        assert connection.execute("SELECT count(*) FROM cases").fetchone() == (1,)
