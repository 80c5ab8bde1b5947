"""By when an answer is due: the priority table, the alarms of old posts, and business mornings."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.sla import PROMISES, Priority, first_alarm, next_business_morning, priority_of
from bot.domain.verdict import Kind, Urgency, Verdict, unjudged
from tests.fakes.posts import START, complaint, mention

LISBON = ZoneInfo("Europe/Lisbon")
HOUR = timedelta(hours=1)


def priority(verdict: Verdict, *, followers: int | None = 40, unanswered_before: bool = False) -> Priority:
    return priority_of(verdict, mention(followers=followers), reach_p1=50_000, unanswered_before=unanswered_before)


@pytest.mark.parametrize(
    ("urgency", "expected"),
    [
        ([], Priority.P3),
        ([Urgency.SAFETY], Priority.P1),
        ([Urgency.LEGAL], Priority.P1),
        ([Urgency.STRANDED], Priority.P1),
        ([Urgency.VULNERABLE], Priority.P1),
        ([Urgency.STUCK], Priority.P2),
        ([Urgency.MONEY], Priority.P2),
        ([Urgency.MONEY, Urgency.LEGAL], Priority.P1),
    ],
)
def test_the_strongest_sign_decides(urgency, expected):
    assert priority(complaint(urgency)) is expected


@pytest.mark.parametrize(("followers", "expected"), [(None, Priority.P3), (49_999, Priority.P3), (50_000, Priority.P1)])
def test_a_wide_reach_is_p1_from_the_setting_on(followers, expected):
    assert priority(complaint(), followers=followers) is expected


def test_who_waited_in_vain_before_is_p2():
    assert priority(complaint(), unanswered_before=True) is Priority.P2
    assert priority(complaint([Urgency.SAFETY]), unanswered_before=True) is Priority.P1


@pytest.mark.parametrize("kind", [Kind.QUESTION, Kind.PRAISE, Kind.NOISE, Kind.UNSURE])
def test_what_is_no_complaint_is_p4_whoever_wrote_it(kind):
    verdict = Verdict(kind=kind, score=0.0, urgency=frozenset({Urgency.SAFETY}))

    assert priority(verdict, followers=900_000, unanswered_before=True) is Priority.P4


def test_what_could_not_be_judged_is_shown_to_a_person():
    verdict = unjudged("not English")

    assert verdict.flagged
    assert verdict.reasons[0].words == "not English"


def test_the_promises_are_those_of_the_house():
    assert [PROMISES[each] for each in Priority] == [HOUR / 4, HOUR / 2, 2 * HOUR, 24 * HOUR]
    assert [each for each in Priority if each.climbs] == [Priority.P1, Priority.P2]
    assert min(Priority) is Priority.P1


def test_an_alarm_rings_when_the_answer_is_due():
    assert first_alarm(due_at=START + HOUR, seen_at=START, promise=HOUR) == START + HOUR


def test_the_alarm_of_a_late_discovery_counts_from_our_first_sight():
    seen = START + 3 * HOUR

    assert first_alarm(due_at=START + HOUR, seen_at=seen, promise=HOUR) == seen + HOUR
    assert first_alarm(due_at=seen, seen_at=seen, promise=HOUR) == seen + HOUR


@given(
    late=st.timedeltas(timedelta(days=-9), timedelta(days=9)), promise=st.timedeltas(timedelta(minutes=1), 24 * HOUR)
)
def test_an_alarm_always_lies_ahead(late, promise):
    assert first_alarm(due_at=START + late, seen_at=START, promise=promise) > START


@pytest.mark.parametrize(
    ("now", "morning"),
    [
        ("2026-11-20T08:59:59", "2026-11-20T09:00"),  # Friday, before nine
        ("2026-11-20T09:00:00", "2026-11-23T09:00"),  # Friday at nine: Monday
        ("2026-11-21T03:00:00", "2026-11-23T09:00"),  # Saturday
        ("2026-11-22T23:00:00", "2026-11-23T09:00"),  # Sunday
        ("2026-11-23T12:00:00", "2026-11-24T09:00"),  # Monday noon
        ("2026-03-27T18:00:00", "2026-03-30T08:00"),  # the clocks go forward on that Sunday
        ("2026-10-23T18:00:00", "2026-10-26T09:00"),  # and back on this one
    ],
)
def test_the_next_business_morning_is_nine_in_the_teams_own_zone(now, morning):
    asked = datetime.fromisoformat(now).replace(tzinfo=UTC)

    assert next_business_morning(asked, LISBON) == datetime.fromisoformat(morning).replace(tzinfo=UTC)


def test_the_morning_is_counted_in_the_zone_and_given_in_utc():
    friday_evening_in_utc = datetime(2026, 11, 20, 23, 0, tzinfo=UTC)  # Saturday morning in Auckland

    morning = next_business_morning(friday_evening_in_utc, ZoneInfo("Pacific/Auckland"))

    assert morning == datetime(2026, 11, 22, 20, 0, tzinfo=UTC)
    assert morning.tzinfo is UTC


@given(
    now=st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001 - bounds
    zone=st.sampled_from(["UTC", "Europe/Lisbon", "America/St_Johns", "Australia/Lord_Howe", "Pacific/Auckland"]),
)
def test_a_business_morning_is_always_the_next_weekday_at_nine(now, zone):
    morning = next_business_morning(now, ZoneInfo(zone))

    local = morning.astimezone(ZoneInfo(zone))
    assert (local.hour, local.minute, local.weekday() < 5) == (9, 0, True)
    assert timedelta() < morning - now <= timedelta(days=3, hours=2)
