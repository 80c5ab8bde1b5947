"""``goshawk web`` and ``goshawk worker``: one folder of SQLite has room for one of them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from bot.store.lock import held


def test_a_second_process_on_sqlite_is_refused_and_told_of_postgresql(goshawk, folder):
    tokens = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1", "SLACK_API_URL": "http://127.0.0.1:1/api/"}
    with held(folder / "goshawk-data"):
        said = [goshawk(part, **{**tokens, "PORT": "0"}) for part in ("run", "web", "worker")]

    assert [one.code for one in said] == [2, 2, 2]
    assert all("Another Goshawk runs on goshawk-data." in one.err for one in said)
    assert all("need PostgreSQL: set DATABASE_URL" in one.err for one in said)


def test_two_folders_on_one_sqlite_file_are_refused_as_well(goshawk, folder):
    tokens = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1", "SLACK_API_URL": "http://127.0.0.1:1/api/"}
    file = folder / "shared" / "desk.db"
    with held(file.parent):
        said = goshawk("worker", **{**tokens, "DATABASE_URL": f"sqlite:///{file}", "GOSHAWK_DATA": "elsewhere"})

    assert (said.code, "Another Goshawk runs on" in said.err) == (2, True)


def test_neither_way_to_slack_is_said(goshawk):
    said = goshawk("web", SLACK_BOT_TOKEN="xoxb-1")

    assert (said.code, "over HTTP set SLACK_SIGNING_SECRET instead" in said.err) == (2, True)


def test_what_only_some_need_is_loaded_only_there():
    told = "import sys, bot.cli.run; print(*sys.modules)"
    loaded = subprocess.run(  # noqa: S603 - our own words
        [sys.executable, "-c", told], cwd=Path(__file__).parents[2], capture_output=True, text=True, check=True
    ).stdout.split()

    assert "bot.app" in loaded
    assert not {"alembic", "feedparser", "psycopg", "bot.feeds.rss", "bot.feeds.demo", "bot.demo", "bot.sandbox"} & {
        *loaded
    }
