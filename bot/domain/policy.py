"""What the team decided: promises, windows, tiers and routes, in one value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.domain.approval import ApprovalRule
from bot.domain.board import Brink
from bot.domain.case import Case
from bot.domain.mention import Mention
from bot.domain.role import Grant
from bot.domain.route import Routes, Tier
from bot.domain.sla import PROMISES, Priority
from bot.domain.voice import Voice


class ThreadLines(StrEnum):
    """How much is said in the thread of a card."""

    ALL = "all"
    IMPORTANT = "important"
    """Only what calls somebody."""
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """The team's own numbers and names."""

    routes: Routes
    tiers: tuple[Tier, ...] = ()
    grants: tuple[Grant, ...] = ()
    """Who has which role; empty: members answer, owners and admins of the workspace do the rest."""
    oncall: str = ""
    """Slack id of the person or group that a P1 card mentions; empty: nobody."""
    promises: Mapping[Priority, timedelta] = field(default_factory=lambda: dict(PROMISES))
    reach_p1: int = 50_000
    undo: timedelta = timedelta(seconds=15)
    undo_p1: timedelta = timedelta(seconds=5)
    replies_per_day: int = 0
    """Most replies that leave as one account in a day; 0: no limit."""
    thaw: timedelta = timedelta(minutes=2)
    """The same, at least, for a reply that a freeze kept back: its writer is somewhere else by now."""
    check_always: bool = False
    """Show the exact text once more before every Send, not only before risky ones."""
    check_new_replies: int = 0
    """Show it once more for everybody's first so many replies, too."""
    direct_reply: bool = False
    """Let ``/reply 12 text`` send at once, behind the undo window."""
    thread_lines: ThreadLines = ThreadLines.ALL
    approval: ApprovalRule = field(default_factory=ApprovalRule)
    """When a second person reads a reply before it leaves."""
    voice: Voice = field(default_factory=Voice)
    history: timedelta = timedelta(days=30)
    """How far back a card looks for what its author wrote before."""
    tier_gap: timedelta = timedelta(minutes=5)
    """Least time between two messages to one tier."""
    stale_claim: timedelta = timedelta(minutes=30)
    """Silence after which an assignee is asked whether they are still on it; zero: never."""
    stale_return: timedelta = timedelta(minutes=15)
    rollup: timedelta = timedelta(hours=1)
    settle: timedelta = timedelta(seconds=10)
    """How long a message may still appear in Slack whose answer was lost."""
    brink: Brink = field(default_factory=lambda: Brink(per_minute=0))
    """From when on new cases of a channel fold into its board."""
    keep: timedelta = timedelta(days=180)
    """How long words are kept after a case is over; zero: for ever."""
    restored_at: datetime | None = None
    """When a backup was put back: what was posted before and is new may have been answered, and calls nobody."""
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("UTC"))

    def undo_window(self, priority: Priority) -> timedelta:
        """Return how long a reply can be taken back."""
        return self.undo_p1 if priority is Priority.P1 else self.undo

    def reads_again(self, one: Case | Mention) -> bool:
        """Return whether what was posted before a backup was put back came in since: it was here before, and told."""
        return self.restored_at is not None and one.posted_at < self.restored_at <= one.seen_at

    def tier_number(self, name: str) -> int:
        """Return the number of the tier called ``name`` (1 is the lowest), or 0."""
        names = [tier.name.casefold() for tier in self.tiers]
        return names.index(name.casefold()) + 1 if name.casefold() in names else 0
