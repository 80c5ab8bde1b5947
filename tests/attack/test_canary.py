"""A private text walks every path there is, with faults on the way, and is read by the private channel's people only.

The canary is one word that stands nowhere else. Whatever leaves the bot is
searched for it: messages, whispers, windows, Homes, logs at their finest,
figures, the health page, exports, and what jobs and events keep.
"""

from __future__ import annotations

import io
import json
import logging
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Final

import httpx
import pytest
import structlog

from bot import log
from bot.web.server import bind, serving
from bot.web.webhooks import build
from tests.fakes.clock import TurnableClock
from tests.stories.stage import ANA, BEN, CARE, CLEO, DEV, GOSHAWK, PRIVATE, Stage, stage, text_of

CANARY: Final = "Zinnoberfink"
#: It complains, so that it becomes a case; the reasons of its verdict quote words around the canary.
SECRET: Final = f"@harbourline my {CANARY} suitcase never arrived and nobody answers {CANARY}!"
KIND: Final = f"@harbourline thank you for the lovely {CANARY} crossing, great crew!"
#: Our own answer in private is as private.
ANSWER: Final = f"We keep your {CANARY} for you"


@pytest.fixture
def finest() -> Iterator[Callable[[], str]]:
    """Log everything there is, libraries too, to where it can be searched."""
    root, paper = logging.getLogger(), io.StringIO()
    handlers, level = root.handlers, root.level
    log.configure("DEBUG")
    for handler in root.handlers:
        handler.setStream(paper)  # type: ignore[attr-defined]
    yield paper.getvalue
    structlog.reset_defaults()
    root.handlers = handlers
    root.setLevel(level)


def sings(thing: Any) -> bool:
    """Return whether the canary is heard in it."""
    words = thing if isinstance(thing, str) else json.dumps(thing, ensure_ascii=False)
    return CANARY.casefold() in words.replace("\u200b", "").replace("\u2060", "").casefold()


async def nobody_else_hears_it(scene: Stage) -> None:
    """Search all of Slack: only the private channel, and windows of people who are in it, may hold the canary."""
    await scene.settled()
    state = await scene.state()
    inside = scene.sandbox._world.channels[PRIVATE].members
    assert [room for room, found in state["messages"].items() if room != PRIVATE and sings(found)] == []
    assert not sings(state["ephemerals"])
    assert not sings(state["homes"])
    assert [user for user, views in state["views"].items() if user not in inside and sings(views)] == []
    assert not sings(state["protocol_errors"])


@contextmanager
def broken(folder: Path) -> Iterator[None]:
    """Take the table of events away, as only a fault of ours could."""
    with closing(sqlite3.connect(folder / "goshawk.db", isolation_level=None)) as database:
        database.execute("ALTER TABLE event RENAME TO event_gone")
        try:
            yield
        finally:
            database.execute("ALTER TABLE event_gone RENAME TO event")


async def test_a_private_word_is_heard_by_nobody_else_on_any_path(tmp_path: Path, finest):
    async with stage(tmp_path, clock=TurnableClock()) as scene:
        await _arrives(scene)
        await _is_worked_on(scene)
        await _is_answered_and_comes_again(scene)
        await _meets_faults(scene, tmp_path)
        await _leaves_the_house(scene)
        assert sings(await scene.messages(PRIVATE))
    assert not sings(finest())
    _is_kept_in_its_rows_only(tmp_path)
    _is_not_exported(tmp_path)


async def _arrives(scene: Stage) -> None:
    scene.town.post(SECRET, visibility="private")
    scene.town.post(KIND, visibility="unknown", by="nils")
    await scene.card("Unclaimed", channel=PRIVATE)
    await scene.turn(minutes=61)
    await scene.card("private: its text is withheld here")
    await nobody_else_hears_it(scene)


async def _is_worked_on(scene: Stage) -> None:
    typed = ("", "queue", "queue mine", "queue unanswered", "queue late", "queue unflagged", "mine", "show 1", "why 1",
             "status", "claim next", "claim 1", "snooze 1 2h", "reopen 1", "escalate 1 lead please look",
             "note 1 she was polite", "report today")  # fmt: skip
    for user in (DEV, CLEO, ANA):
        for words in typed:
            await scene.command(user, words)
            await scene.command(user, words, channel=PRIVATE if user != DEV else CARE)
        await scene.command(user, "", command="/claim")
        await scene.command(user, "1", command="/reply")
        await scene.close(user)
        await scene.home(user)
    card = (await scene.cards(PRIVATE))[0]
    await scene.more(CLEO, card, "Details…")
    assert sings((await scene.state())["views"].get(CLEO))
    await scene.say(ANA, f"<@{GOSHAWK}> why", channel=PRIVATE, thread_ts=card["ts"])
    await scene.command(ANA, "assign 1 @dev have a look")
    await scene.command(ANA, "assign 1 @ana back to me")
    await nobody_else_hears_it(scene)


