"""How urgent a case is and by when it deserves an answer: one table each."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

from bot.domain.mention import Mention
from bot.domain.verdict import Kind, Urgency, Verdict


class Priority(StrEnum):
    """P1 is the most urgent. The words sort as they press."""

    P1 = "P1"
    P2 = "P2"
    P3 = "P3"
    P4 = "P4"

    @property
    def climbs(self) -> bool:
        """Whether a silent case goes up the tiers by itself."""
        return self in {Priority.P1, Priority.P2}


#: Time to a first and to each next reply, counted from the customer's post.
PROMISES: Final[Mapping[Priority, timedelta]] = {
    Priority.P1: timedelta(minutes=15),
    Priority.P2: timedelta(minutes=30),
    Priority.P3: timedelta(hours=2),
    Priority.P4: timedelta(days=1),
}

#: What lifts a mention out of "any other complaint", strongest first.
LIFTS: Final[Mapping[Urgency, Priority]] = {
    Urgency.SAFETY: Priority.P1,
    Urgency.LEGAL: Priority.P1,
    Urgency.STRANDED: Priority.P1,
    Urgency.VULNERABLE: Priority.P1,
    Urgency.STUCK: Priority.P2,
    Urgency.MONEY: Priority.P2,
}

#: The morning hour at which "next business morning" wakes a case.
MORNING: Final = time(9, 0)


def priority_of(verdict: Verdict, mention: Mention, *, reach_p1: int, unanswered_before: bool) -> Priority:
    """Return how urgent a new case is.

    ``reach_p1`` is the number of followers from which a complaint is P1;
    ``unanswered_before`` says that this author waited in vain once already.
    """
    if verdict.kind is not Kind.COMPLAINT:
        return Priority.P4
    found = [LIFTS[sign] for sign in verdict.urgency]
    if (mention.author.followers or 0) >= reach_p1:
        found.append(Priority.P1)
    if unanswered_before:
        found.append(Priority.P2)
    return min(found, default=Priority.P3)


def first_alarm(*, due_at: datetime, seen_at: datetime, promise: timedelta) -> datetime:
    """Return when staff are reminded.

    A mention that was discovered too late counts from our own first sight, so
    that an old backlog does not ring all bells at once.
    """
    return due_at if due_at > seen_at else seen_at + promise


def next_business_morning(now: datetime, zone: ZoneInfo) -> datetime:
    """Return the next 09:00 on a Monday to Friday in ``zone``, as UTC-aware moment."""
    day = now.astimezone(zone).date()
    if now.astimezone(zone).time() >= MORNING:
        day += timedelta(days=1)
    while day.weekday() >= 5:
        day += timedelta(days=1)
    return datetime.combine(day, MORNING, zone).astimezone(now.tzinfo)
