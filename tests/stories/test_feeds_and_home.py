"""What is not on a card: what was left aside, how the feeds do, and everybody's Home."""

from __future__ import annotations

from pathlib import Path

from tests.fakes.clock import TurnableClock
from tests.stories.stage import ANA, BEN, CARE, MONEY, PLAIN, THANKS, elements, labels, stage, text_of


async def test_tagged_mentions_that_were_not_flagged_stand_in_their_own_queue(tmp_path: Path):
    async with stage(tmp_path) as scene:
        scene.town.post(THANKS, by="mara")
        scene.town.post("lovely weather today", by="nils", mentions=[])
        scene.town.post(PLAIN, by="olga")
        await scene.card("@olga")
        await scene.settled()

        await scene.command(ANA, "queue unflagged")

        listed = await scene.whispered(ANA)
        assert "@mara" in text_of(listed) and "lovely crossing" in text_of(listed)
        assert "@nils" not in text_of(listed) and "@olga" not in text_of(listed)
        await scene.press(ANA, listed, "case.flag")
        assert "Case 2 is open now." in (await scene.whispers(ANA))[-1]
        assert "lovely crossing" in text_of(await scene.card("lovely crossing"))
        assert "No tagged mention was left aside" in await scene.told(ANA, "queue unflagged")


async def test_the_hourly_roll_up_offers_to_make_a_case_of_it(tmp_path: Path):
    clock = TurnableClock()
    async with stage(tmp_path, clock=clock) as scene:
        for number in range(12):
            scene.town.post(THANKS, by=f"guest{number}")
        await scene.read()
        await scene.turn(minutes=59)
        assert await scene.cards() == []
        await scene.turn(minutes=2)

        (rolled,) = await scene.cards()
        assert text_of(rolled).count("lovely crossing") == 10 and "12 in all" in text_of(rolled)
        assert rolled["pings"] == []
        press = next(one for one in elements(rolled) if one["text"]["text"] == "It is a complaint")
        await scene.press(BEN, rolled, "case.flag", value=press["value"])
        await scene.card("Unclaimed")
        await scene.turn(hours=3)
        assert len([one for one in await scene.cards() if "not flagged" in text_of(one)]) == 1


async def test_saying_twice_that_it_is_a_complaint_opens_one_case(tmp_path: Path):
    async with stage(tmp_path) as scene:
        scene.town.post(THANKS)
        await scene.read()
        await scene.command(ANA, "queue unflagged")
        listed = await scene.whispered(ANA)

        await scene.press(ANA, listed, "case.flag")
        await scene.press(ANA, listed, "case.flag")
        await scene.settled()

        assert len(await scene.cards()) == 1


async def test_a_feed_that_falls_silent_is_told_and_so_is_its_return(tmp_path: Path):
    async with stage(tmp_path) as scene:
        scene.town.post(PLAIN)
        await scene.card("Unclaimed")
        assert "🟢 *town* · listening since" in await scene.told(ANA, "status")
        scene.town.is_down = True

        notice = await scene.card("The feed town cannot be read")

        assert "we are blind there" in text_of(notice) and "(status 503)" in text_of(notice)
        assert "Last read <!date^" in text_of(notice)
        assert "🔴 *town* · failing since" in await scene.told(ANA, "status")
        scene.town.is_down = False
        scene.town.post(MONEY, by="nils")
        await scene.card("The feed *town* is back since")
        await scene.card("@nils")


async def test_home_shows_my_cases_the_queue_and_the_feeds(tmp_path: Path):
    async with stage(tmp_path) as scene:
        scene.town.post(PLAIN, by="mara")
        scene.town.post(MONEY, by="nils")
        card = await scene.card("@mara")
        await scene.card("@nils")
        await scene.press(ANA, card, "case.claim")
        await scene.card("Claimed by ana")

        home = await scene.home(ANA)

        words = text_of(home)
        assert "Hello ana" in words and "town" in words and "listening since" in words
        found = [words.index(one) for one in ("Yours", "@mara", "Most urgent, unclaimed", "@nils")]
        assert found == sorted(found)
        assert labels(home) == ["Open queue", "Refresh", "Help", "Reply", "Claim"]


async def test_home_follows_what_one_does_there(tmp_path: Path):
    async with stage(tmp_path) as scene:
        scene.town.post(PLAIN)
        await scene.card("Unclaimed")
        home = await scene.home(ANA)

        await scene._do("action", user=ANA, view_id=home["id"], action_id="case.claim")
        await scene.card("Claimed by ana")
        await scene.quiet()

        again = (await scene.state())["homes"][ANA]
        assert "*Yours* (1)" in text_of(again) and labels(again) == ["Open queue", "Refresh", "Help", "Reply"]
        assert await scene.messages("D" + ANA[1:]) == []
        await scene._do("action", user=ANA, view_id=again["id"], action_id="case.reply")
        assert (await scene.views(ANA))[-1]["title"] == "Reply to complaint"


async def test_a_refusal_in_home_comes_as_a_direct_message(tmp_path: Path):
    async with stage(tmp_path) as scene:
        scene.town.post(PLAIN)
        await scene.card("Unclaimed")
        home = await scene.home(ANA)
        await scene.command(BEN, "claim 1")

        await scene._do("action", user=ANA, view_id=home["id"], action_id="case.claim")

        await scene.see(lambda message: "ben already has this" in text_of(message), "D" + ANA[1:])


async def test_an_event_that_slack_delivers_twice_changes_nothing_twice(tmp_path: Path):
    async with stage(tmp_path) as scene:
        scene.town.post(PLAIN)
        card = await scene.card("Unclaimed")
        world = scene.sandbox._world
        from bot.sandbox import payloads  # noqa: PLC0415 - Slack's own hand: people cannot deliver an event twice

        message = world.messages.get(CARE, card["ts"])
        inner = payloads.reaction("reaction_added", message, user=ANA, name="rotating_light", ts="1.000001")
        twice = payloads.event(inner, now=world.clock.now())
        note = payloads.event(
            {
                "type": "app_mention",
                "user": BEN,
                "text": "<@U0GOSHAWK1> note ask <@U0ANA00001>",
                "channel": CARE,
                "ts": "2.000001",
                "thread_ts": card["ts"],
            },
            now=world.clock.now(),
        )
        for payload in (twice, twice, note, note):
            sent = world.delivery.send("events_api", payload)
            assert await world.delivery.ack_of(sent) is not None
        await scene.settled()

        timeline = await scene.told(BEN, "show 1")
        assert timeline.count("escalated") == 1 and timeline.count("noted") == 1
        assert "ask @ana" in timeline
