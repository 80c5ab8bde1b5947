"""Backups: whole while somebody writes, put back without mixing two databases, and never half."""

from __future__ import annotations

import asyncio
import sqlite3
import stat
import subprocess
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.job import Job
from bot.errors import Unusable
from bot.store import backup, schema
from bot.store.engine import Store
from bot.store.unit import Unit
from tests.fakes.posts import START

CHECK = ["/usr/bin/sha256sum", "--check", "copy.db.sha256"]


def file_of(url: str) -> Path:
    return Path(url.removeprefix("sqlite:///"))


def twins(number: int):
    """Return a work that promises two things at once: a copy of one moment has both or none."""

    def work(unit: Unit) -> None:
        for hand in ("left", "right"):
            unit.jobs.add(Job(kind="test", key=f"{hand} {number}", due=START))

    return work


def keys(file: Path) -> list[str]:
    with closing(sqlite3.connect(file)) as connection:
        return [key for (key,) in connection.execute("SELECT key FROM job ORDER BY id")]


async def test_a_backup_is_whole_and_of_one_moment_while_others_write(new_file, tmp_path):
    url = new_file()
    store, target, written = Store(url), tmp_path / "copy.db", 0
    store.open()

    async def write() -> None:
        nonlocal written
        while True:
            await asyncio.gather(*[store.transact(twins(written + one)) for one in range(20)])
            written += 20

    async with asyncio.TaskGroup() as group:
        writing = group.create_task(write())
        while written < 1_000:  # noqa: ASYNC110 - no bell rings
            await asyncio.sleep(0.01)
        before = written
        done = await asyncio.to_thread(backup.write, file_of(url), target)
        while written == before:  # noqa: ASYNC110 - writing goes on
            await asyncio.sleep(0.01)
        writing.cancel()
    store.close()

    found = keys(target)
    assert len(found) >= 2 * before and len(found) % 2 == 0
    assert {key.split()[1] for key in found if key[0] == "l"} == {key.split()[1] for key in found if key[0] == "r"}
    assert done.sha256 == backup.checksum(target)


def test_a_backup_is_one_file_for_its_owner_with_a_checksum_that_others_can_read(new_file, tmp_path):
    target = tmp_path / "kept" / "copy.db"
    target.parent.mkdir()
    backup.write(file_of(new_file()), target)

    names = {path.name: stat.S_IMODE(path.stat().st_mode) for path in target.parent.iterdir()}
    said = subprocess.run(CHECK, cwd=target.parent, capture_output=True, check=True)  # noqa: S603 - a tool of the system

    assert names == {"copy.db": 0o600, "copy.db.sha256": 0o600}
    assert said.stdout == b"copy.db: OK\n"
    backup.refuse_changed(target)


def test_a_backup_that_was_changed_since_is_refused(new_file, tmp_path):
    target = tmp_path / "copy.db"
    backup.write(file_of(new_file()), target)
    with target.open("r+b") as content:
        content.seek(5_000)
        content.write(b"!")

    with pytest.raises(Unusable, match="its checksum differs"):
        backup.refuse_changed(target)


def test_only_backups_that_were_named_here_are_rotated(tmp_path, new_file):
    names = [backup.name_at(START + timedelta(days=day)) for day in range(4)]
    (tmp_path / "b").mkdir()
    for name in [*names, "mine.db"]:
        backup.write(file_of(new_file()), tmp_path / "b" / name)

    removed = backup.rotate(tmp_path / "b", 2)

    assert [path.name for path in removed] == names[:2]
    left = {path.name for path in (tmp_path / "b").iterdir()}
    assert left == {end for name in [*names[2:], "mine.db"] for end in (name, f"{name}.sha256")}


def test_nothing_is_written_over(new_file, tmp_path):
    (tmp_path / "copy.db").write_text("mine")

    with pytest.raises(Unusable, match="is there already"):
        backup.write(file_of(new_file()), tmp_path / "copy.db")
    assert (tmp_path / "copy.db").read_text() == "mine"


def test_what_is_no_database_leaves_no_copy(tmp_path):
    (tmp_path / "diary").write_text("Dear diary, this is no database. " * 200)

    with pytest.raises(Unusable, match=r"diary is damaged or no database .* Restore a backup that is sound"):
        backup.write(tmp_path / "diary", tmp_path / "copy.db")
    assert [path.name for path in tmp_path.iterdir()] == ["diary"]


def test_what_somebody_left_who_was_killed_does_no_harm(new_file, tmp_path):
    for ending in ("", "-wal", "-shm"):
        (tmp_path / f".copy.db.part{ending}").write_bytes(b"half" * 2_000)

    backup.write(file_of(new_file()), tmp_path / "copy.db")

    assert keys(tmp_path / "copy.db") == []
    assert not list(tmp_path.glob(".copy*"))


def filled(url: str, key: str) -> Path:
    with closing(sqlite3.connect(file_of(url))) as connection, connection:
        connection.execute(
            "INSERT INTO job (kind, key, subject, final, urgent, due, wished_due, state, tries, fence, wish, trouble)"
            " VALUES ('test', ?, '', 0, 5, 0, 0, 'ready', 0, 0, 0, '')",
            (key,),
        )
    return file_of(url)


def test_a_copy_takes_the_place_and_what_stood_there_is_kept_with_its_log(new_file, tmp_path):
    database, ready = filled(new_file(), "old"), filled(new_file(), "new")
    log = database.with_name(database.name + "-wal")
    log.write_bytes(b"a log of the old one")

    aside = backup.put_in_place(ready, database, at=START)

    assert keys(database) == ["new"] and not log.exists() and not ready.exists()
    assert aside and aside.with_name(aside.name + "-wal").read_bytes() == b"a log of the old one"


def test_nothing_starts_where_putting_back_was_interrupted_and_the_second_try_ends_it(new_file):
    database, ready = filled(new_file(), "old"), filled(new_file(), "new")
    waiting = backup.waiting_for(database)
    ready.rename(waiting)
    database.rename(database.with_name("aside"))  # killed here: nothing stands in its place

    with pytest.raises(Unusable, match=r"was interrupted\. Run `goshawk restore` with the same file again"):
        schema.ensure(f"sqlite:///{database}")
    assert not database.exists()

    again = filled(new_file(), "new")
    assert backup.put_in_place(again, database, at=START) is None
    schema.ensure(f"sqlite:///{database}")
    assert keys(database) == ["new"] and not waiting.exists()


def test_a_link_in_the_place_of_the_checksum_leads_nobody_to_write_over_another_file(new_file, tmp_path):
    precious, target = tmp_path / "precious", tmp_path / "copy.db"
    precious.write_text("mine")
    (tmp_path / "copy.db.sha256").symlink_to(precious)

    backup.write(file_of(new_file()), target)

    assert precious.read_text() == "mine"
    assert not (tmp_path / "copy.db.sha256").is_symlink()


@pytest.mark.parametrize("length", [252, 300])
def test_a_name_that_no_disk_takes_is_refused_in_a_sentence(new_file, tmp_path, length):
    with pytest.raises(Unusable, match="cannot be written"):
        backup.write(file_of(new_file()), tmp_path / ("a" * length))


def test_a_checksum_that_is_no_text_is_another_one(new_file, tmp_path):
    written = backup.write(file_of(new_file()), tmp_path / "copy.db").file
    (tmp_path / "copy.db.sha256").write_bytes(b"\xff\xfe\x00")

    with pytest.raises(Unusable, match="its checksum differs"):
        backup.refuse_changed(written)
