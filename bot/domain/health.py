"""How a feed is doing, in words that staff can act on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Pulse(StrEnum):
    """The state of one feed."""

    STARTING = "starting"
    LISTENING = "listening"
    FAILING = "failing"
    ENDED = "ended"
    """A file that was read to its end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedHealth:
    """One line of ``/social status``."""

    feed: str
    pulse: Pulse = Pulse.STARTING
    since: datetime
    """When the pulse last changed."""
    last_read_at: datetime | None = None
    """The last time the platform answered properly."""
    last_mention_at: datetime | None = None
    """When the newest mention was seen."""
    trouble: str = ""
    """Why it is failing, in one sentence."""
