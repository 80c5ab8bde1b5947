"""What colleagues write about a private case is as private as the case: notes, reasons, the export."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from bot.slack import ids
from tests.attack.test_canary import CANARY, SECRET, _is_not_exported, finest, nobody_else_hears_it, sings
from tests.fakes.clock import TurnableClock
from tests.stories.stage import ANA, BEN, CLEO, DEV, ESCALATIONS, PRIVATE, Stage, stage, text_of

__all__ = ["finest"]

HIDDEN = "(private: on its card)"
#: Every way to write words of one's own beside a case.
TYPED = (
    f"note 1 she says the {CANARY} is green",
    f"escalate 1 lead the {CANARY} is green",
    f"assign 1 @ben ask her for the {CANARY}",
    f"assign 1 @ana she told me of the {CANARY}",
)


async def is_private(scene: Stage) -> dict[str, Any]:
    scene.town.post(SECRET, visibility="private")
    return await scene.card("Unclaimed", channel=PRIVATE)


async def test_a_note_from_the_private_thread_is_read_on_the_card_only(tmp_path: Path, finest):
    async with stage(tmp_path, clock=TurnableClock()) as scene:
        card = await is_private(scene)
        await scene.command(ANA, "claim 1")
        await scene.say(ANA, f"she says the {CANARY} is green", channel=PRIVATE, thread_ts=card["ts"])
        said = [one for one in await scene.messages(PRIVATE) if one["user"] == ANA][-1]
        await scene.shortcut(ANA, said, ids.KEEP)
        await scene.submit(ANA)

        for who in (DEV, BEN, ANA):
            assert HIDDEN in await scene.told(who, "show 1")
        await nobody_else_hears_it(scene)
        await scene.close(ANA)
        await scene.more(BEN, await scene.card("Claimed", channel=PRIVATE), "Details…")
        assert "is green" in text_of(await scene.views(BEN))
    assert not sings(finest())
    _is_not_exported(tmp_path)


async def test_no_word_of_staff_about_a_private_case_leaves_its_channel(tmp_path: Path, finest):
    async with stage(tmp_path, clock=TurnableClock()) as scene:
        await is_private(scene)
        await scene.command(ANA, "claim 1")

        for typed in TYPED:
            assert (await scene.command(ANA, typed))["ok"]
            await scene.turn(minutes=6)

        assert "is green" in text_of(await scene.messages(PRIVATE))
        for who in (DEV, BEN, CLEO):
            shown = await scene.told(who, "show 1")
            assert f"lead: {HIDDEN}" in shown and f"ben: {HIDDEN}" in shown
        told = text_of(await scene.messages(ESCALATIONS))
        assert f"ana says: {HIDDEN}" in told and "We said nothing yet." in told
        await nobody_else_hears_it(scene)
    assert not sings(finest())
    _is_not_exported(tmp_path)


async def test_a_tier_that_meets_in_private_reads_the_reason(tmp_path: Path):
    tiers = [{"name": "lead", "channel": "#social-private", "notify": ["@social-leads"]}]
    async with stage(tmp_path, clock=TurnableClock(), tiers=tiers) as scene:
        await is_private(scene)
        await scene.command(ANA, f"escalate 1 lead the {CANARY} is green")
        await scene.settled()

        called = await scene.card("Escalated to lead", channel=PRIVATE)
        assert f"the {CANARY} is green" in text_of(called)
        await nobody_else_hears_it(scene)
