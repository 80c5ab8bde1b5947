"""A case that turned private is answered in private, though public posts stand in it, too."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

from tests.fakes.clock import TurnableClock
from tests.stories.stage import ANA, PLAIN, PRIVATE, Stage, stage, text_of

ANSWER = "Your passport K0815 is here"


async def two_public_posts(scene: Stage) -> dict[str, Any]:
    """Let somebody write twice in public; both stand in one case."""
    scene.town.post(PLAIN, thread="p1")
    card = await scene.card("Unclaimed")
    scene.town.post("@harbourline hello? nobody answers, terrible", thread="p1", answers="p1")
    await scene.read()
    await scene.settled()
    return card


async def turned_private(scene: Stage) -> dict[str, Any]:
    """Let the author make the first post private, and return the card in the private channel."""
    scene.town.posts[0]["visibility"] = "private"
    scene.town.edit("p1", "@harbourline my suitcase never arrived, passport K0815, nobody answers")
    card = await scene.card("K0815", channel=PRIVATE)
    await scene.settled()
    return card


def said(scene: Stage) -> list[tuple[str, str, str]]:
    return [(one["post"], one["text"], one["visibility"]) for one in scene.town.replies]


async def test_the_newest_private_post_is_answered_and_the_window_says_so(tmp_path: Path):
    async with stage(tmp_path, clock=TurnableClock()) as scene:
        await two_public_posts(scene)
        card = await turned_private(scene)
        assert "only the author may read the answer" in text_of(card)

        await scene.press(ANA, card, "case.reply")
        (view,) = await scene.views(ANA)
        assert "K0815" in text_of(view) and "*Private*, only the author reads this" in text_of(view)
        assert "under their private post of" in text_of(view)
        await scene.submit(ANA, text=ANSWER)
        await scene.settled()
        await scene.turn(minutes=1)

        assert said(scene) == [("p1", ANSWER, "private")]


async def test_what_was_being_written_for_the_public_does_not_leave(tmp_path: Path):
    async with stage(tmp_path, clock=TurnableClock()) as scene:
        card = await two_public_posts(scene)
        await scene.press(ANA, card, "case.reply")
        await turned_private(scene)

        await scene.submit(ANA, text="We look into it")
        await scene.turn(minutes=1)

        assert said(scene) == [] and "is private now" in str(await scene.views(ANA))
        await scene.close(ANA)
        card = (await scene.cards(PRIVATE))[0]
        await scene.press(ANA, card, "case.reply")
        (view,) = await scene.views(ANA)
        assert "We look into it" in str(view) and "*Private*, only the author reads this" in text_of(view)


async def test_what_was_queued_for_the_public_does_not_leave(tmp_path: Path):
    async with stage(tmp_path, clock=TurnableClock(), undo_s=60) as scene:
        card = await two_public_posts(scene)
        await scene.answer(ANA, card, "We look into it")
        await scene.settled()
        await turned_private(scene)

        scene.clock.advance(timedelta(minutes=2))
        await scene.settled()

        assert said(scene) == []
        assert "The case is private now" in text_of((await scene.cards(PRIVATE))[0])
