"""The desk as a place to work: quiet claims, who writes, piles by pages, several at once, the report, Home."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.fakes.clock import TurnableClock
from tests.stories.stage import ANA, BEN, CARE, GOSHAWK, MONEY, PLAIN, Stage, elements, labels, stage, text_of


async def many(scene: Stage, number: int, text: str = PLAIN) -> None:
    for one in range(number):
        scene.town.post(text, by=f"guest{one}")
    await scene.read()
    await scene.settled()


async def minutes(scene: Stage, number: int) -> None:
    for _ in range(number):
        await scene.turn(minutes=1)


# --- quiet claims


async def test_a_quiet_assignee_is_asked_once_and_says_still_on_it(tmp_path: Path):
    clock = TurnableClock()
    async with stage(tmp_path, clock=clock) as scene:
        scene.town.post(PLAIN)
        card = await scene.card("Unclaimed")
        await scene.press(ANA, card, "case.claim")
        await scene.settled()

        await scene.turn(minutes=31)
        asked = await scene.see(lambda one: "are you still on this?" in text_of(one))

        assert asked["thread_ts"] == card["ts"] and asked["pings"] == [ANA]
        returns = int((clock.now() + timedelta(minutes=15)).timestamp())
        assert "Waiting 31 min." in text_of(asked)
        assert f"It returns to the queue at <!date^{returns}^" in text_of(asked)
        assert labels(asked) == ["Still on it", "Release"]
        assert (await scene.press(ANA, asked, "case.stay"))["ok"]
        assert "Case 1 stays with you. I ask again at" in await scene.hears(ANA, "stays with you")
        await scene.turn(minutes=29)
        assert len([one for one in await scene.thread(card) if "still on this" in one]) == 1
        await scene.card("Claimed by ana")


async def test_silence_returns_the_case_and_the_unclaimed_alarm_goes_on(tmp_path: Path):
    async with stage(tmp_path, clock=TurnableClock()) as scene:
        scene.town.post(PLAIN)
        card = await scene.card("Unclaimed")
        await scene.press(ANA, card, "case.claim")

        await scene.turn(minutes=31)
        await scene.turn(minutes=16)

        await scene.card("Unclaimed")
        back = await scene.see(lambda one: "is back in the queue: ana did not answer" in text_of(one))
        assert back["thread_ts"] == card["ts"] and back["pings"] == []
        assert "returned to the queue" in await scene.told(BEN, "show 1")
        assert (await scene.press(BEN, card, "case.claim"))["ok"]
        await scene.card("Claimed by ben")


async def test_somebody_else_cannot_say_that_they_are_still_on_it(tmp_path: Path):
    async with stage(tmp_path, clock=TurnableClock()) as scene:
        scene.town.post(PLAIN)
        await scene.press(ANA, await scene.card("Unclaimed"), "case.claim")
        await scene.turn(minutes=31)
        asked = await scene.see(lambda one: "are you still on this?" in text_of(one))

        await scene.press(BEN, asked, "case.stay")

        assert "ana has case 1, not you" in await scene.hears(BEN, "not you")


async def test_a_restart_between_the_question_and_the_return_forgets_neither(tmp_path: Path):
    clock = TurnableClock()
    async with stage(tmp_path, clock=clock) as scene:
        scene.town.post(PLAIN)
        await scene.press(ANA, await scene.card("Unclaimed"), "case.claim")
        await scene.turn(minutes=31)
        await scene.see(lambda one: "are you still on this?" in text_of(one))
        town = scene.town

    clock.advance(timedelta(minutes=16))
    async with stage(tmp_path, clock=clock, town=town) as scene:
        await scene.settled()

        assert "returned to the queue" in await scene.told(BEN, "show 1")


# --- who writes


async def test_colleagues_see_who_writes_until_the_window_closes(tmp_path: Path):
    async with stage(tmp_path) as scene:
        scene.town.post(PLAIN)
        card = await scene.card("Unclaimed")

        await scene.press(ANA, card, "case.reply")

        await scene.card("ana is writing since")
        assert "✍️ ana began to write just now." in await scene.told(BEN, "queue")
        await scene.close(ANA)
        await scene.see(lambda one: "Claimed by ana" in text_of(one) and "is writing" not in text_of(one))
        assert "began to write" not in await scene.told(BEN, "queue")


async def test_sending_ends_the_writing(tmp_path: Path):
    async with stage(tmp_path) as scene:
        scene.town.post(PLAIN)
        card = await scene.card("Unclaimed")

        await scene.answer(ANA, card, "We are looking for it.")

        replied = await scene.card("Replied")
        assert "is writing" not in text_of(replied)


async def test_a_window_that_is_left_open_is_freed_after_a_quarter_of_an_hour(tmp_path: Path):
    async with stage(tmp_path, clock=TurnableClock()) as scene:
        scene.town.post(PLAIN)
        await scene.press(ANA, await scene.card("Unclaimed"), "case.reply")
        await scene.card("ana is writing since")

        await scene.turn(minutes=16)

        await scene.see(lambda one: "Claimed by ana" in text_of(one) and "is writing" not in text_of(one))


async def test_who_takes_a_case_over_is_warned_that_a_colleague_writes(tmp_path: Path):
    async with stage(tmp_path, clock=TurnableClock()) as scene:
        scene.town.post(PLAIN)
        card = await scene.card("Unclaimed")
        await scene.press(ANA, card, "case.reply")
        await scene.turn(minutes=2)

        await scene.press(BEN, card, "case.reply")
        refusal = await scene.hears(BEN, "already has this")
        assert "ana has been writing for 2 min." in refusal
        await scene.command(ANA, "assign 1 @ben my train leaves")
        await scene.press(BEN, card, "case.reply")

        (window,) = await scene.views(BEN)
        assert "ana has been writing for 2 min. If you go on, only the first Send wins." in text_of(window)
        await scene.submit(BEN, text="Your suitcase is on the next boat.")
        await scene.settled()
        late = await scene.submit(ANA, text="We are looking for it.")
        await scene.settled()
        assert "ben already has this" in str(late) or "on its way" in str(late)
        assert scene.town.said == ["Your suitcase is on the next boat."]


# --- piles


async def test_a_long_queue_shows_more_and_says_how_late(tmp_path: Path):
    async with stage(tmp_path, clock=TurnableClock(), tiers=[]) as scene:
        await many(scene, 13)
        await scene.turn(hours=2, minutes=12)

        await scene.command(ANA, "queue late")
        listed = await scene.whispered(ANA)

        assert "*Late* (1 to 10 of 13, most urgent first)" in text_of(listed).replace("\u200b", "")
        assert text_of(listed).count("12 min late") == 10
        assert labels(listed)[-2:] == ["Show more (3)", "Resolve several…"]
        await scene.press(ANA, listed, "case.show_more")
        more = await scene.whispered(ANA)
        assert "(11 to 13 of 13" in text_of(more) and text_of(more).count("min late") == 3


async def test_several_are_resolved_at_once_and_each_refusal_says_why(tmp_path: Path):
    async with stage(tmp_path) as scene:
        await many(scene, 3)
        await scene.command(ANA, "queue")
        await scene.press(ANA, await scene.whispered(ANA), "case.resolve_several")
        (window,) = await scene.views(ANA)
        boxes = next(one for one in elements(window) if one["type"] == "checkboxes")["options"]
        assert len(boxes) == 3 and "@guest" in boxes[0]["text"]["text"]
        await scene.command(BEN, "resolve 2 spam")

        await scene.submit(ANA, cases=[one["value"] for one in boxes], resolution="duplicate", note="the storm")

        told = text_of((await scene.views(ANA))[-1])
        assert "Case 1: resolved, duplicate." in told and "Case 3: resolved, duplicate." in told
        assert "Case 2 was resolved by ben (spam)" in told
        assert "the storm" in await scene.told(ANA, "show 1")


# --- the report


async def test_the_report_holds_the_days_figures_for_the_one_who_asks(tmp_path: Path):
    clock = TurnableClock(datetime(2026, 11, 21, 9, 0, tzinfo=UTC))
    async with stage(tmp_path, clock=clock, tiers=[]) as scene:
        scene.town.post("@harbourline thank you for the lovely crossing!", by="nora")
        for who in ("mara", "nils", "olga"):
            scene.town.post(PLAIN, by=who)
        await scene.read()
        await scene.turn(minutes=10)
        await scene.answer(ANA, await scene.card("@mara"), "We found it.")
        await scene.settled()
        await scene.turn(minutes=30)
        await scene.answer(BEN, await scene.card("@nils"), "We found it, too.")
        await scene.settled()

        told = await scene.told(ANA, "report today")

        for words in (
            "Received: 4", "Became cases: 3", "Answered: 2", "Median first reply: 25 min", "Late: 0",
            "Within 30 min: 1 of 2 (50 %)", "median 25 min, 90 % within 40 min",
            "ana: claimed 1, answered 1", "ben: claimed 1, answered 1", "Unresolved now: 3",
            "Waiting longest for a first answer", "@olga",
        ):  # fmt: skip
            assert words in told, words
        assert await scene.whispers(BEN) == []
        assert "The last 7 days" in await scene.told(ANA, "report 7")
        assert "Write report, or report with a number of days" in await scene.told(ANA, "report yesterday")


async def test_midnight_in_the_teams_own_zone_begins_the_report(tmp_path: Path):
    clock = TurnableClock(datetime(2026, 11, 21, 22, 30, tzinfo=UTC))
    async with stage(tmp_path, clock=clock, tiers=[], timezone="Europe/Copenhagen") as scene:
        scene.town.post(PLAIN, by="mara")
        await scene.read()
        await scene.turn(hours=1)
        scene.town.post(PLAIN, by="nils")
        await scene.read()

        assert "Received: 1 " in await scene.told(ANA, "report") + " "
        assert "Received: 2 " in await scene.told(ANA, "report 2") + " "


# --- Home


async def test_home_says_what_waits_longest_who_writes_and_how_the_day_goes(tmp_path: Path):
    async with stage(tmp_path, clock=TurnableClock(), tiers=[]) as scene:
        scene.town.post(PLAIN, by="mara")
        scene.town.post(MONEY, by="nils")
        await scene.read()
        await scene.turn(minutes=22)
        first = text_of(await scene.home(ANA))
        await scene.press(ANA, await scene.card("@nils"), "case.reply")
        await scene.settled()
        await scene.turn(minutes=3)

        home = await scene.home(ANA)

        words = text_of(home)
        assert "All is well" in words and "oldest unanswered 25 min" in words
        assert "ana has been writing for 3 min." in words
        assert "Received: 2" in words and "Became cases: 2" in words and "Median first reply: –" in words
        assert "Three steps to begin" in first and "Three steps to begin" not in words
        assert labels(home)[:3] == ["Open queue", "Refresh", "Help"]
        await scene._do("action", user=ANA, view_id=home["id"], action_id="case.home_help")
        assert (await scene.views(ANA))[-1]["title"] == "What you can type"


# --- in the thread


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("claim", "Case 1 is yours"),
        ("release", "Case 1 is back in the queue"),
        (f"assign <@{BEN}> she speaks Danish", "Case 1 is ben's now"),
        ("note she called twice", "Noted on case 1"),
        ("escalate she cries", "Case 1 is escalated to lead"),
        ("snooze 2h", "Case 1 sleeps until"),
        ("resolve spam", "Case 1: resolved, spam"),
        ("archive", "Case 1: resolved, no action"),
        ("dismiss", "Case 1: resolved, not about us"),
        ("reopen", "so there is nothing to reopen"),
        ("undo", "Too late to undo"),
        ("show", "*Case 1*"),
        ("why", "Why case 1 was flagged"),
        ("queue", "Open work"),
        ("report", "Received"),
        ("help", "What you can type"),
    ],
)
async def test_every_verb_works_in_a_cards_thread_and_answers_privately(tmp_path: Path, typed: str, answer: str):
    async with stage(tmp_path) as scene:
        scene.town.post(PLAIN)
        card = await scene.card("Unclaimed")
        await scene.command(ANA, "assign 1 @ana") if typed != "claim" else None
        before = len(await scene.messages(CARE))

        await scene.say(ANA, f"<@{GOSHAWK}> {typed}", thread_ts=card["ts"])

        told = await scene.hears(ANA, answer)
        assert answer in told
        own = [one for one in (await scene.messages(CARE))[before:] if one["user"] == GOSHAWK]
        assert all(one["thread_ts"] for one in own)


async def test_a_hand_over_mentions_the_new_assignee_once_with_the_note(tmp_path: Path):
    async with stage(tmp_path) as scene:
        scene.town.post(PLAIN)
        card = await scene.card("Unclaimed")
        await scene.press(ANA, card, "case.claim")
        await scene.card("Claimed by ana")
        await scene.more(ANA, await scene.card("Claimed by ana"), "Assign…")

        await scene.submit(ANA, person=BEN, note="She speaks Danish.")
        await scene.settled()

        assert await scene.pings() == [(CARE, [BEN])]
        (said,) = [one for one in await scene.thread(card) if "handed you" in one]
        assert "She speaks Danish." in said
        assert await scene.messages("D" + BEN[1:]) == []
