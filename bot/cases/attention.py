"""Nothing is forgotten in somebody's hands: quiet claims are asked about and come back; colleagues see who writes.

One job looks at all claims and promises the next look for the moment at which
something can be due. Signs of life are the events that people leave, so every
verb counts by itself.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from bot.cases import promises
from bot.cases.desk import promise_all
from bot.cases.rights import may
from bot.clock import Clock
from bot.domain.attention import WRITING, Claim, Writing, writing
from bot.domain.case import Case
from bot.domain.event import Happening, event
from bot.domain.ids import CaseId, ReplyId
from bot.domain.job import Job
from bot.domain.policy import Policy
from bot.domain.reply import ReplyState
from bot.domain.staff import Staff
from bot.errors import NotAllowed
from bot.store.engine import Store
from bot.store.unit import Unit

#: How long a look waits for another timer that is due at the same moment.
_TURN: Final = timedelta(seconds=5)
#: A reply that keeps an assignee from being asked: they did their part, somebody else has to do theirs.
_UNDER_WAY: Final = frozenset({ReplyState.AWAITING, ReplyState.QUEUED, ReplyState.SENDING, ReplyState.UNKNOWN})


class Attention:
    """The jobs ``desk.look`` and ``draft.rest``, and what people answer."""

    def __init__(self, store: Store, clock: Clock, policy: Policy) -> None:
        self._store = store
        self._clock = clock
        self._policy = policy

    async def begin(self) -> None:
        """Promise the first look of this process: the spans in the settings may have changed."""
        if self._policy.stale_claim:
            now = self._clock.now()
            await self._store.transact(lambda unit: unit.jobs.add(promises.look(at=now)))

    async def look(self, job: Job) -> None:
        """Ask those who have been quiet too long, and take back from those who did not answer."""
        del job
        if self._policy.stale_claim:
            now = self._clock.now()
            await self._store.transact(lambda unit: self._look(unit, now))

    def _look(self, unit: Unit, now: datetime) -> None:
        upcoming = [self._attend(unit, claim, now) for claim in unit.attention.claims()]
        unit.jobs.add(promises.look(at=min([*upcoming, now + self._policy.stale_claim])))

    def _attend(self, unit: Unit, claim: Claim, now: datetime) -> datetime:
        """Do what is due on one claim, and return when to look at it again."""
        due = claim.due(ask_after=self._policy.stale_claim, return_after=self._policy.stale_return)
        if due > now:
            return due
        if self._is_worked_on(unit, claim.case, now):
            return now + self._policy.stale_claim
        if _is_about_to_ring(claim.case, now):
            return now + _TURN
        if claim.asked_at:
            self._return(unit, claim.case, now)
            return now + self._policy.stale_claim
        return self._ask(unit, claim.case, now)

    def _is_worked_on(self, unit: Unit, case: Case, now: datetime) -> bool:
        replies = unit.replies.of_case(case.id)
        drafts = [reply for reply in replies if reply.state is ReplyState.DRAFT]
        return any(reply.state in _UNDER_WAY for reply in replies) or any(writing(one, at=now) for one in drafts)

    def _ask(self, unit: Unit, case: Case, now: datetime) -> datetime:
        returns_at = now + self._policy.stale_return
        unit.cases.save(case, replace(case, asked_at=now, version=case.version + 1))
        unit.events.add(event(case.id, Happening.ASKED, at=now, detail=case.assignee_name))
        unit.jobs.add(promises.line(case.id, "stale", int(returns_at.timestamp()), at=now))
        return returns_at

    def _return(self, unit: Unit, case: Case, now: datetime) -> None:
        free = case.returned()
        unit.cases.save(case, free)
        unit.events.add(event(case.id, Happening.RETURNED, at=now, detail=case.assignee_name))
        unit.jobs.add(promises.line(case.id, "returned", free.version, at=now))
        promise_all(unit, free, at=now)

    async def stay(self, case_id: CaseId, *, by: Staff) -> datetime:
        """Note that the assignee is still on it, and return when they are asked again if nothing happens.

        Raises:
            NotAllowed: it is not theirs, or no customer waits.
        """
        now = self._clock.now()

        def work(unit: Unit) -> datetime:
            case = unit.cases.get(case_id)
            may(by, "stay", self._policy, case)
            if case.assignee != by.id:
                who = f"{case.assignee_name} has" if case.assignee else "Nobody has"
                raise NotAllowed(f"{who} case {case_id}, not you. Press Claim or Assign… on its card to take it.")
            unit.cases.save(case, replace(case, asked_at=None, version=case.version + 1))
            unit.events.add(event(case_id, Happening.KEPT, at=now, by=by))
            return now + self._policy.stale_claim

        return await self._store.transact(work)

    async def enter(self, reply_id: ReplyId, *, by: Staff) -> str:
        """Show colleagues that ``by`` writes from now on.

        Return in words who else does, because the case changed hands meanwhile; empty when nobody does.
        """
        now = self._clock.now()

        def work(unit: Unit) -> Writing | None:
            draft = unit.replies.get(reply_id)
            if draft.state is not ReplyState.DRAFT or draft.by != by.id:
                return None
            opened = replace(draft, open_since=now)
            unit.replies.save(draft, opened)
            case = unit.cases.get(draft.case_id)
            unit.cases.save(case, replace(case, quiet_since=now, version=case.version + 1))
            for job in [promises.redraw(case, at=now, by_staff=True), *promises.rest(opened)]:
                unit.jobs.add(job)
            return _colleague(unit, case.id, by, now)

        found = await self._store.transact(work)
        return found.sentence(at=now) if found else ""

    async def colleague(self, case_id: CaseId, *, by: Staff) -> str:
        """Return in words who else writes at an answer to this case; empty when nobody does."""
        now = self._clock.now()
        found = await self._store.read(lambda unit: _colleague(unit, case_id, by, now))
        return found.sentence(at=now) if found else ""

    async def leave(self, reply_id: ReplyId, *, by: Staff) -> None:
        """Note that ``by`` closed the window: the text is kept, and nobody writes any more."""
        await self._store.transact(lambda unit: self._rest(unit, reply_id, by=by))

    async def rest(self, job: Job) -> None:
        """Free a window that was open so long that nobody may sit before it."""
        await self._store.transact(lambda unit: self._rest(unit, ReplyId(int(job.subject))))

    def _rest(self, unit: Unit, reply_id: ReplyId, *, by: Staff | None = None) -> None:
        """Free the window that ``by`` closed, or one that has outlived its time."""
        now = self._clock.now()
        draft = unit.replies.get(reply_id)
        over = draft.by == by.id if by else draft.open_since and now - draft.open_since >= WRITING
        if draft.open_since is None or draft.state is not ReplyState.DRAFT or not over:
            return
        unit.replies.save(draft, replace(draft, open_since=None))
        unit.jobs.add(promises.redraw(unit.cases.get(draft.case_id), at=now, by_staff=True))
        if self._policy.stale_claim:
            unit.jobs.add(promises.look(at=now))


def _colleague(unit: Unit, case_id: CaseId, by: Staff, at: datetime) -> Writing | None:
    others = [one for one in unit.attention.open_drafts([case_id]).get(case_id, []) if one.by != by.id]
    return next((found for one in others if (found := writing(one, at=at))), None)


def _is_about_to_ring(case: Case, now: datetime) -> bool:
    """Return whether the alarm that pings the assignee is due too: one call is enough."""
    return case.alarm_at is not None and case.alarm_at <= now and not case.pinged
