"""What somebody wrote before: how often, since when, and what of it nobody answered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.domain.verdict import Kept


@dataclass(frozen=True, slots=True)
class History:
    """The mentions of one author before those of a case, within the time that is looked back."""

    earlier: int
    since: datetime
    """When the oldest of them was posted."""
    unanswered: int
    """Of those in cases of ours: no reply came after them."""


@dataclass(frozen=True, slots=True)
class Earlier:
    """One of them."""

    kept: Kept
    answered: bool
    """A reply of ours came after it."""
