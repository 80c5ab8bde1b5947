"""A person at a terminal: runs ``goshawk`` as a process of its own and reads what it says."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

TOKEN = "terminal"
#: Longest that a busy machine may take for anything here, in seconds.
PATIENCE_S = 60


def environment(given: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return an environment without settings of whoever runs the tests."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("GOSHAWK_", "SLACK_", "COLUMNS")) and name not in {"DATABASE_URL", "PORT"}
    }
    return {**kept, "GOSHAWK_SIM_TOKEN": TOKEN, **(given or {})}


@dataclass
class Process:
    """One ``goshawk`` that runs."""

    handle: subprocess.Popen[str]
    url: str = ""

    def line(self) -> str:
        """Return its next line."""
        assert self.handle.stdout is not None
        silence = threading.Timer(PATIENCE_S, self.handle.kill)
        silence.start()
        try:
            return self.handle.stdout.readline().rstrip("\n")
        finally:
            silence.cancel()

    def watching(self) -> Process:
        """Wait for the line that says where its page is."""
        said = self.line()
        found = re.fullmatch(r"Goshawk is watching: (http://127\.0\.0\.1:\d+)", said)
        assert found, said + self.handle.communicate(timeout=PATIENCE_S)[1]
        self.url = found[1]
        return self

    def stopped(self, by: signal.Signals = signal.SIGINT) -> tuple[int, str, str]:
        """Stop it; return its exit code and what it still said on both ways."""
        self.handle.send_signal(by)
        out, err = self.handle.communicate(timeout=PATIENCE_S)
        return self.handle.returncode, out, err

    def get(self, path: str) -> Any:
        """Return what its page's server answers."""
        return self._asked(urllib.request.Request(self.url + path, headers={"X-Sim-Token": TOKEN}))  # noqa: S310 - http on loopback

    def do(self, what: str, **body: Any) -> Any:
        """Do in the sandbox what a person would."""
        headers = {"X-Sim-Token": TOKEN, "Content-Type": "application/json"}
        body_bytes = json.dumps(body).encode()
        return self._asked(urllib.request.Request(f"{self.url}/sim/{what}", data=body_bytes, headers=headers))  # noqa: S310 - the same

    def _asked(self, request: urllib.request.Request) -> Any:
        with urllib.request.urlopen(request, timeout=PATIENCE_S) as answer:  # noqa: S310 - the same
            body = answer.read()
        return json.loads(body) if answer.headers.get_content_type() == "application/json" else body.decode()

    def cards(self, channel: str = "C0CARE0001") -> list[dict[str, Any]]:
        """Return the cards that stand in a channel; the board of a storm is none."""
        found = self.get("/sim/state")["messages"].get(channel, [])
        drawn = [(one, json.dumps(one["blocks"])) for one in found if not one["thread_ts"]]
        return [one for one, blocks in drawn if "case.claim" in blocks and "storm-ways" not in blocks]

    def first_card(self) -> tuple[dict[str, Any], float]:
        """Wait for a card; return it and the seconds it took."""
        begun = time.monotonic()
        while time.monotonic() - begun < PATIENCE_S:
            if cards := self.cards():
                return cards[0], time.monotonic() - begun
            time.sleep(0.02)
        raise AssertionError("no card")


def started(*words: str | Path, cwd: Path, env: Mapping[str, str] | None = None) -> Process:
    """Type ``goshawk`` and these words."""
    command = [sys.executable, "-m", "bot", *map(str, words)]
    root = str(Path(__file__).parents[2])
    return Process(
        subprocess.Popen(  # noqa: S603 - our own command
            command,
            cwd=cwd,
            env={**environment(env), "PYTHONPATH": root, "PYTHONUNBUFFERED": "1"},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
    )


def typed(*words: str | Path, cwd: Path, env: Mapping[str, str] | None = None) -> tuple[int, str, str]:
    """Type a command that ends by itself; return its exit code and what it said on both ways."""
    process = started(*words, cwd=cwd, env=env)
    out, err = process.handle.communicate(timeout=PATIENCE_S)
    return process.handle.returncode, out, err
