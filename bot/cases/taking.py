"""What becomes of a page inside one transaction: twins are dropped, follow-ups join their case, complaints open one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple, dataclass, replace
from datetime import datetime
from operator import add

from bot.cases import elsewhere, promises
from bot.cases.boards import Fold
from bot.cases.changes import Changes, Pair, known_of, pressing, promise
from bot.domain.case import Case, State
from bot.domain.event import Happening, event
from bot.domain.ids import CaseId
from bot.domain.mention import Mention
from bot.domain.policy import Policy
from bot.domain.sla import Priority, first_alarm, priority_of
from bot.domain.staff import Staff
from bot.domain.verdict import Kept, Kind, Verdict
from bot.store.unit import Unit


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of one page of mentions; the sums agree with its length."""

    stored: int = 0
    twins: int = 0
    flagged: int = 0
    """Of the stored: a complaint, or what nobody could judge."""
    opened: int = 0
    """Cases that are new."""
    edited: int = 0
    """Known posts that say something else now."""
    deleted: int = 0
    """Known posts that their authors took back."""
    own: int = 0
    """Of our own accounts: an answer at most, never a mention."""

    def __add__(self, other: Taken) -> Taken:
        """Add the counts of two pages."""
        return Taken(*map(add, astuple(self), astuple(other)))


class Taking:
    """One page inside one transaction."""

    def __init__(self, unit: Unit, policy: Policy, now: datetime) -> None:
        self._unit = unit
        self._policy = policy
        self._now = now
        self._fold = Fold(unit, policy, now)
        self.twins: list[Pair] = []
        """Posts that were known: their authors may have changed them. What is new says what it says."""

    def take(self, feed: str, judged: Sequence[Pair]) -> Taken:
        """Store what is new, each post with the case that it joins or opens."""
        fresh = self._without_twins(judged)
        alive = _Alive(self._unit, feed, [mention for mention, _ in fresh], self._now)
        loose: list[tuple[Mention, Verdict, CaseId | None]] = []
        opened = 0
        for mention, verdict in fresh:
            if mention.own:
                alive.note(elsewhere.answered(self._unit, mention, at=self._now))
            elif case := alive.case_for(mention):
                alive.keep(self._join(case, mention, verdict))
            elif verdict.flagged:
                case = self.open(mention, verdict, unanswered_before=alive.waited_in_vain(mention))
                self._unit.mentions.add(mention, verdict, case_id=case.id)
                alive.keep(case)
                opened += 1
            else:
                loose.append((mention, verdict, None))
        self._unit.mentions.add_all(loose)
        foreign = [verdict for mention, verdict in fresh if not mention.own]
        return Taken(
            stored=len(foreign),
            twins=len(judged) - len(fresh),
            flagged=sum(verdict.flagged for verdict in foreign),
            opened=opened,
            own=len(fresh) - len(foreign),
        )

    def flag(self, kept: Kept, *, by: Staff) -> CaseId:
        """Open a case for a mention that nobody flagged."""
        case = self.open(kept.mention, replace(kept.verdict, kind=Kind.COMPLAINT), by=by)
        self._unit.mentions.join(kept.id, case.id)
        return case.id

    def track(self, mention: Mention, verdict: Verdict, *, by: Staff) -> CaseId:
        """Take in what a person found: it joins its author's case like any other, or opens one."""
        if case := _Alive(self._unit, mention.feed, [mention], self._now).case_for(mention):
            self._join(case, mention, verdict)
            self._unit.events.add(event(case.id, Happening.TRACKED, at=self._now, by=by))
            return case.id
        case = self.open(mention, verdict, by=by)
        self._unit.mentions.add(mention, verdict, case_id=case.id)
        return case.id

    def change(self, feed: str, judged: Sequence[Pair], gone: Sequence[str]) -> Taken:
        """Follow what authors changed in posts that are known; a new complaint among these opens a case."""
        changes = Changes(self._unit, self._policy, self._now)
        for kept, (mention, verdict) in changes.edited(feed, judged):
            self._unit.mentions.join(kept.id, self.open(mention, verdict).id)
        return Taken(edited=changes.count, deleted=changes.deleted(feed, gone))

    def _without_twins(self, judged: Sequence[Pair]) -> list[Pair]:
        known = known_of(self._unit, [mention for mention, _ in judged])
        fresh = []
        for mention, verdict in judged:
            if (key := (mention.platform, mention.post_id)) not in known:
                known.add(key)
                fresh.append((mention, verdict))
            else:
                self.twins.append((mention, verdict))
        return fresh

    def open(
        self, mention: Mention, verdict: Verdict, *, by: Staff | None = None, unanswered_before: bool = False
    ) -> Case:
        """Open a case for a mention."""
        priority = priority_of(verdict, mention, reach_p1=self._policy.reach_p1, unanswered_before=unanswered_before)
        case = self._unit.cases.add(self._new(mention, verdict, priority))
        self._unit.events.add(event(case.id, Happening.OPENED, at=self._now, by=by))
        if not by and self._fold.takes(case):
            self._ring(case)
        else:
            promise(self._unit, case, at=self._now)
        if mention.answers:
            self._unit.jobs.add(promises.context(case.id, at=self._now))
        return case

    def _new(self, mention: Mention, verdict: Verdict, priority: Priority) -> Case:
        promise = self._policy.promises[priority]
        due = mention.posted_at + promise
        return Case(
            id=CaseId(0),
            kind=verdict.kind,
            priority=priority,
            feed=mention.feed,
            platform=mention.platform,
            author=mention.author.handle,
            thread=mention.thread or mention.post_id,
            private=mention.private,
            account=mention.terms.account,
            posted_at=mention.posted_at,
            seen_at=self._now,
            due_at=due,
            alarm_at=first_alarm(due_at=due, seen_at=self._now, promise=promise),
        )

    def _join(self, case: Case, mention: Mention, verdict: Verdict) -> Case:
        """Let a mention join a case: the author's own wakes it, a bystander's only when it complains."""
        calls = mention.author.handle == case.author or verdict.flagged
        pressed = pressing(case, (mention, verdict), self._policy, at=self._now) if calls else case
        span = self._policy.promises[pressed.priority]
        heard = pressed.heard(posted_at=mention.posted_at, seen_at=self._now, promise=span, wakes=calls)
        self._unit.cases.save(case, heard)
        mention_id = self._unit.mentions.add(mention, verdict, case_id=case.id)
        self._unit.events.add(event(case.id, Happening.HEARD, at=self._now, detail=str(mention_id)))
        if heard.state is not case.state:
            woken = Happening.REOPENED if case.state is State.RESOLVED else Happening.WOKEN
            self._unit.events.add(event(case.id, woken, at=self._now))
        if self._fold.keeps(heard):
            self._ring(heard)
            return heard
        if calls and not self._policy.reads_again(mention):
            self._unit.jobs.add(promises.line(case.id, "heard", mention_id, at=self._now))
        promise(self._unit, heard, at=self._now)
        return heard

    def _ring(self, case: Case) -> None:
        """Promise the alarm of a case without a card."""
        for job in promises.alarm(case):
            self._unit.jobs.add(job)


