"""The campaign's own world: a bot in a process of its own lives, dies and lives on."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.campaign.stores import KINDS, SERVER
from tests.campaign.world import ANA, world

PLAIN = "@harbourline my suitcase never arrived and nobody answers me!"

STORES = [
    pytest.param(kind, marks=[] if kind == "sqlite" or SERVER else pytest.mark.skip(reason="no PostgreSQL server"))
    for kind in KINDS
]


@pytest.mark.parametrize("store", STORES)
async def test_a_bot_in_a_process_of_its_own_answers_and_keeps_every_promise(tmp_path: Path, store: str):
    async with world(tmp_path, store=store) as scene:
        await scene.start()
        scene.square.post(PLAIN)
        await scene.rest()
        assert await scene.command("1 We found it.", by=ANA, command="/reply")
        await scene.rest()

        assert [one.text for one in scene.square.ledger] == ["We found it."]
        assert scene.breaches() == []
        assert any(point.startswith("reply.send feed.reply") for point in scene.passed())
