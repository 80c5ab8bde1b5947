"""The platform locks our account while replies queue up for it: what is under way is refused, nothing more is tried."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from bot.domain.job import WIDTH
from tests.fakes.clock import TurnableClock
from tests.stories.stage import ANA, CLEO, stage, text_of

REPLIES = 20


async def test_nothing_is_tried_as_a_locked_account_and_everything_leaves_once_it_is_open_again(tmp_path: Path):
    async with stage(tmp_path, clock=TurnableClock(datetime.now(UTC)), undo_s=15, undo_p1_s=15) as scene:
        town = scene.town
        for number in range(REPLIES):
            town.post(f"@harbourline suitcase {number} never arrived!", by=f"guest{number}")
        for number in range(REPLIES):
            await scene.answer(ANA, await scene.card(f"suitcase {number} "), f"We found suitcase {number}.")
        town.is_locked = True

        await scene.turn(seconds=16)
        tried = town.calls
        for _ in range(6):
            await scene.turn(minutes=10)
        notices = [text_of(one) for one in await scene.cards() if "lets sending go on" in text_of(one)]

        print(f"{tried} calls were refused")  # noqa: T201 - for who runs it by hand
        assert 1 <= tried <= WIDTH
        assert town.calls == tried
        assert len(notices) == 1
        assert "by Goshawk" in notices[0] and "account is temporarily locked" in notices[0]

        town.is_locked = False
        await scene.command(CLEO, "unfreeze")
        await scene.turn(minutes=3)
        assert sorted(town.said) == sorted(f"We found suitcase {number}." for number in range(REPLIES))
