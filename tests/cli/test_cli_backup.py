"""``goshawk backup`` and ``goshawk restore``: copied beside a bot, looked at, put back, and safe to start."""

from __future__ import annotations

import asyncio
import re
import shutil
import sqlite3
import stat
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine

from bot.cases import promises
from bot.store.engine import Store
from bot.store.lock import held
from tests.cli.conftest import Said
from tests.conftest import SERVER
from tests.fakes.clock import TurnableClock
from tests.fakes.office import Office

Goshawk = Callable[..., Said]


def at_work(url: str, do: Callable[[Office], Any]) -> Any:
    """Let an office work on a database for a while, beside whoever else does."""

    async def work() -> Any:
        store = Store(url)
        store.open()
        try:
            return await do(Office(store, TurnableClock()))
        finally:
            store.close()

    return asyncio.run(work())


async def a_morning(office: Office) -> None:
    """Two complaints: one is answered and over, the other waits with a reply on its way."""
    first, second = await office.case_of(by="mara"), await office.case_of(by="theo")
    await office.answer(first.id, resolves=True)
    await office.pass_time(office.policy.undo)
    await office.answer(second.id)


@pytest.fixture
def data(folder: Path, template: Path) -> Path:
    """Give a data folder after a morning's work."""
    (folder / "goshawk-data").mkdir()
    shutil.copy(template, folder / "goshawk-data" / "goshawk.db")
    at_work(f"sqlite:///{folder / 'goshawk-data' / 'goshawk.db'}", a_morning)
    return folder / "goshawk-data"


def count(file: Path, table: str, where: str = "1") -> int:
    with closing(sqlite3.connect(file)) as connection:
        return int(connection.execute(f"SELECT count(*) FROM {table} WHERE {where}").fetchone()[0])  # noqa: S608 - our own words


def test_a_backup_beside_a_running_bot_is_named_by_the_clock(goshawk: Goshawk, data: Path):
    with held(data):
        said = goshawk("backup")

    [file] = (data / "backups").glob("*.db")
    assert said.code == 0
    assert re.fullmatch(rf"goshawk-data/backups/{file.name} holds \d+ KiB, sha256 [0-9a-f]{{16}}\.\.\.\n", said.out)
    assert count(file, "cases") == 2
    assert stat.S_IMODE((data / "backups").stat().st_mode) == 0o700


def test_older_backups_go_when_so_many_are_kept(goshawk: Goshawk, data: Path):
    for _ in range(4):
        last = goshawk("backup", "--keep", "2")

    assert len(list((data / "backups").glob("*.db"))) == 2
    assert last.out.count("is removed.") == 1


def test_a_backup_is_looked_at_without_a_change(goshawk: Goshawk, data: Path):
    goshawk("backup", "copy.db")
    before = Path("copy.db").read_bytes()

    said = goshawk("restore", "copy.db", "--check")

    assert said.code == 0
    assert "2 mentions, 2 cases, 1 open cases" in said.out
    assert said.out.count("ok  ") == 8 and "broken" not in said.out
    assert Path("copy.db").read_bytes() == before


@pytest.mark.parametrize(
    ("change", "law"),
    [
        ("UPDATE mention SET case_id = 99 WHERE id = 1", "every mention of a case has that case: 1"),
        ("UPDATE mention SET visibility = 'private' WHERE id = 1", "nothing private is in a public case: 1"),
        ("DELETE FROM event WHERE what = 'reply queued'", "no reply left without a person's word: 2"),
        ("DELETE FROM event WHERE what = 'claimed'", "who has a case was given it: "),
        ("DELETE FROM job", "every open case has a card, or is promised one: 1"),
        ("UPDATE reply SET state = 'unknown' WHERE id = 2; DELETE FROM job", "every doubtful reply asks somebody: 1"),
        ("UPDATE reply SET state = 'sent', remote_id = (SELECT remote_id FROM reply WHERE id = 1)", "are one post: 1"),
        ("INSERT INTO card VALUES (99, 'C1', '1.1', 1, 1)", "every card is of a case: 1"),
    ],
)
def test_what_must_hold_and_does_not_is_named(goshawk: Goshawk, data: Path, change: str, law: str):
    with closing(sqlite3.connect(data / "goshawk.db")) as connection:
        connection.executescript(change)
    goshawk("backup", "copy.db")

    said = goshawk("restore", "copy.db", "--check")

    assert said.code == 1
    assert law in said.out


def test_putting_back_keeps_what_stood_there_and_says_what_is_in_doubt(goshawk: Goshawk, data: Path):
    goshawk("backup", "copy.db")
    at_work(f"sqlite:///{data / 'goshawk.db'}", lambda office: office.case_of(by="lost"))

    said = goshawk("restore", "copy.db")

    [aside] = data.glob("goshawk.db.before-2*")
    assert said.code == 0
    assert (count(data / "goshawk.db", "cases"), count(aside, "cases")) == (2, 3)
    assert "- 1 replies are looked for on the platform before any of them leaves," in said.out
    assert f"What stood there is kept as goshawk-data/{aside.name}." in said.out
    assert stat.S_IMODE((data / "goshawk.db").stat().st_mode) == 0o600
    assert sorted(path.name for path in data.iterdir()) == ["goshawk.db", aside.name, "goshawk.lock"]


