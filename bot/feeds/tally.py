"""Counts what was read but is not among the mentions of a page, with a few examples."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final

from bot.domain.mention import Mention
from bot.feeds import values
from bot.feeds.base import Page

#: Rejects of one feed that are told in words; the rest is only counted.
EXAMPLES: Final = 5
#: Why a post of the brand's own accounts is not among the mentions.
OWN: Final = "written by us"


class Tally:
    """What happened to the posts of one feed since the last page."""

    def __init__(self) -> None:
        self._skipped: Counter[str] = Counter()
        self._rejected: Counter[str] = Counter()
        self._notes: Counter[str] = Counter()
        self._examples: list[str] = []
        self._told = 0

    def skip(self, reason: str, *, count: int = 1) -> None:
        """Count what was left out on purpose."""
        if count:
            self._skipped[reason] += count

    def reject(self, reason: str, *, where: str) -> None:
        """Count one that could not be understood; ``where`` names the place for the example."""
        self._rejected[reason] += 1
        if self._told < EXAMPLES:
            self._told += 1
            self._examples.append(f"{where}: {reason}.")

    def note(self, reason: str) -> None:
        """Count one that was kept after mending."""
        self._notes[reason] += 1

    def moment(self, value: Any, *, now: datetime) -> datetime:
        """Return when it was posted; without a plausible date the time of reading, under a note."""
        at = values.moment(value)
        if at is not None and values.plausible(at, now=now):
            return at
        self.note("implausible date" if at else "date not understood" if values.line(value) else "no date")
        return now

    def page(self, mentions: Iterable[Mention], *, cursor: str) -> Page:
        """Return a page with all that was counted, and begin to count anew."""
        page = Page(
            mentions=tuple(mentions),
            cursor=cursor,
            skipped=dict(self._skipped),
            rejected=dict(self._rejected),
            examples=tuple(self._examples),
            notes=dict(self._notes),
        )
        for counts in (self._skipped, self._rejected, self._notes):
            counts.clear()
        self._examples.clear()
        return page
