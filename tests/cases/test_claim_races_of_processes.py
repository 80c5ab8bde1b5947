"""A hundred people claim one case at one moment, in two processes: one has it, and everybody else reads who."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.clock import SystemClock
from bot.domain.event import Happening
from bot.store.engine import Store
from tests.cases.racer import HANDS, claims
from tests.fakes.clock import TurnableClock
from tests.fakes.office import Office

#: By hand: RACES=200.
RACES = int(os.environ.get("RACES", "20"))


@pytest.fixture
def others(store_url: str) -> Iterator[subprocess.Popen[str]]:
    """Start the other process, ready to claim."""
    command = [sys.executable, "-m", "tests.cases.racer", store_url]
    root = str(Path(__file__).parents[2])
    with subprocess.Popen(  # noqa: S603 - our own command
        command,
        cwd=root,
        env={**os.environ, "PYTHONPATH": root},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdin is not None
        assert process.stdout.readline() == "ready\n"
        yield process
        process.stdin.close()


async def test_a_hundred_claim_at_once_in_two_processes_and_one_has_it(
    store: Store, clock: TurnableClock, others: subprocess.Popen[str]
):
    office = Office(store, SystemClock())  # type: ignore[arg-type] - two processes share no clock but the wall's
    del clock
    slowest = 0.0
    for race in range(RACES):
        case = await office.case_of(by=f"author {race}")
        at = time.time() + 0.1
        print(json.dumps([case.id, at]), file=others.stdin, flush=True)

        here = await claims(office.desk, case.id, at=at, first=0)
        there = json.loads(await asyncio.to_thread(others.stdout.readline))  # type: ignore[union-attr]

        held = await office.case(case.id)
        timeline = await office.board.timeline(case.id)
        assert [*here["won"], *there["won"]] == [held.assignee]
        assert {*here["refused"], *there["refused"]} == {held.assignee_name}
        assert [one.by for one in timeline.events if one.what is Happening.CLAIMED] == [held.assignee]
        assert held.version == case.version + 1
        slowest = max(slowest, here["slowest_s"], there["slowest_s"])
    print(f"{RACES} races of {2 * HANDS}: the slowest answer after {slowest * 1_000:.0f} ms")  # noqa: T201 - by hand
