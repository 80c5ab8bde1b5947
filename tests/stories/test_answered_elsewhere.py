"""A colleague answers on the platform itself while a reply of ours still waits: nobody is answered twice unasked."""

from __future__ import annotations

from pathlib import Path

from tests.fakes.clock import TurnableClock
from tests.stories.stage import ANA, CARE, a_card, elements, field_of, stage, text_of


async def test_a_reply_in_its_undo_window_is_held_and_may_be_sent_anyway(tmp_path: Path):
    clock = TurnableClock()
    async with stage(tmp_path, clock=clock, undo_s=60) as scene:
        card = await a_card(scene)
        await scene.answer(ANA, card, "We found it in Ormsea.")
        await scene.card("Sending at")

        scene.town.own("Please come to the harbour office.", answers="p1")

        asked = await scene.see(lambda one: "was held back" in text_of(one))
        assert f"<@{ANA}> @harbourline answered on Mastodon itself. Your reply to case 1 was held" in text_of(asked)
        await scene.card("Replied by @harbourline")
        await scene.turn(minutes=5)
        assert scene.town.said == [] and await scene.pings() == [(CARE, [ANA])]
        press = next(one for one in elements(asked) if one["text"]["text"] == "Send it anyway…")
        await scene.press(ANA, asked, press["action_id"])
        (view,) = await scene.views(ANA)
        assert "@harbourline answered on Mastodon itself." in text_of(view)
        assert field_of(view)["initial_value"] == "We found it in Ormsea."
        await scene.submit(ANA)
        await scene.card("Sending at")
        await scene.turn(minutes=2)
        assert scene.town.said == ["We found it in Ormsea."]
