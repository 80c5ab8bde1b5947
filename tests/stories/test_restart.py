"""The bot is stopped in the middle and started again on the same data: nothing is lost, nothing happens twice."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from tests.fakes.clock import TurnableClock
from tests.stories.stage import ANA, BEN, ESCALATIONS, MONEY, PLAIN, a_card, labels, stage, text_of
from tests.stories.town import Town


async def test_everything_is_still_there(tmp_path: Path):
    town = Town()
    async with stage(tmp_path, town=town) as scene:
        town.post(PLAIN)
        card = await scene.card("Unclaimed")
        await scene.press(ANA, card, "case.claim")
        await scene.command(BEN, "note 1 she called twice")
        await scene.card("Claimed by ana")
        await scene.settled()

    async with stage(tmp_path, town=town) as scene:
        again = await scene.card("Claimed by ana")
        assert again["ts"] == card["ts"]
        assert "she called twice" in await scene.told(BEN, "show 1")
        await scene.press(ANA, again, "case.reply")
        await scene.submit(ANA, text="Found it!")
        await scene.card("Replied, waiting")
        assert len(await scene.cards()) == 1 and town.said == ["Found it!"]


async def test_timers_ring_after_a_night_without_the_bot(tmp_path: Path):
    clock = TurnableClock()
    town = Town(clock.now)
    async with stage(tmp_path, clock=clock, town=town) as scene:
        town.post(MONEY, by="mara")
        town.post(PLAIN, by="nils")
        await scene.card("@mara")
        await scene.card("@nils")
        await scene.command(ANA, "claim 2")
        await scene.command(ANA, "snooze 2 1h")
        await scene.settled()

    clock.advance(timedelta(hours=3))
    async with stage(tmp_path, clock=clock, town=town) as scene:
        await scene.settled()

        (told,) = await scene.messages(ESCALATIONS)
        assert "Escalated to lead" in text_of(told)
        woken = await scene.card("Claimed by ana")
        assert "Case 2 is awake again" in (await scene.thread(woken))[0]


async def test_a_queued_reply_is_sent_once_after_the_restart(tmp_path: Path):
    clock = TurnableClock()
    town = Town(clock.now)
    async with stage(tmp_path, clock=clock, town=town, undo_s=15) as scene:
        town.post(PLAIN)
        await scene.answer(ANA, await scene.card("Unclaimed"), "Found it!")
        await scene.card("Sending at")
        await scene.settled()
        assert town.said == []

    clock.advance(timedelta(seconds=20))
    async with stage(tmp_path, clock=clock, town=town, undo_s=15) as scene:
        await scene.card("Replied, waiting")
        await scene.settled()
        assert town.said == ["Found it!"]

    async with stage(tmp_path, clock=clock, town=town, undo_s=15) as scene:
        await scene.turn(hours=2)
        assert town.said == ["Found it!"] and town.calls == 1


async def test_a_reply_whose_answer_was_awaited_at_the_stop_arrives_once(tmp_path: Path):
    clock = TurnableClock()
    town = Town(clock.now)
    town.hangs = True
    async with stage(tmp_path, clock=clock, town=town) as scene:
        town.post(PLAIN)
        await scene.answer(ANA, await scene.card("Unclaimed"), "Found it!")
        while not town.said:
            await scene.quiet()

    town.hangs = False
    clock.advance(timedelta(minutes=2))
    async with stage(tmp_path, clock=clock, town=town) as scene:
        await scene.card("Replied, waiting")
        assert town.said == ["Found it!"] and town.calls == 1


async def test_an_undone_reply_stays_undone(tmp_path: Path):
    clock = TurnableClock()
    town = Town(clock.now)
    async with stage(tmp_path, clock=clock, town=town, undo_s=15) as scene:
        town.post(PLAIN)
        await scene.answer(ANA, await scene.card("Unclaimed"), "Found it!")
        await scene.press(ANA, await scene.card("Sending at"), "case.undo")
        await scene.settled()

    clock.advance(timedelta(hours=1))
    async with stage(tmp_path, clock=clock, town=town, undo_s=15) as scene:
        await scene.settled()
        assert town.said == []
        assert labels(await scene.card("Claimed by ana"))[0] == "Reply"


async def test_posts_written_while_the_bot_was_away_become_one_card_each(tmp_path: Path):
    town = Town()
    async with stage(tmp_path, town=town) as scene:
        town.post(PLAIN, by="mara")
        await scene.card("@mara")
        await scene.settled()

    town.post(MONEY, by="nils")
    town.post(PLAIN, by="olga")
    async with stage(tmp_path, town=town) as scene:
        await scene.card("@nils")
        await scene.card("@olga")
        await scene.settled()
        assert len(await scene.cards()) == 3


async def test_the_first_press_after_a_start_is_heard_though_slack_does_not_say_who_we_are(tmp_path: Path):
    async with stage(tmp_path) as scene:
        card = await a_card(scene)
        await scene.settled()
        await scene.http.post("/sim/faults", json={"kind": "status", "method": "auth.test", "times": 100})

        assert (await scene.press(ANA, card, "case.claim"))["ok"]

        await scene.card("Claimed by ana")
