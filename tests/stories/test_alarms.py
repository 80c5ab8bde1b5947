"""Promises to customers: when they are due, who hears of it, and what the night does to them."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from tests.fakes.clock import TurnableClock
from tests.stories.stage import (
    ANA,
    BEN,
    CARE,
    CLEO,
    DANGER,
    DEV,
    ESCALATIONS,
    MONEY,
    PLAIN,
    Stage,
    stage,
    text_of,
)


def shown(clock: TurnableClock, **span: float) -> str:
    """Return how Slack is told of a moment so far from now."""
    return f"<!date^{int((clock.now() + timedelta(**span)).timestamp())}^"


async def escalations(scene: Stage) -> list[dict]:
    return await scene.messages(ESCALATIONS)


async def test_due_times_count_from_the_customers_post(tmp_path: Path):
    clock = TurnableClock()
    async with stage(tmp_path, clock=clock) as scene:
        scene.town.post(PLAIN, by="mara", at=clock.now() - timedelta(minutes=20))
        scene.town.post(MONEY, by="nils", at=clock.now() - timedelta(minutes=20))
        scene.town.post(DANGER, by="olga", at=clock.now() - timedelta(minutes=10))

        for who, due in (("@mara", {"minutes": 100}), ("@nils", {"minutes": 10}), ("@olga", {"minutes": 5})):
            assert f"due {shown(clock, **due)}" in text_of(await scene.card(who))


async def test_a_critical_card_mentions_who_is_on_call_once(tmp_path: Path):
    async with stage(tmp_path, oncall="@pr") as scene:
        scene.town.post(PLAIN, by="mara")
        await scene.card("@mara")
        scene.town.post(DANGER, by="olga")
        card = await scene.card("@olga")
        await scene.press(ANA, card, "case.claim")
        await scene.card("Claimed by ana")
        await scene.settled()

        assert await scene.pings() == [(CARE, [DEV])]


async def test_an_unclaimed_urgent_case_climbs_the_ladder_by_itself(tmp_path: Path):
    clock = TurnableClock()
    async with stage(tmp_path, clock=clock) as scene:
        scene.town.post(MONEY)
        await scene.card("P2 high")

        await scene.turn(minutes=29)
        assert await escalations(scene) == []
        await scene.turn(minutes=2)

        (told,) = await escalations(scene)
        assert "Escalated to lead" in text_of(told) and "no answer in time" in text_of(told)
        assert told["pings"] == [CLEO]
        late = await scene.card("*Late*")
        assert "Escalated" in text_of(late)
        await scene.turn(minutes=31)
        _, second = await escalations(scene)
        assert "Escalated to pr" in text_of(second) and second["pings"] == [DEV]
        await scene.turn(hours=5)
        assert len(await escalations(scene)) == 2


async def test_a_claimed_case_pings_its_assignee_before_anybody_else(tmp_path: Path):
    clock = TurnableClock()
    async with stage(tmp_path, clock=clock) as scene:
        scene.town.post(MONEY)
        card = await scene.card("P2 high")
        await scene.press(BEN, card, "case.claim")
        await scene.card("Claimed by ben")

        await scene.turn(minutes=31)

        (line,) = await scene.thread(card)
        assert f"<@{BEN}>, are you still on this? An answer was due" in line
        assert "It goes up at" in line and await escalations(scene) == []
        await scene.turn(minutes=31)
        assert len(await escalations(scene)) == 1
        _, asked = await scene.thread(card)
        assert "It returns to the queue at" in asked


async def test_a_reminded_person_can_let_go_from_the_reminder(tmp_path: Path):
    clock = TurnableClock()
    async with stage(tmp_path, clock=clock) as scene:
        scene.town.post(MONEY)
        card = await scene.card("P2 high")
        await scene.press(BEN, card, "case.claim")
        await scene.card("Claimed by ben")
        await scene.turn(minutes=31)
        reminder = await scene.see(lambda message: "still on this" in text_of(message))

        await scene.press(BEN, reminder, "case.release")

        await scene.card("Unclaimed")


async def test_an_ordinary_complaint_is_marked_late_and_bothers_nobody(tmp_path: Path):
    clock = TurnableClock()
    async with stage(tmp_path, clock=clock) as scene:
        scene.town.post(PLAIN)
        card = await scene.card("P3 normal")

        await scene.turn(hours=2, minutes=1)

        await scene.card("*Late*: an answer was due")
        await scene.turn(days=3)
        assert await escalations(scene) == [] and await scene.thread(card) == []
        assert await scene.pings() == []
        assert "@mara" in await scene.told(ANA, "queue late")


async def test_an_answer_in_time_silences_every_alarm(tmp_path: Path):
    clock = TurnableClock()
    async with stage(tmp_path, clock=clock) as scene:
        scene.town.post(MONEY)
        card = await scene.card("P2 high")
        await scene.answer(ANA, card, "Refunded, sorry!")
        await scene.card("Replied, waiting")

        await scene.turn(days=2)

        assert await escalations(scene) == [] and "*Late*" not in text_of((await scene.cards())[0])


async def test_what_comes_within_five_minutes_is_folded_into_one_message(tmp_path: Path):
    clock = TurnableClock()
    async with stage(tmp_path, clock=clock) as scene:
        for by in ("mara", "nils", "olga", "pia"):
            scene.town.post(PLAIN, by=by)
            await scene.card(f"@{by}")
        await scene.settled()
        await scene.command(ANA, "escalate 1 first of all")
        await scene.settled()

        for number in (2, 3, 4):
            await scene.command(ANA, f"escalate {number} lead and also case {number}")
        await scene.turn(minutes=4)
        assert len(await escalations(scene)) == 1
        await scene.turn(minutes=2)

        first, second = await escalations(scene)
        assert "Case 1" in text_of(first)
        assert all(f"and also case {number}" in text_of(second) for number in (2, 3, 4))
        assert second["pings"] == [CLEO]


async def test_twenty_five_escalations_fit_into_one_message(tmp_path: Path):
    clock = TurnableClock()
    async with stage(tmp_path, clock=clock) as scene:
        for number in range(26):
            scene.town.post(PLAIN, by=f"guest{number}")
        await scene.card("@guest25")
        await scene.settled()
        for number in range(1, 27):
            await scene.command(ANA, f"escalate {number} lead the storm")
        await scene.turn(minutes=6)

        found = await escalations(scene)
        assert len(found) == 2
        told = "".join(text_of(one) for one in found)
        assert "Also: cases" in told
        assert all(str(number) in told for number in range(1, 27))


async def test_a_snoozed_case_wakes_on_time_with_its_assignee(tmp_path: Path):
    clock = TurnableClock()
    async with stage(tmp_path, clock=clock) as scene:
        scene.town.post(PLAIN)
        card = await scene.card("Unclaimed")
        await scene.press(ANA, card, "case.claim")
        await scene.more(ANA, await scene.card("Claimed by ana"), "Snooze…")
        await scene.submit(ANA, span="120")
        asleep = await scene.card("Snoozed until")
        assert shown(clock, hours=2) in text_of(asleep)

        await scene.turn(minutes=119)
        assert "Snoozed until" in text_of((await scene.cards())[0])
        await scene.turn(minutes=2)

        await scene.card("Claimed by ana")
        assert "Case 1 is awake again" in (await scene.thread(card))[0]
        assert (CARE, [ANA]) in await scene.pings()


async def test_a_snoozed_case_wakes_when_the_customer_writes(tmp_path: Path):
    clock = TurnableClock()
    async with stage(tmp_path, clock=clock) as scene:
        scene.town.post(PLAIN)
        await scene.card("Unclaimed")
        await scene.command(ANA, "claim 1")
        await scene.command(ANA, "snooze 1 1d")
        await scene.card("Snoozed until")

        scene.town.post("@harbourline so, where is it?", thread="p1")

        await scene.card("where is it?")
        await scene.card("Claimed by ana")


async def test_an_old_backlog_rings_no_bells_at_once(tmp_path: Path):
    clock = TurnableClock()
    async with stage(tmp_path, clock=clock) as scene:
        scene.town.post(MONEY, at=clock.now() - timedelta(days=2))
        card = await scene.card("P2 high")
        await scene.settled()
        assert "seen" in text_of(card) and await escalations(scene) == []

        await scene.turn(minutes=31)

        assert len(await escalations(scene)) == 1
