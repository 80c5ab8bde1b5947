"""A clock that stands still until a test turns it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta


class TurnableClock:
    """Time for tests."""

    def __init__(self, at: datetime = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)) -> None:
        self._at = at

    def now(self) -> datetime:
        """Return the moment the clock was turned to, aware, in UTC."""
        return self._at

    def advance(self, span: timedelta) -> None:
        """Turn the clock on (or back, when negative)."""
        self._at += span

    async def sleep(self, seconds: float) -> None:
        """Sleep without waiting: the clock turns instead."""
        self.advance(timedelta(seconds=seconds))
