"""How much is said in a card's thread is the team's choice; what calls people is told apart from what only tells."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fakes.clock import TurnableClock
from tests.stories.stage import ANA, a_card, stage


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ("all", ["ana's reply has arrived", "wrote again on case 1", "Nothing was sent."]),
        ("important", ["wrote again on case 1", "Nothing was sent."]),
        ("none", []),
    ],
)
async def test_the_thread_says_as_much_as_the_team_wants(tmp_path: Path, lines: str, said: list[str]):
    async with stage(tmp_path, clock=TurnableClock(), thread_lines=lines) as scene:
        card = await a_card(scene)
        await scene.answer(ANA, card, "It is on the next boat.")
        await scene.card("Replied by ana")
        await scene.turn(minutes=1)
        scene.town.answer("It is not!")
        await scene.card("It is not!")
        await scene.turn(minutes=1)
        scene.town.refusal = "No."
        await scene.answer(ANA, card, "We look for it.")
        await scene.turn(minutes=1)

        told = await scene.thread(card)

        assert len(told) == len(said)
        assert all(words in line for words, line in zip(said, told, strict=True)), told


async def test_what_nobody_has_is_called_out_in_the_channel_all_the_same(tmp_path: Path):
    async with stage(tmp_path, clock=TurnableClock(), thread_lines="none") as scene:
        await a_card(scene)
        await scene.turn(minutes=1)

        scene.town.post("@harbourline hello?", by="mara")

        await scene.card("wrote again on case 1. Nobody has it.")
