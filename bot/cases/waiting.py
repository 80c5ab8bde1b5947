"""Replies that wait for a second pair of eyes: how they begin to wait, and how they end without a decision."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from bot.cases import promises
from bot.domain.case import Case
from bot.domain.event import Happening, event
from bot.domain.policy import Policy
from bot.domain.reply import Reply, ReplyState, event_of
from bot.domain.staff import Staff
from bot.store.unit import Unit


def waiting(unit: Unit, case: Case) -> list[Reply]:
    """Return the replies to a case that wait for approval, oldest first."""
    return [reply for reply in unit.replies.of_case(case.id) if reply.state is ReplyState.AWAITING]


def reasons(unit: Unit, policy: Policy, case: Case, *, by: Staff, text: str = "", asked: bool = False) -> str:
    """Return why a reply of ``by`` needs approval, in one line; empty when it needs none."""
    rule = policy.approval
    sent = unit.replies.count_sent(by.id) if rule.new_staff_replies else 0
    return "; ".join(rule.reasons(case, by=by, sent=sent, text=text, asked=asked))


def ask(unit: Unit, draft: Reply, asked: Reply, case: Case, *, remind: timedelta) -> None:
    """Let a reply wait: its approvers are called once, and again when nobody looks. An older one of its writer ends."""
    at = asked.asked_at or asked.written_at
    for older in waiting(unit, case):
        if older.by == asked.by:
            _withdraw(unit, older, by=asked.writer, at=at)
    unit.replies.save(draft, asked)
    unit.events.add(event_of(asked, Happening.APPROVAL_ASKED, at=at, by=asked.writer))
    unit.jobs.add(promises.line(case.id, "asked", asked.id, at=at))
    unit.jobs.add(promises.remind(asked, 1, due=at + remind))
    unit.jobs.add(promises.redraw(case, at=at, by_staff=True))


def withdraw_all(unit: Unit, case: Case, *, by: Staff, at: datetime) -> None:
    """End every request because the case is over; each text goes back to its writer, who hears of it."""
    for reply in waiting(unit, case):
        _withdraw(unit, reply, by=by, at=at)
        unit.replies.add(reply.again(at=at))
        if reply.by != by.id:
            unit.jobs.add(promises.line(case.id, "withdrawn", reply.id, at=at))


def send_back(unit: Unit, reply: Reply, *, by: Staff, words: str, what: Happening, at: datetime) -> None:
    """Give a text back to its writer as a draft, with the approver's words; the writer is told in the thread."""
    rejected = reply.rejected(by=by, words=words)
    unit.replies.save(reply, rejected)
    said = f"{by.name}: {words}" if words else f"{by.name} did not approve this."
    unit.replies.add(rejected.again(at=at, said=said))
    unit.events.add(event_of(reply, what, at=at, by=by, detail=f"{reply.id}: {words}" if words else ""))
    unit.jobs.add(promises.line(reply.case_id, str(what), reply.id, at=at))


def hold_back(unit: Unit, reply: Reply, why: str, *, at: datetime) -> None:
    """Keep a reply from leaving that may not be wanted any more; its writer keeps the text and is asked once."""
    held = replace(reply.undone(), trouble=why)
    unit.replies.save(reply, held)
    unit.replies.add(held.again(at=at, said=why))
    unit.events.add(event_of(held, Happening.UNDONE, at=at, detail=f"{reply.id}: {why}"))
    unit.jobs.add(promises.line(reply.case_id, "held", reply.id, at=at))


def remind_later(unit: Unit, reply: Reply, nth: int, *, span: timedelta, at: datetime) -> None:
    """Promise the next call of the approvers, each time after twice as long."""
    unit.jobs.add(promises.remind(reply, nth, due=at + span * 2 ** (nth - 1)))


def call_again(unit: Unit, reply: Reply, nth: int, *, at: datetime) -> None:
    """Call the approvers for the ``nth`` time, once, also after a death; a line is said once, so its key counts."""
    called = event(reply.case_id, Happening.REMINDED, at=at, detail=f"reply {reply.id} waits for approval")
    known = [(one.what, one.detail) for one in unit.events.of_case(reply.case_id)]
    if known.count((called.what, called.detail)) >= nth:
        return
    line = promises.line(reply.case_id, "unapproved", reply.id, at=at)
    unit.jobs.add(replace(line, key=f"{line.key}:{nth}"))
    unit.events.add(called)


def _withdraw(unit: Unit, reply: Reply, *, by: Staff, at: datetime) -> None:
    undone = reply.undone()
    unit.replies.save(reply, undone)
    unit.events.add(event_of(undone, Happening.UNDONE, at=at, by=by))
