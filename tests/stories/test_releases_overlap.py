"""A new release comes while the old one works: the old goes on beside it on newer tables, and is started no more."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from bot.store.schema import head
from tests.cli.terminal import environment
from tests.conftest import SERVER
from tests.stories.crew import ROOT, Crew, crew
from tests.stories.stage import ANA, Stage, text_of

pytestmark = pytest.mark.skipif(not SERVER, reason="GOSHAWK_TEST_DATABASE_URL names no PostgreSQL server")

#: What a migration may do while others work: it only adds (docs/operate.md).
ADDED = (
    "ALTER TABLE cases ADD COLUMN weather varchar(20)",
    "ALTER TABLE reply ADD COLUMN mood varchar(20) DEFAULT 'calm' NOT NULL",
    "ALTER TABLE job ADD COLUMN cost integer",
    "CREATE TABLE forecast (id integer PRIMARY KEY, words text)",
)
TAKEN_AWAY = (
    "ALTER TABLE cases DROP COLUMN IF EXISTS weather",
    "ALTER TABLE reply DROP COLUMN IF EXISTS mood",
    "ALTER TABLE job DROP COLUMN IF EXISTS cost",
    "DROP TABLE IF EXISTS forecast",
)


def told(url: str, *words: str) -> None:
    """Tell the database, all or nothing, as a migration does."""
    engine = create_engine(url)
    with engine.begin() as connection:
        for one in words:
            connection.execute(text(one))
    engine.dispose()


def version(number: str) -> str:
    return f"UPDATE alembic_version SET version_num = '{number}'"  # noqa: S608 - our own words


def started_anew(them: Crew) -> subprocess.CompletedProcess[str]:
    """Start a worker that is expected to be refused."""
    return subprocess.run(
        [sys.executable, "-m", "bot", "worker"],
        cwd=them.folder,
        env={**environment(them.environment), "PYTHONPATH": ROOT},
        capture_output=True,
        text=True,
        check=False,
    )


async def worked_through(scene: Stage, words: str) -> None:
    """Let somebody write, and let ana claim it and answer."""
    scene.town.post(f"@harbourline {words} never arrived and nobody answers me!", by=words.replace(" ", ""))
    await scene.press(ANA, await scene.card(words), "case.claim")
    card = await scene.see(lambda one: words in text_of(one) and "Claimed by ana" in text_of(one))
    await scene.answer(ANA, card, f"Your {words} is found.")
    await scene.see(lambda one: words in text_of(one) and "Replied, waiting" in text_of(one))


async def test_the_old_release_works_beside_the_new_one_until_it_is_told_to_stop(tmp_path: Path, emptied: str):
    try:
        async with crew(tmp_path, emptied, over_http=True) as (them, port):
            scene = them.scene
            web = await them.join("web", port=port)
            old = await them.join("worker")
            await worked_through(scene, "suitcase")

            await asyncio.to_thread(told, emptied, *ADDED, version("9999"))
            await worked_through(scene, "trunk")
            refused = await asyncio.to_thread(started_anew, them)
            await asyncio.to_thread(told, emptied, version(head()))  # what the new release knows
            new = await them.join("worker")
            for number in range(10):
                scene.town.post(f"@harbourline my parcel {number} never arrived!", by=f"guest{number}")
            old.send(signal.SIGTERM)
            code = await old.ended()
            for number in range(10):
                await scene.card(f"parcel {number} ")
            await worked_through(scene, "hatbox")
            cards = Counter(text_of(one).partition("Case ")[2].partition(",")[0] for one in await scene.cards())
            going_on = [one.handle.poll() for one in (web, new)]
    finally:
        await asyncio.to_thread(told, emptied, *TAKEN_AWAY, version(head()))

    assert refused.returncode == 2
    assert "newer than this Goshawk" in refused.stderr and "Traceback" not in refused.stderr
    assert (code, going_on) == (0, [None, None])
    assert (len(cards), set(cards.values())) == (13, {1})
    assert sorted(scene.town.said) == [f"Your {one} is found." for one in ("hatbox", "suitcase", "trunk")]
