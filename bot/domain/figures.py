"""What a team reads of its own day: how much came in, how fast it answered, what still waits."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from bot.domain.case import State
from bot.domain.sla import Priority

#: What a first reply is measured against in every report, whatever the team promised.
SOON: Final = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class FirstReply:
    """The moments of one case that was answered for the first time."""

    priority: Priority
    posted_at: datetime
    seen_at: datetime
    replied_at: datetime

    @property
    def waited(self) -> timedelta:
        """How long the customer waited."""
        return max(timedelta(), self.replied_at - self.posted_at)

    @property
    def took(self) -> timedelta:
        """How long we took since we knew of it."""
        return max(timedelta(), self.replied_at - self.seen_at)


@dataclass(frozen=True, slots=True)
class Work:
    """What one of staff did."""

    name: str
    claimed: int
    answered: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """A span of time at the desk."""

    since: datetime
    received: int
    """Mentions."""
    flagged: int
    """Cases that were opened."""
    replies: tuple[FirstReply, ...]
    """First replies that were sent in the span."""
    late_unanswered: int
    """Cases opened in the span whose customer still waits beyond the promise."""
    open_now: Mapping[State, int]
    staff: tuple[Work, ...]

    @property
    def answered(self) -> int:
        """How many cases had their first reply."""
        return len(self.replies)

    @property
    def soon(self) -> int:
        """How many of these within half an hour of the customer's post."""
        return sum(one.waited <= SOON for one in self.replies)

    def late(self, promises: Mapping[Priority, timedelta]) -> int:
        """Return how many cases were answered after their promise, or still wait beyond it."""
        return self.late_unanswered + sum(one.waited > promises[one.priority] for one in self.replies)

    @property
    def unresolved(self) -> int:
        """How many cases are not over at this moment."""
        return sum(count for state, count in self.open_now.items() if state is not State.RESOLVED)


def percentile(spans: Sequence[timedelta], share: float) -> timedelta | None:
    """Return the span that ``share`` of all do not exceed (nearest rank); None without any."""
    if not spans:
        return None
    return sorted(spans)[max(0, math.ceil(share * len(spans)) - 1)]


def median(spans: Sequence[timedelta]) -> timedelta | None:
    """Return the span in the middle, or half-way between the two in the middle; None without any."""
    ordered = sorted(spans)
    middle = len(ordered) // 2
    if not ordered:
        return None
    return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2


def beginning(now: datetime, zone: ZoneInfo, *, days: int = 1) -> datetime:
    """Return the midnight in ``zone`` with which today began, or the day that was ``days - 1`` days ago."""
    first = now.astimezone(zone).date() - timedelta(days=days - 1)
    return datetime.combine(first, time(), zone).astimezone(now.tzinfo)
