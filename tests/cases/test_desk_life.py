"""The desk walked at random over a real database: no customer who waits is ever forgotten, no reply goes out twice."""

import asyncio
import shutil
from contextlib import suppress
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from bot.cases import promises
from bot.domain.case import Case, Resolution, State
from bot.domain.event import Happening
from bot.domain.ids import CaseId
from bot.domain.reply import ReplyState
from bot.domain.verdict import Urgency
from bot.errors import NotAllowed
from bot.store.engine import Store
from tests.fakes import feed as platform
from tests.fakes.clock import TurnableClock
from tests.fakes.office import Office
from tests.fakes.people import ANA, BEN
from tests.fakes.posts import complaint, mention, praise

ALARMS = {Happening.REMINDED, Happening.ESCALATED, Happening.LATE}

staff = st.sampled_from([ANA, BEN])
authors = st.sampled_from(["mara", "nils", "olga"])
numbers = st.integers(1, 4).map(CaseId)
urgency = st.sampled_from([[], [Urgency.MONEY], [Urgency.SAFETY]])
outcomes = st.sampled_from(
    [platform.taken, platform.refused, platform.busy, platform.lost, platform.applied_and_lost, platform.killed_after]
)


class LifeOfADesk(RuleBasedStateMachine):
    """A few customers, two colleagues, a moody platform, and a machine that is restarted now and then."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.url = f"sqlite:///{path}"
        self.loop = asyncio.Runner()
        self.clock = TurnableClock()
        self.office = self.opened()
        self.versions: dict[CaseId, int] = {}

    def opened(self) -> Office:
        store = Store(self.url, inline=True)
        store.open()
        return Office(store, self.clock)

    def teardown(self) -> None:
        self.office.store.close()
        self.loop.close()

    def do(self, verb) -> None:
        """Do what somebody asks; what is refused changes nothing that the laws below would miss."""
        with suppress(NotAllowed):
            self.loop.run(verb)
        self.loop.run(self.office.work())

    @rule(by=authors, age=st.timedeltas(timedelta(), timedelta(days=2)), signs=urgency)
    def somebody_complains(self, by, age, signs):
        post = mention(by=by, at=self.clock.now() - age)
        self.do(self.office.receive((post, complaint(signs))))

    @rule(by=authors)
    def somebody_is_kind(self, by):
        self.do(self.office.receive((mention("Thank you", by=by, at=self.clock.now()), praise())))

    @rule(number=numbers, by=staff, act=st.sampled_from(["claim", "release", "reopen", "snooze"]))
    def staff_press(self, number, by, act):
        if number in self.versions:
            self.do(getattr(self.office.desk, act)(number, by=by))

    @rule(number=numbers, by=staff, to=staff)
    def staff_assign(self, number, by, to):
        if number in self.versions:
            self.do(self.office.desk.assign(number, to=to, by=by))

    @rule(number=numbers, by=staff, span=st.timedeltas(timedelta(minutes=1), timedelta(days=1)))
    def staff_snooze(self, number, by, span):
        if number in self.versions:
            self.do(self.office.desk.snooze(number, by=by, span=span))

    @rule(number=numbers, by=staff, why=st.sampled_from(Resolution))
    def staff_resolve(self, number, by, why):
        if number in self.versions:
            self.do(self.office.desk.resolve(number, by=by, resolution=why))

    @rule(number=numbers, by=staff)
    def staff_escalate(self, number, by):
        if number in self.versions:
            self.do(self.office.desk.escalate(number, by=by, reason="angry"))

    @rule(number=numbers, by=staff, resolves=st.booleans(), outcome=outcomes)
    def staff_reply(self, number, by, resolves, outcome):
        if number in self.versions:
            self.office.feed.will(outcome)
            self.do(self.office.answer(number, by=by, resolves=resolves))

    @rule(number=numbers, by=staff)
    def staff_undo(self, number, by):
        if number in self.versions:
            self.do(self.office.sending.undo(number, by=by))

    @rule(
        span=st.sampled_from([timedelta(seconds=20), timedelta(minutes=2), timedelta(minutes=31), timedelta(hours=9)])
    )
    def time_passes(self, span):
        self.loop.run(self.office.pass_time(span))

    @rule()
    def the_machine_is_restarted(self):
        before = self.office
        before.store.close()
        self.office = self.opened()
        self.office.feed, self.office.calls = before.feed, before.calls
        self.office.courier._feeds = {before.feed.name: before.feed}
        self.loop.run(self.office.store.recover(self.clock.now()))
        self.loop.run(self.office.work())

    def cases(self) -> list[Case]:
        return self.loop.run(self.office.cases())

    @invariant()
    def who_waits_has_a_timer_to_come_or_an_alarm_that_is_named(self):
        timers = {(job.kind, job.subject): job.due for job in self.loop.run(self.office.jobs())}
        for case in self.cases():
            if not case.waits:
                continue
            if case.state is State.SNOOZED:
                assert timers[promises.WAKE, str(case.id)] == case.snoozed_until > self.clock.now()
            elif case.alarm_at:
                assert timers[promises.ALARM, str(case.id)] == case.alarm_at > self.clock.now()
            else:
                events = self.loop.run(self.office.board.timeline(case.id)).events
                assert case.late_at and ALARMS & {event.what for event in events}

    @invariant()
    def versions_only_grow(self):
        for case in self.cases():
            assert case.version >= self.versions.get(case.id, 0)
            self.versions[case.id] = case.version

    @invariant()
    def a_claimed_case_has_an_assignee_and_an_ended_one_no_alarm(self):
        for case in self.cases():
            assert case.assignee or case.state is not State.CLAIMED
            assert case.state is not State.RESOLVED or case.alarm_at is None

    @invariant()
    def the_public_reads_every_reply_once(self):
        keys = [outgoing.key for outgoing in self.office.feed.ledger]
        assert len(keys) == len(set(keys))
        for number in self.versions:
            for reply in self.loop.run(self.office.board.timeline(number)).replies:
                assert reply.state is not ReplyState.SENT or reply.key in keys
                assert reply.state not in {ReplyState.REFUSED, ReplyState.UNDONE, ReplyState.DRAFT} or (
                    reply.key not in keys
                )

    @invariant()
    def a_tier_hears_of_things_at_most_every_five_minutes(self):
        for tier in (1, 2):
            times = [at for at, told, _ in self.office.calls if told == tier]
            gaps = [later - sooner for sooner, later in pairwise(times)]
            assert all(gap >= self.office.policy.tier_gap for gap in gaps)

    @invariant()
    def only_p1_and_p2_climb_by_themselves(self):
        for case in self.cases():
            calls = self.loop.run(self.office.store.read(lambda unit, case=case: unit.escalations.of_case(case.id)))
            assert case.priority.climbs or all(call.by_name for call in calls)


def test_the_life_of_a_desk(template, tmp_path):
    made = iter(range(100_000))

    def machine() -> LifeOfADesk:
        path = tmp_path / f"{next(made)}.db"
        shutil.copy(template, path)
        return LifeOfADesk(path)

    run_state_machine_as_test(machine, settings=settings(max_examples=15, stateful_step_count=20))
