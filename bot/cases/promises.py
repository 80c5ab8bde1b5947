"""The jobs that a verb promises, each named once: what the outbox and the timers can hold."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from hashlib import sha256
from typing import Final

from bot.domain.attention import WRITING
from bot.domain.case import Case, State
from bot.domain.ids import CaseId, ErasureId, FreezeId, StaffId
from bot.domain.job import PACED, Job
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
DEAD: Final = "jobs.dead"
RATION: Final = "replies.ration"
BOARD: Final = "storm.board"
RESTORED: Final = "restore.notice"
CHECK: Final = "post.check"
OUTAGE: Final = "outage.notice"
WATCH: Final = "outage.watch"
HEARTBEAT: Final = "heartbeat"

#: Lanes that rest as one: what they hold is posted to the same place, a message a second.
CARDS: Final = f"{PACED}cases"
PRIVATE: Final = f"{PACED}private"
LINES: Final = f"{PACED}lines"
NOTICES: Final = f"{PACED}notices"
COPIES: Final = f"{PACED}copies"
#: Lanes whose jobs go their own ways. What a press changes waits behind no card.
PRESSES: Final = "presses"
TIMERS: Final = "timers"
LOOKS: Final = "looks"
BOARDS: Final = "boards"
DIGEST: Final = "digest"
UPKEEP: Final = "upkeep"
#: Longest name of a lane.
_LANE: Final = 200
#: Longest name of an account's day that a job takes as it is, in characters: figures stand before it.
_NAME: Final = 140

#: Order among due jobs: replies, then what people wait for, then cards by priority, then the rest.
_CARD_URGENCY: Final = {Priority.P1: 2, Priority.P2: 3, Priority.P3: 4, Priority.P4: 5}


def redraw(case: Case, *, at: datetime, by_staff: bool = False) -> Job:
    """Draw the card as the case stands when the job runs; many wishes become one call."""
    urgent = 1 if by_staff else _CARD_URGENCY[case.priority]
    lane = PRESSES if by_staff else PRIVATE if case.private else CARDS
    return Job(kind=REDRAW, key=redraw_key(case.id), subject=str(case.id), due=at, urgent=urgent, lane=lane)


def banner(case_id: CaseId, *, at: datetime, waits: bool) -> Job:
    """Draw a freeze into a card, or out of it: at once where a reply waits, else behind everything that is newer."""
    urgent, lane = (1, PRESSES) if waits else (8, CARDS)
    return Job(kind=REDRAW, key=redraw_key(case_id), subject=str(case_id), due=at, urgent=urgent, lane=lane)


def redraw_key(case_id: CaseId) -> str:
    """Return the key of a case's one redraw."""
    return f"{REDRAW}:{case_id}"


def alarm(case: Case) -> list[Job]:
    """Ring when the case's alarm is due; nothing when none is set."""
    if case.alarm_at is None or not case.waits:
        return []
    return [Job(kind=ALARM, key=f"{ALARM}:{case.id}", subject=str(case.id), due=case.alarm_at, urgent=1, lane=TIMERS)]


def wake(case: Case) -> list[Job]:
    """Wake a snoozed case."""
    if case.state is not State.SNOOZED or case.snoozed_until is None:
        return []
    return [
        Job(kind=WAKE, key=f"{WAKE}:{case.id}", subject=str(case.id), due=case.snoozed_until, urgent=2, lane=TIMERS)
    ]


def send(reply: Reply, *, account: str, at: datetime) -> Job:
    """Deliver one reply when its undo window ends, once for ever; each account of ours has a lane."""
    due, lane = reply.send_at or at, f"send:{account.casefold()}"[:_LANE]
    return Job(kind=SEND, key=f"reply:{reply.id}", subject=str(reply.id), due=due, final=True, urgent=0, lane=lane)


def send_again(reply: Reply, *, account: str, at: datetime) -> Job:
    """Deliver one reply at a new moment: the same job as before, so that there is never a second one for it."""
    return replace(send(reply, account=account, at=at), final=False)


def remind(reply: Reply, nth: int, *, due: datetime) -> Job:
    """Call the approvers for the ``nth`` time about a reply that waits."""
    subject = f"{reply.id}:{nth}"
    return Job(kind=REMIND, key=f"{REMIND}:{subject}", subject=subject, due=due, final=True, urgent=1, lane=TIMERS)


def line(case_id: CaseId, what: str, ref: int | str, *, at: datetime) -> Job:
    """Say one thing in the card's thread, once; ``ref`` tells two lines of a kind apart."""
    subject = f"{case_id}:{what}:{ref}"
    return Job(kind=LINE, key=f"{LINE}:{subject}", subject=subject, due=at, final=True, urgent=3, lane=LINES)


def handed(case: Case, *, to: StaffId, former: StaffId | None, at: datetime) -> Job:
    """Tell ``to``, and whoever had the case, of one hand-over; what follows it a moment later is told by itself."""
    return line(case.id, "handed", f"{to}-{former or ''}-{in_microseconds(at)}-{case.version}", at=at)


def in_microseconds(at: datetime) -> int:
    """Return a moment as a whole number that no other event of the case has."""
    return int(at.timestamp()) * 1_000_000 + at.microsecond