async def _is_answered_and_comes_again(scene: Stage) -> None:
    await scene.command(ANA, "1", command="/reply")
    await scene.submit(ANA, text=ANSWER)
    await scene.command(ANA, "undo 1")
    await scene.settled()
    if not scene.town.replies:
        await scene.command(ANA, "1", command="/reply")
        await scene.submit(ANA, text=ANSWER)
    await scene.settled()
    assert {reply["visibility"] for reply in scene.town.replies} == {"private"}
    await scene.turn(seconds=9)
    scene.town.answer(f"The {CANARY} is not there, this is terrible, nobody answers!")
    await scene.see(lambda message: bool(message["thread_ts"]) and "wrote again" in text_of(message), PRIVATE)
    await scene.turn(hours=3)
    await nobody_else_hears_it(scene)


async def _meets_faults(scene: Stage, folder: Path) -> None:
    _fail_in_triage(scene)
    scene.town.post(f"{SECRET} Again!", visibility="private", by="olga")
    await scene.settled()
    scene.town.refusal = f"Nobody may read {CANARY}"
    await scene.command(ANA, "1", command="/reply")
    await scene.submit(ANA, text=ANSWER)
    await scene.turn(minutes=1)
    scene.town.refusal = ""
    scene.town.is_down = True
    await scene.turn(minutes=1)
    scene.town.is_down = False
    for fault in ("status", "html", "reset_before", "ratelimited"):
        await scene._do("faults", kind=fault, method="chat.update", times=1, seconds=0)
        await scene.command(ANA, f"note 1 after {fault}")
        await scene.command(ANA, "snooze 1 1h")
        await scene.command(ANA, "reopen 1")
        await scene.settled()
    with broken(folder):
        await scene.command(ANA, "claim 1")
        await scene.command(ANA, "1", command="/reply")
        scene.town.post(f"{SECRET} Once more!", visibility="private", by="pia")
        await scene.quiet()
    await scene.turn(minutes=5)
    await nobody_else_hears_it(scene)


def _fail_in_triage(scene: Stage) -> None:
    """Let the judge quote the text in its complaint, as a library might."""

    def judge(mention: Any) -> Any:
        raise ValueError(f"cannot judge {mention.text!r}")

    scene.goshawk.pipeline._judge = judge


async def _leaves_the_house(scene: Stage) -> None:
    """Ask for what is read from outside."""
    async with serving(build({}, scene.goshawk.pipeline), bind(0)) as url, httpx.AsyncClient(base_url=url) as http:
        for page in ("/healthz", "/metrics", "/hooks/town"):
            assert not sings((await http.get(page)).text), page


def _is_kept_in_its_rows_only(folder: Path) -> None:
    with closing(sqlite3.connect(folder / "goshawk.db")) as database:
        tables = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        singing = {name for name in tables if sings(str(database.execute(f"SELECT * FROM {name}").fetchall()))}  # noqa: S608 - names of our own
    assert singing == {"mention", "reply"}


def _is_not_exported(folder: Path) -> None:
    where = {**os.environ, "GOSHAWK_DATA": str(folder)}
    done = subprocess.run(
        [sys.executable, "-m", "bot", "export"], env=where, capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stderr
    assert "claimed" in done.stdout and not sings(done.stdout + done.stderr)


@pytest.mark.parametrize("settings", [{"channels": {"cases": "#social-care"}}])
async def test_without_a_private_channel_nobody_hears_it(tmp_path: Path, finest, settings: dict[str, Any]):
    async with stage(tmp_path, clock=TurnableClock(), **settings) as scene:
        scene.town.post(SECRET, visibility="private")
        await scene.card("Its text is withheld")
        for user in (ANA, BEN, DEV):
            for words in ("queue", "show 1", "why 1", "claim 1", "reply 1", "escalate 1 lead look", "release 1"):
                await scene.command(user, words)
            await scene.home(user)
        await scene.turn(hours=3)

        state = await scene.state()
        assert not sings({name: state[name] for name in ("messages", "ephemerals", "views", "homes")})
    assert not sings(finest())
