"""What everybody at the desk shares: the channels, the clock, and a tally of their hands."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field

from tests.bench.shift.eyes import Eyes
from tests.bench.shift.hours import Hours
from tests.bench.shift.pace import Hand
from tests.stories.stage import Stage


@dataclass
class Tally:
    """What the team noticed of the day."""

    clicks: dict[int, int] = field(default_factory=lambda: defaultdict(int))
    """Presses on each case until it was answered for the first time, or dismissed."""
    answered: list[int] = field(default_factory=list)
    """Presses of each case that was answered in one go, from when it was seen."""
    asked: list[bool] = field(default_factory=list)
    """Of each of those, whether ``/claim next`` was typed to see it."""
    dismissed: list[int] = field(default_factory=list)
    refused: Counter[str] = field(default_factory=Counter)
    """What a person was not let do, by what they tried."""
    sent: list[str] = field(default_factory=list)
    """The texts that went off under somebody's hands."""
    hands: list[Hand] = field(default_factory=list)
    """What each of them did, in the order in which it ended."""


@dataclass
class Office:
    """What all of them share: the channels, the clock and the tally."""

    scene: Stage
    hours: Hours
    eyes: Eyes
    tally: Tally
    on_duty: set[str] = field(default_factory=set)
