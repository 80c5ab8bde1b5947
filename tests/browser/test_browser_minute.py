"""The first minutes of a newcomer, on ``goshawk demo`` as it is typed: a process of its own, at its own pace."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from bot.errors import Unusable
from bot.web.server import bind
from tests.browser.conftest import Seat
from tests.cli.terminal import started
from tests.stories.stage import ANA

pytestmark = pytest.mark.asyncio(loop_scope="session")

WORDS = "where my suitcase is"


def quiet_port() -> str:
    """Return a port that is free beside a free one, below those that a machine hands out by itself."""
    for port in range(20_000 + os.getpid() % 5_000 * 2, 32_000, 2):
        with contextlib.suppress(Unusable), bind(port), bind(port + 1):
            return str(port)
    raise AssertionError("no two free ports beside each other")


async def sat_down(browser: Browser, url: str) -> Seat:
    """Open the page as a person who was never here."""
    page = await (await browser.new_context(viewport={"width": 1280, "height": 800})).new_page()
    seat = Seat(page, url)
    await page.goto(f"{url}/?user={ANA}")
    await expect(seat.card(WORDS)).to_be_visible(timeout=20_000)
    return seat


async def test_a_storm_then_an_outage(tmp_path: Path, browser: Browser):
    """A reply that is sent while the platform is down waits, and says so. It takes the platform some seconds."""
    demo = started("demo", "--no-browser", "--data", tmp_path, "--port", "0", cwd=tmp_path).watching()
    ana = await sat_down(browser, demo.url)
    claims = ana.page.get_by_role("button", name="Claim complaint")
    before = await claims.count()

    await ana.by("trick:storm").click()
    await expect(ana.by("tricks-said")).to_contain_text("Watch #social-care.")
    await expect(claims.nth(before + 2)).to_be_visible(timeout=20_000)
    await ana.by("trick:down").click()
    await ana.press(WORDS, "case.reply").click()
    await ana.sheet.get_by_role("textbox").fill("It is on the 18:40 to you. We are sorry.")
    await ana.by("modal-submit").click()

    await expect(ana.card("cannot be read")).to_be_visible(timeout=20_000)
    await expect(ana.card(WORDS)).to_contain_text("Trying again: ", timeout=20_000)
    assert await ana.broken_rules() == []
    assert (ana.foreign, ana.faults) == ([], [])
    await ana.page.context.close()
    demo.stopped()


async def test_a_restart_is_seen_and_loses_nothing(tmp_path: Path, browser: Browser):
    """Twice the whole start of a process: it takes some seconds."""
    command = ("demo", "--no-browser", "--data", tmp_path, "--port")
    port = quiet_port()
    first = started(*command, port, cwd=tmp_path).watching()
    ana = await sat_down(browser, first.url)
    banner = ana.page.locator("#banner")
    await ana.press(WORDS, "case.claim").click()
    await expect(ana.card(WORDS)).to_contain_text("Claimed by ana")
    await ana.by("composer").fill("half a thought")

    first.stopped()
    await expect(banner).to_contain_text("The sandbox does not answer. Trying again…")
    second = started(*command, port, cwd=tmp_path).watching()

    await expect(banner).to_be_hidden(timeout=10_000)
    await expect(ana.card(WORDS)).to_contain_text("Claimed by ana")
    await expect(ana.by("composer")).to_have_value("half a thought")
    await ana.press(WORDS, "case.reply").click()
    await expect(ana.sheet).to_contain_text("Reply to complaint")
    await ana.page.context.close()
    second.stopped()
