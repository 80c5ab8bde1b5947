"""A bot in a process of its own between a crowd and the sandbox, and what both saw of it."""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

import httpx
import orjson

from bot.sandbox.server import Sandbox
from bot.slack.manifest import manifest
from bot.web.server import bind, serving
from tests.bench.memory import mebibytes
from tests.bench.rush.crowd import Crowd
from tests.cli.terminal import environment

CARE = "C0CARE0001"
ANA = "U0ANA00001"
TOKEN = "bench"
_SPOKEN = frozenset({"chat.postMessage", "chat.update", "chat.postEphemeral"})
_CONFIG = """
[channels]
cases = "#social-care"
private = "#social-private"
[[tiers]]
name = "lead"
channel = "#social-escalations"
notify = ["@social-leads"]
[[feeds]]
kind = "demo"
name = "crowd"
url = "{url}"
every_s = 0.5
"""


@dataclass
class Call:
    """One call of the bot that spoke in Slack, or was refused."""

    at: float
    method: str
    channel: str
    ok: bool
    error: str
    words: str

    @property
    def is_board(self) -> bool:
        """Whether it drew the board of a storm."""
        return "Storm since" in self.words or "storm is over" in self.words

    @property
    def counted(self) -> int:
        """How many cases a board counts: those that nobody has, and those that somebody took."""
        waiting = sum(map(int, re.findall(r"(\d+) P[1-4]\b", self.words.partition("Nobody has yet")[2][:300])))
        taken = re.search(r"(\d+) taken or done", self.words)
        return waiting + (int(taken[1]) if taken else 0)

    @property
    def named(self) -> set[int]:
        """The critical cases that a board names by number, or with their words."""
        listed = re.search(r"more critical:\*? ([\d, ]+)", self.words)
        shown = re.findall(r"🔴 \*(\d+)\*", self.words)
        return {int(one) for one in [*(listed[1].split(",") if listed else []), *shown] if str(one).strip()}


@dataclass
class Rush:
    """A bot under a rush."""

    crowd: Crowd
    sandbox: Sandbox
    http: httpx.AsyncClient
    process: subprocess.Popen[bytes]
    folder: Path
    calls: list[Call] = field(default_factory=list)
    _seen: int = 0

    def look(self) -> None:
        """Take in what was called since the last look."""
        for entry in self.sandbox._world.ledger.calls:
            if entry["seq"] > self._seen:
                self._seen = entry["seq"]
                args = orjson.loads(bytes(orjson.dumps(entry["args"])))
                words = orjson.dumps(args).decode() if entry["method"] in _SPOKEN else ""
                words = orjson.dumps([args.get("text"), args.get("blocks")], option=0).decode() if words else ""
                channel = str(args.get("channel", ""))
                self.calls.append(Call(entry["at"], entry["method"], channel, entry["ok"], entry["error"], words))

    @property
    def cpu_s(self) -> float:
        """CPU seconds that the bot has spent."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    @property
    def rss(self) -> float:
        """MiB that the bot holds."""
        return mebibytes(self.process.pid, "Rss")

    async def typed(self, text: str, command: str = "/social") -> float:
        """Type a command; return the milliseconds to its ack."""
        return await self._timed("command", channel=CARE, command=command, text=text)

    async def pressed(self, ts: str, action_id: str, value: str) -> float:
        """Press a button; return the milliseconds to its ack."""
        return await self._timed("action", channel=CARE, message_ts=ts, action_id=action_id, value=value)

    async def _timed(self, what: str, **body: Any) -> float:
        begun = time.perf_counter()
        answer = (await self.http.post(f"/sim/{what}", json={"user": ANA, **body})).json()
        assert answer["ok"], answer
        return (time.perf_counter() - begun) * 1_000

    async def messages(self) -> list[dict[str, Any]]:
        """Return what stands in the channel."""
        found: list[dict[str, Any]] = (await self.http.get("/sim/state")).json()["messages"].get(CARE, [])
        return found

    def asked(self, query: str) -> list[Any]:
        """Ask the bot's database."""
        with contextlib.closing(sqlite3.connect(f"file:{self.folder / 'goshawk.db'}?mode=ro", uri=True)) as base:
            return base.execute(query).fetchall()

    async def watch(self, seconds: float, each_s: float = 0.5) -> None:
        """Let time pass with open eyes."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            await asyncio.sleep(min(each_s, max(0.0, end - time.monotonic())))
            self.look()

    @property
    def stored(self) -> int:
        """Mentions that the bot has stored."""
        return int(self.asked("SELECT count(*) FROM mention")[0][0])

    @property
    def refused(self) -> int:
        """Calls that Slack refused because they came too fast."""
        return sum(call.error == "ratelimited" for call in self.calls)


@contextlib.asynccontextmanager
async def rush(folder: Path, crowd: Crowd, *, by: str = "bot", **given: str) -> AsyncIterator[Rush]:
    """Run a sandbox with Slack's limits, the crowd, and the bot as ``goshawk run``, until the block ends.

    ``by`` is the module that is run as the bot.
    """
    sandbox = Sandbox(manifest(look_back=True), sim_token=TOKEN)
    sandbox.limits.tighten("real")
    async with serving(sandbox.asgi, bind(0)) as url, serving(crowd.asgi, bind(0)) as square:
        (folder / "goshawk.toml").write_text(_CONFIG.format(url=square))
        tokens = {"SLACK_BOT_TOKEN": sandbox.bot_token, "SLACK_APP_TOKEN": sandbox.app_token}
        env = {**tokens, "SLACK_API_URL": f"{url}/api/", "GOSHAWK_DATA": str(folder), "PORT": "0", **given}
        path = {"PYTHONPATH": str(Path(__file__).parents[3])}
        with (folder / "bot.log").open("wb") as log:
            process = _started(by, folder, {**environment(env), **path}, log)
        header = {"X-Sim-Token": TOKEN}
        try:
            async with httpx.AsyncClient(base_url=url, headers=header, timeout=60, trust_env=False) as http:
                await _ready(folder / "bot.log", process)
                yield Rush(crowd, sandbox, http, process, folder)
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                await asyncio.to_thread(process.wait, 15)
            except subprocess.TimeoutExpired:
                process.kill()


def _started(by: str, folder: Path, env: Mapping[str, str], log: BinaryIO) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", by, "run"]
    return subprocess.Popen(command, cwd=folder, env=env, stdout=log, stderr=log)  # noqa: S603 - our own command


async def _ready(log: Path, process: subprocess.Popen[bytes]) -> None:
    for _ in range(600):
        if "Goshawk is" in log.read_text():
            return
        if process.poll() is not None:
            break
        await asyncio.sleep(0.1)
    raise SystemExit(log.read_text())
