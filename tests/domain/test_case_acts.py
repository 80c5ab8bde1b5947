"""What staff are told when a case refuses, and who must hear of an alarm."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.case import LONGEST_SLEEP, MOVES, Act, Alarm, Case, Resolution, State
from bot.domain.ids import CaseId
from bot.domain.sla import Priority
from bot.errors import NotAllowed
from tests.fakes.people import ANA, BEN
from tests.fakes.posts import START

HALF_AN_HOUR = timedelta(minutes=30)
LATER = START + timedelta(minutes=4, seconds=30)


@pytest.fixture
def case() -> Case:
    return Case(
        id=CaseId(7),
        priority=Priority.P2,
        feed="square",
        platform="Square",
        author="mara",
        posted_at=START,
        seen_at=START,
        due_at=START + HALF_AN_HOUR,
        alarm_at=START + HALF_AN_HOUR,
    )


def ring(case: Case, *, tiers: int = 2) -> tuple[Case, Alarm]:
    return case.rung(at=START + HALF_AN_HOUR, promise=HALF_AN_HOUR, tiers=tiers)


def test_the_second_to_claim_is_told_who_was_first(case):
    held = case.claimed(by=ANA, at=START)

    with pytest.raises(NotAllowed, match=r"Ana already has this \(4 min\)\. Ask them, or use Assign…"):
        held.claimed(by=BEN, at=LATER)


def test_claiming_ones_own_case_again_changes_nothing(case):
    held = case.claimed(by=ANA, at=START)

    assert held.claimed(by=ANA, at=LATER) is held


def test_a_sleeping_case_is_still_its_assignees(case):
    asleep = case.claimed(by=ANA, at=START).snoozed(until=LATER, at=START)

    with pytest.raises(NotAllowed, match=r"Ana already has this \(just now\)"):
        asleep.claimed(by=BEN, at=START)
    assert asleep.claimed(by=ANA, at=START).state is State.CLAIMED


def test_who_claims_a_sleeping_case_that_nobody_has_wakes_it(case):
    asleep = case.snoozed(until=LATER, at=START)

    held = asleep.claimed(by=BEN, at=START)

    assert (held.state, held.assignee, held.snoozed_until) == (State.CLAIMED, BEN.id, None)


def test_only_the_assignee_releases(case):
    held = case.claimed(by=ANA, at=START)

    with pytest.raises(NotAllowed, match="Ana has this, not you"):
        held.released(by=BEN)
    assert held.released(by=ANA).assignee is None


@pytest.mark.parametrize(
    ("make", "act", "sentence"),
    [
        (lambda case: case, lambda case: case.released(by=ANA), "Case 7 is unclaimed, so there is nothing to release."),
        (
            lambda case: case.snoozed(until=LATER, at=START),
            lambda case: case.released(by=ANA),
            "Case 7 is snoozed, so there is nothing to release.",
        ),
        (
            lambda case: case.claimed(by=ANA, at=START),
            lambda case: case.reopened(),
            "Case 7 is claimed by Ana, so there is nothing to reopen.",
        ),
        (
            lambda case: case.resolved(Resolution.SPAM, by="Ben", at=START),
            lambda case: case.answering(by=ANA, at=START),
            "Case 7 was resolved by Ben (spam), so there is nothing to reply.",
        ),
        (
            lambda case: case.claimed(by=ANA, at=START).resolved(Resolution.ANSWERED, by="Ana", at=START),
            lambda case: case.claimed(by=BEN, at=START),
            "Case 7 was resolved by Ana (answered), so there is nothing to claim.",
        ),
    ],
)
def test_a_refused_act_says_where_the_case_stands(case, make, act, sentence):
    standing = make(case)

    with pytest.raises(NotAllowed) as refusal:
        act(standing)

    assert str(refusal.value) == sentence


def test_nobody_snoozes_into_the_past(case):
    with pytest.raises(NotAllowed, match="passed already"):
        case.snoozed(until=START, at=START)


def test_a_case_sleeps_for_a_month_at_most(case):
    assert case.snoozed(until=START + LONGEST_SLEEP, at=START).state is State.SNOOZED

    with pytest.raises(NotAllowed, match="31 days at most"):
        case.snoozed(until=START + LONGEST_SLEEP + timedelta(seconds=1), at=START)


def test_who_answers_a_free_case_claims_it_on_the_way(case):
    assert case.answering(by=ANA, at=START).assignee == ANA.id


def test_nobody_answers_over_the_assignees_head(case):
    with pytest.raises(NotAllowed, match="Ana already has this"):
        case.claimed(by=ANA, at=START).answering(by=BEN, at=START)


def test_escalating_a_sleeping_case_wakes_it_with_its_assignee(case):
    asleep = case.claimed(by=ANA, at=START).snoozed(until=LATER, at=START)

    called = asleep.escalated(to=2)

    assert (called.state, called.assignee, called.tier) == (State.CLAIMED, ANA.id, 2)


def test_escalating_a_sleeping_case_that_nobody_has_opens_it(case):
    assert case.snoozed(until=LATER, at=START).escalated(to=1).state is State.OPEN


def test_telling_a_lower_tier_again_does_not_take_the_case_down(case):
    assert case.escalated(to=2).escalated(to=1).tier == 2


def test_a_reopened_case_is_its_assignees_again(case):
    over = case.claimed(by=ANA, at=START).resolved(Resolution.ANSWERED, by="Ana", at=START)

    again = over.reopened()

    assert (again.state, again.assignee, again.resolution) == (State.CLAIMED, ANA.id, None)


def test_an_unclaimed_case_climbs_at_once_and_again_after_the_same_span(case):
    once, first = ring(case)
    twice, second = once.rung(at=once.alarm_at, promise=HALF_AN_HOUR, tiers=2)

    assert (first, second) == (Alarm.CLIMB, Alarm.CLIMB)
    assert (once.tier, twice.tier) == (1, 2)
    assert once.alarm_at == START + 2 * HALF_AN_HOUR
    assert twice.alarm_at is None
    assert once.late_at == twice.late_at == START + HALF_AN_HOUR


def test_a_claimed_case_pings_its_assignee_before_it_climbs(case):
    held = case.claimed(by=ANA, at=START)

    pinged, first = ring(held)
    climbed, second = pinged.rung(at=pinged.alarm_at, promise=HALF_AN_HOUR, tiers=2)

    assert (first, second) == (Alarm.PING, Alarm.CLIMB)
    assert (pinged.tier, climbed.tier) == (0, 1)
    assert pinged.alarm_at == START + 2 * HALF_AN_HOUR


def test_whoever_takes_over_a_late_case_is_pinged_too(case):
    pinged, _ = ring(case.claimed(by=ANA, at=START))

    _, alarm = pinged.assigned(to=BEN, at=START).rung(at=pinged.alarm_at, promise=HALF_AN_HOUR, tiers=2)

    assert alarm is Alarm.PING


@pytest.mark.parametrize("priority", [Priority.P3, Priority.P4])
def test_p3_and_p4_are_marked_once_and_never_climb(case, priority):
    late, alarm = ring(replace(case, priority=priority))

    assert alarm is Alarm.MARK
    assert (late.tier, late.alarm_at) == (0, None)
    assert late.late_at


def test_a_claimed_p3_pings_and_rings_no_more(case):
    pinged, alarm = ring(replace(case, priority=Priority.P3).claimed(by=ANA, at=START))

    assert alarm is Alarm.PING
    assert pinged.alarm_at is None


def test_without_tiers_a_late_case_is_marked(case):
    late, alarm = ring(case, tiers=0)

    assert alarm is Alarm.MARK
    assert late.alarm_at is None


def test_an_answer_calms_the_case_until_the_customer_writes_again(case):
    late, _ = ring(case.claimed(by=ANA, at=START))

    calm = late.answered(at=LATER)
    waiting = calm.heard(posted_at=LATER, seen_at=LATER, promise=HALF_AN_HOUR, wakes=True)

    assert (calm.due_at, calm.alarm_at, calm.late_at, calm.waits) == (None, None, None, False)
    assert (calm.first_reply_at, calm.last_reply_at) == (LATER, LATER)
    assert waiting.due_at == waiting.alarm_at == LATER + HALF_AN_HOUR
    assert not waiting.pinged


def test_a_second_post_does_not_put_the_promise_off(case):
    heard = case.heard(posted_at=LATER, seen_at=LATER, promise=HALF_AN_HOUR, wakes=True)

    assert heard.due_at == case.due_at
    assert heard.mentions == 2


def test_a_bystander_does_not_wake_a_resolved_case(case):
    over = case.resolved(Resolution.NO_ACTION, by="Ana", at=START)

    heard = over.heard(posted_at=LATER, seen_at=LATER, promise=HALF_AN_HOUR, wakes=False)

    assert heard.state is State.RESOLVED
    assert not heard.waits
    assert heard.version == over.version + 1


def test_a_bystander_starts_no_promise(case):
    calm = case.claimed(by=ANA, at=START).answered(at=LATER)

    heard = calm.heard(posted_at=LATER, seen_at=LATER, promise=HALF_AN_HOUR, wakes=False)

    assert (heard.mentions, heard.waits, heard.alarm_at) == (2, False, None)


def test_who_wrote_again_before_our_answer_arrived_still_waits(case):
    answered = case.claimed(by=ANA, at=START).answered(at=LATER, still_waits=True)

    assert (answered.first_reply_at, answered.last_reply_at) == (LATER, LATER)
    assert (answered.due_at, answered.alarm_at) == (case.due_at, case.alarm_at)


def test_every_act_stands_in_the_table_of_moves():
    assert {act for _, act in MOVES} == set(Act)
    assert {state for state, _ in MOVES} == set(State)
