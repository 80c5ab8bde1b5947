"""F26: whoever takes one of these safeties away hears of it from a test."""

from __future__ import annotations

import os

import pytest

from tests.campaign.mutants import MUTANTS, is_killed

#: Every so many mutants are run by each run of the suite; CAMPAIGN_MUTANTS=all runs each.
SHARE = 1 if os.environ.get("CAMPAIGN_MUTANTS") == "all" else 5
CHOSEN = [pytest.param(one, id=one.name.replace(" ", "-")) for one in MUTANTS[::SHARE]]


def test_every_mutant_breaks_one_place_that_is_there():
    found = {one.name: one.source.count(one.old) for one in MUTANTS}

    assert {name: count for name, count in found.items() if count != 1} == {}
    assert len(MUTANTS) >= 20


@pytest.mark.parametrize("mutant", CHOSEN)
def test_a_mutant_is_killed_by_its_test(mutant):
    assert is_killed(mutant), f"{mutant.test} does not notice that {mutant.name} is gone"