def test_a_backup_is_never_put_under_a_running_bot(goshawk: Goshawk, data: Path):
    goshawk("backup", "copy.db")

    with held(data):
        said = goshawk("restore", "copy.db")

    assert said.code == 2
    assert "Another Goshawk runs on goshawk-data. Stop it, or choose another folder with --data." in said.err


@pytest.mark.parametrize("words", [["restore", "copy.db"], ["restore", "--check", "copy.db"]])
@pytest.mark.parametrize(
    ("harm", "sentence"),
    [
        (lambda file: file.write_bytes(b"no database " * 900), "copy.db is damaged or no database"),
        (lambda file: file.write_bytes(file.read_bytes()[:40_000]), "copy.db"),
        (lambda file: file.unlink(), "copy.db does not exist"),
        (lambda file: sqlite3.connect(file).execute("CREATE TABLE x (y)") and None, "copy.db"),
    ],
    ids=["no database", "cut off", "not there", "not as written"],
)
def test_what_is_no_sound_backup_is_refused_and_nothing_changes(
    goshawk: Goshawk, data: Path, words: list[str], harm: Callable[[Path], Any], sentence: str
):
    goshawk("backup", "copy.db")
    kept = Path("copy.db.sha256").read_text()
    harm(Path("copy.db"))
    if sentence != "copy.db":
        Path("copy.db.sha256").unlink()
    before = (data / "goshawk.db").read_bytes()

    said = goshawk(*words)

    assert kept and said.code == 2
    assert sentence in said.err
    assert (data / "goshawk.db").read_bytes() == before
    assert {path.name for path in data.iterdir()} <= {"goshawk.db", "goshawk.lock"}


def test_a_backup_of_a_newer_goshawk_is_refused(goshawk: Goshawk, data: Path):
    goshawk("backup", "copy.db")
    Path("copy.db.sha256").unlink()
    with closing(sqlite3.connect("copy.db")) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")

    assert "version 9999, newer than this Goshawk" in goshawk("restore", "copy.db").err


def test_after_a_restore_what_would_leave_is_looked_for_first_and_old_alarms_rest(goshawk: Goshawk, data: Path):
    goshawk("backup", "copy.db")
    url = f"sqlite:///{data / 'goshawk.db'}"

    goshawk("restore", "copy.db")

    async def jobs(office: Office) -> tuple[list[Any], list[Any], int]:
        posting = await office.jobs(promises.REDRAW, promises.LINE, promises.RESTORED)
        case = await office.case_of(by="new")
        return posting, await office.jobs(promises.ALARM), case.id

    posting, alarms, number = at_work(url, jobs)
    assert [job.kind for job in posting if job.attempted_at is None] == [promises.RESTORED]
    assert number > 10_000  # cards of lost cases may stand in Slack under the numbers between
    assert alarms


@pytest.mark.skipif(not SERVER, reason="GOSHAWK_TEST_DATABASE_URL names no PostgreSQL server")
def test_a_database_on_a_server_is_looked_at_and_made_safe_to_start_in_its_place(goshawk: Goshawk, emptied: str):
    at_work(emptied, a_morning)

    looked = goshawk("restore", "--check", DATABASE_URL=emptied)
    done = goshawk("restore", DATABASE_URL=emptied)
    refused = [goshawk(*words, DATABASE_URL=emptied).err for words in (["backup"], ["restore", "copy.db"])]

    async def numbers(office: Office) -> int:
        return (await office.case_of(by="new")).id

    assert looked.code == 0 and "2 mentions, 2 cases, 1 open cases" in looked.out
    assert done.code == 0 and "- 1 replies are looked for on the platform" in done.out
    assert at_work(emptied, numbers) > 10_000
    assert "Back it up with pg_dump" in refused[0] and "pg_restore" in refused[1]


@pytest.mark.skipif(not SERVER, reason="GOSHAWK_TEST_DATABASE_URL names no PostgreSQL server")
def test_a_database_whose_worker_runs_is_not_made_safe_to_start(goshawk: Goshawk, emptied: str, folder: Path):
    (folder / "goshawk.toml").write_text('[[feeds]]\nkind = "webhook"\nname = "shop"\n')
    lock = "SELECT pg_advisory_lock(hashtextextended(current_schema() || '.feed.shop', 0))"
    engine = create_engine(emptied)
    with engine.connect() as worker:
        worker.exec_driver_sql(lock)
        running = goshawk("restore", DATABASE_URL=emptied, GOSHAWK_SECRETS__SHOP="x" * 20)
    engine.dispose()
    stopped = goshawk("restore", DATABASE_URL=emptied, GOSHAWK_SECRETS__SHOP="x" * 20)

    assert (running.code, stopped.code) == (2, 0)
    assert "Stop every web and worker first." in running.err


def test_without_a_file_it_is_said_what_to_type(goshawk: Goshawk, folder: Path):
    assert "Name the backup: goshawk restore FILE." in goshawk("restore").err
    assert "There is no database goshawk-data/goshawk.db yet." in goshawk("backup").err
