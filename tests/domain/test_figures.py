"""Figures of a day: the middle, the slow end, what was late, and when a day begins."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.case import State
from bot.domain.figures import Figures, FirstReply, beginning, median, percentile
from bot.domain.sla import PROMISES, Priority

AT = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def reply(minutes: float, *, priority: Priority = Priority.P3, seen: float = 0) -> FirstReply:
    return FirstReply(priority, AT, AT + seen * MINUTE, AT + minutes * MINUTE)


def figures(*replies: FirstReply, late: int = 0) -> Figures:
    return Figures(
        since=AT,
        received=9,
        flagged=4,
        replies=replies,
        late_unanswered=late,
        open_now={State.OPEN: 2, State.CLAIMED: 1, State.RESOLVED: 7},
        staff=(),
    )


def test_both_clocks_are_kept_and_neither_runs_backwards():
    late_found = reply(60, seen=50)

    assert (late_found.waited, late_found.took) == (60 * MINUTE, 10 * MINUTE)
    assert reply(1, seen=5).took == timedelta()


def test_half_an_hour_counts_as_soon_and_later_does_not():
    assert figures(reply(30), reply(30.01), reply(2)).soon == 2


def test_late_is_what_broke_its_promise_answered_or_not():
    told = figures(reply(16, priority=Priority.P1), reply(16), reply(121), late=2)

    assert told.late(PROMISES) == 4


def test_open_now_leaves_out_what_is_over():
    assert figures().unresolved == 3


def test_without_a_reply_there_is_no_middle():
    assert median([]) is None and percentile([], 0.9) is None


def test_the_middle_of_an_even_number_lies_between_two():
    assert median([1 * MINUTE, 9 * MINUTE, 2 * MINUTE, 4 * MINUTE]) == 3 * MINUTE


@given(st.lists(st.integers(0, 10_000), min_size=1))
def test_nine_of_ten_are_not_slower_than_the_ninetieth(minutes):
    spans = [one * MINUTE for one in minutes]

    slow = percentile(spans, 0.9)

    assert slow in spans
    assert sum(one <= slow for one in spans) >= 0.9 * len(spans)


@pytest.mark.parametrize(
    ("now", "days", "begins"),
    [
        (datetime(2026, 11, 21, 22, 30, tzinfo=UTC), 1, datetime(2026, 11, 20, 23, 0, tzinfo=UTC)),
        (datetime(2026, 11, 21, 23, 30, tzinfo=UTC), 1, datetime(2026, 11, 21, 23, 0, tzinfo=UTC)),
        (datetime(2026, 11, 21, 23, 30, tzinfo=UTC), 7, datetime(2026, 11, 15, 23, 0, tzinfo=UTC)),
        (datetime(2026, 10, 25, 12, 0, tzinfo=UTC), 1, datetime(2026, 10, 24, 22, 0, tzinfo=UTC)),
    ],
)
def test_a_day_begins_at_the_teams_own_midnight_also_when_clocks_are_turned(now, days, begins):
    assert beginning(now, ZoneInfo("Europe/Copenhagen"), days=days) == begins
