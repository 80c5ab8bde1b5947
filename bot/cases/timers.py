"""What the clock does to a case: wakes the snoozed, rings when an answer is due, calls the next tier."""

from __future__ import annotations

from dataclasses import replace

from bot.cases import promises
from bot.cases.desk import climb, promise_all
from bot.clock import Clock
from bot.domain.card import Escalation
from bot.domain.case import Alarm, Case, State
from bot.domain.event import Happening, event
from bot.domain.ids import CaseId
from bot.domain.job import Job
from bot.domain.policy import Policy
from bot.store.engine import Store
from bot.store.unit import Unit


class Timers:
    """The jobs ``case.alarm`` and ``case.wake``. A timer whose case moved on does nothing."""

    def __init__(self, store: Store, clock: Clock, policy: Policy) -> None:
        self._store = store
        self._clock = clock
        self._policy = policy

    async def ring(self, job: Job) -> None:
        """Remind whoever must know that a customer waits too long."""
        await self._store.transact(lambda unit: self._ring(unit, CaseId(int(job.subject))))

    def _ring(self, unit: Unit, case_id: CaseId) -> None:
        now = self._clock.now()
        case = unit.cases.get(case_id)
        if not case.waits or case.alarm_at is None or case.state is State.SNOOZED:
            return
        if case.alarm_at > now:
            for job in promises.alarm(case):
                unit.jobs.add(job)
            return
        rung, alarm = case.rung(at=now, promise=self._policy.promises[case.priority], tiers=len(self._policy.tiers))
        if alarm is Alarm.PING:
            claim = unit.attention.claim(case_id)
            if claim and claim.asked_at:  # they were called a moment ago and have not answered yet: once is enough
                alarm = Alarm.MARK
            else:
                rung = replace(rung, quiet_since=now)
        unit.cases.save(case, rung)
        self._act(unit, rung, alarm)
        promise_all(unit, rung, at=now)

    def _act(self, unit: Unit, case: Case, alarm: Alarm) -> None:
        now = self._clock.now()
        match alarm:
            case Alarm.PING:
                unit.events.add(event(case.id, Happening.REMINDED, at=now, detail=case.assignee_name))
                unit.jobs.add(promises.line(case.id, "ping", case.version, at=now))
            case Alarm.CLIMB:
                name = self._policy.tiers[case.tier - 1].name
                unit.events.add(event(case.id, Happening.ESCALATED, at=now, detail=f"{name}: no answer in time"))
                late = Escalation(case_id=case.id, tier=case.tier, reason="no answer in time", by_name="", at=now)
                climb(unit, late, self._policy)
            case Alarm.MARK:
                unit.events.add(event(case.id, Happening.LATE, at=now))

    async def wake(self, job: Job) -> None:
        """Wake a case whose sleep is over."""
        await self._store.transact(lambda unit: self._wake(unit, CaseId(int(job.subject))))

    def _wake(self, unit: Unit, case_id: CaseId) -> None:
        now = self._clock.now()
        case = unit.cases.get(case_id)
        if case.state is not State.SNOOZED or case.snoozed_until is None:
            return
        if case.snoozed_until > now:
            for job in promises.wake(case):
                unit.jobs.add(job)
            return
        woken = replace(case.reopened(), quiet_since=now)
        unit.cases.save(case, woken)
        unit.events.add(event(case_id, Happening.WOKEN, at=now))
        unit.jobs.add(promises.line(case_id, "woken", woken.version, at=now))
        promise_all(unit, woken, at=now)
