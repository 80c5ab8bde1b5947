"""``goshawk purge``: what is old goes, and the file gets smaller."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.store.engine import Store
from bot.store.schema import upgrade
from tests.fakes.posts import mention, praise


@pytest.fixture
async def folder(tmp_path: Path) -> Path:
    """Give a data folder with two thousand old mentions and one of today."""
    url = f"sqlite:///{tmp_path / 'goshawk.db'}"
    upgrade(url)
    store = Store(url)
    store.open()
    now = datetime.now(UTC)
    old = [mention("Where is my kayak? " * 40, by=f"a{n}", at=now - timedelta(days=200)) for n in range(2_000)]
    judged = [(one, praise(), None) for one in [*old, mention("A fresh word.", at=now)]]
    await store.transact(lambda unit: unit.mentions.add_all(judged))
    store.close()
    return tmp_path


def purge(folder: Path, *flags: str) -> str:
    done = subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-m", "bot", "purge", "--data", str(folder), *flags],
        capture_output=True,
        text=True,
        check=False,
        env={"PATH": os.environ["PATH"]},
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


async def test_a_dry_run_counts_and_a_run_removes(folder: Path):
    file = folder / "goshawk.db"
    before = file.stat().st_size

    assert purge(folder, "--dry-run") == (
        "Older than 180 days: 2000 mentions, 0 cases, 0 Slack messages. Nothing was changed.\n"
    )
    assert b"kayak" in file.read_bytes()
    assert purge(folder).startswith("Removed the words of 2000 mentions, 0 cases, 0 Slack messages")

    left = b"".join(path.read_bytes() for path in folder.glob("goshawk.db*"))
    assert b"kayak" not in left and b"A fresh word." in left
    assert file.stat().st_size < before / 2


async def test_a_dry_run_names_no_age_where_words_are_kept_for_ever(folder: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(folder)
    (folder / "goshawk.toml").write_text("keep_days = 0")

    assert purge(folder, "--dry-run") == "keep_days is 0: words are kept for ever.\n"
