"""`/reply 12 text` where the team lets it send at once: the exact words back, a few seconds to undo, all the checks."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

from tests.fakes.clock import TurnableClock
from tests.stories.stage import ANA, BEN, DANGER, Stage, a_card, elements, stage, text_of


async def number(card: dict[str, Any]) -> str:
    """Return the number of a card's case."""
    return next(one["value"] for one in elements(card) if one["action_id"] == "case.reply").partition(":")[0]


async def reply(scene: Stage, user: str, card: dict[str, Any], text: str) -> str:
    return await scene.told(user, f"{await number(card)} {text}", command="/reply")


async def test_the_words_leave_behind_the_undo_window_and_are_read_back(tmp_path: Path):
    clock = TurnableClock()
    async with stage(tmp_path, clock=clock, undo_s=15, direct_reply=True) as scene:
        card = await a_card(scene)

        told = await reply(scene, ANA, card, "It is here & safe.\nSorry, Mara!")

        assert "leaves at" in told and "It is here & safe.\nSorry, Mara!" in told
        assert scene.town.said == [] and await scene.views(ANA) == []
        await scene.card("Sending at")
        await scene.turn(seconds=15)
        assert scene.town.said == ["It is here & safe.\nSorry, Mara!"]


async def test_undo_stands_in_the_private_answer(tmp_path: Path):
    clock = TurnableClock()
    async with stage(tmp_path, clock=clock, undo_s=15, direct_reply=True) as scene:
        card = await a_card(scene)
        await reply(scene, ANA, card, "Too quick.")
        whisper = await scene.whispered(ANA)

        await scene.press(ANA, whisper, "case.undo")
        await scene.turn(minutes=1)

        assert scene.town.said == []
        await scene.press(ANA, await scene.card("never arrived"), "case.reply")
        assert "Too quick." in str(await scene.views(ANA))


async def test_warnings_and_dangers_open_the_window_instead(tmp_path: Path):
    async with stage(tmp_path, direct_reply=True) as scene:
        card = await a_card(scene)
        await reply(scene, ANA, card, "Write to help@harbourline.example please.")

        (view,) = await scene.views(ANA)
        words = text_of(view)
        assert "It holds an e-mail address." in words and "nothing has left yet" in words
        assert "Write to help@harbourline.example please." in str(view)
        await scene.close(ANA)
        scene.town.post(DANGER, by="otto")
        await reply(scene, BEN, await scene.card("smoke"), "Please leave the deck.")
        assert "Look at it once more" in text_of((await scene.views(BEN))[-1])
        assert scene.town.said == []


async def test_what_cannot_be_sent_is_said_and_kept(tmp_path: Path):
    async with stage(tmp_path, direct_reply=True) as scene:
        card = await a_card(scene)

        told = await reply(scene, ANA, card, "Sorry. " * 200)

        assert "characters too long" in told and "Nothing was sent. Your text is kept" in told
        assert "ana already has this" in await reply(scene, BEN, card, "Me too.")
        await scene.command(ANA, await number(card), command="/reply")
        assert "Sorry. Sorry." in str(await scene.views(ANA))
        assert scene.town.said == []


async def test_a_line_in_a_thread_and_a_reply_without_a_number_never_send(tmp_path: Path):
    clock = TurnableClock()
    async with stage(tmp_path, clock=clock, direct_reply=True) as scene:
        card = await a_card(scene)
        case = await number(card)
        await scene.press(ANA, card, "case.claim")

        await scene.say(ANA, f"<@U0GOSHAWK1> reply {case} From the thread.", thread_ts=card["ts"])
        await scene.hears(ANA, "Thread text stays here")
        await scene.command(ANA, "Without a number.", command="/reply")

        assert "Without a number." in str(await scene.views(ANA))
        await scene.turn(minutes=5)
        assert scene.town.said == []


async def test_a_freeze_stops_it_and_keeps_the_words(tmp_path: Path):
    async with stage(tmp_path, direct_reply=True) as scene:
        card = await a_card(scene)
        await scene.told(BEN, "freeze statement in preparation")

        told = await reply(scene, ANA, card, "We are sorry.")

        assert "by ben: statement in preparation. Your draft is kept." in told
        assert scene.town.said == []


async def test_without_the_setting_the_window_opens(tmp_path: Path):
    clock = TurnableClock()
    async with stage(tmp_path, clock=clock) as scene:
        card = await a_card(scene)

        await scene.command(ANA, f"{await number(card)} We are sorry.", command="/reply")
        await scene.turn(seconds=timedelta(minutes=1).total_seconds())

        assert "We are sorry." in str(await scene.views(ANA))
        assert scene.town.said == []


async def test_new_staff_look_twice_until_they_have_sent_enough(tmp_path: Path):
    async with stage(tmp_path, direct_reply=True, check_new_replies=1) as scene:
        card = await a_card(scene)

        await reply(scene, ANA, card, "It is here.")
        await scene.submit(ANA, text="It is here.")
        assert "Check before sending" in text_of((await scene.views(ANA))[-1]) and scene.town.said == []
        await scene.submit(ANA)
        await scene.settled()
        scene.town.post("@harbourline where is my bicycle? nobody answers me!", by="otto")
        await reply(scene, ANA, await scene.card("bicycle"), "On the next boat.")
        await scene.settled()

        assert scene.town.said == ["It is here.", "On the next boat."]


async def test_the_same_words_to_a_third_person_open_the_window_instead(tmp_path: Path):
    clock = TurnableClock()
    async with stage(tmp_path, clock=clock, direct_reply=True) as scene:
        words = "It is on the next boat. Sorry!"
        for who in ("mara", "otto", "nils"):
            scene.town.post(f"@harbourline my suitcase never arrived, says {who}!", by=who)
            told = await reply(scene, ANA, await scene.card(f"says {who}"), words)
            await scene.turn(minutes=1)

        assert scene.town.said == [words] * 2 and "leaves at" not in told
        (view,) = await scene.views(ANA)
        assert "The same words, or nearly, went to 2 people in the last hour." in text_of(view)
        await scene.submit(ANA, text=words)
        check = (await scene.views(ANA))[-1]
        assert "Check before sending" in text_of(check) and "went to 2 people" in text_of(check)
        await scene.submit(ANA)
        await scene.turn(minutes=1)
        assert scene.town.said == [words] * 3
