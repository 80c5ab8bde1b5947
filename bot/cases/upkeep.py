"""What operators have to see to before it hurts: a full disk, a clock that is wrong, a database that takes nothing."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from typing import Final

from bot.clock import Clock
from bot.errors import Unusable
from bot.settings import Settings
from bot.store.engine import Store
from bot.store.schema import file_of
from bot.store.unit import Unit

#: Share of a disk that should be free.
ROOM: Final = 0.10
#: How far the clock may be off: signatures of Slack's hold for five minutes, leases for one and a half.
SKEW: Final = timedelta(seconds=30)
#: What the trial row is called; it is there for a moment.
_TRIAL: Final = "upkeep"


class Upkeep:
    """Looks at the machine and the database."""

    def __init__(
        self, store: Store, clock: Clock, folder: Path | None, skew: Callable[[], Awaitable[timedelta | None]]
    ) -> None:
        """Look at the disk of ``folder``, if there is one; ``skew`` says how far our clock is ahead."""
        self._store = store
        self._clock = clock
        self._folder = folder
        self._skew = skew

    async def ails(self) -> dict[str, str]:
        """Return what is wrong, in words, each under a name that stays the same while it lasts."""
        found = {
            "database": await self._untaken(),
            "disk": await asyncio.to_thread(disk_trouble, self._folder) if self._folder else "",
            "clock": clock_trouble(await self._skew()),
        }
        return {name: words for name, words in found.items() if words}

    async def _untaken(self) -> str:
        """Return why the database takes nothing; empty when it does."""
        now = self._clock.now()

        def work(unit: Unit) -> None:
            unit.feeds.first_time(_TRIAL, at=now)
            unit.feeds.forget(_TRIAL)

        try:
            await self._store.transact(work)
        except Unusable as trouble:
            return (
                f"Nothing can be stored: {trouble} What was acknowledged is safe. "
                "Everything goes on by itself once there is room."
            )
        return ""


def disk_of(settings: Settings) -> Path | None:
    """Return the folder whose disk can become full; None where a server keeps everything."""
    return settings.data if file_of(settings.store_url) else None


def disk_trouble(folder: Path) -> str:
    """Return that the disk of a folder is nearly full; empty when it is not, or cannot be asked."""
    try:
        usage = shutil.disk_usage(folder)
    except OSError:
        return ""
    if usage.free >= ROOM * usage.total:
        return ""
    free = usage.free / 1024**3
    return (
        f"The disk of {folder} is nearly full: {free:.1f} GiB ({usage.free / usage.total:.0%}) are left. "
        "Make room: once it is full, nothing more can be stored."
    )


def clock_trouble(skew: timedelta | None) -> str:
    """Return that the clock is wrong; empty when it is right, or nobody told."""
    if skew is None or abs(skew) <= SKEW:
        return ""
    way = "ahead of" if skew > timedelta() else "behind"
    return (
        f"The clock of this machine is {abs(skew).total_seconds():.0f} s {way} Slack's. "
        "Deadlines and leases go by it: let it be set by the network (NTP)."
    )
