"""The whole demo in Chromium: sandbox, bot and platform, and people's windows.

``SHOTS=docs python -m pytest -n 0 tests/browser`` writes the pictures of the documents anew.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.async_api import Page, async_playwright

from bot.demo.server import Platform
from bot.web.server import bind, serving
from tests.stories.stage import Stage, stage

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]
FLAGS += ["--disable-background-networking", "--disable-component-update", "--disable-sync"]


@dataclass
class House:
    """The demo, and a way to open windows on it."""

    scene: Stage
    browser: object

    async def window(self, user: str, *, width: int = 1280, height: int = 800, scheme: str = "light") -> Page:
        size = {"width": width, "height": height}
        page = await self.browser.new_page(viewport=size, color_scheme=scheme, timezone_id="Europe/Lisbon")
        page.set_default_timeout(10_000)
        await page.goto(f"{self.scene.url}/?user={user}")
        return page


@asynccontextmanager
async def house(folder: Path, **settings: object) -> AsyncIterator[House]:
    """Run the demo and a browser."""
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is None:
        if os.environ.get("CI") == "true":
            pytest.fail("CI has no Chromium: .ci/run installs it")
        pytest.skip("no Chromium on this machine: install Debian's chromium to run these tests")
    folder.mkdir(exist_ok=True)
    platform = Platform(keep=folder / "platform.db", token="town", speed=20)
    async with serving(platform.asgi, bind(0)) as town:
        feed = {"kind": "demo", "name": "demo", "url": town, "every_s": 0.2}
        async with stage(folder, feeds=[feed], secrets={"demo": "town"}, **settings) as scene:
            async with async_playwright() as playwright:
                browser = await playwright.chromium.launch(executable_path=path, args=FLAGS)
                yield House(scene, browser)
                await browser.close()


async def shoot(page: Page, name: str) -> None:
    """Write a picture for the documents when ``SHOTS`` names their folder."""
    if folder := os.environ.get("SHOTS"):
        await page.screenshot(path=Path(folder) / f"{name}.png")
