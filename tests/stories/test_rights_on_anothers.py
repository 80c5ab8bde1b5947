"""A colleague's case is not taken out of their hands without a word, and the word asks for no press more."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.stories.stage import ANA, BEN, CLEO, Stage, a_card, elements, stage, text_of


async def held(scene: Stage) -> dict:
    """Open a case that Ana has."""
    await a_card(scene)
    await scene.command(ANA, "claim 1")
    return await scene.card("Claimed by ana")


@pytest.mark.parametrize(
    ("label", "chosen", "end"),
    [("Resolve…", {"resolution": "spam"}, "Dismissed by ben"), ("Snooze…", {"span": "30"}, "Snoozed until")],
)
async def test_the_window_asks_for_the_word_and_the_assignee_reads_it(tmp_path: Path, label: str, chosen: dict, end):
    async with stage(tmp_path) as scene:
        card = await held(scene)
        if label == "Resolve…":
            await scene.press(BEN, card, "case.resolve")
        else:
            await scene.more(BEN, card, label)
        (view,) = await scene.views(BEN)
        assert "Why? ana has this case" in text_of(view)

        refused = await scene.submit(BEN, **chosen)
        assert not refused["ok"]
        await scene.submit(BEN, note="She rang and is happy", **chosen)

        await scene.card(end)
        await scene.settled()
        (told,) = [line for line in await scene.thread(card) if "She rang and is happy" in line]
        assert f"<@{ANA}> ben" in told


@pytest.mark.parametrize("who", [ANA, CLEO], ids=["the assignee", "who leads"])
async def test_for_others_the_windows_stay_as_they_are(tmp_path: Path, who: str):
    async with stage(tmp_path) as scene:
        card = await held(scene)

        await scene.more(who, card, "Snooze…")
        (view,) = await scene.views(who)

        assert "has this case" not in text_of(view) and "note" not in {one["action_id"] for one in elements(view)}


async def test_typed_verbs_say_what_is_missing(tmp_path: Path):
    async with stage(tmp_path) as scene:
        await held(scene)

        for typed in ("resolve 1 spam", "archive 1", "dismiss 1", "snooze 1", "snooze 1 2h", "assign 1 @ben"):
            assert "ana has case 1. Add a note that says why you" in await scene.told(BEN, typed), typed
        assert "sleeps until" in await scene.told(BEN, "snooze 1 30 min she is off today")
        assert "resolved, spam" in await scene.told(BEN, "resolve 1 spam the same text everywhere")


@pytest.mark.parametrize(("name", "label"), [("zzz", "case.snooze"), ("white_check_mark", "case.resolve")])
async def test_an_emoji_asks_by_a_button(tmp_path: Path, name: str, label: str):
    async with stage(tmp_path) as scene:
        card = await held(scene)

        await scene.react(BEN, card, name)
        await scene.hears(BEN, "ana has case 1.")

        asked = await scene.whispered(BEN)
        assert [one["action_id"] for one in elements(asked)] == [label]
        assert "Claimed by ana" in text_of((await scene.cards())[0])
