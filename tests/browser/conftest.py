"""The whole demo in Chromium: sandbox, bot and platform, and people's windows."""

from __future__ import annotations

import html
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest_asyncio
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Locator

from bot.cli.demo import _tricks
from bot.demo.server import Platform
from bot.web.server import bind, serving
from tests.page.conftest import Window, browser
from tests.stories.stage import ANA, Stage, stage

__all__ = ["browser"]

#: Stream seconds in one of the platform's clock.
SPEED = 20

#: A window that still fades in has colours that nobody is meant to read; what turns for ever is not waited for.
STANDS_STILL = """() => Promise.all(document.getAnimations()
  .filter((one) => one.effect.getComputedTiming().endTime !== Infinity)
  .map((one) => one.finished.catch(() => null)))"""
#: What axe-core checks: WCAG 2.0 to 2.2, levels A and AA, and its best practices.
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


class Day:
    """The platform's clock: it stands still until a story lets time pass, so that no post comes in between."""

    def __init__(self) -> None:
        self._now = datetime.now(UTC)

    def now(self) -> datetime:
        return self._now

    def passes(self, stream_s: float) -> None:
        self._now += timedelta(seconds=stream_s / SPEED)


class Seat(Window):
    """One person's window on the desk."""

    def card(self, words: str) -> Locator:
        """Return the newest message of the channel that holds ``words``; private notes are none."""
        articles = self.page.locator("#place").get_by_role("article")
        return articles.filter(has_text=words, has_not_text="Only visible to you").last

    def press(self, words: str, action: str) -> Locator:
        """Return a control of that card, such as case.claim."""
        return self.card(words).get_by_test_id(f"action:{action}")

    async def more(self, words: str, label: str) -> None:
        """Choose from the card's ⋯ menu."""
        await self.press(words, "case.more").click()
        await self.page.get_by_role("menuitem", name=label).click()

    async def type(self, text: str, box: str = "composer") -> None:
        """Write into a message box and send it."""
        await self.by(box).fill(text)
        await self.by(box).press("Enter")

    async def broken_rules(self) -> list[str]:
        """Return each rule of accessibility that is broken as the page stands, with its nodes."""
        options = {"runOnly": {"type": "tag", "values": RULES}, "resultTypes": ["violations"]}
        await self.page.evaluate(STANDS_STILL)
        found = (await Axe().run(self.page, options=options)).response["violations"]
        return [f"{one['id']}: {node['html'][:200]} {node['failureSummary']}" for one in found for node in one["nodes"]]

    @property
    def sheet(self) -> Locator:
        """The window that lies above the page."""
        return self.page.get_by_role("dialog")


@dataclass
class House:
    """The demo, and a way to open windows on it."""

    scene: Stage
    browser: Browser
    day: Day = field(default_factory=Day)
    opened: list[Seat] = field(default_factory=list)

    async def window(self, user: str = ANA, place: str = "", *, width: int = 1280, **context: Any) -> Seat:
        """Let somebody open a window."""
        size = {"width": width, "height": 800}
        kept = await self.browser.new_context(**{"viewport": size, "timezone_id": "Europe/Lisbon", **context})
        page = await kept.new_page()
        page.set_default_timeout(10_000)
        seat = Seat(page, self.scene.url)
        self.opened.append(seat)
        await page.goto(f"{self.scene.url}/?user={user}{place}")
        return seat

    async def public(self, card: Locator) -> str:
        """Return what everybody reads where a card leads: the post, and our answers under it."""
        leads = await card.get_by_role("link").first.get_attribute("href")
        return html.unescape((await self.scene.http.get(str(leads))).text)

    async def close(self) -> None:
        """Close all windows; none may have asked a stranger or met an error."""
        while self.opened:
            seat = self.opened.pop()
            await seat.page.context.close()
            assert (seat.foreign, seat.faults) == ([], [])


@asynccontextmanager
async def house(folder: Path, browser: Browser, *, stream_s: float = 500, **settings: object) -> AsyncIterator[House]:
    """Run the demo as it stands after so many seconds of the platform's stream."""
    folder.mkdir(exist_ok=True)
    day = Day()
    platform = Platform(keep=folder / "platform.db", token="town", speed=SPEED, clock=day.now)
    async with serving(platform.asgi, bind(0)) as town:
        day.passes(stream_s)
        feed = {"kind": "demo", "name": "demo", "url": town, "every_s": 0.2}
        tricks = _tricks(platform)
        async with stage(folder, tricks=tricks, feeds=[feed], secrets={"demo": "town"}, **settings) as scene:
            yield House(scene, browser, day)


@pytest_asyncio.fixture(loop_scope="session", scope="module")
async def _running(request, tmp_path_factory, browser: Browser) -> AsyncIterator[House]:
    stream_s = getattr(request.module, "STREAM_S", 500)
    async with house(tmp_path_factory.mktemp("demo"), browser, stream_s=stream_s) as running:
        yield running


@pytest_asyncio.fixture(loop_scope="session")
async def demo(_running: House) -> AsyncIterator[House]:
    """The demo, shared by the stories of a file: each takes a card of its own, of those by ``STREAM_S``."""
    yield _running
    await _running.close()
