"""The jobs that a verb promises, each named once: what the outbox and the timers can hold."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from bot.domain.case import Case, State
from bot.domain.ids import CaseId, MentionId
from bot.domain.job import Job
from bot.domain.reply import Reply
from bot.domain.sla import Priority

REDRAW: Final = "card.redraw"
ALARM: Final = "case.alarm"
WAKE: Final = "case.wake"
SEND: Final = "reply.send"
LINE: Final = "case.line"
"""One line in a card's thread; the subject says which: ``heard``, ``sent``, ``ping``, ``handed``."""
TELL: Final = "tier.tell"
ROLLUP: Final = "rollup"
FEED_NOTICE: Final = "feed.notice"

#: Order among due jobs: replies, then what people wait for, then cards by priority, then the rest.
_CARD_URGENCY: Final = {Priority.P1: 2, Priority.P2: 3, Priority.P3: 4, Priority.P4: 5}


def redraw(case: Case, *, at: datetime, by_staff: bool = False) -> Job:
    """Draw the card as the case stands when the job runs; many wishes become one call."""
    urgent = 1 if by_staff else _CARD_URGENCY[case.priority]
    return Job(kind=REDRAW, key=redraw_key(case.id), subject=str(case.id), due=at, urgent=urgent)


def redraw_key(case_id: CaseId) -> str:
    """Return the key of a case's one redraw."""
    return f"{REDRAW}:{case_id}"


def alarm(case: Case) -> list[Job]:
    """Ring when the case's alarm is due; nothing when none is set."""
    if case.alarm_at is None or not case.waits:
        return []
    return [Job(kind=ALARM, key=f"{ALARM}:{case.id}", subject=str(case.id), due=case.alarm_at, urgent=1)]


def wake(case: Case) -> list[Job]:
    """Wake a snoozed case."""
    if case.state is not State.SNOOZED or case.snoozed_until is None:
        return []
    return [Job(kind=WAKE, key=f"{WAKE}:{case.id}", subject=str(case.id), due=case.snoozed_until, urgent=2)]


def send(reply: Reply, *, at: datetime) -> Job:
    """Deliver one reply when its undo window ends; once for ever."""
    key = f"reply:{reply.id}"
    return Job(kind=SEND, key=key, subject=str(reply.id), due=reply.send_at or at, final=True, urgent=0)


def line(case_id: CaseId, what: str, ref: int | str, *, at: datetime) -> Job:
    """Say one thing in the card's thread, once; ``ref`` tells two lines of a kind apart."""
    subject = f"{case_id}:{what}:{ref}"
    return Job(kind=LINE, key=f"{LINE}:{subject}", subject=subject, due=at, final=True, urgent=3)


def heard(case_id: CaseId, mention_id: MentionId, *, at: datetime) -> Job:
    """Say that the customer wrote again."""
    return line(case_id, "heard", mention_id, at=at)


def tell(tier: int, *, at: datetime) -> Job:
    """Tell a tier what it has not heard yet, in one message."""
    return Job(kind=TELL, key=f"{TELL}:{tier}", subject=str(tier), due=at, urgent=1)


def rollup(*, due: datetime, after: int) -> Job:
    """List the tagged mentions, newer than number ``after``, that were not flagged."""
    return Job(kind=ROLLUP, key=ROLLUP, subject=str(after), due=due, urgent=7)


def feed_notice(feed: str, *, at: datetime) -> Job:
    """Say that a feed fell silent or came back."""
    return Job(kind=FEED_NOTICE, key=f"{FEED_NOTICE}:{feed}", subject=feed, due=at, urgent=2)
