"""An hour on the desk: three people, a platform that goes down, one who goes home, and two who may nothing.

The whole day is ``python -m tests.bench day``; this is its first hour, so that it keeps working.
"""

from __future__ import annotations

from pathlib import Path

from tests.bench.day import one_hour, played


async def test_a_team_lives_with_goshawk_for_an_hour(tmp_path: Path):
    done = await played(one_hour(), tmp_path)

    found = {figure.name: figure for figure in done.figures}
    wrong = [figure.line() for figure in done.figures if figure.goal == 0 and figure.is_missed]
    assert wrong == []
    assert found["clicks from card to answered, median"].value <= 3
    assert found["pings per person and event, at most"].value <= 1
    assert int(done.told[1].split()[0]) >= 4, done.told
