"""The process that is killed: the real app as `goshawk run` builds it, its waits scaled to the lateness of the fakes.

Victims are forked from a server that has imported the app once, so fifty of
them cost seconds. What shortens their waits stands in :func:`hurry` alone.
"""

from __future__ import annotations

import asyncio
import os
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from bot import log
from bot.app import Goshawk, Part, running
from bot.cases import courier
from bot.cli.run import receiving
from bot.feeds import demo, http
from bot.jobs import runner
from bot.settings import only
from bot.web.server import bind, serving
from tests.campaign.points import Points

#: How long a call may still be applied after its answer was lost; the fakes are late by less than half of it.
SETTLE_S: Final = 1.0
#: How long a job is its process' own: another takes it over after that.
LEASE_S: Final = 3.0
OFFSET = "offset"


@dataclass(frozen=True)
class Orders:
    """How one victim lives; it must go through a pipe."""

    folder: Path
    settings: dict[str, Any] = field(default_factory=dict)
    laid: bool = True
    """Whether it passes crash points; a victim of ``kill -9`` needs none."""
    part: Part = Part.ALL


class WallClock:
    """The machine's clock, turned by as many seconds as a file says."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._read_at, self._offset = -1, timedelta()

    def now(self) -> datetime:
        """Return the present moment as the campaign wants it."""
        try:
            read_at = self._file.stat().st_mtime_ns
        except FileNotFoundError:
            return datetime.now(UTC)
        if read_at != self._read_at and (written := self._file.read_text()):
            self._read_at, self._offset = read_at, timedelta(seconds=float(written))
        return datetime.now(UTC) + self._offset


def hurry() -> None:
    """Scale what no setting scales: the waits for the platform, the lease, and how often anybody looks."""
    settle = timedelta(seconds=SETTLE_S)
    named = runner.Runner.__init__.__kwdefaults__
    assert "lease" in named, "the runner takes its lease elsewhere: scale it there"
    named |= {"lease": timedelta(seconds=LEASE_S)}
    for module, name, value in (
        (runner, "POLL_S", 0.2),
        (runner, "LEASE", timedelta(seconds=LEASE_S)),
        (runner, "LONGEST_PAUSE", settle),
        (courier, "SETTLE", settle),
        (demo, "BUSY_S", 0.5),
        (http, "BUSY_S", 0.5),
    ):
        assert hasattr(module, name), f"{module.__name__}.{name} is gone: scale that wait where it is now"
        setattr(module, name, value)


async def quick(seconds: float) -> None:
    """Sleep a tenth of what a feed sleeps."""
    await asyncio.sleep(seconds / 10)


def live(orders: Orders) -> None:
    """Be the bot until killed."""
    out = os.open(orders.folder / "bot.log", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(out, 1)
    os.dup2(out, 2)
    log.configure("INFO")
    hurry()
    if orders.laid:
        Points(orders.folder).lay()
    asyncio.run(_live(orders))


async def _live(orders: Orders) -> None:
    clock = WallClock(orders.folder / OFFSET)
    async with running(only(**orders.settings), clock, quick, part=orders.part) as goshawk:
        if orders.part is Part.WEB:
            await _answer(orders, goshawk)
        _ready(orders)
        await asyncio.Event().wait()


async def _answer(orders: Orders, goshawk: Goshawk) -> None:
    """Be the part that Slack knocks at, on a port of its own, until killed."""
    async with serving(receiving(goshawk), bind(0)) as url:
        _ready(orders, url)
        await asyncio.Event().wait()


def _ready(orders: Orders, url: str = "") -> None:
    """Say that this process is connected, and where it answers."""
    written = orders.folder / f"getting-ready-{os.getpid()}"
    written.write_text(url)
    written.rename(orders.folder / f"ready-{os.getpid()}")
