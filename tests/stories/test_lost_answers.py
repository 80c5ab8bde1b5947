"""Slack's answer is lost, late or nonsense: whatever a job posts stands there once, and nothing is missing."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot import metrics
from bot.cases import promises
from bot.domain.health import FeedHealth, Pulse
from tests.fakes.clock import TurnableClock
from tests.stories.stage import ANA, CARE, ESCALATIONS, GOSHAWK, PLAIN, Stage, stage, text_of

#: What happens to a message that Slack is told to post: the fault, and whether it stands there all the same.
FAULTS: dict[str, tuple[dict[str, Any], bool]] = {
    "cut after it was applied": ({"kind": "reset_after"}, True),
    "cut before it was applied": ({"kind": "reset_before"}, False),
    "Slack failed, and had applied it": ({"kind": "error", "error": "fatal_error", "applied": True}, True),
    "Slack failed": ({"kind": "error", "error": "internal_error"}, False),
    "a proxy answered": ({"kind": "status", "status": 502}, False),
    "a page of HTML with 200": ({"kind": "html"}, False),
    "applied five seconds later": ({"kind": "late", "seconds": 5}, True),
    "asked to slow down": ({"kind": "ratelimited", "seconds": 7}, False),
}


@dataclass(frozen=True)
class Kind:
    """One kind of message that a job posts: how it comes about, and how it is told from the others."""

    cause: Callable[[Stage], Awaitable[object]]
    words: str
    channel: str = CARE


async def _card(scene: Stage) -> None:
    scene.town.post(PLAIN)
    await scene.read()


async def _line(scene: Stage) -> None:
    await scene.command(ANA, "assign 1 @ben")


async def _tier(scene: Stage) -> None:
    await scene.command(ANA, "escalate 1 it is in the papers")


async def _freeze(scene: Stage) -> None:
    await scene.command("U0CLEO0001", "freeze the website is down")


async def _feed(scene: Stage) -> None:
    now = scene.clock.now()
    down = FeedHealth(feed="bay", pulse=Pulse.FAILING, since=now, trouble="It does not answer.")

    def work(unit: Any) -> None:
        unit.feeds.note(down)
        unit.jobs.add(promises.feed_notice("bay", at=now))

    await scene.goshawk.store.transact(work)


async def _rollup(scene: Stage) -> None:
    scene.town.post("@harbourline what time does the ferry leave on Sunday?", by="olga")
    await scene.read()
    await pass_time(scene, minutes=61)


#: In this order on one stage: a line needs a card.
KINDS = {
    "the card": Kind(_card, "Unclaimed"),
    "a line in its thread": Kind(_line, "handed you case 1"),
    "a message to a tier": Kind(_tier, "Escalated to lead", ESCALATIONS),
    "the notice of a freeze": Kind(_freeze, "lets sending go on"),
    "the notice of a feed": Kind(_feed, "The feed bay cannot be read"),
    "a roll-up": Kind(_rollup, "what time does the ferry leave"),
}


async def pass_time(scene: Stage, **span: float) -> None:
    """Turn our clock and Slack's."""
    seconds = timedelta(**span).total_seconds()
    await scene.settled()
    await scene.http.post("/sim/clock", json={"advance_s": seconds})
    await scene.quiet()
    await scene.turn(seconds=seconds)


async def standing(scene: Stage, kind: Kind) -> list[dict[str, Any]]:
    """Return the messages of one kind that stand in Slack."""
    found = [one for one in await scene.messages(kind.channel) if one["user"] == GOSHAWK]
    return [one for one in found if kind.words in text_of(one).replace("*", "") and not one["deleted"]]


def on_time() -> TurnableClock:
    return TurnableClock(datetime.now(UTC))


@pytest.mark.parametrize("fault", FAULTS)
async def test_every_kind_of_message_stands_once_when_one_may_look(tmp_path: Path, fault: str):
    armed, _ = FAULTS[fault]
    async with stage(tmp_path, clock=on_time(), look_back=True) as scene:
        for name, kind in KINDS.items():
            await scene.http.post("/sim/faults", json={"method": "chat.postMessage", **armed})
            await kind.cause(scene)
            await scene.settled()
            await pass_time(scene, seconds=11)
            await pass_time(scene, seconds=11)

            assert len(await standing(scene, kind)) == 1, (name, fault)
            assert [one["left"] for one in (await scene.http.get("/sim/faults")).json()["faults"]][-1] == 0, name
        assert (await scene.state())["protocol_errors"] == []


