"""When we break, the person is told so with a number to quote; nothing is half done, and events come again."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from tests.stories.stage import ANA, PLAIN, stage, text_of

OURS = "That did not work and it is our fault (ref "


@contextlib.contextmanager
def broken(folder: Path) -> Iterator[None]:
    """Take the table of events away, as only a fault of ours could."""
    with contextlib.closing(sqlite3.connect(folder / "goshawk.db", isolation_level=None)) as database:
        database.execute("ALTER TABLE event RENAME TO event_gone")
        try:
            yield
        finally:
            database.execute("ALTER TABLE event_gone RENAME TO event")


async def test_a_press_that_breaks_us_is_answered(tmp_path: Path, log_lines):
    async with stage(tmp_path) as scene:
        scene.town.post(PLAIN)
        card = await scene.card("Unclaimed")
        await scene.settled()

        with broken(tmp_path):
            assert (await scene.press(ANA, card, "case.claim"))["ok"]
            told = await scene.hears(ANA, OURS)

        assert "Nothing was sent." in told
        ref = told.split(OURS)[1][:4]
        assert log_lines().count(f'"ref": "{ref}"') == 1
        assert "Unclaimed" in text_of((await scene.cards())[0])
        await scene.press(ANA, card, "case.claim")
        await scene.card("Claimed by ana")


async def test_a_window_that_breaks_us_stays_open_and_says_so(tmp_path: Path, log_lines):
    async with stage(tmp_path) as scene:
        scene.town.post(PLAIN)
        card = await scene.card("Unclaimed")
        await scene.press(ANA, card, "case.reply")
        await scene.settled()

        with broken(tmp_path):
            failed = await scene.submit(ANA, text="It is found!")

        assert OURS in failed["errors"]["text"]
        await scene.submit(ANA, text="It is found!")
        await scene.card("Replied, waiting")
        assert scene.town.said == ["It is found!"]


async def test_an_event_that_broke_us_is_done_when_slack_delivers_it_again(tmp_path: Path, log_lines):
    async with stage(tmp_path) as scene:
        scene.town.post(PLAIN)
        card = await scene.card("Unclaimed")
        await scene.settled()

        with broken(tmp_path):
            await scene.react(ANA, card, "eyes")
            while not [line for line in (await scene.state())["connections"] if line["unacked"]]:
                await scene.http.get("/sim/state")

        assert (await scene.card("Claimed by ana"))["ts"] == card["ts"]


async def test_a_button_of_an_older_goshawk_says_so(tmp_path: Path, log_lines):
    async with stage(tmp_path) as scene:
        scene.town.post(PLAIN)
        card = await scene.card("Unclaimed")
        message = scene.sandbox._world.messages.get(card["channel"], card["ts"])
        message.blocks = message.blocks.replace(b"case.claim", b"case.adopt")

        await scene.press(ANA, card, "case.adopt")

        assert "This button is of an older Goshawk" in (await scene.whispers(ANA))[-1]