def context(case_id: CaseId, *, at: datetime) -> Job:
    """Read the post that the first mention of a case answers, once."""
    key = f"{CONTEXT}:{case_id}"
    return Job(kind=CONTEXT, key=key, subject=str(case_id), due=at, final=True, urgent=6, lane=LOOKS)


def tell(tier: int, *, at: datetime) -> Job:
    """Tell a tier what it has not heard yet, in one message."""
    return Job(kind=TELL, key=f"{TELL}:{tier}", subject=str(tier), due=at, urgent=1, lane=f"{PACED}tier:{tier}")


def rollup(*, due: datetime, after: int) -> Job:
    """List the tagged mentions, newer than number ``after``, that were not flagged."""
    return Job(kind=ROLLUP, key=ROLLUP, subject=str(after), due=due, urgent=7, lane=DIGEST)


def feed_notice(feed: str, *, at: datetime) -> Job:
    """Say that a feed fell silent or came back."""
    return Job(kind=FEED_NOTICE, key=f"{FEED_NOTICE}:{feed}", subject=feed, due=at, urgent=2, lane=NOTICES)


def freeze_notice(freeze_id: FreezeId, *, at: datetime) -> Job:
    """Tell the channel that sending is frozen, or that it goes on."""
    return Job(
        kind=FREEZE_NOTICE, key=f"{FREEZE_NOTICE}:{freeze_id}", subject=str(freeze_id), due=at, urgent=0, lane=NOTICES
    )


def copy(channel: str, ts: str, *, at: datetime, urgent: int = 5) -> Job:
    """Draw a message in Slack anew, because something was removed from its rows or changed in them."""
    return Job(kind=COPY, key=f"{COPY}:{channel}:{ts}", subject=f"{channel}:{ts}", due=at, urgent=urgent, lane=COPIES)


def purge(*, at: datetime) -> Job:
    """Empty what is older than the team keeps it."""
    return Job(kind=PURGE, key=PURGE, due=at, urgent=9, lane=UPKEEP)


def erased(erasure_id: ErasureId, *, at: datetime) -> Job:
    """Tell whoever asked to erase a person what was done, once every message was tried."""
    return Job(
        kind=ERASED, key=f"{ERASED}:{erasure_id}", subject=str(erasure_id), due=at, final=True, urgent=6, lane=UPKEEP
    )


def check(channel: str, thread: str, key: str, *, due: datetime) -> Job:
    """Look once more for a message that was posted again, because its first call may be applied late."""
    subject = f"{channel}|{thread}|{key}"
    return Job(kind=CHECK, key=f"{CHECK}:{subject}", subject=subject, due=due, urgent=6, lane=LOOKS)


def board(channel: str, *, due: datetime) -> Job:
    """Draw the board of a storm as it stands then."""
    return Job(kind=BOARD, key=f"{BOARD}:{channel}", subject=channel, due=due, urgent=0, lane=BOARDS)


def restored(said: str, *, at: datetime) -> Job:
    """Tell the operators what a backup that was put back leaves in doubt."""
    return Job(
        kind=RESTORED, key=f"{RESTORED}:{in_microseconds(at)}", subject=said, due=at, final=True, urgent=0, lane=NOTICES
    )


def outage(key: str, *, at: datetime) -> Job:
    """Tell the operators that a part of Slack is closed to us, or that it is open again."""
    return Job(kind=OUTAGE, key=f"{OUTAGE}:{key}", subject=key, due=at, urgent=2, lane=NOTICES)


def watch(key: str, *, due: datetime) -> Job:
    """Look whether a part of Slack is open again."""
    return Job(kind=WATCH, key=f"{WATCH}:{key}", subject=key, due=due, urgent=2, lane=LOOKS)


def dead(burst_id: int, *, at: datetime) -> Job:
    """Tell the operators of jobs that were given up together; many wishes become one message."""
    return Job(kind=DEAD, key=f"{DEAD}:{burst_id}", subject=str(burst_id), due=at, urgent=2, lane=NOTICES)


def ration(key: str, *, used: int, cap: int, at: datetime) -> Job:
    """Tell the operators once how much of a day's replies is used; ``key`` names account and day."""
    mark = told = key
    if len(key) > _NAME:
        feed, day, account = key.partition(":")[0], key.rpartition(":")[2], sha256(key.encode()).hexdigest()
        mark, told = f"{feed}:{account}:{day}", f"{feed}::{day}"
    mark, subject = f"{RATION}:{used}:{mark}", f"{used}|{cap}|{told}"
    return Job(kind=RATION, key=mark, subject=subject, due=at, final=True, urgent=2, lane=NOTICES)


def look(*, at: datetime) -> Job:
    """Look at every claim whose customer waits: one job for the whole desk."""
    return Job(kind=LOOK, key=LOOK, due=at, urgent=2, lane=TIMERS)


def heartbeat(*, due: datetime) -> Job:
    """Tell whoever watches from outside that all is well; among the timers, as it stands for them."""
    return Job(kind=HEARTBEAT, key=HEARTBEAT, due=due, urgent=0, lane=TIMERS)


def rest(draft: Reply) -> list[Job]:
    """Free the window of a draft when it was open too long."""
    if draft.open_since is None:
        return []
    key = f"{REST}:{draft.id}"
    return [Job(kind=REST, key=key, subject=str(draft.id), due=draft.open_since + WRITING, urgent=6, lane=TIMERS)]
