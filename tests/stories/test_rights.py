"""Guests, bots and people of other companies are refused on every path, with a reason."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fakes.clock import TurnableClock
from tests.stories.stage import ANA, GOSHAWK, GUS, OTTO, PLAIN, THANKS, Stage, hire, stage, text_of

WHY = {
    GUS: "guests of this workspace can read the cards, but not act for the brand. Ask a full member of the team.",
    OTTO: "people of other workspaces cannot act for the brand. Ask a full member of the team.",
}


async def unchanged(scene: Stage) -> None:
    await scene.settled()
    assert len(await scene.cards()) == 1
    assert "Unclaimed" in text_of((await scene.cards())[0])
    assert scene.town.said == []
    state = await scene.state()
    assert not any(state["views"].get(one) for one in (GUS, OTTO))


@pytest.mark.parametrize("who", [GUS, OTTO])
async def test_buttons_refuse_before_a_window_opens(tmp_path: Path, who: str):
    async with stage(tmp_path) as scene:
        scene.town.post(PLAIN)
        card = await scene.card("Unclaimed")

        for action_id in ("case.claim", "case.reply", "case.escalate"):
            await scene.press(who, card, action_id)
            assert WHY[who] in (await scene.whispers(who))[-1], action_id
        for label in ("Assign…", "Snooze…", "Resolve…", "Details…"):
            await scene.more(who, card, label)
            assert WHY[who] in (await scene.whispers(who))[-1], label
        assert len(await scene.whispers(who)) == 7
        await unchanged(scene)


@pytest.mark.parametrize("who", [GUS, OTTO])
async def test_the_board_of_a_storm_refuses(tmp_path: Path, who: str):
    async with stage(tmp_path, clock=TurnableClock(), storm_per_minute=1, storm_burst=1) as scene:
        for number in range(8):
            scene.town.post(PLAIN, by=f"mara{number}")
        await scene.read()
        await scene.settled()
        board, cards = await scene.card("Storm since"), len(await scene.cards())

        for action_id in ("case.claim", "case.show_card", "case.next_of_storm", "case.show_more"):
            await scene.press(who, board, action_id)
            assert WHY[who] in (await scene.whispers(who))[-1], action_id
        await scene.settled()

        assert len(await scene.whispers(who)) == 4
        assert len(await scene.cards()) == cards


@pytest.mark.parametrize("who", [GUS, OTTO])
async def test_commands_refuse_looking_and_acting(tmp_path: Path, who: str):
    async with stage(tmp_path) as scene:
        scene.town.post(PLAIN)
        await scene.card("Unclaimed")

        for typed in (
            "", "queue", "mine", "show 1", "why 1", "status", "queue unflagged", "claim 1", "claim next", "release 1",
            "assign 1 @ana", "reply 1 hello", "undo 1", "resolve 1", "archive 1", "dismiss 1", "reopen 1",
            "snooze 1", "escalate 1 now", "note 1 hello",
        ):  # fmt: skip
            assert WHY[who] in await scene.told(who, typed), typed
        assert WHY[who] in await scene.told(who, "next", command="/claim")
        assert WHY[who] in await scene.told(who, "1", command="/reply")
        assert "What you can type" in await scene.told(who, "help")
        await unchanged(scene)


@pytest.mark.parametrize("who", [GUS, OTTO])
async def test_emoji_and_thread_words_refuse_privately(tmp_path: Path, who: str):
    async with stage(tmp_path) as scene:
        scene.town.post(PLAIN)
        card = await scene.card("Unclaimed")

        for name in ("eyes", "white_check_mark", "rotating_light", "zzz"):
            await scene.react(who, card, name)
        await scene.say(who, f"<@{GOSHAWK}> claim", thread_ts=card["ts"])
        await scene.settled()

        told = await scene.whispers(who)
        assert len(told) == 5 and all(WHY[who] in one for one in told)
        await unchanged(scene)


async def test_nobody_gives_a_case_to_a_guest(tmp_path: Path):
    async with stage(tmp_path) as scene:
        scene.town.post(PLAIN)
        card = await scene.card("Unclaimed")

        assert "gus can't be given cases: guests of this workspace" in await scene.told(ANA, "assign 1 @gus")
        await scene.more(ANA, card, "Assign…")
        refused = await scene.submit(ANA, person=OTTO)

        assert "otto can't be given cases" in refused["errors"]["person"]
        await unchanged(scene)


async def test_a_guests_home_says_why_it_is_empty(tmp_path: Path):
    async with stage(tmp_path) as scene:
        scene.town.post(PLAIN)
        await scene.card("Unclaimed")

        home = text_of(await scene.home(GUS))

        assert WHY[GUS] in home and "suitcase" not in home


async def test_a_guest_cannot_open_a_case_from_the_roll_up(tmp_path: Path):
    clock = TurnableClock()
    async with stage(tmp_path, clock=clock) as scene:
        scene.town.post(THANKS)
        await scene.read()
        await scene.turn(minutes=61)
        rolled = await scene.card("Tagged, but not flagged")

        await scene.press(GUS, rolled, "case.flag")

        assert WHY[GUS] in (await scene.whispers(GUS))[-1]
        await scene.settled()
        assert len(await scene.cards()) == 1


async def test_somebody_new_may_act_at_once(tmp_path: Path):
    async with stage(tmp_path) as scene:
        scene.town.post(PLAIN)
        card = await scene.card("Unclaimed")
        (new,) = hire(scene.sandbox, 1)

        assert "Case 1 is yours" in await scene.told(new, "claim 1")

        assert (await scene.card("Claimed by new"))["ts"] == card["ts"]
