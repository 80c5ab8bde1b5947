"""F2: the bot dies at every named point of every kind of effect, and nothing is lost and nothing happens twice."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from bot.cases import promises
from tests.campaign.effects import EFFECTS
from tests.campaign.stores import KINDS, SERVER
from tests.campaign.walk import walk
from tests.stories.stage import stage

STORES = [
    pytest.param(kind, marks=[] if kind == "sqlite" or SERVER else pytest.mark.skip(reason="no PostgreSQL server"))
    for kind in KINDS
]
SEED = int(os.environ.get("CAMPAIGN_SEED", "5"))
#: Each database has its every so manieth kind walked by a run of the suite, the seed says which; "all" walks each.
SHARE = 1 if os.environ.get("CAMPAIGN_EFFECTS") == "all" else len(KINDS)
CHOSEN = [
    pytest.param(name, *store.values, marks=store.marks, id=f"{name}-{store.values[0]}")
    for number, name in enumerate(EFFECTS)
    for turn, store in enumerate(STORES)
    if (number + turn + SEED) % SHARE == 0
]

#: Kinds that are not walked, each with the reason.
UNWALKED = {
    promises.HEARTBEAT: "a death silences it on purpose until the process that follows has lived a while",
}


async def test_every_kind_of_job_that_the_bot_keeps_is_walked(tmp_path: Path):
    async with stage(tmp_path) as scene:
        kept = set(scene.goshawk.runner._handlers)

    assert {effect.kind for effect in EFFECTS.values()} | UNWALKED.keys() == kept


@pytest.mark.parametrize(("name", "store"), CHOSEN)
async def test_a_death_at_any_point_loses_nothing_and_doubles_nothing(tmp_path: Path, name: str, store: str):
    done = await walk(tmp_path, EFFECTS[name], store=store)

    assert done.breaches == []
    assert done.killed >= 3, (done.points, done.unreached)
