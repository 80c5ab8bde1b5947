"""A family of cues: one thing people mean, in the many ways they say it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Final

from bot.domain.verdict import Kind, Urgency


class Negated(Enum):
    """What a "not" in front does to a cue."""

    KEEP = "keep"
    """Nothing: "not refunded" is as much about money."""
    DROP = "drop"
    """It says nothing any more: "not broken"."""
    TURN = "turn"
    """It says the opposite: "not good"."""


#: Log-odds of one cue by its strength; set by hand on the project's own posts, see docs/triage.md.
STRONG: Final = 2.0
PLAIN: Final = 1.2
WEAK: Final = 0.6
HINT: Final = 0.3


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """Cues that share a name staff read, a direction and a meaning."""

    name: str
    """Shown on the card."""
    kind: Kind = Kind.COMPLAINT
    """What it speaks for; anything but a complaint counts against the score."""
    urgency: Urgency | None = None
    """What a strong or plain cue of it makes of a complaint."""
    negated: Negated = Negated.KEEP
    setting: bool = False
    """Helps the score but tells staff little: named after all other grounds."""
    strong: str = ""
    """One cue a line, as in ``bot.triage.phrases``."""
    plain: str = ""
    weak: str = ""
    hint: str = ""

    def phrases(self) -> Iterator[tuple[str, float]]:
        """Yield each cue with its weight; below zero when the family speaks against a complaint."""
        sign = 1 if self.kind is Kind.COMPLAINT else -1
        levels = ((self.strong, STRONG), (self.plain, PLAIN), (self.weak, WEAK), (self.hint, HINT))
        for lines, weight in levels:
            yield from ((line.strip(), sign * weight) for line in lines.splitlines() if line.strip())
