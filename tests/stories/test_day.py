"""An hour on the desk: three people, a platform that goes down, one who goes home, and two who may nothing.

The whole day is ``python -m tests.bench day``; this is its first hour, so that it keeps working.
"""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import combinations
from pathlib import Path
from statistics import median

import pytest

from tests.bench.day import one_hour, played
from tests.bench.shift.posts import RHYTHM
from tests.bench.shift.roster import REST, rests, shifts


async def test_a_team_lives_with_goshawk_for_an_hour(tmp_path: Path):
    done = await played(one_hour(), tmp_path)

    found = {figure.name: figure for figure in done.figures}
    wrong = [figure.line() for figure in done.figures if figure.goal == 0 and figure.is_missed]
    assert wrong == []
    assert found["the same, fewest"].value <= 3, "whose presses cross a colleague's may need more"
    assert found["pings per person and event, at most"].value <= 1
    assert int(done.told[1].split()[0]) >= 4, done.told
    whole = found["median first reply, working minutes"].value
    assert median(wait.total for wait in done.waits) == pytest.approx(whole, abs=0.01)


@pytest.mark.parametrize("staff", range(1, 11))
def test_nobody_rests_while_a_colleague_does(staff: int):
    people = shifts(datetime(2026, 11, 23, tzinfo=UTC), staff=staff, rhythm=RHYTHM)

    at = rests(people)

    assert all(abs(one - other) >= REST for one, other in combinations(filter(None, at), 2))
