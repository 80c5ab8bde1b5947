"""The jobs that a verb promises, each named once: what the outbox and the timers can hold."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Final

from bot.domain.attention import WRITING
from bot.domain.case import Case, State
from bot.domain.ids import CaseId, ErasureId, FreezeId, MentionId
from bot.domain.job import Job
from bot.domain.reply import Reply
from bot.domain.sla import Priority

REDRAW: Final = "card.redraw"
ALARM: Final = "case.alarm"
WAKE: Final = "case.wake"
SEND: Final = "reply.send"
LINE: Final = "case.line"
"""One line in a card's thread; the subject says which: ``heard``, ``sent``, ``ping``, ``stale``, ``handed``."""
REMIND: Final = "approval.remind"
TELL: Final = "tier.tell"
LOOK: Final = "desk.look"
REST: Final = "draft.rest"
CONTEXT: Final = "case.context"
ROLLUP: Final = "rollup"
FEED_NOTICE: Final = "feed.notice"
FREEZE_NOTICE: Final = "freeze.notice"
COPY: Final = "copy.redraw"
PURGE: Final = "purge"
ERASED: Final = "erasure.report"

#: Order among due jobs: replies, then what people wait for, then cards by priority, then the rest.
_CARD_URGENCY: Final = {Priority.P1: 2, Priority.P2: 3, Priority.P3: 4, Priority.P4: 5}


def redraw(case: Case, *, at: datetime, by_staff: bool = False) -> Job:
    """Draw the card as the case stands when the job runs; many wishes become one call."""
    urgent = 1 if by_staff else _CARD_URGENCY[case.priority]
    return Job(kind=REDRAW, key=redraw_key(case.id), subject=str(case.id), due=at, urgent=urgent)


def banner(case_id: CaseId, *, at: datetime, waits: bool) -> Job:
    """Draw a freeze into a card, or out of it: at once where a reply waits, else behind everything that is newer."""
    return Job(kind=REDRAW, key=redraw_key(case_id), subject=str(case_id), due=at, urgent=1 if waits else 8)


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
    return Job(kind=SEND, key=f"reply:{reply.id}", subject=str(reply.id), due=reply.send_at or at, final=True, urgent=0)


def send_again(reply: Reply, *, at: datetime) -> Job:
    """Deliver one reply at a new moment: the same job as before, so that there is never a second one for it."""
    return replace(send(reply, at=at), final=False)


def remind(reply: Reply, nth: int, *, due: datetime) -> Job:
    """Call the approvers for the ``nth`` time about a reply that waits."""
    subject = f"{reply.id}:{nth}"
    return Job(kind=REMIND, key=f"{REMIND}:{subject}", subject=subject, due=due, final=True, urgent=1)


def line(case_id: CaseId, what: str, ref: int | str, *, at: datetime) -> Job:
    """Say one thing in the card's thread, once; ``ref`` tells two lines of a kind apart."""
    subject = f"{case_id}:{what}:{ref}"
    return Job(kind=LINE, key=f"{LINE}:{subject}", subject=subject, due=at, final=True, urgent=3)


def heard(case_id: CaseId, mention_id: MentionId, *, at: datetime) -> Job:
    """Say that the customer wrote again."""
    return line(case_id, "heard", mention_id, at=at)


def context(case_id: CaseId, *, at: datetime) -> Job:
    """Read the post that the first mention of a case answers, once."""
    key = f"{CONTEXT}:{case_id}"
    return Job(kind=CONTEXT, key=key, subject=str(case_id), due=at, final=True, urgent=6)


def tell(tier: int, *, at: datetime) -> Job:
    """Tell a tier what it has not heard yet, in one message."""
    return Job(kind=TELL, key=f"{TELL}:{tier}", subject=str(tier), due=at, urgent=1)


def rollup(*, due: datetime, after: int) -> Job:
    """List the tagged mentions, newer than number ``after``, that were not flagged."""
    return Job(kind=ROLLUP, key=ROLLUP, subject=str(after), due=due, urgent=7)


def feed_notice(feed: str, *, at: datetime) -> Job:
    """Say that a feed fell silent or came back."""
    return Job(kind=FEED_NOTICE, key=f"{FEED_NOTICE}:{feed}", subject=feed, due=at, urgent=2)


def freeze_notice(freeze_id: FreezeId, *, at: datetime) -> Job:
    """Tell the channel that sending is frozen, or that it goes on."""
    return Job(kind=FREEZE_NOTICE, key=f"{FREEZE_NOTICE}:{freeze_id}", subject=str(freeze_id), due=at, urgent=0)


def copy(channel: str, ts: str, *, at: datetime, urgent: int = 5) -> Job:
    """Draw a message in Slack anew, because something was removed from its rows or changed in them."""
    return Job(kind=COPY, key=f"{COPY}:{channel}:{ts}", subject=f"{channel}:{ts}", due=at, urgent=urgent)


def purge(*, at: datetime) -> Job:
    """Empty what is older than the team keeps it."""
    return Job(kind=PURGE, key=PURGE, due=at, urgent=9)


def erased(erasure_id: ErasureId, *, at: datetime) -> Job:
    """Tell whoever asked to erase a person what was done, once every message was tried."""
    return Job(kind=ERASED, key=f"{ERASED}:{erasure_id}", subject=str(erasure_id), due=at, final=True, urgent=6)


def look(*, at: datetime) -> Job:
    """Look at every claim whose customer waits: one job for the whole desk."""
    return Job(kind=LOOK, key=LOOK, due=at, urgent=2)


def rest(draft: Reply) -> list[Job]:
    """Free the window of a draft when it was open too long."""
    if draft.open_since is None:
        return []
    key = f"{REST}:{draft.id}"
    return [Job(kind=REST, key=key, subject=str(draft.id), due=draft.open_since + WRITING, urgent=6)]
