"""The disk is full while Goshawk runs: what was acknowledged is kept, operators hear of it once, and it goes on."""

from __future__ import annotations

import json
import re
import resource
import signal
import sqlite3
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from contextlib import closing

import pytest

from bot.feeds.webhook import signature
from tests.cli.terminal import PATIENCE_S, Process

SECRET = "the-shop's-secret"
SETTINGS = '[channels]\ncases = "#social-care"\n[[feeds]]\nkind = "webhook"\nname = "shop"\nvisibility = "public"\n'
ALARM = "Nothing can be stored"


@pytest.fixture
def scene(start, tmp_path) -> tuple[Process, Process]:
    """Run the sandbox and the bot, each as a process; give both."""
    sandbox: Process = start("sandbox", "--port", "0")
    said = [sandbox.line() for _ in range(6)]
    sandbox.url = said[0].rsplit(" ", 1)[1]
    exported = dict(re.findall(r"export ([A-Z_]+)=(\S+)", "\n".join(said)))
    (tmp_path / "goshawk.toml").write_text(SETTINGS)
    bot: Process = start("run", "--port", "0", env={**exported, "GOSHAWK_SECRETS__SHOP": SECRET})
    bot.url = bot.line().rsplit(" ", 1)[1]
    return sandbox, bot


def deliver(bot: Process, number: int) -> int:
    """Deliver one complaint and return how that was answered."""
    post = {
        "id": str(number),
        "author": f"mira{number}",
        "text": f"Case of {number}: my cabin was sold twice, nobody answers!",
    }
    stamp, body = str(int(time.time())), json.dumps(post).encode()
    signed = {"X-Goshawk-Timestamp": stamp, "X-Goshawk-Signature": signature(SECRET, stamp, body)}
    request = urllib.request.Request(f"{bot.url}/hooks/shop", data=body, headers=signed)  # noqa: S310 - http on loopback
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310 - the same
            return int(answer.status)
    except urllib.error.HTTPError as refused:
        return refused.code


def seen(sandbox: Process, wanted: Callable[[list[str]], bool]) -> list[str]:
    """Wait until the messages of the channel are as wanted, and return them."""
    ends = time.monotonic() + PATIENCE_S
    while time.monotonic() < ends:
        words = [json.dumps(one["blocks"]) for one in sandbox.get("/sim/state")["messages"].get("C0CARE0001", [])]
        if wanted(words):
            return words
        time.sleep(0.1)
    raise AssertionError("\n".join(words))


def count(words: list[str], part: str) -> int:
    return sum(part in one for one in words)


def test_a_full_disk_loses_nothing_that_was_acknowledged_and_passes(scene, tmp_path):
    sandbox, bot = scene
    assert deliver(bot, 1) == 200
    seen(sandbox, lambda words: count(words, "Case of 1:") == 1)

    resource.prlimit(bot.handle.pid, resource.RLIMIT_FSIZE, (4_096, resource.RLIM_INFINITY))
    refused = [deliver(bot, number) for number in range(2, 7)]
    seen(sandbox, lambda words: count(words, ALARM) == 1)
    time.sleep(11)  # one more look: it is not told again
    assert count(seen(sandbox, bool), ALARM) == 1

    resource.prlimit(bot.handle.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    taken = [deliver(bot, number) for number in range(2, 7)]
    words = seen(sandbox, lambda words: count(words, "*Over* since") == 1 and count(words, "Case of ") == 6)
    code, _, err = bot.stopped(signal.SIGTERM)

    assert (refused, taken, code) == ([503] * 5, [200] * 5, 0)
    assert count(words, ALARM) == 1 and "Traceback" not in err
    with closing(sqlite3.connect(tmp_path / "goshawk-data" / "goshawk.db")) as database:
        assert database.execute("SELECT count(*) FROM mention").fetchone() == (6,)
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
