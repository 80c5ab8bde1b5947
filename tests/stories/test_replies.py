"""From the first word in the window to the answer on the platform: sent once, by a person, and never lost."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path

from tests.fakes.clock import TurnableClock
from tests.stories.stage import ANA, BEN, CARE, DANGER, a_card, field_of, labels, stage, text_of


async def test_three_presses_from_seen_to_done(tmp_path: Path):
    async with stage(tmp_path) as scene:
        card = await a_card(scene)

        await scene.press(ANA, card, "case.reply")
        await scene.submit(ANA, text="It is on the next boat. Sorry!", options=["resolve"])

        done = await scene.card("Resolved by ana: answered")
        assert "It is on the next boat. Sorry!" in text_of(done) and "Replied by ana" in text_of(done)
        assert scene.town.said == ["It is on the next boat. Sorry!"]
        assert len(await scene.cards()) == 1
        await scene.settled()
        assert [line for line in await scene.thread(done) if "reply has arrived" in line]


async def test_the_window_shows_the_post_the_account_the_audience_and_the_room(tmp_path: Path):
    async with stage(tmp_path) as scene:
        card = await a_card(scene)

        await scene.press(ANA, card, "case.reply")

        (view,) = await scene.views(ANA)
        words = text_of(view)
        assert "my suitcase never arrived" in words
        assert "*Public*, everyone can read this" in words and "as *@harbourline* on Mastodon" in words
        assert "At most 500 characters. Nothing leaves before you press Send." in words
        assert "Resolve as answered" in words
        assert "initial_value" not in field_of(view)
        await scene.card("Claimed by ana")


async def test_an_empty_or_overlong_text_is_refused_at_the_field_and_kept(tmp_path: Path):
    async with stage(tmp_path) as scene:
        card = await a_card(scene)

        blank = await scene.answer(ANA, card, "   ")
        long = await scene.submit(ANA, text="x" * 512)

        assert blank["errors"] == {"text": "Write the reply first."}
        assert long["errors"] == {"text": "12 characters too long: 512 of 500."}
        await scene.close(ANA)
        await scene.press(ANA, card, "case.reply")
        assert field_of((await scene.views(ANA))[-1])["initial_value"] == "x" * 512
        assert scene.town.said == []


async def test_closing_the_window_keeps_what_was_typed(tmp_path: Path):
    async with stage(tmp_path) as scene:
        card = await a_card(scene)
        await scene.press(ANA, card, "case.reply")
        await scene.submit(ANA, text="x" * 600)  # stays open with an error

        await scene.close(ANA)
        await scene.command(ANA, "1", command="/reply")

        assert field_of((await scene.views(ANA))[-1])["initial_value"] == "x" * 600


async def test_what_slack_delivers_becomes_what_was_meant(tmp_path: Path):
    async with stage(tmp_path) as scene:
        card = await a_card(scene)

        await scene.answer(ANA, card, "Fish & chips < 5 € > 3 €, says @ben 👋 🚢")

        await scene.card("Replied, waiting")
        assert scene.town.said == ["Fish & chips < 5 € > 3 €, says @ben 👋 🚢"]


async def test_a_risky_text_is_shown_once_more(tmp_path: Path):
    async with stage(tmp_path) as scene:
        card = await a_card(scene)

        asked = await scene.answer(ANA, card, "Write to care@harbourline.example or see bit.ly/help")

        assert asked["response_action"] == "push"
        check = (await scene.views(ANA))[-1]
        assert check["title"] == "Check before sending" and check["submit"] == "Send now"
        assert "It holds an e-mail address." in text_of(check) and "It holds a shortened link" in text_of(check)
        assert "as *@harbourline* to *@mara* on Mastodon" in text_of(check)
        assert scene.town.said == []
        assert (await scene.submit(ANA))["response_action"] == "clear"
        await scene.card("Replied, waiting")
        assert scene.town.said == ["Write to care@harbourline.example or see bit.ly/help"]
        assert await scene.views(ANA) == []


async def test_a_critical_case_is_always_checked(tmp_path: Path):
    async with stage(tmp_path) as scene:
        card = await a_card(scene, DANGER)
        assert "P1 critical" in text_of(card)

        assert (await scene.answer(ANA, card, "The crew is on its way to you."))["response_action"] == "push"

        assert "The crew is on its way to you." in text_of((await scene.views(ANA))[-1])


async def test_going_back_from_the_check_view_and_correcting(tmp_path: Path):
    async with stage(tmp_path) as scene:
        card = await a_card(scene, DANGER)
        await scene.answer(ANA, card, "The crew is on it's way.")
        await scene.close(ANA)

        await scene.submit(ANA, text="The crew is on its way.")
        await scene.submit(ANA)

        await scene.card("Replied, waiting")
        assert scene.town.said == ["The crew is on its way."]


async def test_a_sent_reply_can_be_taken_back_in_its_window(tmp_path: Path):
    clock = TurnableClock()
    async with stage(tmp_path, clock=clock, undo_s=15) as scene:
        card = await a_card(scene)
        await scene.answer(ANA, card, "We are truely sorry.")
        waiting = await scene.card("Sending at")
        assert labels(waiting)[0] == "Undo"

        await scene.press(ANA, waiting, "case.undo")

        assert "Taken back: nothing was sent" in (await scene.whispers(ANA))[-1]
        await scene.turn(minutes=5)
        assert scene.town.said == []
        again = await scene.card("Claimed by ana")
        await scene.press(ANA, again, "case.reply")
        assert field_of((await scene.views(ANA))[-1])["initial_value"] == "We are truely sorry."
        await scene.submit(ANA, text="We are truly sorry.")
        await scene.turn(seconds=16)
        assert scene.town.said == ["We are truly sorry."]
        assert "Too late to undo" in await scene.told(ANA, "undo 1")


async def test_one_cannot_send_for_another_nor_beside_a_reply_under_way(tmp_path: Path):
    clock = TurnableClock()
    async with stage(tmp_path, clock=clock, undo_s=15) as scene:
        card = await a_card(scene)
        await scene.answer(ANA, card, "We are on it.")
        waiting = await scene.card("Sending at")

        await scene.command(BEN, "1 me too", command="/reply")

        assert "A reply to this case is on its way" in (await scene.whispers(BEN))[-1]
        assert await scene.views(BEN) == []
        await scene.turn(seconds=16)
        await scene.command(BEN, "1 me too", command="/reply")
        assert "ana already has this" in (await scene.whispers(BEN))[-1]
        assert scene.town.said == ["We are on it."]
        assert waiting["ts"] == card["ts"]


async def test_send_is_refused_when_the_customer_wrote_meanwhile(tmp_path: Path):
    async with stage(tmp_path) as scene:
        card = await a_card(scene)
        await scene.press(ANA, card, "case.reply")
        scene.town.post("@harbourline forget it, my neighbour found it!", thread="p1")
        await scene.card("2 mentions, newest shown")

        refused = await scene.submit(ANA, text="We are still looking.")

        assert "The customer wrote again on case 1 since you looked." in refused["errors"]["text"]
        assert scene.town.said == []
        await scene.close(ANA)
        fresh = await scene.card("my neighbour found it")
        await scene.press(ANA, fresh, "case.reply")
        (view,) = await scene.views(ANA)
        assert "my neighbour found it" in text_of(view) and field_of(view)["initial_value"] == "We are still looking."
        await scene.submit(ANA, text="How good to hear!")
        await scene.card("Replied, waiting")


async def test_resolve_is_refused_when_the_customer_wrote_meanwhile(tmp_path: Path):
    async with stage(tmp_path) as scene:
        card = await a_card(scene)
        await scene.more(ANA, card, "Resolve…")
        scene.town.post("@harbourline and now my second bag is lost too", thread="p1")
        await scene.card("2 mentions, newest shown")

        refused = await scene.submit(ANA, resolution="answered")

        assert "wrote again on case 1" in "".join(refused["errors"].values())
        await scene.close(ANA)
        await scene.press(ANA, await scene.card("second bag"), "case.claim")
        await scene.card("Claimed by ana")


async def test_the_customers_answer_reopens_the_case_and_pings_the_assignee_once(tmp_path: Path):
    async with stage(tmp_path) as scene:
        card = await a_card(scene)
        await scene.answer(ANA, card, "It is on the next boat.", options=["resolve"])
        await scene.card("Resolved by ana: answered")

        scene.town.answer("It was not on the next boat!!! Where is it?")

        open_again = await scene.card("It was not on the next boat")
        await scene.settled()
        assert open_again["ts"] == card["ts"] and "Claimed by ana" in text_of(open_again)
        assert "2 mentions, newest shown" in text_of(open_again) and len(await scene.cards()) == 1
        heard = [line for line in await scene.thread(card) if "wrote again" in line]
        assert len(heard) == 1 and f"<@{ANA}> @mara wrote again on case 1" in heard[0]
        assert (await scene.pings()).count((CARE, [ANA])) == 1
        assert "reopened" in await scene.told(BEN, "show 1")


async def test_an_answer_to_nobody_is_pointed_at_in_the_channel(tmp_path: Path):
    async with stage(tmp_path) as scene:
        card = await a_card(scene)

        scene.town.post("@harbourline still no suitcase, and nobody answers", thread="p1")

        pointer = await scene.card("Nobody has it.")
        assert "wrote again on case 1" in text_of(pointer) and card["ts"].replace(".", "") in text_of(pointer)
        assert await scene.thread(card) == []


async def test_two_submissions_of_one_window_send_once(tmp_path: Path):
    async with stage(tmp_path) as scene:
        card = await a_card(scene)
        await scene.press(ANA, card, "case.reply")
        world = scene.sandbox._world
        view = world.views.top(ANA)
        from bot.sandbox import payloads  # noqa: PLC0415 - the page cannot submit twice, so the story writes the envelope

        view.take({"text": "Once only."})
        again = [
            payloads.view_submission(world.users[ANA], view, trigger_id=world.grants.trigger(ANA, view_id=view.id))
            for _ in range(2)
        ]
        sent = [world.delivery.send("interactive", payload) for payload in again]
        acks = await asyncio.gather(*[world.delivery.ack_of(one) for one in sent])

        assert all(acks)
        await scene.card("Replied, waiting")
        await scene.settled()
        assert scene.town.said == ["Once only."]


async def test_an_hour_passes_between_two_answers(tmp_path: Path):
    """The next-reply promise: a customer who writes again waits anew, from their own words on."""
    clock = TurnableClock()
    async with stage(tmp_path, clock=clock) as scene:
        card = await a_card(scene)
        await scene.answer(ANA, card, "It is on the next boat.")
        await scene.card("Replied, waiting")
        await scene.turn(hours=5)

        scene.town.answer("It was not there. Where is my suitcase?")
        waiting = await scene.card("It was not there")

        due = int((clock.now() + timedelta(hours=2)).timestamp())
        assert f"due <!date^{due}^" in text_of(waiting)
