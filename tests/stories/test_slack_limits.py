"""The bot under Slack's real rate limits, at the pace it has in production."""

from __future__ import annotations

from pathlib import Path

from bot.cases import promises
from tests.stories.stage import CARE, stage


async def test_a_rush_of_posts_is_carded_without_one_refusal(tmp_path: Path):
    """Ten seconds long, because ten cards at a card a second are what is claimed."""
    async with stage(tmp_path, card_gap_s=1.05) as scene:
        scene.sandbox.limits.tighten("real")
        for number in range(10):
            scene.town.post(
                f"@harbourline my suitcase {number} never arrived and nobody answers me!", by=f"mara{number}"
            )

        await scene.card("suitcase 9 never")
        await scene.goshawk.runner.drained([promises.REDRAW], print)

        assert len(await scene.cards(CARE)) == 10
        assert (await scene.state())["limits"]["refused"] == {}
