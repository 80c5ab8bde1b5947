"""Authors change their minds: a post that was edited or deleted is no longer what we said it was.

What it said before is not kept. A person who writes an answer is stopped once
and reads again; an answer to what was deleted does not leave.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from bot.cases import promises
from bot.cases.copies import empty, redraw
from bot.domain.case import Case, State
from bot.domain.event import Happening, event
from bot.domain.ids import CaseId, MentionId
from bot.domain.mention import Mention
from bot.domain.policy import Policy
from bot.domain.removed import CopyOf, Removed, sentence, trace
from bot.domain.reply import Reply
from bot.domain.sla import priority_of
from bot.domain.verdict import Kept, Verdict
from bot.errors import NotAllowed
from bot.store.unit import Unit

#: What somebody reads who answers a post that is not there any more.
GONE: Final = {
    Removed.DELETED: "The author deleted it.",
    Removed.EXPIRED: "Its words are not kept any more.",
    Removed.ERASED: "It was erased on request.",
}
CHANGED: Final = "The author changed this after you began. Read it again, then send."

#: Messages about a case that show what a post says, beside its card.
_QUOTING: Final = (CopyOf.TIER, CopyOf.HOME, CopyOf.BOARD)

Pair = tuple[Mention, Verdict]


class Changes:
    """What authors changed, inside the transaction of one page."""

    def __init__(self, unit: Unit, policy: Policy, now: datetime) -> None:
        self._unit = unit
        self._policy = policy
        self._now = now
        self.count = 0
        """Posts that say something else now."""

    def edited(self, feed: str, judged: Sequence[Pair]) -> list[tuple[Kept, Pair]]:
        """Write down what known posts of a feed say now; return those that are complaints now and have no case."""
        standing = self._unit.mentions.standing([mention for mention, _ in judged])
        changed: dict[MentionId, tuple[Kept, Pair]] = {}
        for mention, verdict in judged:
            kept = standing.get(post := (mention.platform, mention.post_id))
            if kept is None or kept.mention.feed != feed or (now := self._latest(kept, (mention, verdict))) is None:
                continue
            standing[post] = replace(kept, mention=now[0], verdict=now[1])
            if _same(kept.mention, now[0]):
                self._unit.mentions.edit(kept.id, *now, at=kept.edited_at)
            else:
                self._edit(kept, now)
                changed[kept.id] = kept, now
        return [one for one in changed.values() if one[0].case_id is None and one[1][1].flagged]

    def _latest(self, kept: Kept, pair: Pair) -> Pair | None:
        """Return what a post says by the newer of two versions, to no more people than either; None: nothing new."""
        before, (now, _) = kept.mention, pair
        is_newer = self._is_newer(before, now)
        if not is_newer and (before.private or not now.private):
            return None
        mention, verdict = pair if is_newer else (before, kept.verdict)
        return replace(mention, visibility=(before if before.private else now).visibility), verdict

    def _is_newer(self, before: Mention, now: Mention) -> bool:
        """Whether a version follows another; where nobody tells, words that were replaced once do not come back."""
        if now.revised_at or before.revised_at:
            return now.revised_at is not None and (before.revised_at is None or now.revised_at > before.revised_at)
        if _same(replace(before, visibility=now.visibility), now):
            return False
        old, new = (trace(one.feed, one.post_id, one.text) for one in (before, now))
        if self._unit.feeds.remembered([new]):
            return False
        self._unit.feeds.remember([old], at=self._now)
        return True

    def _edit(self, kept: Kept, now: Pair) -> None:
        """Write down what a mention says now, and have everything drawn anew that shows it."""
        self.count += 1
        self._unit.mentions.edit(kept.id, *now, at=self._now)
        if kept.case_id is not None:
            self._reread(kept.case_id, kept, now)
        redraw(self._unit, self._unit.copies.of_mentions([kept.id]), at=self._now)

    def _reread(self, case_id: CaseId, kept: Kept, pair: Pair) -> None:
        """Judge a case anew by what a mention says now: it may press harder and turn private, never the reverse."""
        case, (mention, verdict) = self._unit.cases.get(case_id), pair
        calls = mention.author.handle == case.author or verdict.flagged
        pressed = self._woken(case, pair) if calls else case
        reread = replace(pressed, version=case.version + 1, private=case.private or mention.private)
        self._unit.cases.save(case, reread)
        self._unit.events.add(event(case_id, Happening.EDITED, at=self._now, detail=str(kept.id)))
        promise(self._unit, reread, at=self._now)
        redraw(self._unit, self._unit.copies.of_cases([case_id], kinds=_QUOTING), at=self._now)

    def _woken(self, case: Case, pair: Pair) -> Case:
        """Return the case as urgent as an edit makes it; one that became more urgent does not go on sleeping."""
        pressed = pressing(case, pair, self._policy, at=self._now)
        if pressed is case or case.state not in {State.RESOLVED, State.SNOOZED}:
            return pressed
        woken = Happening.REOPENED if case.state is State.RESOLVED else Happening.WOKEN
        self._unit.events.add(event(case.id, woken, at=self._now))
        span = self._policy.promises[pressed.priority]
        return pressed.reopened().promised(posted_at=pair[0].posted_at, seen_at=self._now, promise=span)

    def deleted(self, feed: str, posts: Sequence[str]) -> int:
        """Take out what authors deleted from a feed, now or as soon as it comes; return how many are gone now."""
        found = self._unit.mentions.brought(feed, list(dict.fromkeys(posts)))
        here = {kept.mention.post_id for kept in found}
        self._unit.feeds.remember({trace(feed, post) for post in posts if post not in here}, at=self._now)
        for kept in found:
            self._delete(kept)
        return len(found)

    def _delete(self, kept: Kept) -> None:
        unit, now = self._unit, self._now
        quoting = unit.removal.delete_mention(kept.id, words=sentence(Removed.DELETED))
        places = [*unit.copies.of_mentions([kept.id]), *unit.copies.direct(since=kept.mention.seen_at)]
        if kept.case_id is not None:
            redraw(unit, unit.copies.of_cases([kept.case_id], kinds=_QUOTING), at=now)
            self._left(kept.case_id, kept)
        empty(unit, places, Removed.DELETED, at=now)
        for case_id in quoting - {kept.case_id}:
            unit.jobs.add(promises.redraw(unit.cases.get(CaseId(case_id)), at=now))

    def _left(self, case_id: CaseId, kept: Kept) -> None:
        """Note on a case that a mention is gone; when it was the last one, nobody waits any more."""
        case = self._unit.cases.get(case_id)
        empty_now = case.state is not State.RESOLVED and not self._unit.mentions.count_standing(case_id)
        after = replace(case, version=case.version + 1)
        if empty_now:
            after = replace(after, due_at=None, alarm_at=None, late_at=None, pinged=False)
        self._unit.cases.save(case, after)
        self._unit.events.add(event(case_id, Happening.DELETED, at=self._now, detail=str(kept.id)))
        if empty_now and case.assignee:
            self._unit.jobs.add(promises.line(case_id, "deleted", kept.id, at=self._now))
        promise(self._unit, after, at=self._now)


def known_of(unit: Unit, mentions: Sequence[Mention]) -> set[tuple[str, str]]:
    """Return (platform, post id) of those that are stored already, or were deleted before they came."""
    traces = {(one.platform, one.post_id): trace(one.feed, one.post_id) for one in mentions}
    gone = unit.feeds.remembered(traces.values())
    return unit.mentions.known(mentions) | {post for post, its_trace in traces.items() if its_trace in gone}


def pressing(case: Case, pair: Pair, policy: Policy, *, at: datetime) -> Case:
    """Return a case as urgent as one more of its posts makes it: a danger counts in a second one too."""
    mention, verdict = pair
    priority = priority_of(verdict, mention, reach_p1=policy.reach_p1, unanswered_before=False)
    return case.pressing(priority, posted_at=mention.posted_at, seen_at=at, promise=policy.promises[priority])


def promise(unit: Unit, case: Case, *, at: datetime) -> None:
    """Promise the redraw and the alarm that a post calls for."""
    for job in [promises.redraw(case, at=at), *promises.alarm(case)]:
        unit.jobs.add(job)


def refuse_gone(kept: Kept) -> None:
    """Refuse to answer what is not there any more.

    Raises:
        NotAllowed: its author deleted it, or it was erased.
    """
    if kept.removed:
        raise NotAllowed(f"{GONE[kept.removed]} Nothing was sent.")


def is_outdated(draft: Reply, kept: Kept) -> bool:
    """Return whether a post says something else than its answer's writer read."""
    return kept.edited_at is not None and kept.edited_at > (draft.read_at or draft.written_at)


def _same(before: Mention, now: Mention) -> bool:
    """Return whether two versions read the same, to no fewer people: blanks alone are no edit."""
    return before.text.split() == now.text.split() and (before.private or not now.private)
