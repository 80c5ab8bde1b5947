"""From a message's own menu: a post that a colleague found becomes a case, a colleague's words become a note."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.stories.stage import ANA, BEN, CARE, CLEO, GUS, PLAIN, PRIVATE, Stage, elements, labels, stage, text_of

GENERAL = "C0GENERAL1"
FOUND = "Look at this: https://forum.example/t/77 the crew left my mother alone in the rain"


async def told_in(scene: Stage, channel: str, text: str = FOUND, *, by: str = BEN) -> dict:
    said = await scene.say(by, text, channel=channel)
    return {"ts": said["ts"], "channel": channel}


def filled(view: dict) -> dict[str, str]:
    return {one["action_id"]: one.get("initial_value", "") for one in elements(view)}


async def test_a_message_with_a_link_becomes_a_case_with_a_card(tmp_path: Path):
    async with stage(tmp_path) as scene:
        message = await told_in(scene, GENERAL)

        assert (await scene.shortcut(ANA, message, "social.track"))["ok"]
        (window,) = await scene.views(ANA)
        assert window["title"] == "Track a mention" and filled(window)["link"] == "https://forum.example/t/77"
        assert filled(window)["network"] == "forum.example" and "left my mother alone" in filled(window)["text"]
        await scene.submit(
            ANA,
            network="Forum",
            author="@ida",
            text="They left my mother in the rain!",
            link="https://forum.example/t/77",
        )

        assert "Case 1 is open." in text_of((await scene.views(ANA))[-1])
        card = await scene.card("@ida")
        assert "left my mother in the rain" in text_of(card) and "I have replied" in labels(card)
        assert "opened" in await scene.told(ANA, "show 1") and "by ana" in await scene.told(ANA, "show 1")


async def test_the_same_post_is_tracked_once_also_when_a_feed_brought_it(tmp_path: Path):
    async with stage(tmp_path) as scene:
        scene.town.post(PLAIN)
        await scene.card("Unclaimed")
        message = await told_in(scene, GENERAL, "again https://square.example/p1 angry")

        await scene.shortcut(ANA, message, "social.track")
        await scene.submit(ANA, network="Mastodon", author="mara", text="angry", link="https://square.example/p1")

        assert "Case 1 is about this already." in text_of((await scene.views(ANA))[-1])
        await scene.settled()
        assert len(await scene.cards()) == 1


async def test_what_stands_in_a_private_place_stays_private(tmp_path: Path):
    async with stage(tmp_path) as scene:
        message = await told_in(scene, PRIVATE, "She wrote me: where is my refund?", by=ANA)

        await scene.shortcut(ANA, message, "social.track")
        assert "private channel only" in text_of((await scene.views(ANA))[-1])
        await scene.submit(ANA, network="E-mail", author="ida", text="Where is my refund?")

        await scene.card("Where is my refund", channel=PRIVATE)
        await scene.settled()
        assert "refund" not in "".join(text_of(one) for one in await scene.messages(CARE))


async def test_a_window_that_is_not_filled_in_says_so_at_the_field(tmp_path: Path):
    async with stage(tmp_path) as scene:
        await scene.shortcut(ANA, await told_in(scene, GENERAL), "social.track")

        answer = await scene.submit(ANA, network="  ", author="ida", text="x", link="forum")

        assert "Fill this in." in str(answer) and "no address of the web" in str(answer)
        await scene.settled()
        assert await scene.cards() == []


async def test_the_words_of_a_colleague_become_a_note_on_the_case_of_the_thread(tmp_path: Path):
    async with stage(tmp_path) as scene:
        scene.town.post(PLAIN)
        card = await scene.card("Unclaimed")
        said = await scene.say(BEN, "The port found it & sends it", thread_ts=card["ts"])
        await scene.settled()

        assert (await scene.shortcut(ANA, {"ts": said["ts"], "channel": CARE}, "social.note"))["ok"]
        (window,) = await scene.views(ANA)
        assert filled(window) == {"case": "1", "note": "The port found it & sends it"}
        await scene.submit(ANA, case="1", note="The port found it & sends it")

        assert "Noted on case 1." in text_of((await scene.views(ANA))[-1])
        timeline = await scene.told(CLEO, "show 1")
        assert "noted" in timeline and "The port found it" in timeline
        await scene.settled()
        assert scene.town.said == []


async def test_a_note_from_elsewhere_asks_for_the_number(tmp_path: Path):
    async with stage(tmp_path) as scene:
        scene.town.post(PLAIN)
        await scene.card("Unclaimed")
        await scene.shortcut(ANA, await told_in(scene, GENERAL, "ask the port"), "social.note")
        (window,) = await scene.views(ANA)
        assert filled(window)["case"] == ""

        wrong = await scene.submit(ANA, case="the first", note="ask the port")
        gone = await scene.submit(ANA, case="77", note="ask the port")
        await scene.submit(ANA, case="#1", note="ask the port")

        assert "Name the case by its number" in str(wrong) and "I know no case 77" in str(gone)
        assert "ask the port" in await scene.told(ANA, "show 1")


async def test_a_card_is_not_tracked_again_and_guests_track_nothing(tmp_path: Path):
    async with stage(tmp_path) as scene:
        scene.town.post(PLAIN)
        card = await scene.card("Unclaimed")

        await scene.shortcut(ANA, card, "social.track")
        assert "It is tracked already." in await scene.hears(ANA, "tracked already")
        await scene.shortcut(GUS, card, "social.note")

        assert "guests of this workspace" in await scene.hears(GUS, "guests")
        assert await scene.views(GUS) == []


@pytest.mark.parametrize("when", ["before the window", "while it is open"])
async def test_a_channel_that_was_turned_private_gives_no_public_card(tmp_path: Path, when: str):
    async with stage(tmp_path) as scene:
        message = await told_in(scene, GENERAL, "She wrote me: where is my refund?", by=ANA)
        if when == "while it is open":
            await scene.shortcut(ANA, message, "social.track")
        scene.sandbox._world.channels[GENERAL].kind = "private"
        if when == "before the window":
            await scene.shortcut(ANA, message, "social.track")
            assert "private channel only" in text_of((await scene.views(ANA))[-1])

        await scene.submit(ANA, network="E-mail", author="ida", text="Where is my refund?")

        await scene.card("Where is my refund", channel=PRIVATE)
        await scene.settled()
        assert "refund" not in text_of(await scene.messages(CARE))


async def test_a_channel_that_was_opened_to_all_gives_a_public_card(tmp_path: Path):
    async with stage(tmp_path) as scene:
        room = scene.sandbox._world.channels[PRIVATE]
        message = await told_in(scene, PRIVATE, "She wrote: where is my refund?", by=ANA)
        room.kind = "public"

        await scene.shortcut(ANA, message, "social.track")
        await scene.submit(ANA, network="Forum", author="ida", text="Where is my refund?")

        await scene.card("Where is my refund", channel=CARE)
