"""Colleagues among themselves: handing over, letting go, noting down, looking back."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from tests.fakes.clock import TurnableClock
from tests.stories.stage import ANA, BEN, CARE, CLEO, DEV, ESCALATIONS, PLAIN, a_card, stage, text_of


async def test_a_case_is_handed_over_with_a_note_and_one_ping(tmp_path: Path):
    async with stage(tmp_path) as scene:
        card = await a_card(scene)
        await scene.press(ANA, card, "case.claim")

        await scene.more(ANA, await scene.card("Claimed by ana"), "Assign…")
        await scene.submit(ANA, person=BEN, note="She speaks Danish & is kind")

        await scene.card("Claimed by ben")
        await scene.settled()
        (line,) = await scene.thread(card)
        assert f"<@{BEN}> ana handed you case 1." in line and "“She speaks Danish &amp; is kind”" in line
        assert await scene.pings() == [(CARE, [BEN])]
        assert "ben: She speaks Danish &amp; is kind" in await scene.told(CLEO, "show 1")


async def test_who_had_the_case_learns_who_took_it_and_why(tmp_path: Path):
    async with stage(tmp_path) as scene:
        card = await a_card(scene)
        await scene.press(ANA, card, "case.claim")
        await scene.card("Claimed by ana")

        assert "ana has case 1. Add a note that says why" in await scene.told(BEN, "assign 1 @ben")
        await scene.command(BEN, "assign 1 @ben Ana went home")
        await scene.card("Claimed by ben")
        await scene.settled()
        await scene.command(CLEO, "assign 1 @dev")

        await scene.card("Claimed by dev")
        await scene.settled()
        taken, handed = await scene.thread(card)
        assert f"<@{ANA}> ben took over case 1." in taken and "“Ana went home”" in taken
        assert f"<@{DEV}> cleo handed you case 1. <@{BEN}> had it." in handed
        assert await scene.pings() == [(CARE, [ANA]), (CARE, [DEV, BEN])]


async def test_two_who_hand_it_on_at_once_tell_everybody_what_concerns_them(tmp_path: Path):
    clock = TurnableClock()
    async with stage(tmp_path, clock=clock) as scene:
        card = await a_card(scene)
        await scene.press(ANA, card, "case.claim")
        await scene.card("Claimed by ana")
        await scene.settled()
        await scene._do("faults", kind="ratelimited", method="chat.postMessage", times=1, seconds=1)

        await scene.command(ANA, "assign 1 @ben He is kind")
        await scene.settled()
        clock.advance(timedelta(milliseconds=200))
        await scene.command(BEN, "assign 1 @cleo She is kinder")
        await scene.turn(seconds=5)
        await scene.turn(seconds=5)

        first, second = sorted(await scene.thread(card))
        assert f"<@{BEN}> ana handed you case 1." in first and "“He is kind”" in first
        assert f"<@{CLEO}> ben handed you case 1." in second and "“She is kinder”" in second
        assert sorted(await scene.pings()) == [(CARE, [BEN]), (CARE, [CLEO])]


async def test_taking_a_case_for_oneself_pings_nobody(tmp_path: Path):
    async with stage(tmp_path) as scene:
        card = await a_card(scene)

        await scene.command(ANA, "assign 1 @ana")

        await scene.card("Claimed by ana")
        await scene.settled()
        assert await scene.thread(card) == [] and await scene.pings() == []


async def test_only_the_assignee_lets_go(tmp_path: Path):
    async with stage(tmp_path) as scene:
        card = await a_card(scene)
        await scene.press(ANA, card, "case.claim")
        claimed = await scene.card("Claimed by ana")

        await scene.more(BEN, claimed, "Release")
        assert "ana has this, not you. Use Assign… to take it over." in await scene.hears(BEN, "ana has this")
        await scene.more(ANA, claimed, "Release")

        assert (await scene.card("Unclaimed"))["ts"] == card["ts"]


async def test_details_show_every_word_the_reasons_and_what_happened(tmp_path: Path):
    async with stage(tmp_path) as scene:
        end = "and the last word is walrus"
        card = await a_card(scene, f"{PLAIN} {'It goes on and on. ' * 60} {end}")
        assert "cut, full text in Details" in text_of(card) and "walrus" not in text_of(card)
        await scene.command(BEN, "note 1 she called twice")

        await scene.more(ANA, card, "Details…")

        (view,) = await scene.views(ANA)
        words = text_of(view)
        assert view["title"] == "Case 1" and "walrus" in words
        assert "Why it was flagged" in words and "lost or late delivery" in words
        assert "noted · by ben · she called twice" in words


async def test_a_note_stays_in_the_house(tmp_path: Path):
    async with stage(tmp_path) as scene:
        card = await a_card(scene)

        await scene.command(ANA, "note 1 what a nuisance")
        await scene.settled()

        assert scene.town.said == [] and await scene.thread(card) == []
        assert "what a nuisance" not in text_of((await scene.cards())[0])


async def test_at_the_top_of_the_ladder_a_tier_must_be_named(tmp_path: Path):
    async with stage(tmp_path) as scene:
        await a_card(scene)
        await scene.command(ANA, "escalate 1 first")
        await scene.command(ANA, "escalate 1 second")

        told = await scene.told(ANA, "escalate 1 third")

        assert "Case 1 is at the top already. Name a tier to tell it again: lead, pr." in told
        await scene.settled()
        assert len(await scene.messages(ESCALATIONS)) == 2


async def test_without_tiers_escalate_says_what_to_set_up(tmp_path: Path):
    async with stage(tmp_path, tiers=[]) as scene:
        card = await a_card(scene)

        await scene.press(ANA, card, "case.escalate")

        assert await scene.hears(ANA, "No tier is set up. Add [[tiers]] to goshawk.toml.")
        assert await scene.views(ANA) == []


async def test_the_reason_of_an_escalation_is_required_in_the_window(tmp_path: Path):
    async with stage(tmp_path) as scene:
        card = await a_card(scene)
        await scene.press(ANA, card, "case.escalate")

        refused = await scene.submit(ANA, reason="   ")

        assert "reason" in refused["errors"]
        await scene.submit(ANA, tier="pr", reason="a newspaper asked")
        await scene.card("Escalated by ana")
        await scene.settled()
        (told,) = await scene.messages(ESCALATIONS)
        assert "Escalated to pr" in text_of(told)
