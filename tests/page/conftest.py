"""The page in Chromium, on a real sandbox with a scripted app behind it."""

import asyncio
import functools
import os
import shutil
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
import uvicorn
from playwright.async_api import Browser, ConsoleMessage, Page, async_playwright, expect

from bot.sandbox.server import Sandbox
from tests.page.desk import MANIFEST, Desk

_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


#: One event loop for the whole run, so that all tests share one browser.
_fixture = functools.partial(pytest_asyncio.fixture, loop_scope="session")


class _Server(uvicorn.Server):
    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@asynccontextmanager
async def serving(sandbox: Sandbox, port: int = 0) -> AsyncIterator[str]:
    """Serve a sandbox on loopback and give its address."""
    with socket.socket(proto=socket.IPPROTO_TCP) as door:  # else asyncio leaves Nagle on: 40 ms a call
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        door.bind(("127.0.0.1", port))
        door.listen()
        config = uvicorn.Config(
            sandbox.asgi, log_level="error", ws="websockets-sansio", timeout_graceful_shutdown=1, lifespan="on"
        )
        server = _Server(config)
        running = asyncio.create_task(server.serve(sockets=[door]))
        try:
            yield f"http://127.0.0.1:{door.getsockname()[1]}"
        finally:
            server.should_exit = True
            await running


@_fixture()
async def address(tmp_path: Path) -> AsyncIterator[str]:
    async with serving(Sandbox(MANIFEST, keep=tmp_path / "workspace.sqlite3")) as base_url:
        yield base_url


@_fixture()
async def desk(address: str) -> AsyncIterator[Desk]:
    """The app, connected."""
    app = Desk(address)
    await app.listen()
    yield app
    await app.close()


@_fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    path = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if path is None:
        if os.environ.get("CI") == "true":
            pytest.fail("CI has no Chromium: .ci/run installs it")
        pytest.skip("no Chromium on this machine: install Debian's chromium to run the page's tests")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=_FLAGS)
        yield browser
        await browser.close()


class Window:
    """One person's window, and what went wrong in it."""

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        self.foreign: list[str] = []
        self.faults: list[str] = []
        page.on("request", lambda request: self._see(request.url, address))
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.on("console", self._read)

    def _see(self, url: str, address: str) -> None:
        if not url.startswith((address, address.replace("http", "ws", 1), "blob:")):
            self.foreign.append(url)

    def _read(self, line: ConsoleMessage) -> None:
        if line.type == "error":
            self.faults.append(line.text)

    async def quiet(self) -> None:
        """Wait until no control waits for the app any more."""
        await expect(self.page.locator("[aria-busy=true]")).to_have_count(0)

    def by(self, testid: str) -> Any:
        """Return the element of this test handle."""
        return self.page.get_by_test_id(testid)


Visit = Callable[..., Awaitable[Page]]


@_fixture()
async def windows(browser: Browser, address: str) -> AsyncIterator[Callable[..., Awaitable[Window]]]:
    """Open a window for a person; at the end none may have asked a stranger or met an error."""
    opened: list[Window] = []

    async def visit(user: str = "U0ANA00001", place: str = "", **context: Any) -> Window:
        context.setdefault("viewport", {"width": 1280, "height": 800})
        page = await (await browser.new_context(**context)).new_page()
        window = Window(page, address)
        opened.append(window)
        await page.goto(f"{address}/?user={user}{place}")
        await window.by("channel:C0CARE0001").wait_for(state="attached")
        return window

    yield visit
    for window in opened:
        await window.page.context.close()
        assert window.foreign == []
        assert window.faults == []