@pytest.mark.parametrize("fault", FAULTS)
async def test_where_nobody_may_look_nothing_is_missing_and_what_may_stand_twice_is_counted(tmp_path: Path, fault: str):
    armed, applied = FAULTS[fault]
    before = metrics.UNPROVEN._value.get()
    async with stage(tmp_path, clock=on_time()) as scene:
        for name, kind in KINDS.items():
            await scene.http.post("/sim/faults", json={"method": "chat.postMessage", **armed})
            await kind.cause(scene)
            await scene.settled()
            await pass_time(scene, seconds=11)
            await pass_time(scene, seconds=11)

            assert len(await standing(scene, kind)) == (2 if applied else 1), (name, fault)
    assert metrics.UNPROVEN._value.get() - before == (0 if fault == "asked to slow down" else len(KINDS))


async def doubled(scene: Stage) -> tuple[dict[str, Any], dict[str, Any]]:
    """Let a case have two cards, as nobody may look; return the spare one and the one that is drawn anew."""
    await scene.http.post("/sim/faults", json={"method": "chat.postMessage", "kind": "reset_after"})
    await _card(scene)
    await scene.settled()
    await pass_time(scene, seconds=11)
    spare, true = await standing(scene, KINDS["the card"])
    return spare, true


async def test_a_press_on_a_card_that_stands_twice_is_done_and_takes_the_spare_one_away(tmp_path: Path):
    async with stage(tmp_path, clock=on_time()) as scene:
        spare, true = await doubled(scene)

        await scene.press(ANA, spare, "case.claim")

        assert (await scene.card("Claimed by ana"))["ts"] == true["ts"]
        told = await scene.hears(ANA, "stood twice")
        assert "Open the card" in told
        await scene.settled()
        assert [one["ts"] for one in await scene.cards()] == [true["ts"]]


async def test_a_press_that_is_refused_heals_all_the_same(tmp_path: Path):
    async with stage(tmp_path, clock=on_time()) as scene:
        spare, true = await doubled(scene)

        await scene.command("U0BEN00001", "claim 1")
        await scene.press(ANA, spare, "case.claim")
        await scene.hears(ANA, "stood twice")
        await scene.hears(ANA, "ben")

        assert [one["ts"] for one in await scene.cards()] == [true["ts"]]


async def test_a_press_before_anybody_knows_of_the_card_makes_it_the_card(tmp_path: Path):
    async with stage(tmp_path, clock=on_time()) as scene:
        await scene.http.post("/sim/faults", json={"method": "chat.postMessage", "kind": "reset_after"})
        await _card(scene)
        await scene.settled()
        (card,) = await standing(scene, KINDS["the card"])

        await scene.press(ANA, card, "case.claim")
        while not (await scene.goshawk.board.sheet(1)).cards:
            await scene.quiet()
        await pass_time(scene, seconds=11)

        (one,) = await scene.cards()
        assert one["ts"] == card["ts"] and "Claimed by ana" in text_of(one)


async def test_what_is_applied_after_the_look_is_taken_away_a_minute_later(tmp_path: Path):
    async with stage(tmp_path, clock=on_time(), look_back=True) as scene:
        armed = {"method": "chat.postMessage", "kind": "late", "seconds": 20}
        await scene.http.post("/sim/faults", json=armed)
        await _card(scene)
        await pass_time(scene, seconds=11)
        (true,) = await standing(scene, KINDS["the card"])
        await pass_time(scene, seconds=11)
        assert len(await standing(scene, KINDS["the card"])) == 2

        await pass_time(scene, seconds=50)

        assert [one["ts"] for one in await standing(scene, KINDS["the card"])] == [true["ts"]]
        await scene.press(ANA, true, "case.claim")
        await scene.card("Claimed by ana")


async def test_a_card_that_is_found_again_shows_what_happened_since_it_was_drawn(tmp_path: Path):
    async with stage(tmp_path, clock=on_time(), look_back=True) as scene:
        await scene.http.post("/sim/faults", json={"method": "chat.postMessage", "kind": "reset_after"})
        await _card(scene)
        await scene.settled()
        await _freeze(scene)
        await pass_time(scene, seconds=11)
        await pass_time(scene, seconds=11)

        (card,) = await standing(scene, KINDS["the card"])
        assert "the website is down" in text_of(card)


