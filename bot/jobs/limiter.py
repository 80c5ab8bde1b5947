"""A turn at a time: least span between two calls in one lane, for instance a Slack channel."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable


class Limiter:
    """Hands out turns, ``gap_s`` seconds apart in each lane; a lane may be held back longer."""

    def __init__(self, gap_s: float, *, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep) -> None:
        self._gap_s = gap_s
        self._sleep = sleep
        self._free_at: dict[str, float] = {}

    async def turn(self, lane: str) -> None:
        """Wait until it is the caller's turn in ``lane``."""
        now = time.monotonic()
        start = max(now, self._free_at.get(lane, 0.0))
        self._free_at[lane] = start + self._gap_s
        if start > now:
            await self._sleep(start - now)

    def hold(self, lane: str, seconds: float) -> None:
        """Give nobody a turn in ``lane`` for that long: the other side asked for it."""
        self._free_at[lane] = max(self._free_at.get(lane, 0.0), time.monotonic() + seconds)
