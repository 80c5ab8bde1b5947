"""What became of a replayed file, in figures whose sums agree."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from bot.cases.taking import Taken
from bot.feeds.base import Page

#: Sentences about single rows that are shown, at most.
EXAMPLES = 5


@dataclass
class Summary:
    """Counts every row of a file: each is stored, known, skipped or rejected."""

    taken: Taken = field(default_factory=Taken)
    skipped: Counter[str] = field(default_factory=Counter)
    rejected: Counter[str] = field(default_factory=Counter)
    notes: Counter[str] = field(default_factory=Counter)
    examples: list[str] = field(default_factory=list)
    reading_s: float = 0.0
    """Seconds it took to read, judge and store."""
    drawing_s: float = 0.0
    """Seconds it took to draw what was still to be drawn after that."""
    cards: int = 0
    """Cards that are new since the beginning."""
    undrawn: int = 0
    """Cards and lines that are still to be drawn."""
    given_up: int = 0
    """Cards and lines that Slack did not take in many tries."""

    def add(self, page: Page, taken: Taken) -> None:
        """Count one page."""
        self.taken = self.taken + taken
        self.skipped.update(page.skipped)
        self.rejected.update(page.rejected)
        self.notes.update(page.notes)
        self.examples = [*self.examples, *page.examples][:EXAMPLES]

    @property
    def read(self) -> int:
        """All rows."""
        return self.taken.stored + self.taken.twins + self.skipped.total() + self.rejected.total()

    def lines(self) -> list[str]:
        """Return the summary for a person."""
        taken = self.taken
        return [
            _line("read", self.read, f"rows in {self.reading_s:.1f} s{_pace(self.read, self.reading_s)}"),
            _line("stored", taken.stored, f"new mentions{_told(self.notes, ', mended: ')}"),
            _line("known", taken.twins, "stored before, or twice in the file"),
            _line("skipped", self.skipped.total(), _told(self.skipped)),
            _line("rejected", self.rejected.total(), _told(self.rejected)),
            *[f"{'':>20}{example}" for example in self.examples],
            "",
            _line("flagged", taken.flagged, f"of the stored; {taken.opened:,} of them opened a case"),
            _line("drawn", self.cards, f"new cards in {self.drawing_s:.1f} s{_pace(self.cards, self.drawing_s)}"),
            *([_line("to draw", self.undrawn, "the same command draws them")] if self.undrawn else []),
            *([_line("given up", self.given_up, "the log lines above say why")] if self.given_up else []),
        ]


def _line(name: str, count: int, words: str) -> str:
    return f"{name:<9} {count:>8,}  {words}".rstrip()


def _told(counts: Counter[str], before: str = "") -> str:
    told = ", ".join(f"{reason}: {count:,}" for reason, count in counts.most_common())
    return f"{before}{told}" if told else ""


def _pace(count: int, seconds: float) -> str:
    return f", {count / seconds:,.0f} a second" if count and seconds >= 0.05 else ""
