"""A reply that ends undelivered: its writer is told, its text is kept, and what nobody knows a person finds out."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot import metrics
from bot.cases import promises
from bot.cases.changes import GONE
from bot.domain.event import Happening
from bot.domain.removed import Removed
from bot.domain.reply import Reply, ReplyState, event_of
from bot.store.unit import Unit


def close(unit: Unit, reply: Reply, state: ReplyState, trouble: str, *, at: datetime) -> None:
    """End a reply as refused, so that it can be sent anew, or as unknown, so that a person looks."""
    metrics.SENDS.labels(str(state)).inc()
    unit.replies.save(reply, replace(reply, state=state, trouble=trouble[:500]))
    case = unit.cases.get(reply.case_id)
    what = Happening.REFUSED if state is ReplyState.REFUSED else Happening.DOUBTED
    unit.events.add(event_of(reply, what, at=at, by=reply.writer))
    unit.jobs.add(promises.line(case.id, str(state), reply.id, at=at))
    unit.jobs.add(promises.redraw(case, at=at, by_staff=True))
    if state is ReplyState.REFUSED:
        unit.replies.add(reply.again(at=at))


def given_up(unit: Unit, reply: Reply, *, at: datetime) -> None:
    """End a reply whose job died: a call that began may have arrived; without one surely nothing was sent."""
    if reply.state is ReplyState.SENDING:
        close(unit, reply, ReplyState.UNKNOWN, "Something broke again and again while it was sent.", at=at)
    elif reply.state is ReplyState.QUEUED:
        close(unit, reply, ReplyState.REFUSED, "Something broke again and again before it left.", at=at)


def stay(unit: Unit, reply: Reply, why: Removed, *, at: datetime) -> None:
    """Keep an answer to what was taken back from leaving; its writer is told, and keeps the text."""
    unit.replies.save(reply, replace(reply, state=ReplyState.REFUSED, trouble=GONE[why]))
    unit.events.add(event_of(reply, Happening.REFUSED, at=at, by=reply.writer))
    if why is Removed.DELETED:
        unit.replies.add(reply.again(at=at))
        unit.jobs.add(promises.line(reply.case_id, str(ReplyState.REFUSED), reply.id, at=at))
    unit.jobs.add(promises.redraw(unit.cases.get(reply.case_id), at=at, by_staff=True))
