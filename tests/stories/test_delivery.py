"""What the platform does with our answer: refuses, doubts, is down or gone; it arrives once or not at all."""

from __future__ import annotations

from pathlib import Path

import httpx

from bot.clock import SystemClock
from bot.demo.server import Platform
from bot.feeds.replay import Replay
from bot.web.server import bind, serving
from tests.fakes.clock import TurnableClock
from tests.stories.stage import ANA, BEN, CARE, Stage, a_card, field_of, labels, stage, text_of


async def test_a_refused_reply_keeps_its_text_and_says_why(tmp_path: Path):
    async with stage(tmp_path) as scene:
        card = await a_card(scene)
        scene.town.refusal = "you may not answer this author"

        await scene.answer(ANA, card, "Please write to us.")

        refused = await scene.card("The reply was not sent")
        assert "you may not answer this author" in text_of(refused)
        await scene.settled()
        (line,) = await scene.thread(refused)
        assert "you may not answer this author" in line and "Your text is kept" in line
        scene.town.refusal = ""
        await scene.press(ANA, refused, "case.reply")
        assert field_of((await scene.views(ANA))[-1])["initial_value"] == "Please write to us."
        await scene.submit(ANA, text="Please write to us.")
        await scene.card("Replied, waiting")
        assert scene.town.said == ["Please write to us."]


async def test_a_doubtful_answer_of_the_platform_is_looked_into_and_delivered_once(tmp_path: Path):
    clock = TurnableClock()
    async with stage(tmp_path, clock=clock) as scene:
        card = await a_card(scene)
        scene.town.lost_answers = 1

        await scene.answer(ANA, card, "It is found!")
        await scene.card("Sending…")
        await scene.settled()
        await scene.turn(seconds=10)

        await scene.card("Replied, waiting")
        assert scene.town.said == ["It is found!"] and scene.town.calls == 1


async def test_the_demo_platform_in_doubt_has_the_answer_once(tmp_path: Path):
    platform = Platform(token="town")
    async with (
        serving(platform.asgi, bind(0)) as town,
        stage(
            tmp_path,
            feeds=[{"kind": "demo", "name": "demo", "url": town, "every_s": 0.1}],
            secrets={"demo": "town"},
        ) as scene,
        httpx.AsyncClient(base_url=town, headers={"Authorization": "Bearer town"}) as public,
    ):
        card = await scene.card("logged me out at the gate")
        await public.post("/sim/doubt", json={"next": 1})

        await scene.answer(ANA, card, "Sorry! We have let you back in.")
        views = await scene.views(ANA)
        if views:  # a critical case is checked first
            await scene.submit(ANA)
        await scene.see(lambda message: "Replied, waiting" in text_of(message))

        posts = (await public.get("/api/posts", params={"since": ""})).json()["posts"]
        assert [post["text"] for post in posts if post["account"]] == ["Sorry! We have let you back in."]


async def in_doubt(scene: Stage) -> dict:
    """Let a reply vanish twice, so that nobody can tell whether it arrived."""
    card = await a_card(scene)
    scene.town.swallowed = 2
    await scene.answer(ANA, card, "It is found!")
    await scene.card("Sending…")
    await scene.turn(seconds=10)
    return await scene.card("I can't tell whether the reply arrived")


async def test_what_no_machine_can_tell_a_person_looks_up(tmp_path: Path):
    clock = TurnableClock()
    async with stage(tmp_path, clock=clock) as scene:
        doubtful = await in_doubt(scene)

        assert labels(doubtful) == ["Open on Mastodon", "It is there", "It is not there", "Details…"]
        await scene.settled()
        (line,) = await scene.thread(doubtful)
        assert f"<@{ANA}> I can't tell whether your reply arrived." in line
        await scene.turn(hours=1)
        assert scene.town.calls == 2 and scene.town.said == []
        await scene.press(BEN, doubtful, "case.arrived")
        await scene.card("Replied, waiting")
        await scene.press(BEN, doubtful, "case.arrived")
        assert "not in doubt any more" in (await scene.whispers(BEN))[-1]


async def test_what_is_not_there_becomes_a_draft_again(tmp_path: Path):
    clock = TurnableClock()
    async with stage(tmp_path, clock=clock) as scene:
        doubtful = await in_doubt(scene)

        await scene.press(ANA, doubtful, "case.not_arrived")

        again = await scene.card("The reply was not sent")
        await scene.press(ANA, again, "case.reply")
        assert field_of((await scene.views(ANA))[-1])["initial_value"] == "It is found!"
        await scene.submit(ANA, text="It is found!")
        await scene.card("Replied, waiting")
        assert scene.town.said == ["It is found!"]


async def test_where_no_answer_can_be_sent_a_person_says_that_they_answered(tmp_path: Path):
    file = tmp_path / "posts.csv"
    file.write_text(
        "id,author,text,created_at\n1,mo,My parcel never arrived and nobody answers!,2026-11-20T10:00:00Z\n"
    )
    async with stage(tmp_path / "data") as scene:
        await scene.goshawk.listener(Replay(path=file, clock=SystemClock(), platform="X")).read()
        card = await scene.card("My parcel never arrived")
        assert labels(card)[:3] == ["Claim", "I have replied", "Escalate"]

        await scene.command(ANA, "1 hello", command="/reply")
        assert "No reply can be sent from here" in (await scene.whispers(ANA))[-1]
        await scene.press(ANA, card, "case.answered_there")

        await scene.card("Replied, waiting")
        assert "on the site itself" in await scene.told(BEN, "show 1")


async def test_a_card_that_somebody_deleted_is_posted_anew(tmp_path: Path):
    async with stage(tmp_path) as scene:
        card = await a_card(scene)
        messages = scene.sandbox._world.messages
        messages.remove(messages.get(CARE, card["ts"]))

        await scene.command(ANA, "claim 1")

        again = await scene.card("Claimed by ana")
        assert again["ts"] != card["ts"] and len(await scene.cards()) == 1


async def test_a_reply_waits_for_a_platform_that_is_down_and_says_so(tmp_path: Path):
    clock = TurnableClock()
    async with stage(tmp_path, clock=clock) as scene:
        card = await a_card(scene)
        scene.town.is_down = True

        await scene.answer(ANA, card, "The ferry runs again at noon.")

        waiting = await scene.card("Trying again")
        assert "asks us to wait" in text_of(waiting) and "The ferry runs again at noon." in text_of(waiting)
        assert labels(waiting)[0] == "Undo"
        scene.town.is_down = False
        await scene.turn(seconds=6)
        await scene.card("Replied, waiting")
        assert scene.town.said == ["The ferry runs again at noon."]


async def test_a_platform_that_is_gone_gives_the_text_back_after_an_hour(tmp_path: Path):
    clock = TurnableClock()
    async with stage(tmp_path, clock=clock) as scene:
        card = await a_card(scene)
        scene.town.is_down = True
        await scene.answer(ANA, card, "The ferry runs again at noon.")
        await scene.card("Trying again")

        await scene.turn(minutes=61)
        await scene.turn(seconds=6)

        given_back = await scene.card("The reply was not sent")
        assert "Given up after an hour" in text_of(given_back)
        assert labels(given_back)[0] == "Reply" and scene.town.said == []
