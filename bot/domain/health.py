"""How a feed is doing, in words that staff can act on."""

from __future__ import annotations

from collections.abc import Mapping
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Gauges:
    """What stands in the database at one moment, for whoever watches the engine from outside."""

    pending: Mapping[str, int]
    """Kind of job to how many are due."""
    oldest_s: Mapping[str, float]
    """Kind of job to how many seconds the longest of them has been due."""
    dead: int
    """Promises that were given up."""
    unknown: Mapping[str, int]
    """Feed to the replies of which only a person can say whether they arrived."""
    unclaimed: int
    """Cases that nobody has."""
    feeds: tuple[FeedHealth, ...]
    writes_left: Mapping[str, int]
    """Feed and account of ours, ``town:acme``, to the replies that may still leave today; only those that wrote."""
    first_reply_s: float | None
    """Median over a day, from first sight to the first reply; None when there was none."""
    first_claim_s: float | None
    """The same to the claim."""