class _Alive:
    """The cases that this page's mentions may join, kept current while the page is taken."""

    def __init__(self, unit: Unit, feed: str, mentions: Sequence[Mention], now: datetime) -> None:
        authors = sorted({mention.author.handle for mention in mentions})
        threads = sorted({mention.thread or mention.post_id for mention in mentions})
        self._cases: dict[CaseId, Case] = {}
        self._by_author: dict[tuple[str, bool], CaseId] = {}
        self._by_thread: dict[tuple[str, bool], CaseId] = {}
        self._in_vain = unit.cases.unanswered_before(feed=feed, authors=authors)
        found = unit.cases.joinable(feed=feed, authors=authors, threads=threads, at=now)
        for case in sorted(found, key=lambda case: (case.state is not State.RESOLVED, case.id)):
            self.keep(case)  # the last one wins: an open case before an ended one, a newer before an older

    def keep(self, case: Case) -> None:
        """Remember a case as it stands now."""
        self._cases[case.id] = case
        self._by_author[case.author, case.private] = case.id
        self._by_thread[case.thread, case.private] = case.id

    def note(self, case: Case | None) -> None:
        """Bring a case up to date, if it is one of these."""
        if case and case.id in self._cases:
            self._cases[case.id] = case

    def case_for(self, mention: Mention) -> Case | None:
        """Return the case a mention belongs to: its thread's, else its author's. Private never joins public."""
        thread = mention.thread or mention.post_id
        found = self._by_thread.get((thread, mention.private))
        found = found or self._by_author.get((mention.author.handle, mention.private))
        return self._cases[found] if found else None

    def waited_in_vain(self, mention: Mention) -> bool:
        """Return whether the author was left without a reply in an earlier case."""
        return mention.author.handle in self._in_vain
