"""Command, button and emoji reach the same verb and redraw the same one card."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from tests.stories.stage import ANA, BEN, CARE, ESCALATIONS, GOSHAWK, PLAIN, Stage, labels, stage, text_of


async def by_command(scene: Stage, card: dict, verb: str) -> None:
    await scene.command(ANA, f"{verb} 1")


async def by_button(scene: Stage, card: dict, verb: str) -> None:
    if verb == "claim":
        await scene.press(ANA, card, "case.claim")
    elif verb == "resolve":
        await scene.more(ANA, card, "Resolve…")
        await scene.submit(ANA, resolution="answered")
    else:
        await scene.press(ANA, card, "case.escalate")
        await scene.submit(ANA, reason="She waits in the rain")


async def by_emoji(scene: Stage, card: dict, verb: str) -> None:
    await scene.react(ANA, card, {"claim": "eyes", "resolve": "white_check_mark", "escalate": "rotating_light"}[verb])


async def by_thread(scene: Stage, card: dict, verb: str) -> None:
    await scene.say(ANA, f"<@{GOSHAWK}> {verb}", thread_ts=card["ts"])


@pytest.mark.parametrize("path", [by_command, by_button, by_emoji, by_thread])
async def test_every_path_claims_the_same_case_on_the_same_card(tmp_path: Path, path):
    async with stage(tmp_path) as scene:
        scene.town.post(PLAIN)
        card = await scene.card("my suitcase never arrived")

        await path(scene, card, "claim")

        claimed = await scene.card("Claimed by ana")
        await scene.settled()
        assert claimed["ts"] == card["ts"]
        assert len(await scene.cards()) == 1
        assert await scene.thread(card) == []
        assert labels(claimed)[:3] == ["Reply", "Resolve…", "Escalate"]


@pytest.mark.parametrize("path", [by_command, by_button])
async def test_command_and_button_resolve_on_the_same_card(tmp_path: Path, path):
    async with stage(tmp_path) as scene:
        scene.town.post(PLAIN)
        card = await scene.card("my suitcase never arrived")

        await path(scene, card, "resolve")

        resolved = await scene.card("Resolved by ana: answered")
        assert resolved["ts"] == card["ts"] and len(await scene.cards()) == 1
        assert labels(resolved) == ["Reopen", "Details…"]


async def test_a_tick_resolves_what_was_answered(tmp_path: Path):
    async with stage(tmp_path) as scene:
        scene.town.post(PLAIN)
        card = await scene.card("my suitcase never arrived")
        await scene.answer(ANA, card, "It is on the next boat. Sorry!")
        await scene.card("Replied, waiting")

        await by_emoji(scene, card, "resolve")

        assert (await scene.card("Resolved by ana: answered"))["ts"] == card["ts"]


async def test_a_tick_on_an_unanswered_case_asks_why(tmp_path: Path):
    async with stage(tmp_path) as scene:
        scene.town.post(PLAIN)
        card = await scene.card("my suitcase never arrived")

        await by_emoji(scene, card, "resolve")

        asked = await scene.whispered(ANA)
        assert "Nobody has answered case 1 yet. Why is it over?" in text_of(asked)
        await scene.press(ANA, asked, "case.resolve")
        await scene.submit(ANA, resolution="duplicate")
        assert "Dismissed by ana: duplicate" in text_of(await scene.card("Dismissed by ana"))


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        (by_button, "She waits in the rain"),
        (by_emoji, "🚨 on the card"),
    ],
)
async def test_every_path_escalates_once_with_a_link_and_a_summary(tmp_path: Path, path, reason: str):
    async with stage(tmp_path) as scene:
        scene.town.post(PLAIN, followers=1_200)
        card = await scene.card("my suitcase never arrived")

        await path(scene, card, "escalate")
        await scene.card("Escalated by ana")
        await scene.settled()

        (told,) = await scene.messages(ESCALATIONS)
        words = text_of(told)
        assert "Escalated to lead" in words and reason in words
        assert "my suitcase never arrived" in words and "1,200 followers" in words and "Unclaimed" in words
        assert f"/archives/{CARE}/p{card['ts'].replace('.', '')}" in words
        assert told["pings"] == ["U0CLEO0001"]
        assert len(await scene.cards()) == 1 and await scene.thread(card) == []


async def test_escalating_by_command_names_a_tier_and_a_reason(tmp_path: Path):
    async with stage(tmp_path) as scene:
        scene.town.post(PLAIN)
        await scene.card("my suitcase never arrived")

        answer = await scene.told(ANA, "escalate 1 pr a newspaper asked")

        assert "Case 1 is escalated to pr." in answer
        await scene.settled()
        (told,) = await scene.messages(ESCALATIONS)
        assert "Escalated to pr" in text_of(told) and "ana says: a newspaper asked" in text_of(told)
        assert told["pings"] == ["U0DEV00001"]


async def test_escalating_without_a_reason_asks_for_one(tmp_path: Path):
    async with stage(tmp_path) as scene:
        scene.town.post(PLAIN)
        await scene.card("my suitcase never arrived")

        assert "Say why" in await scene.told(ANA, "escalate 1")
        await scene.settled()
        assert await scene.messages(ESCALATIONS) == []


async def test_an_emoji_snoozes_and_any_other_means_nothing(tmp_path: Path):
    async with stage(tmp_path) as scene:
        scene.town.post(PLAIN)
        card = await scene.card("my suitcase never arrived")

        await scene.react(ANA, card, "wave")
        await scene.react(ANA, card, "zzz")

        assert "Snoozed until" in text_of(await scene.card("Snoozed until"))
        assert await scene.whispers(ANA) == []


async def test_taking_an_emoji_away_undoes_nothing(tmp_path: Path):
    async with stage(tmp_path) as scene:
        scene.town.post(PLAIN)
        card = await scene.card("my suitcase never arrived")
        await scene.react(ANA, card, "eyes")
        await scene.card("Claimed by ana")

        await scene.react(ANA, card, "eyes")
        await scene.settled()

        assert "Claimed by ana" in text_of((await scene.cards())[0])


async def test_the_second_to_claim_is_told_privately_who_was_first(tmp_path: Path):
    async with stage(tmp_path) as scene:
        scene.town.post(PLAIN)
        card = await scene.card("my suitcase never arrived")
        await scene.press(ANA, card, "case.claim")

        await scene.press(BEN, card, "case.claim")

        assert "ana already has this (just now). Ask them, or use Assign…" in (await scene.whispers(BEN))[-1]
        assert await scene.whispers(ANA) == []


async def test_fifty_people_press_claim_at_once(tmp_path: Path):
    people = [f"U0NEW{one:05}" for one in range(50)]
    async with stage(tmp_path, staff=50) as scene:
        scene.town.post(PLAIN)
        card = await scene.card("my suitcase never arrived")

        pressed = await asyncio.gather(*[scene.press(one, card, "case.claim") for one in people])

        assert all(one["ok"] for one in pressed)
        await scene.settled()
        owner = text_of(await scene.card("Claimed by new")).split("Claimed by ")[1].split("*")[0]
        answers = [(one, await scene.whispers(one)) for one in people]
        told = [words for _, words in answers if words]
        assert len(told) == 49 and all(f"{owner} already has this" in words[0] for words in told), told
        assert len(await scene.cards()) == 1
