"""What staff do to a case: load, ask the case, save, remember, promise."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from bot.cases import promises
from bot.cases.rights import allowed, may, may_hold, may_on_anothers, may_somewhere
from bot.cases.waiting import waiting, withdraw_all
from bot.clock import Clock
from bot.domain.card import Escalation
from bot.domain.case import Case, Resolution, State
from bot.domain.event import Event, Happening, event
from bot.domain.ids import CaseId
from bot.domain.policy import Policy
from bot.domain.sla import next_business_morning
from bot.domain.staff import Staff
from bot.errors import NotAllowed
from bot.privacy.veil import typed
from bot.store.engine import Store
from bot.store.unit import Unit

NO_TIER: Final = "No tier is set up. Add [[tiers]] to goshawk.toml."

#: How many unclaimed cases are looked through for one that somebody with bounded rights may claim.
_REACH: Final = 500

Change = Callable[[Case], Case]


class Desk:
    """The verbs on one case."""

    def __init__(self, store: Store, clock: Clock, policy: Policy) -> None:
        self._store = store
        self._clock = clock
        self._policy = policy

    async def claim(self, case_id: CaseId, *, by: Staff) -> Case:
        """Give the case to ``by``.

        Raises:
            NotAllowed: somebody else has it, or it is resolved.
        """
        now = self._clock.now()
        said = event(case_id, Happening.CLAIMED, at=now, by=by)
        return await self._do("claim", lambda case: case.claimed(by=by, at=now), said, by=by)

    async def claim_next(self, *, by: Staff) -> Case:
        """Give the most urgent unclaimed case to ``by``.

        Raises:
            NotAllowed: nothing is unclaimed.
        """
        may_somewhere(by, "claim", self._policy)
        now = self._clock.now()

        def work(unit: Unit) -> Case:
            for case in unit.cases.some(unit.queues.next(self._within_reach(unit, by))):
                said = event(case.id, Happening.CLAIMED, at=now, by=by)
                return _change(unit, case, case.claimed(by=by, at=now), said)
            raise NotAllowed("Nothing is unclaimed. Well done.")

        return await self._store.transact(work)

    def _within_reach(self, unit: Unit, by: Staff) -> list[CaseId] | None:
        """Return the unclaimed cases that somebody with bounded rights may claim; None: every case."""
        if not self._policy.grants and (by.reads_private or not self._policy.routes.private):
            return None
        waiting = unit.queues.first(states=[State.OPEN], limit=_REACH)
        return [case.id for case in waiting if allowed(by, "claim", self._policy, case)]

    async def release(self, case_id: CaseId, *, by: Staff) -> Case:
        """Put the case back into the queue.

        Raises:
            NotAllowed: ``by`` does not have it.
        """
        said = event(case_id, Happening.RELEASED, at=self._clock.now(), by=by)
        return await self._do("release", lambda case: case.released(by=by), said, by=by)

    async def assign(self, case_id: CaseId, *, to: Staff, by: Staff, note: str = "") -> Case:
        """Hand the case to ``to``; they and whoever had it are told in the card's thread, never who does it.

        Raises:
            NotAllowed: ``to`` may not work here, the case is somebody else's and no note says why, or it is resolved.
        """
        may_somewhere(by, "assign", self._policy)
        now, note = self._clock.now(), typed(note)

        def work(unit: Unit) -> Case:
            case = unit.cases.get(case_id)
            may(by, "assign", self._policy, case)
            may_hold(to, self._policy, case)
            may_on_anothers(by, "assign", self._policy, case, note=note, away=_is_away(unit, case, now))
            said = event(case_id, Happening.ASSIGNED, at=now, by=by, detail=f"{to.name}: {note}" if note else to.name)
            handed = _change(unit, case, case.assigned(to=to, at=now), said)
            former = case.assignee if case.assignee not in {by.id, to.id} else None
            if handed != case and (former or to.id != by.id):
                unit.jobs.add(promises.handed(handed, to=to.id, former=former, at=now))
            return handed

        return await self._store.transact(work)

    async def escalate(self, case_id: CaseId, *, by: Staff, reason: str, tier: str = "") -> Case:
        """Tell the next tier, or the one called ``tier``, with the reason.

        Raises:
            NotAllowed: no reason, no such tier, no tier left, or the case is resolved.
        """
        may_somewhere(by, "escalate", self._policy)
        now, why = self._clock.now(), typed(reason)
        if not why:
            raise NotAllowed("Say why: a reason is what the next person reads first.")

        def work(unit: Unit) -> Case:
            case = unit.cases.get(case_id)
            may(by, "escalate", self._policy, case)
            number = self._tier_for(case, tier)
            escalation = Escalation(case_id=case_id, tier=number, reason=why, by_name=by.name, at=now)
            climb(unit, escalation, self._policy)
            name = self._policy.tiers[number - 1].name
            said = event(case_id, Happening.ESCALATED, at=now, by=by, detail=f"{name}: {why}")
            return _change(unit, case, case.escalated(to=number), said)

        return await self._store.transact(work)

    def _tier_for(self, case: Case, name: str) -> int:
        if not self._policy.tiers:
            raise NotAllowed(NO_TIER)
        known = ", ".join(tier.name for tier in self._policy.tiers)
        if name:
            if not (number := self._policy.tier_number(name)):
                raise NotAllowed(f"I know no tier {name}. There are: {known}.")
            return number
        if case.tier >= len(self._policy.tiers):
            raise NotAllowed(f"Case {case.id} is at the top already. Name a tier to tell it again: {known}.")
        return case.tier + 1

    async def snooze(self, case_id: CaseId, *, by: Staff, span: timedelta | None = None, note: str = "") -> Case:
        """Let the case sleep for ``span``, or until the next business morning; it keeps its assignee.

        Raises:
            NotAllowed: the span is no future, the case is resolved, or it is somebody else's and no note says why.
        """
        now = self._clock.now()
        until = now + span if span is not None else next_business_morning(now, self._policy.zone)
        change: Change = lambda case: case.snoozed(until=until, at=now)  # noqa: E731 - named for its type
        said = event(case_id, Happening.SNOOZED, at=now, by=by, detail=_noted(until.isoformat(), note))
        return await self._do("snooze", change, said, by=by, note=note)

    async def resolve(
        self, case_id: CaseId, *, by: Staff, resolution: Resolution, drawn: int | None = None, note: str = ""
    ) -> Case:
        """Close the case. ``drawn`` is the version on the card that was pressed.

        Raises:
            NotAllowed: resolved already, somebody else's and no note says why, or a new mention arrived since
                that drawing; without one, "answered" is refused while the customer waits for a second answer.
        """
        now = self._clock.now()

        def change(case: Case) -> Case:
            see_all(case, drawn)
            if drawn is None and resolution is Resolution.ANSWERED and case.waits and case.last_reply_at:
                raise NotAllowed(
                    "The customer wrote again since our reply. Read it, then answer, or give another reason."
                )
            return case.resolved(resolution, by=by.name, at=now)

        said = event(case_id, Happening.RESOLVED, at=now, by=by, detail=_noted(str(resolution), note))
        return await self._do("resolve", change, said, by=by, note=note)

    async def reopen(self, case_id: CaseId, *, by: Staff) -> Case:
        """Wake a snoozed case, or take a resolved one up again; a customer who has no answer waits again.

        Raises:
            NotAllowed: the case is neither.
        """
        may_somewhere(by, "reopen", self._policy)
        now = self._clock.now()

        def work(unit: Unit) -> Case:
            case = unit.cases.get(case_id)
            may(by, "reopen", self._policy, case)
            awake, since = case.reopened(), _waits_since(unit, case)
            if case.state is State.RESOLVED and since:
                awake = awake.promised(posted_at=since, seen_at=now, promise=self._policy.promises[case.priority])
            return _change(unit, case, awake, event(case_id, Happening.REOPENED, at=now, by=by))

        return await self._store.transact(work)

    async def note(self, case_id: CaseId, *, by: Staff, text: str) -> None:
        """Write staff's own words into the timeline; they never leave the house.

        Raises:
            NotAllowed: nothing was written.
        """
        may_somewhere(by, "note", self._policy)
        now, words = self._clock.now(), typed(text)
        if not words:
            raise NotAllowed("Write the note behind the case number.")

        def work(unit: Unit) -> None:
            case = unit.cases.get(case_id)
            may(by, "note", self._policy, case)
            unit.events.add(event(case.id, Happening.NOTED, at=now, by=by, detail=words))

        await self._store.transact(work)

    async def holder(self, case_id: CaseId, *, by: Staff, verb: str) -> str:
        """Return who has a case, where ``by`` owes them a word for this verb; empty where none is owed."""
        now = self._clock.now()

        def work(unit: Unit) -> str:
            case = unit.cases.get(case_id)
            try:
                may_on_anothers(by, verb, self._policy, case, note="", away=_is_away(unit, case, now))
            except NotAllowed:
                return case.assignee_name
            return ""

        return await self._store.read(work)

    async def _do(self, verb: str, change: Change, said: Event, *, by: Staff, note: str = "") -> Case:
        may_somewhere(by, verb, self._policy)

        def work(unit: Unit) -> Case:
            case = unit.cases.get(said.case_id)
            may(by, verb, self._policy, case)
            may_on_anothers(by, verb, self._policy, case, note=note, away=_is_away(unit, case, said.at))
            after = change(case)
            if verb in {"resolve", "snooze"} and after != case and _must_hear(unit, case, by):
                unit.jobs.add(promises.line(case.id, "acted", after.version, at=said.at))
            return _change(unit, case, after, said)

        return await self._store.transact(work)


def _noted(what: str, note: str) -> str:
    return f"{what}: {typed(note)}" if note.strip() else what


def _must_hear(unit: Unit, case: Case, by: Staff) -> bool:
    """Whether somebody else has the case; whose request ends with it hears of that already."""
    return case.assignee not in {None, by.id, *(reply.by for reply in waiting(unit, case))}


def _is_away(unit: Unit, case: Case, at: datetime) -> bool:
    """Whether nobody need wait for a case's assignee: it is late, or they do not answer us."""
    claim = unit.attention.claim(case.id) if case.assignee else None
    return bool((case.waits and case.due_at and case.due_at <= at) or (claim and claim.asked_at))


