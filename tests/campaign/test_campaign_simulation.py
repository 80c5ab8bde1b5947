"""F25: two hundred histories of a bot that dies in bad weather, each the same to the last byte when played again."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.campaign.simulation import STEPS, simulate

ROOT = Path(__file__).parents[2]
SEED = int(os.environ.get("CAMPAIGN_SEED", "1"))
SEEDS, AT_ONCE = 200, 10


@pytest.mark.parametrize("first", range(SEED, SEED + SEEDS, AT_ONCE))
def test_whatever_the_seed_brings_nothing_is_lost_and_nothing_is_said_twice(first: int):
    for seed in range(first, first + AT_ONCE):
        history = simulate(seed)

        assert history.breaches == [], f"play it again: python -m tests.campaign F25 --seeds 1 --seed {seed}"
        assert history.steps.total() >= STEPS >= 200


def test_a_seed_plays_the_same_history_again_to_the_last_byte():
    first, again, other = simulate(7), simulate(7), simulate(8)

    assert first.trace == again.trace
    assert len(first.trace) > 500 and first.trace != other.trace


def test_a_history_does_not_depend_on_the_hashes_of_this_process():
    tell = "from tests.campaign.simulation import simulate; print(simulate(9).print)"

    told = {
        subprocess.run(  # noqa: S603 - a command of our own
            [sys.executable, "-c", tell],
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2", "3")
    }

    assert len(told) == 1


def test_the_weather_of_a_few_seeds_is_as_bad_as_it_is_meant_to_be():
    histories = [simulate(seed) for seed in range(20, 26)]

    assert sum(one.deaths for one in histories) >= 6
    assert sum(one.told["replies"] for one in histories) >= 3
    assert {"lost", "late", "dropped", "busy", "failed"} <= {kind for one in histories for kind in one.faults}
