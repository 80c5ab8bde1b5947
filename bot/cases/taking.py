"""What becomes of pages inside one transaction: twins are dropped, follow-ups join their case, complaints open one.

What is new is collected and written together: pages that came at the same time
cost a few statements, not a few each.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

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
        return Taken(**{name: getattr(self, name) + getattr(other, name) for name in self.__slots__})


class Taking:
    """Pages of one feed inside one transaction."""

    def __init__(self, unit: Unit, policy: Policy, feed: str, now: datetime) -> None:
        self._unit = unit
        self._policy = policy
        self._feed = feed
        self._now = now
        self._fold = Fold(unit, policy, now)
        self._opened: dict[CaseId, Case] = {}  # what is not written yet
        self._new: list[tuple[Mention, Verdict, CaseId | None]] = []

    def take(self, pages: Sequence[Sequence[Pair]]) -> list[tuple[Taken, list[Pair]]]:
        """Store what is new, each post with the case that it joins or opens, page by page in this order.

        Returns of each page what became of it, and its posts that were known: their authors may have changed them.
        """
        pairs = [pair for page in pages for pair in page]
        known = known_of(self._unit, [mention for mention, _ in pairs])
        fresh = [pair for pair in pairs if _post(pair) not in known]
        alive = _Alive(self._unit, self._feed, fresh, self._now)
        taken = [self._page(page, known, alive) for page in pages]
        self._write()
        return taken

    def _page(self, page: Sequence[Pair], known: set[tuple[str, str]], alive: _Alive) -> tuple[Taken, list[Pair]]:
        taken, twins = Counter[str](), []
        for pair in page:
            if _post(pair) in known:
                twins.append(pair)
                continue
            known.add(_post(pair))
            taken.update(self._one(pair, alive))
        return Taken(**taken, twins=len(twins)), twins

    def _one(self, pair: Pair, alive: _Alive) -> dict[str, int]:
        """Let one new post answer, join, open, or only be kept; say what it counts as."""
        mention, verdict = pair
        if mention.own:
            self._write()
            alive.note(elsewhere.answered(self._unit, mention, at=self._now))
            return {"own": 1}
        case, opened = alive.case_for(mention), False
        if case:
            alive.keep(self._join(case, mention, verdict))
        elif verdict.flagged:
            opened = True
            alive.keep(self._open(mention, verdict, unanswered_before=alive.waited_in_vain(mention)))
        else:
            self._new.append((mention, verdict, None))
        return {"stored": 1, "flagged": verdict.flagged, "opened": opened}

    def _write(self) -> None:
        """Write what is new: whatever reads it comes after."""
        self._unit.cases.add_all([*self._opened.values()])
        self._unit.mentions.add_all(self._new)
        self._opened, self._new = {}, []

    def flag(self, kept: Kept, *, found_by: Staff) -> CaseId:
        """Open a case for a mention that nobody flagged."""
        case = self._case_of(kept.mention, replace(kept.verdict, kind=Kind.COMPLAINT), by=found_by)
        self._write()
        self._unit.mentions.join(kept.id, case.id)
        return case.id

    def track(self, mention: Mention, verdict: Verdict, *, found_by: Staff) -> CaseId:
        """Take in what a person found: it joins its author's case like any other, or opens one."""
        if case := _Alive(self._unit, self._feed, [(mention, verdict)], self._now).case_for(mention):
            self._join(case, mention, verdict)
            self._unit.events.add(event(case.id, Happening.TRACKED, at=self._now, by=found_by))
            return case.id
        case = self._open(mention, verdict, by=found_by)
        self._write()
        return case.id

    def change(self, judged: Sequence[Pair], gone: Sequence[str]) -> Taken:
        """Follow what authors changed in known posts; a new complaint among these joins a case or opens one."""
        if not judged and not gone:
            return Taken()
        changes = Changes(self._unit, self._policy, self._now)
        for kept, pair in changes.edited(self._feed, judged):
            if case := _Alive(self._unit, self._feed, [pair], self._now).case_for(pair[0]):
                self._join(case, *pair, kept=kept)
            else:
                self._unit.mentions.join(kept.id, self._case_of(*pair).id)
                self._write()
        return Taken(edited=changes.count, deleted=changes.deleted(self._feed, gone))

    def _open(
        self, mention: Mention, verdict: Verdict, *, by: Staff | None = None, unanswered_before: bool = False
    ) -> Case:
        """Open a case with its first mention."""
        case = self._case_of(mention, verdict, by=by, unanswered_before=unanswered_before)
        self._new.append((mention, verdict, case.id))
        return case

    def _case_of(
        self, mention: Mention, verdict: Verdict, *, by: Staff | None = None, unanswered_before: bool = False
    ) -> Case:
        """Open a case for a mention."""
        priority = priority_of(verdict, mention, reach_p1=self._policy.reach_p1, unanswered_before=unanswered_before)
        case = self._drafted(mention, verdict, priority)
        self._opened[case.id] = case
        self._unit.events.add(event(case.id, Happening.OPENED, at=self._now, by=by))
        if not by and self._fold.takes(case):
            self._ring(case)
        else:
            promise(self._unit, case, at=self._now)
        if mention.answers:
            self._unit.jobs.add(promises.context(case.id, at=self._now))
        return case

    def _drafted(self, mention: Mention, verdict: Verdict, priority: Priority) -> Case:
        promise = self._policy.promises[priority]
        due = mention.posted_at + promise
        return Case(
            id=self._unit.cases.number(),
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

    def _join(self, case: Case, mention: Mention, verdict: Verdict, *, kept: Kept | None = None) -> Case:
        """Let a mention join a case: the author's own wakes it, a bystander's only when it complains."""
        if case.id in self._opened:
            self._write()
        calls = mention.author.handle == case.author or verdict.flagged
        pressed = pressing(case, (mention, verdict), self._policy, at=self._now) if calls else case
        span = self._policy.promises[pressed.priority]
        heard = pressed.heard(posted_at=mention.posted_at, seen_at=self._now, promise=span, wakes=calls)
        self._unit.cases.save(case, heard)
        if kept:
            self._unit.mentions.join(kept.id, case.id)
        mention_id = kept.id if kept else self._unit.mentions.add(mention, verdict, case_id=case.id)
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
    """The cases that these mentions may join, kept current while they are taken."""

    def __init__(self, unit: Unit, feed: str, judged: Sequence[Pair], now: datetime) -> None:
        authors = sorted({mention.author.handle for mention, _ in judged})
        threads = sorted({mention.thread or mention.post_id for mention, _ in judged})
        complain = sorted({mention.author.handle for mention, verdict in judged if verdict.flagged})
        self._cases: dict[CaseId, Case] = {}
        self._by_author: dict[tuple[str, bool], CaseId] = {}
        self._by_thread: dict[tuple[str, bool], CaseId] = {}
        self._in_vain = unit.cases.unanswered_before(feed=feed, authors=complain)
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


def _post(pair: Pair) -> tuple[str, str]:
    return pair[0].platform, pair[0].post_id