def _change(unit: Unit, before: Case, after: Case, said: Event) -> Case:
    """Save, remember, promise; nothing at all when the act changed nothing."""
    if after == before:
        return after
    unit.cases.save(before, after)
    unit.events.add(said)
    if after.state is State.RESOLVED and said.by:
        withdraw_all(unit, after, by=Staff(said.by, said.by_name), at=said.at)
    promise_all(unit, after, at=said.at)
    return after


def _waits_since(unit: Unit, case: Case) -> datetime | None:
    """Return when the author wrote what has no answer yet; None when everything has."""
    if case.last_reply_at is None:
        return case.posted_at
    newest = unit.mentions.newest(case.id, by=case.author)
    return newest.mention.posted_at if newest and newest.mention.seen_at > case.last_reply_at else None


def promise_all(unit: Unit, case: Case, *, at: datetime) -> None:
    """Promise the redraw and every timer that the case calls for."""
    jobs = [promises.redraw(case, at=at, by_staff=True), *promises.alarm(case), *promises.wake(case)]
    for job in jobs:
        unit.jobs.add(job)


def climb(unit: Unit, escalation: Escalation, policy: Policy) -> None:
    """Put an escalation on the tier's list and promise to tell it, folding what comes too soon."""
    last = unit.escalations.last_told(escalation.tier)
    unit.escalations.add(escalation)
    due = max(escalation.at, last + policy.tier_gap) if last else escalation.at
    unit.jobs.add(promises.tell(escalation.tier, at=due))


def see_all(case: Case, drawn: int | None) -> None:
    """Refuse to go on from a drawing that did not show the newest mention.

    Raises:
        NotAllowed: a mention arrived since.
    """
    if drawn is not None and case.state is not State.RESOLVED and not case.shows(drawn):
        raise NotAllowed(f"The customer wrote again on case {case.id} since you looked. Read it, then press once more.")
