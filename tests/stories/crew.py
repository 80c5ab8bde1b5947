"""Several processes of one Goshawk on one database, with the sandbox as Slack and the town as platform."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import httpx

from bot.sandbox.server import Sandbox
from bot.slack.manifest import manifest, printed
from bot.web.server import bind, serving
from tests.cli.terminal import environment
from tests.stories.stage import TOKEN, Stage
from tests.stories.town import Town

Found = TypeVar("Found")

ROOT = str(Path(__file__).parents[2])
#: Longest that a process may take for its first word, in seconds.
PATIENCE_S = 60.0
SETTINGS = """
card_gap_s = 0
undo_s = 0.5
storm_per_minute = 0

[channels]
cases = "#social-care"

[[feeds]]
kind = "demo"
name = "square"
url = "{square}"
every_s = 0.2
"""


def free_port() -> int:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return int(door.getsockname()[1])


@dataclass
class Member:
    """One process."""

    handle: subprocess.Popen[str]
    log: Path
    url: str = ""

    def logged(self, event: str) -> list[dict[str, Any]]:
        """Return the lines that it logged so far of one kind."""
        lines = [json.loads(line) for line in self.log.read_text().splitlines() if line.startswith("{")]
        return [line for line in lines if line["event"] == event]

    @property
    def feeds(self) -> int:
        """How many feeds it listens to now."""
        begun, ended = (
            [line for line in self.logged(f"held here {since}") if line["name"].startswith("feed.")]
            for since in ("from now on", "no longer")
        )
        return len(begun) - len(ended)

    def send(self, wanted: signal.Signals) -> None:
        self.handle.send_signal(wanted)

    async def ended(self, *, within_s: float = PATIENCE_S) -> int:
        """Wait for its end; return its exit code."""
        return await asyncio.to_thread(self.handle.wait, within_s)


@dataclass
class Crew:
    """The processes, and a person's hands and eyes in Slack."""

    scene: Stage
    folder: Path
    environment: dict[str, str]
    members: list[Member] = field(default_factory=list)

    async def join(self, part: str, *, port: int = 0, **more: str) -> Member:
        """Start a part; return when it says that it works."""
        log = self.folder / f"{part}-{len(self.members)}.log"
        with log.open("w") as lines:
            handle = subprocess.Popen(  # noqa: S603, ASYNC220 - our own command, which is given time to end
                [sys.executable, "-m", "bot", part],
                cwd=self.folder,
                env={
                    **environment(self.environment),
                    "PORT": str(port),
                    "PYTHONPATH": ROOT,
                    "PYTHONUNBUFFERED": "1",
                    **more,
                },
                stdout=subprocess.PIPE,
                stderr=lines,
                text=True,
            )
        member = Member(handle, log)
        self.members.append(member)
        assert handle.stdout is not None
        async with asyncio.timeout(PATIENCE_S):
            said = await asyncio.to_thread(handle.stdout.readline)
        assert said.startswith("Goshawk is "), said + log.read_text()
        member.url = said.rpartition(" ")[2].strip()
        return member

    async def holder(self) -> Member:
        """Wait until one of the workers listens to the square; return it."""
        return await until(lambda: next((one for one in self.members if one.handle.poll() is None and one.feeds), None))

    def dismiss(self) -> None:
        """End whatever still runs."""
        for member in self.members:
            if member.handle.poll() is None:
                member.handle.kill()
            member.handle.communicate()


async def until(look: Callable[[], Found | None], *, within_s: float = PATIENCE_S) -> Found:
    """Wait until there is something to be seen; return it."""
    end = time.monotonic() + within_s
    while (found := look()) is None:
        assert time.monotonic() < end, "it never came"
        await asyncio.sleep(0.02)
    return found


@contextlib.asynccontextmanager
async def crew(folder: Path, database: str, *, over_http: bool = False) -> AsyncIterator[tuple[Crew, int]]:
    """Lay out Slack and the square; give the crew that nobody has joined yet, and the port where Slack knocks."""
    port = free_port()
    knocks = f"http://127.0.0.1:{port}/slack/events" if over_http else ""
    town = Town()
    sandbox = Sandbox(manifest(look_back=True), sim_token=TOKEN, connect=printed(), request_url=knocks)
    sandbox.limits.tighten("off")
    async with serving(sandbox.asgi, bind(0)) as url, serving(town.asgi, bind(0)) as square:
        (folder / "goshawk.toml").write_text(SETTINGS.format(square=square))
        given = {
            "DATABASE_URL": database,
            "SLACK_BOT_TOKEN": sandbox.bot_token,
            "SLACK_API_URL": f"{url}/api/",
            **(
                {"SLACK_SIGNING_SECRET": sandbox.signing_secret}
                if over_http
                else {"SLACK_APP_TOKEN": sandbox.app_token}
            ),
        }
        headers = {"X-Sim-Token": TOKEN}
        async with httpx.AsyncClient(base_url=url, headers=headers, timeout=30, trust_env=False) as http:
            scene = Stage(http, None, url, town, sandbox)  # type: ignore[arg-type] - the bot is elsewhere
            all_of_them = Crew(scene, folder, given)
            try:
                yield all_of_them, port
            finally:
                await asyncio.to_thread(all_of_them.dismiss)


def asleep(member: Member) -> None:
    """Stop a process as a laptop's lid does; it notices nothing of it."""
    os.kill(member.handle.pid, signal.SIGSTOP)
