"""What a customer wrote of their own data by mistake is read by nobody, except by who has the case and asks."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.clock import TurnableClock
from tests.stories.stage import ANA, BEN, CARE, CLEO, ESCALATIONS, GOSHAWK, PRIVATE, THANKS, Stage, stage, text_of

CARD, MAIL, PHONE = "4111 1111 1111 1111", "mara@post.example", "+45 20 12 34 56"
IBAN, BOOKING = "DE89 3704 0044 0532 0130 00", "K3X9ZQ"
SPILT = (
    f"@harbourline my suitcase never arrived and nobody answers me! Refund to {CARD} or {IBAN}, "
    f"write to {MAIL}, call {PHONE}, booking {BOOKING}"
)
#: What must not be found: a part of each, long enough to be of use.
PARTS = ("4111 1", " 1111", "3704 0", "0532 0", "mara@post", "post.example", "20 12 3", "12 34 5", BOOKING)


def parts_in(thing: Any) -> set[str]:
    """Return what can be read of the data in a message, a window or a log."""
    words = (thing if isinstance(thing, str) else json.dumps(thing, ensure_ascii=False)).replace("\u200b", "")
    return {part for part in PARTS if part in words}


async def everything(scene: Stage) -> dict[str, Any]:
    """Return all that stands in Slack: messages, whispers, windows, Homes."""
    state = await scene.state()
    return {name: state[name] for name in ("messages", "ephemerals", "views", "homes")}


@pytest.mark.parametrize("visibility", ["public", "private"])
async def test_no_surface_shows_what_was_spilt(tmp_path: Path, visibility: str, log_lines):
    where = CARE if visibility == "public" else PRIVATE
    async with stage(tmp_path, clock=TurnableClock()) as scene:
        scene.town.post(SPILT, visibility=visibility)
        card = await scene.card("Unclaimed", channel=where)
        assert "[card ••11]" in text_of(card) and "[e-mail]" in text_of(card)

        for typed in ("queue", "queue unanswered", "show 1", "why 1", "claim 1", "mine", "status", "claim next"):
            await scene.command(ANA, typed)
        await scene.command(ANA, "", command="/claim")
        await scene.say(ANA, f"<@{GOSHAWK}> show", channel=where, thread_ts=card["ts"])
        await scene.home(ANA)
        await scene.more(ANA, card, "Details…")
        await scene.command(ANA, "escalate 1 lead please look")
        await scene.command(ANA, "1 We are looking", command="/reply")
        assert parts_in(await everything(scene)) == set()
        await scene.submit(ANA, text="We are looking")
        await scene.turn(seconds=9)
        scene.town.post(f"And again: {SPILT}", visibility=visibility)
        await scene.see(lambda message: bool(message["thread_ts"]) and "wrote again" in text_of(message), where)
        await scene.command(ANA, "assign 1 @ben please")
        scene.town.refusal = f"We do not like: {SPILT}"
        await scene.command(BEN, "1 We found it", command="/reply")
        await scene.submit(BEN, text="We found it")
        await scene.see(lambda message: "We do not like" in text_of(message), where)
        await scene.turn(hours=3)

        assert parts_in(await everything(scene)) == set()
        told = text_of(await scene.messages(ESCALATIONS))
        # The tier's channel is open: why a private case came up stands on its card.
        assert ("please look" in told) is (visibility == "public")
    assert parts_in(log_lines()) == set()


async def test_what_was_left_aside_is_rolled_up_without_it(tmp_path: Path):
    async with stage(tmp_path, clock=TurnableClock()) as scene:
        scene.town.post(f"{THANKS} Yours, {MAIL}, {PHONE}")
        await scene.read()
        await scene.turn(minutes=61)

        rolled = await scene.card("Tagged, but not flagged")
        await scene.command(ANA, "queue unflagged")

        assert "[e-mail], [phone ••56]" in text_of(rolled)
        assert parts_in(await everything(scene)) == set()


async def test_the_assignee_reveals_it_in_a_window_of_their_own(tmp_path: Path):
    async with stage(tmp_path) as scene:
        scene.town.post(SPILT)
        card = await scene.card("Unclaimed")
        await scene.press(ANA, card, "case.claim")
        card = await scene.card("Claimed by ana")
        await scene.more(ANA, card, "Details…")
        (details,) = await scene.views(ANA)
        assert "Hidden here: a bank account, an e-mail address, a card number, a phone number" in text_of(details)

        assert (await scene._do("action", user=ANA, action_id="case.reveal"))["ok"]

        (_, opened) = await scene.views(ANA)
        assert CARD in text_of(opened) and MAIL in text_of(opened) and BOOKING in text_of(opened)
        await scene.settled()
        state = await everything(scene)
        assert parts_in(state["messages"]) == parts_in(state["ephemerals"]) == parts_in(state["homes"]) == set()
        assert set(state["views"]) == {ANA}
        assert "hidden data revealed · by ana" in await scene.told(BEN, "show 1")


async def test_others_are_refused_and_told_whom_to_ask(tmp_path: Path):
    async with stage(tmp_path) as scene:
        scene.town.post(SPILT)
        card = await scene.card("Unclaimed")

        await scene.more(BEN, card, "Details…")
        await scene._do("action", user=BEN, action_id="case.reveal")
        await scene.settled()
        assert "Claim it first, then press again." in text_of((await scene.state())["messages"])
        await scene.press(ANA, card, "case.claim")
        await scene.more(CLEO, await scene.card("Claimed by ana"), "Details…")
        await scene._do("action", user=CLEO, action_id="case.reveal")
        await scene.settled()

        state = await everything(scene)
        assert "Only ana, who has case 1, sees what is hidden. Ask them." in text_of(state["messages"])
        assert parts_in(state) == set()
        assert "revealed" not in await scene.told(BEN, "show 1")


async def test_a_case_without_such_data_offers_nothing_to_reveal(tmp_path: Path):
    async with stage(tmp_path) as scene:
        scene.town.post("@harbourline my suitcase never arrived and nobody answers me!")

        await scene.more(ANA, await scene.card("Unclaimed"), "Details…")

        assert "Reveal personal data" not in text_of(await scene.views(ANA))


async def test_a_public_answer_with_such_data_is_confirmed_by_name(tmp_path: Path):
    async with stage(tmp_path) as scene:
        scene.town.post(SPILT)

        await scene.answer(ANA, await scene.card("Unclaimed"), f"We refund {CARD} and wrote to {MAIL}")

        (_, check) = await scene.views(ANA)
        assert "It holds an e-mail address." in text_of(check) and "It holds a card number." in text_of(check)
        assert scene.town.said == []
        await scene.submit(ANA)
        await scene.card("Replied, waiting")
        assert scene.town.said == [f"We refund {CARD} and wrote to {MAIL}"]
