"""Who attends to what: claims that went quiet, and windows in which somebody writes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from bot.domain.case import Case
from bot.domain.reply import Reply

#: How long an open window counts as writing: Slack tells neither keys nor a laptop that was shut.
WRITING: Final = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Claim:
    """A claimed case whose customer waits."""

    case: Case
    acted_at: datetime | None
    """When a person last did anything to it."""

    @property
    def quiet_since(self) -> datetime:
        """The last sign of life: an act, the claim, or a call by Slack or the customer that deserves its own time."""
        signs = [self.acted_at, self.case.claimed_at, self.case.quiet_since]
        return max((sign for sign in signs if sign), default=self.case.seen_at)

    @property
    def asked_at(self) -> datetime | None:
        """When its assignee was asked, if they have not acted since."""
        asked = self.case.asked_at
        return asked if asked and asked > self.quiet_since else None

    def due(self, *, ask_after: timedelta, return_after: timedelta) -> datetime:
        """Return when its assignee is asked, or when the case returns to the queue."""
        return self.asked_at + return_after if self.asked_at else self.quiet_since + ask_after


@dataclass(frozen=True, slots=True)
class Writing:
    """Somebody has the window open."""

    by_name: str
    since: datetime

    def sentence(self, *, at: datetime) -> str:
        """Return it in words, as of ``at``."""
        minutes = int((at - self.since).total_seconds() // 60)
        span = f"has been writing for {minutes} min" if minutes else "began to write just now"
        return f"{self.by_name} {span}."


def writing(draft: Reply, *, at: datetime) -> Writing | None:
    """Return who writes at a draft; None when nobody does any more."""
    if draft.open_since is None or at - draft.open_since >= WRITING:
        return None
    return Writing(draft.by_name, draft.open_since)
