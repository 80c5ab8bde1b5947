"""Answers that were given on the platform itself: one of our accounts wrote there, and its feed brings it.

The same feed brings back what the courier sent. Such an echo changes nothing,
also when it is quicker than the answer to the courier's own call.

A real one keeps back what we were about to say: nobody is answered twice unless
the writer wants it so.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Final

from bot.cases import promises
from bot.cases.desk import promise_all
from bot.cases.drafts import newest
from bot.cases.sending import arrive
from bot.cases.waiting import hold_back
from bot.domain.case import Case, State
from bot.domain.event import Happening
from bot.domain.ids import CaseId, ReplyId, StaffId
from bot.domain.mention import Mention
from bot.domain.reply import Reply, ReplyState, event_of
from bot.domain.staff import Staff
from bot.domain.verdict import Kept
from bot.domain.voice import alike, words_of
from bot.store.unit import Unit

#: Replies of ours that have not left yet.
_WAITS: Final = frozenset({ReplyState.QUEUED, ReplyState.AWAITING})


def answered(unit: Unit, own: Mention, *, at: datetime) -> Case | None:
    """Note that ``own``, a post of ours, answers a case; return the case as it stands then, if anything changed."""
    found = _answered_mention(unit, own)
    if found is None or found.case_id is None:
        return None
    case = unit.cases.hold(found.case_id)
    replies = unit.replies.of_case(case.id)
    if doubted := [reply for reply in replies if _proves(own, reply)]:
        return _proven(unit, case, doubted[-1], own, at=at)
    if any(_is_echo(unit, own, reply) for reply in replies):
        return None
    for reply in replies:
        if reply.state in _WAITS and not _is_newer(unit, own, reply):
            hold_back(unit, reply, said(own.author.handle, own.platform), at=at)
    if case.state is State.RESOLVED:
        unit.jobs.add(promises.redraw(case, at=at))
        return None
    return _noted(unit, case, found, own, at=at)


def said(handle: str, platform: str) -> str:
    """Return what keeps a reply back, in words."""
    return f"@{handle.removeprefix('@')} answered on {platform} itself."


def overtaken(unit: Unit, reply: Reply) -> str:
    """Return in words that somebody answered elsewhere since a reply was first tried; empty when nobody did."""
    noted = [one for one in unit.events.of_case(reply.case_id) if one.what is Happening.ELSEWHERE]
    if reply.tried_at is None or not noted or noted[-1].at < reply.tried_at:
        return ""
    return said(noted[-1].by_name, unit.cases.get(reply.case_id).platform)


def fold(unit: Unit, sent: Reply) -> bool:
    """Whether a reply that arrived was taken for an answer given elsewhere; if so, that stands for it no more."""
    noted = [one for one in unit.replies.of_case(sent.case_id) if one.id != sent.id and one.remote_id == sent.remote_id]
    for one in noted:
        unit.replies.save(one, replace(one, state=ReplyState.UNDONE, remote_id=""))
    return bool(noted)


def _answered_mention(unit: Unit, own: Mention) -> Kept | None:
    """Return the mention of a case's author that a post of ours answers, directly or through a reply of ours."""
    found = unit.mentions.at(own.platform, own.answers) if own.answers else None
    if found is None:
        return _in_thread(unit, own)
    case = unit.cases.get(found.case_id) if found.case_id is not None else None
    return found if case and case.author == found.mention.author.handle else None


def _in_thread(unit: Unit, own: Mention) -> Kept | None:
    """Return the newest mention of the thread's case; a post that names what it answers must go on after our reply."""
    if not own.thread or own.thread == own.post_id:
        return None
    cases = unit.cases.joinable(feed=own.feed, authors=[], threads=[own.thread], at=own.seen_at)
    fitting = [case for case in cases if case.private == own.private and _holds(unit, case.id, own.answers)]
    return newest(unit, fitting[-1]) if fitting else None


def _holds(unit: Unit, case_id: CaseId, remote_id: str) -> bool:
    return not remote_id or any(reply.remote_id == remote_id for reply in unit.replies.of_case(case_id))


def _is_echo(unit: Unit, own: Mention, reply: Reply) -> bool:
    """Whether a post of ours is a reply that we sent: known by its id, or under way with these words to this post."""
    if reply.state is not ReplyState.SENDING:
        return reply.remote_id == own.post_id
    answered = unit.mentions.get(reply.mention_id)
    parents = {"", answered.mention.post_id if answered else ""}
    return own.answers in parents and alike(words_of(own.text), words_of(reply.text))


def _is_newer(unit: Unit, own: Mention, reply: Reply) -> bool:
    """Whether a reply answers what the customer wrote only after that post of ours."""
    answered = unit.mentions.get(reply.mention_id)
    return answered is not None and answered.mention.posted_at > own.posted_at


def _proves(own: Mention, reply: Reply) -> bool:
    """Whether a post of ours shows that a doubtful reply arrived."""
    return reply.state is ReplyState.UNKNOWN and alike(words_of(own.text), words_of(reply.text))


def _proven(unit: Unit, case: Case, doubted: Reply, own: Mention, *, at: datetime) -> Case:
    known = replace(doubted, remote_id=own.post_id, remote_url=own.url, trouble="")
    sent = replace(known, state=ReplyState.SENT, sent_at=at)
    unit.replies.save(doubted, sent)
    unit.events.add(event_of(sent, Happening.SENT, at=at, by=sent.writer))
    arrive(unit, case, sent, at=at)
    return unit.cases.get(case.id)


def _noted(unit: Unit, case: Case, found: Kept, own: Mention, *, at: datetime) -> Case:
    """Keep the answer like a reply that nobody here wrote: the card shows it, and the customer waits no more."""
    who = Staff(StaffId(""), f"@{own.author.handle}")
    answer = Reply(
        id=ReplyId(0),
        case_id=case.id,
        mention_id=found.id,
        by=who.id,
        by_name=who.name,
        text=own.text,
        state=ReplyState.SENT,
        private=case.private or own.private,
        written_at=own.posted_at,
        sent_at=own.posted_at,
        remote_id=own.post_id,
        remote_url=own.url,
    )
    reply = unit.replies.add(answer)
    unit.events.add(replace(event_of(reply, Happening.ELSEWHERE, at=at, by=who), by=None))
    wrote_again = newest(unit, case).mention.posted_at > own.posted_at
    after = case.answered(at=at, still_waits=wrote_again)
    unit.cases.save(case, after)
    unit.jobs.add(promises.line(case.id, "elsewhere", reply.id, at=at))
    promise_all(unit, after, at=at)
    return after