@pytest.mark.parametrize("fault", FAULTS)
async def test_the_board_of_a_storm_stands_once_and_shows_what_came_since(tmp_path: Path, fault: str):
    armed, _ = FAULTS[fault]
    storm = Kind(_card, "Storm since")
    async with stage(tmp_path, clock=on_time(), look_back=True, storm_per_minute=2, storm_burst=2) as scene:
        for _ in range(2):
            await storm.cause(scene)
        await scene.settled()
        await pass_time(scene, seconds=3)
        await scene.http.post("/sim/faults", json={"method": "chat.postMessage", **armed})
        for number in range(6):
            scene.town.post(f"@harbourline my suitcase {number} never arrived and nobody answers!", by=f"nils{number}")
        await scene.read()
        await scene.settled()
        scene.town.post("@harbourline my cabin was sold twice and nobody answers!", by="olga", followers=90_000)
        await scene.read()
        await pass_time(scene, seconds=11)
        await pass_time(scene, seconds=11)

        (board,) = await standing(scene, storm)
        assert "my cabin was sold twice" in text_of(board)
        assert [one["left"] for one in (await scene.http.get("/sim/faults")).json()["faults"]] == [0]


async def test_nothing_is_looked_for_before_it_has_settled(tmp_path: Path):
    async with stage(tmp_path, clock=on_time(), look_back=True) as scene:
        await scene.http.post("/sim/faults", json={"method": "chat.postMessage", "kind": "late", "seconds": 9})
        await _card(scene)
        for _ in range(3):
            await scene.turn(seconds=3)
            calls = [one["method"] for one in (await scene.state())["calls"]]
            assert calls.count("chat.postMessage") == 1 and "conversations.history" not in calls

        await pass_time(scene, seconds=9)

        assert len(await standing(scene, KINDS["the card"])) == 1


async def test_what_an_erasure_reports_arrives_though_its_answer_was_lost(tmp_path: Path):
    async with stage(tmp_path, clock=on_time(), look_back=True) as scene:
        await _card(scene)
        await scene.card("Unclaimed")
        asked = await scene.command("U0CLEO0001", "erase @mara")
        assert asked["ok"]
        await scene.press("U0CLEO0001", await scene.whispered("U0CLEO0001"), "case.erase")
        await scene.http.post("/sim/faults", json={"method": "chat.postMessage", "kind": "reset_before"})
        for _ in range(4):
            await pass_time(scene, seconds=11)

        (told,) = [one for one in await scene.messages("D0CLEO0001") if "Erased" in text_of(one)]
        assert "1 mention" in text_of(told)


async def test_a_look_that_fails_proves_nothing_and_is_made_again(tmp_path: Path):
    async with stage(tmp_path, clock=on_time(), look_back=True) as scene:
        await scene.http.post("/sim/faults", json={"method": "chat.postMessage", "kind": "reset_after"})
        await scene.http.post("/sim/faults", json={"method": "conversations.history", "kind": "html", "times": 3})
        await _card(scene)
        for _ in range(8):
            await pass_time(scene, seconds=15)

        assert len(await standing(scene, KINDS["the card"])) == 1
        assert len((await scene.goshawk.board.sheet(1)).cards) == 1


async def test_a_line_is_found_where_it_was_said_though_it_belongs_elsewhere_by_now(tmp_path: Path):
    kind = Kind(_again, "wrote again")
    async with stage(tmp_path, clock=on_time(), look_back=True) as scene:
        await _card(scene)
        card = await scene.card("Unclaimed")
        await pass_time(scene, seconds=2)
        await scene.http.post("/sim/faults", json={"method": "chat.postMessage", "kind": "reset_after"})
        await _again(scene)
        await scene.settled()
        (said,) = await standing(scene, kind)
        assert not said["thread_ts"]  # nobody has the case: it is said in the channel

        await scene.press(ANA, card, "case.claim")
        await pass_time(scene, seconds=11)
        await pass_time(scene, seconds=11)

        assert [one["ts"] for one in await standing(scene, kind)] == [said["ts"]]


async def _again(scene: Stage) -> None:
    scene.town.post("@harbourline still no suitcase and nobody answers me!")
    await scene.read()
