"""Processes that a benchmark starts, asks and measures. Linux only: the kernel's own figures are read."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).parents[3]
SECRET: Final = "the-secret-of-a-benchmark"
#: Longest that a busy machine may take to start anything, in seconds.
PATIENCE_S: Final = 90
_TICKS: Final = os.sysconf("SC_CLK_TCK")
_ADDRESS: Final = re.compile(r"http://127\.0\.0\.1:\d+")
_OURS: Final = """\
channels = {{ cases = "#care" }}
card_gap_s = 0
storm_per_minute = {storm}
undo_s = 0

[[feeds]]
kind = "webhook"
name = "bench"
platform = "Reviews"
visibility = "public"
"""


class Child:
    """One process; its address is in the first line that holds one."""

    def __init__(self, *words: str, cwd: Path, env: dict[str, str] | None = None) -> None:
        self.begun = time.monotonic()
        self._cwd = cwd
        self._errors = (cwd / f"errors-{time.monotonic_ns()}.txt").open("w+")
        kept = {name: to for name, to in os.environ.items() if not name.startswith(("GOSHAWK_", "SLACK_", "DATABASE"))}
        self.handle = subprocess.Popen(  # noqa: S603 - our own command
            [sys.executable, *words],
            cwd=cwd,
            env={
                **kept,
                "PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")]),
                "PYTHONUNBUFFERED": "1",
                **(env or {}),
            },
            stdout=subprocess.PIPE,
            stderr=self._errors,
            text=True,
        )
        self.url = self._address()
        self.ready_s = time.monotonic() - self.begun

    def _address(self) -> str:
        assert self.handle.stdout
        while line := self.handle.stdout.readline():
            if found := _ADDRESS.search(line):
                self.said = line.strip()
                self._knock(int(found[0].rpartition(":")[2]))
                return found[0]
        self.handle.wait(PATIENCE_S)
        raise SystemExit(f"A process did not start:\n{self.errors()[-2000:]}")

    def _knock(self, port: int) -> None:
        """Wait until it listens: some say their address a moment before."""
        while time.monotonic() - self.begun < PATIENCE_S:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
                return
            time.sleep(0.005)

    def errors(self) -> str:
        """Return what it said on its second way."""
        self._errors.seek(0)
        return self._errors.read()

    @property
    def port(self) -> int:
        """Its port."""
        return int(self.url.rpartition(":")[2])

    def cpu_s(self) -> float:
        """Return the seconds of one core that it used so far."""
        fields = Path(f"/proc/{self.handle.pid}/stat").read_text().rpartition(") ")[2].split()
        return (int(fields[11]) + int(fields[12])) / _TICKS

    def rss_mib(self) -> float:
        """Return its resident memory."""
        rows = Path(f"/proc/{self.handle.pid}/status").read_text().splitlines()
        return next(int(row.split()[1]) for row in rows if row.startswith("VmRSS")) / 1024

    def descriptors(self) -> int:
        """Return how many files and sockets it holds open."""
        return len(list(Path(f"/proc/{self.handle.pid}/fd").iterdir()))

    def threads(self) -> int:
        """Return how many threads it has."""
        return len(list(Path(f"/proc/{self.handle.pid}/task").iterdir()))

    def asked(self, path: str, method: str = "GET") -> Any:
        """Return what it answers as JSON."""
        with urllib.request.urlopen(urllib.request.Request(self.url + path, method=method), timeout=60) as answer:  # noqa: S310 - loopback
            return json.loads(answer.read())

    def end(self, by: signal.Signals = signal.SIGTERM) -> None:
        """End it and wait."""
        self.handle.send_signal(by)
        try:
            self.handle.wait(20)
        except subprocess.TimeoutExpired:
            self.handle.kill()
            self.handle.wait()
        if self.handle.stdout:
            self.handle.stdout.close()
        self._errors.close()


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        return int(asked.getsockname()[1])


@contextlib.contextmanager
def folder() -> Iterator[Path]:
    """Give a folder on the disk, which is removed."""
    with tempfile.TemporaryDirectory(prefix="bench-") as made:
        yield Path(made)


@contextlib.contextmanager
def child(*words: str, cwd: Path, env: dict[str, str] | None = None) -> Iterator[Child]:
    """Run a process for the block."""
    one = Child(*words, cwd=cwd, env=env)
    try:
        yield one
    finally:
        if one.handle.poll() is None:
            one.end()


def slack(cwd: Path) -> contextlib.AbstractContextManager[Child]:
    """Run the Slack that answers at once."""
    return child("-m", "tests.bench.rig.slack", cwd=cwd)


def settings_of(slack_url: str, data: Path, *, storm: int = 30) -> dict[str, str]:
    """Return the environment of a Goshawk with one webhook; its cards follow each other without a pause.

    Above ``storm`` new cases a minute they fold into the board of their channel, as installed; 0: never.
    """
    (data / "goshawk.toml").write_text(_OURS.format(storm=storm), encoding="utf-8")
    return {
        "SLACK_BOT_TOKEN": "xoxb-bench",
        "SLACK_APP_TOKEN": "xapp-bench",
        "SLACK_SIGNING_SECRET": SECRET,
        "SLACK_API_URL": f"{slack_url}/api/",
        "GOSHAWK_CONFIG": str(data / "goshawk.toml"),
        "GOSHAWK_DATA": str(data / "kept"),
        "GOSHAWK_SECRETS__BENCH": SECRET,
        "GOSHAWK_LOG_LEVEL": "ERROR",
        "PORT": "0",
    }


def goshawk(slack_url: str, data: Path, *, storm: int = 30) -> contextlib.AbstractContextManager[Child]:
    """Run ``goshawk run``, as installed, on a database on the disk (WAL, FULL)."""
    return child("-m", "bot", "run", cwd=data, env=settings_of(slack_url, data, storm=storm))


def machine() -> str:
    """Return the machine's load: every figure stands beside it."""
    return f"load {os.getloadavg()[0]:.0f} on {os.cpu_count()} cores"


def quantile(found: Sequence[float], share: float) -> float:
    """Return a quantile of what was measured, by nearest rank."""
    ordered = sorted(found)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
