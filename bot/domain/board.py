"""The board of a storm: one message that stands for the cards of a channel when there are too many."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

#: How long a burst is, of which the channel takes a card each.
BURST: Final = timedelta(seconds=10)
#: What a rate is counted in.
MINUTE: Final = timedelta(minutes=1)
#: How long it has to be calm before a board comes down.
CALM: Final = timedelta(minutes=3)
#: Least time between two edits of a board at the beginning of a storm, and how long that is ...
EDIT_FIRST: Final = timedelta(seconds=2)
BEGINNING: Final = timedelta(seconds=30)
#: ... and then: ten minutes are 160 edits in all.
EDIT: Final = timedelta(seconds=4)
#: While a board is up, a critical case gets a card of its own every so often ...
CARD_GAP: Final = timedelta(seconds=60)
#: ... and so many of them at once, when there were none for a while.
CARD_BURST: Final = 4
#: Cases that get their card, the most urgent first, when a board comes down.
UNFOLDED: Final = 40


@dataclass(frozen=True, slots=True)
class Brink:
    """From when on a channel is too much to read."""

    burst: int = 8
    """Most new cases within ``BURST`` that get a card each."""
    per_minute: int = 30
    """The same within a minute; zero: every case gets a card, whatever comes."""

    def is_over(self, *, burst: int, minute: int) -> bool:
        """Whether so many new cases are a storm."""
        return bool(self.per_minute) and (burst > self.burst or minute > self.per_minute)

    def is_calm(self, lately: int) -> bool:
        """Whether a storm is over that brought so many new cases within ``CALM``."""
        return lately * 2 * MINUTE <= self.per_minute * CALM


@dataclass(frozen=True, slots=True, kw_only=True)
class StormBoard:
    """The newest storm of a channel, and where its board stands."""

    channel: str
    begun_at: datetime
    place: str = ""
    """The channel in which the board stands: another one while its own is closed to us."""
    ts: str = ""
    shown: str = ""
    """The print of what it shows."""
    ended_at: datetime | None = None

    @property
    def is_up(self) -> bool:
        """Whether new cases fold into it."""
        return self.ended_at is None

    def next_edit(self, at: datetime) -> datetime:
        """Return when to look at it again after an edit."""
        return at + (EDIT_FIRST if at - self.begun_at < BEGINNING else EDIT)
