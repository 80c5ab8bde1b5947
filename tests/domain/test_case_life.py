"""The life of a case, walked at random: what staff press, what customers write, what the clock rings."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from bot.domain.case import Case, Resolution, State
from bot.domain.ids import CaseId
from bot.domain.sla import PROMISES, Priority
from bot.errors import NotAllowed
from tests.fakes.people import ANA, BEN
from tests.fakes.posts import START

TIERS = 2

staff = st.sampled_from([ANA, BEN])
spans = st.timedeltas(min_value=timedelta(minutes=-5), max_value=timedelta(days=2))


class LifeOfACase(RuleBasedStateMachine):
    """One case, its staff, its customer and its clock."""

    def __init__(self) -> None:
        super().__init__()
        self.now = START
        self.case = Case(
            id=CaseId(7),
            priority=Priority.P2,
            feed="square",
            platform="Square",
            author="mara",
            posted_at=START,
            seen_at=START,
            due_at=None,
            alarm_at=None,
        ).promised(posted_at=START, seen_at=START, promise=PROMISES[Priority.P2])
        self.before = self.case
        self.handed_over = False

    @property
    def promise(self) -> timedelta:
        return PROMISES[self.case.priority]

    def press(self, act, *, hands_over: bool = False) -> None:
        """Do what somebody asks; a refused act leaves the very same case."""
        self.handed_over = hands_over
        self.before, untouched = self.case, replace(self.case)
        refusal = ""
        try:
            self.case = act(self.case)
        except NotAllowed as refused:
            refusal = str(refused)
        assert not refusal or (refusal.endswith(".") and self.case == untouched)
        self.ring_what_is_due()

    def ring_what_is_due(self) -> None:
        """Do what the timers do: ring, unless the case sleeps; P3 and P4 never climb by themselves."""
        while self.case.waits and self.case.state is not State.SNOOZED:
            if self.case.alarm_at is None or self.case.alarm_at > self.now:
                return
            silent, (self.case, _) = self.case, self.case.rung(at=self.now, promise=self.promise, tiers=TIERS)
            assert silent.priority.climbs or self.case.tier == silent.tier

    @rule(priority=st.sampled_from(Priority))
    @precondition(lambda self: self.case.version == 1)
    def is_of_another_priority(self, priority):
        self.case = replace(self.case, priority=priority)
        self.case = self.case.promised(posted_at=START, seen_at=self.now, promise=self.promise)
        self.before = self.case

    @rule(by=staff)
    def claim(self, by):
        self.press(lambda case: case.claimed(by=by, at=self.now))

    @rule(by=staff)
    def release(self, by):
        self.press(lambda case: case.released(by=by))

    @rule(to=staff)
    def assign(self, to):
        self.press(lambda case: case.assigned(to=to, at=self.now), hands_over=True)

    @rule(by=staff)
    def answer(self, by):
        self.press(lambda case: case.answering(by=by, at=self.now).answered(at=self.now))

    @rule(to=st.integers(1, TIERS))
    def escalate(self, to):
        self.press(lambda case: case.escalated(to=to))

    @rule(span=spans)
    def snooze(self, span):
        self.press(lambda case: case.snoozed(until=self.now + span, at=self.now))

    @rule(why=st.sampled_from(Resolution), by=staff)
    def resolve(self, why, by):
        self.press(lambda case: case.resolved(why, by=by.name, at=self.now))

    @rule()
    def reopen(self):
        self.press(lambda case: case.reopened())

    @rule(age=st.timedeltas(timedelta(), timedelta(days=3)), wakes=st.booleans())
    def customer_writes(self, age, wakes):
        posted = self.now - age
        self.press(lambda case: case.heard(posted_at=posted, seen_at=self.now, promise=self.promise, wakes=wakes))

    @rule(span=st.timedeltas(timedelta(minutes=1), timedelta(days=2)))
    def time_passes(self, span):
        self.before = self.case
        self.now += span
        self.ring_what_is_due()
        if self.case.state is State.SNOOZED and self.case.snoozed_until <= self.now:
            self.press(lambda case: case.reopened())

    @invariant()
    def a_claimed_case_has_an_assignee(self):
        assert self.case.assignee is not None or self.case.state is not State.CLAIMED

    @invariant()
    def an_open_case_has_none(self):
        assert self.case.assignee is None or self.case.state is not State.OPEN

    @invariant()
    def who_waits_has_an_alarm_to_come_or_a_mark(self):
        if self.case.waits and self.case.state is not State.SNOOZED:
            assert self.case.late_at or self.case.alarm_at > self.now

    @invariant()
    def who_waits_for_a_sleeping_case_has_its_waking(self):
        if self.case.waits and self.case.state is State.SNOOZED:
            assert self.case.snoozed_until > self.now
            assert self.case.alarm_at or self.case.late_at

    @invariant()
    def versions_only_grow(self):
        assert self.case.version >= self.before.version
        assert self.case == self.before or self.case.version > self.before.version

    @invariant()
    def nobody_waits_for_a_resolved_case(self):
        if self.case.state is State.RESOLVED:
            assert not self.case.waits
            assert self.case.alarm_at is None
            assert self.case.resolution and self.case.resolved_at and self.case.resolved_by

    @invariant()
    def only_a_sleeping_case_has_a_waking(self):
        assert (self.case.snoozed_until is not None) == (self.case.state is State.SNOOZED)

    @invariant()
    def a_case_keeps_its_assignee_over_its_sleep(self):
        if self.before.state is not State.SNOOZED and self.case.state is State.SNOOZED:
            assert self.case.assignee == self.before.assignee

    @invariant()
    def only_assign_takes_a_case_from_somebody(self):
        if self.before.assignee and self.case.assignee not in {self.before.assignee, None}:
            assert self.handed_over

    @invariant()
    def an_old_drawing_does_not_show_what_was_heard_later(self):
        assert self.case.shows(self.case.version)
        assert self.case.mentions == 1 or not self.case.shows(self.case.heard_version - 1)


TestLifeOfACase = LifeOfACase.TestCase
TestLifeOfACase.settings = settings(max_examples=40, stateful_step_count=30)
