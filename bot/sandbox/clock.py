"""The sandbox's own clock: real time plus what a test has advanced it by."""

import asyncio
import contextlib
import time


class Clock:
    """Tell the sandbox's time; it can be moved forward, never back."""

    def __init__(self) -> None:
        self.advanced_s = 0.0
        self._moved = asyncio.Event()

    def now(self) -> float:
        """Return seconds since the epoch, as the sandbox sees them."""
        return time.time() + self.advanced_s

    def advance(self, seconds: float) -> None:
        """Move the clock forward by ``seconds`` (negative values are ignored)."""
        self.advanced_s += max(0.0, seconds)
        self._moved.set()
        self._moved = asyncio.Event()

    async def sleep(self, seconds: float) -> None:
        """Wait until this clock shows ``seconds`` more than now."""
        until = self.now() + seconds
        while (left := until - self.now()) > 0:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(left):
                    await self._moved.wait()
