"""Where a case is shown, and whom it was brought to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.domain.ids import CaseId


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One message that shows a case."""

    case_id: CaseId
    channel: str
    ts: str
    drawn_version: int
    carded_at: datetime
    """When it first became visible in Slack."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Escalation:
    """A case that went up to a tier (1 is the lowest)."""

    id: int = 0
    case_id: CaseId
    tier: int
    reason: str
    by_name: str
    """Empty when the clock did it."""
    at: datetime
    told_at: datetime | None = None
