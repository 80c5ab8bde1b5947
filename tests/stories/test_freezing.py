"""It burns, and somebody stops all sending: told once, seen on every card, and nothing leaves or gets lost."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.fakes.clock import TurnableClock
from tests.stories.stage import ANA, BEN, CARE, CLEO, MONEY, Stage, a_card, labels, stage, text_of

WHY = "statement in preparation"
#: Cleo approves; everybody else answers.
ROLES = [{"role": "approver", "who": ["@cleo"]}, {"role": "responder", "who": ["@ana", "@ben"]}]


async def notices(scene: Stage) -> list[dict[str, Any]]:
    """Return what the channel was told of the freeze."""
    return [one for one in await scene.cards() if "frozen" in text_of(one) and "Reply" not in labels(one)
            and "Undo" not in labels(one)]  # fmt: skip


async def test_a_freeze_is_told_once_and_keeps_every_reply_until_it_is_over(tmp_path: Path):
    clock = TurnableClock()
    async with stage(tmp_path, clock=clock, undo_s=15, roles=ROLES) as scene:
        card = await a_card(scene)
        scene.town.post(MONEY, by="otto")
        other = await scene.card("charged me twice")
        await scene.answer(ANA, card, "It is on the next boat.")

        told = await scene.told(BEN, f"freeze {WHY}")
        await scene.turn(hours=2)

        assert "Sending is frozen: nothing leaves from now on. None was on its way." in told
        assert scene.town.said == []
        (notice,) = await notices(scene)
        words = text_of(notice)
        assert "*Sending is frozen*" in words and f"by ben: {WHY}" in words and "One reply waits" in words
        waits, calm = await scene.card("never arrived"), await scene.card("charged me twice")
        assert f"by ben: {WHY}" in text_of(calm) and f"by ben: {WHY}" in text_of(waits)
        assert "Waits: sending is frozen" in text_of(waits) and "Undo" in labels(waits)

        await scene.command(CLEO, "unfreeze")
        await scene.settled()
        (over,) = [one for one in await scene.cards() if one["ts"] == notice["ts"]]
        assert "goes on* since" in text_of(over) and "by cleo" in text_of(over)
        (line,) = await scene.thread(over)
        assert f"<@{ANA}>: case" in line and "leaves now" in line
        assert scene.town.said == []
        waits = await scene.card("never arrived")
        assert "Sending at" in text_of(waits) and "frozen" not in text_of(waits)
        assert "frozen" not in text_of(await scene.card("charged me twice"))
        await scene.turn(minutes=2)
        assert scene.town.said == ["It is on the next boat."]
        assert other["ts"] == calm["ts"]


async def test_send_under_a_freeze_keeps_the_words_and_says_who_and_why(tmp_path: Path):
    async with stage(tmp_path, roles=ROLES) as scene:
        card = await a_card(scene)
        await scene.press(ANA, card, "case.reply")
        await scene.told(CLEO, f"pause @harbourline {WHY}")

        answer = await scene.submit(ANA, text="We are sorry.")
        await scene.close(ANA)

        assert f"by cleo: {WHY}. Your draft is kept." in str(answer)
        assert "Sending as @harbourline is frozen since" in str(answer)
        assert scene.town.said == []
        await scene.press(ANA, card, "case.reply")
        assert "We are sorry." in str(await scene.views(ANA))


async def test_who_may_freeze_and_what_is_said_to_the_others(tmp_path: Path):
    async with stage(tmp_path, roles=ROLES) as scene:
        await a_card(scene)

        assert "Say why" in await scene.told(BEN, "freeze")
        assert "I know no account @harbour. I know: @harbourline." in await scene.told(BEN, "freeze @harbour now")
        await scene.told(BEN, f"freeze harbourline {WHY}")
        again = await scene.told(ANA, "freeze @harbourline me too")
        assert f"by ben: {WHY}. Nothing was changed." in again
        assert "needs the role approver. Ask" in await scene.told(ANA, "unfreeze")
        assert "You can't freeze sending" in await scene.told("U0DEV00001", "freeze it")
        assert "frozen" in await scene.told(ANA, "status")
        assert "goes on" in await scene.told(CLEO, "resume harbourline")


async def test_a_reason_pings_nobody(tmp_path: Path):
    async with stage(tmp_path, roles=ROLES) as scene:
        await a_card(scene)

        await scene.told(BEN, "freeze <!channel> *everything* now")

        (notice,) = await notices(scene)
        assert "<!channel>" not in str(notice["blocks"])
        assert CARE not in [channel for channel, _ in await scene.pings()]
