"""A morning of hostile posts, from the wire to the card: nobody is pinged, and every one stands there."""

from __future__ import annotations

from pathlib import Path

from tests.slack import rules
from tests.slack.hostile import TEXTS
from tests.stories.stage import ANA, CARE, stage, text_of

#: What makes each of them a complaint whatever else it says.
COMPLAINT = "my suitcase never arrived and nobody answers"


async def test_a_hundred_hostile_posts_become_cards_and_ping_nobody(tmp_path: Path):
    async with stage(tmp_path) as scene:
        for number, words in enumerate(TEXTS):
            fit = words.replace("\x00", "")[:300]
            scene.town.post(f"@harbourline {fit} {COMPLAINT} n{number}", by=f"{fit[:60]}{number}")
        await scene.card(f"n{len(TEXTS) - 1}")
        await scene.settled()

        cards = [text_of(card) for card in await scene.cards()]
        assert all(any(f"answers n{number}" in card for card in cards) for number in range(len(TEXTS)))
        await nothing_happened(scene)


async def test_hostile_words_in_every_list_and_window(tmp_path: Path):
    async with stage(tmp_path) as scene:
        evil = "<!channel> <@U0CLEO0001> <https://evil.example|bank> *bold* :fire: @here"
        scene.town.post(f"{evil} {COMPLAINT}", by=evil[:60])
        card = await scene.card(COMPLAINT)
        for typed in ("", "show 1", "why 1", "claim 1", "mine", f"note 1 {evil}", "show 1", f"resolve 99 {evil}", evil):
            await scene.command(ANA, typed)
        await scene.command(ANA, f"escalate 1 lead {evil}")
        await scene.more(ANA, await scene.card("Claimed by ana"), "Details…")
        await scene.home(ANA)
        await scene.command(ANA, f"1 {evil}", command="/reply")
        await scene.submit(ANA, text=evil)
        if await scene.views(ANA):
            await scene.submit(ANA)
        await scene.card("Replied by ana")
        scene.town.answer(f"{evil} that did not help, {COMPLAINT}")
        await scene.see(lambda message: message["thread_ts"] == card["ts"] and "wrote again" in text_of(message))
        await scene.settled()

        state = await scene.state()
        assert {tuple(one["users"]) for one in state["pings"] if one["users"]} <= {("U0CLEO0001",), (ANA,)}
        lead, own = "<!subteam^S0LEADS001>", f"<@{ANA}>"
        assert {token for one in state["pings"] for token in one["tokens"]} <= {lead, own}
        shown = list(rules.parsed([*state["messages"].values(), state["ephemerals"], list(state["homes"].values())]))
        assert shown and not [words for words in shown if "<https://evil.example" in words or "<!channel" in words]
        assert scene.town.said == [evil.replace(":fire:", "🔥")]
        refused(state)


async def nothing_happened(scene) -> None:
    state = await scene.state()
    assert state["pings"] == []
    assert [one for one in state["messages"][CARE] if one["warnings"]] == []
    refused(state)


def refused(state: dict) -> None:
    assert [call for call in state["calls"] if not call["ok"]] == []
    assert state["protocol_errors"] == []
