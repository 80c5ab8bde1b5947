"""F2: the bot dies at every named point of every kind of effect, and nothing is lost and nothing happens twice."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.campaign.effects import EFFECTS
from tests.campaign.stores import KINDS, SERVER
from tests.campaign.walk import walk

STORES = [
    pytest.param(kind, marks=[] if kind == "sqlite" or SERVER else pytest.mark.skip(reason="no PostgreSQL server"))
    for kind in KINDS
]


@pytest.mark.parametrize("store", STORES)
@pytest.mark.parametrize("name", EFFECTS)
async def test_a_death_at_any_point_loses_nothing_and_doubles_nothing(tmp_path: Path, name: str, store: str):
    done = await walk(tmp_path, EFFECTS[name], store=store)

    assert done.breaches == []
    assert done.killed >= 3, (done.points, done.unreached)
