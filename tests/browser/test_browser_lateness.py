"""How quick the bot was: what a person sees of it, when all is well and when it is late."""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from tests.browser.conftest import House, house

pytestmark = pytest.mark.asyncio(loop_scope="session")

WORDS = "where my suitcase is"


async def test_a_late_bot_is_said_to_be_late_and_what_was_pressed_still_counts(tmp_path: Path, browser: Browser):
    """Its database is held by somebody else for four seconds; Slack gives up after three."""
    async with house(tmp_path, browser, stream_s=40) as demo:
        ana = await demo.window()
        claim = ana.press(WORDS, "case.claim")
        await expect(claim).to_be_visible()
        await demo.scene.settled()

        with contextlib.closing(sqlite3.connect(tmp_path / "goshawk.db", isolation_level=None)) as somebody:
            somebody.execute("BEGIN IMMEDIATE")
            await claim.click()
            await expect(claim).to_have_attribute("aria-busy", "true")
            await expect(ana.by("notice")).to_contain_text("The app did not answer within 3 seconds.")
            await expect(ana.card(WORDS)).to_contain_text("Unclaimed")

        await expect(ana.card(WORDS)).to_contain_text("Claimed by ana")
        await demo.close()


async def test_the_inspector_shows_how_a_press_was_answered(demo: House):
    """What went to the app, how fast it came back, and what it called to do it."""
    ana, words = await demo.window(), WORDS
    await ana.by("open-inspector").click()
    await ana.by("inspect:payloads").click()
    drawer = ana.page.get_by_role("complementary", name="Inspector")

    await ana.press(words, "case.claim").click()
    await expect(ana.card(words)).to_contain_text("Claimed by ana")
    newest = drawer.get_by_role("button", name="case.claim").first
    await expect(newest).to_contain_text("ms, in time")
    await newest.click()

    await expect(ana.page.locator(".trace-raw:visible")).to_contain_text('"type": "block_actions"')
    await ana.by("inspect:calls").click()
    await expect(drawer.get_by_role("button", name="chat.update").first).to_contain_text("ok")
    await ana.by("inspect:errors").click()
    await expect(drawer).to_contain_text("The app kept to the protocol so far.")
