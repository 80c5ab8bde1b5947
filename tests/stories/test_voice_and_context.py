"""Words from a template, signed, warned of; and what the card knows around a complaint."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from tests.fakes.clock import TurnableClock
from tests.stories.stage import ANA, BEN, PLAIN, Stage, a_card, field_of, stage, text_of

#: A team with a voice of its own.
VOICE: Final[dict[str, Any]] = {
    "signature": "initials",
    "signatures": {"ben": "^Ben"},
    "templates": [
        {"name": "Please write to us", "text": "Hello {name}, write to us in private, case {case}: {dm_link}"},
        {"name": "Thanks", "text": "Thank you, {name}!", "lang": "en", "network": "Mastodon"},
        {"name": "Tak", "text": "Tak, {name}!", "lang": "da"},
        {"name": "Elsewhere", "text": "Hello!", "network": "X"},
    ],
    "dm_links": {"mastodon": "https://square.example/@harbourline"},
}
SORRY: Final = "We are very sorry about your suitcase. It is on the next boat to you, with a gift."


async def choose(scene: Stage, user: str, name: str, *, typed: str = "") -> dict[str, Any]:
    """Type something, choose a template, and wait for the window that holds it."""
    (view,) = await scene.views(user)
    before = field_of(view)
    block = next(one["block_id"] for one in view["blocks"] if one.get("element") == before)
    body = {"user": user, "view_id": view["id"], "action_id": "case.template", "selected": name}
    assert (await scene._do("action", **body, values={block: typed} if typed else {}))["ok"]
    await scene.settled()
    return (await scene.views(user))[-1]


async def test_a_template_is_chosen_changed_and_sent_with_a_signature(tmp_path: Path):
    async with stage(tmp_path, **VOICE) as scene:
        card = await a_card(scene)
        await scene.press(ANA, card, "case.reply")
        (view,) = await scene.views(ANA)
        menu = next(block["accessory"] for block in view["blocks"] if block.get("accessory"))
        assert [one["value"] for one in menu["options"]] == ["Please write to us", "Thanks"]
        assert "^AN is added at the end." in text_of(view) and "initial_value" not in field_of(view)

        window = await choose(scene, ANA, "Please write to us")

        ready = "Hello Mara, write to us in private, case 1: https://square.example/@harbourline"
        assert field_of(window)["initial_value"] == ready
        assert scene.town.said == []
        await scene.submit(ANA, text=f"{ready} Sorry!")
        await scene.card("Replied by ana")
        assert scene.town.said == [f"{ready} Sorry! ^AN"]


async def test_a_template_follows_what_was_typed_and_keeps_the_boxes(tmp_path: Path):
    async with stage(tmp_path, **VOICE) as scene:
        card = await a_card(scene)
        await scene.press(BEN, card, "case.reply")
        view = (await scene.views(BEN))[-1]
        await scene._do("action", user=BEN, view_id=view["id"], action_id="case.template", selected="Thanks",
                        values={"text": "It is on the boat.", "options": ["resolve"]})  # fmt: skip
        await scene.settled()

        window = (await scene.views(BEN))[-1]
        assert field_of(window)["initial_value"] == "It is on the boat.\n\nThank you, Mara!"
        other = await choose(scene, BEN, "Please write to us")
        assert field_of(other)["initial_value"].startswith("It is on the boat.\n\nThank you, Mara!\n\nHello Mara")
        await scene.submit(BEN, text="It is on the boat. Thank you!")
        await scene.card("Resolved by ben: answered")
        assert scene.town.said == ["It is on the boat. Thank you! ^Ben"]


async def test_closing_the_window_after_a_template_keeps_the_words(tmp_path: Path):
    async with stage(tmp_path, **VOICE) as scene:
        card = await a_card(scene)
        await scene.press(ANA, card, "case.reply")
        await choose(scene, ANA, "Thanks")

        await scene.close(ANA)
        await scene.press(ANA, await scene.card("Claimed by ana"), "case.reply")

        assert field_of((await scene.views(ANA))[-1])["initial_value"] == "Thank you, Mara!"


async def test_an_unfilled_variable_is_refused_at_the_field(tmp_path: Path):
    async with stage(tmp_path, **VOICE) as scene:
        card = await a_card(scene, author={"handle": "mara", "name": "", "followers": 4})
        await scene.press(ANA, card, "case.reply")
        window = await choose(scene, ANA, "Thanks")
        assert field_of(window)["initial_value"] == "Thank you, {name}!"

        refused = await scene.submit(ANA, text="Thank you, {name}!")

        assert list(refused["errors"].values()) == ["Put something in the place of {name}, or take it out."]
        await scene.submit(ANA, text="Thank you, Mara!")
        await scene.card("Replied, waiting")
        assert scene.town.said == ["Thank you, Mara! ^AN"]


async def test_the_signature_is_in_the_check_view_and_in_the_limit(tmp_path: Path):
    async with stage(tmp_path, **{**VOICE, "check_view": "always"}) as scene:
        card = await a_card(scene)

        long = await scene.answer(ANA, card, "x" * 498)
        assert long["errors"] == {"text": "2 characters too long: 502 of 500."}
        await scene.submit(ANA, text="We found it.")

        check = (await scene.views(ANA))[-1]
        assert "We found it. ^AN" in text_of(check) and "16 of 500 characters." in text_of(check)
        await scene.submit(ANA)
        await scene.card("Replied by ana")
        assert scene.town.said == ["We found it. ^AN"]


async def test_the_same_words_to_a_third_person_are_shown_once_more(tmp_path: Path):
    async with stage(tmp_path) as scene:
        for by in ("mara", "jon"):
            scene.town.post(PLAIN, by=by)
            card = await scene.card(f"{by} on Mastodon")
            assert "response_action" not in await scene.answer(ANA, card, SORRY)
            await scene.settled()
        scene.town.post(PLAIN, by="lin")

        asked = await scene.answer(ANA, await scene.card("lin on Mastodon"), SORRY)

        assert asked["response_action"] == "push"
        warning = "The same words, or nearly, went to 2 people in the last hour."
        assert warning in text_of((await scene.views(ANA))[-1])


async def test_the_card_says_what_a_complaint_answers_and_what_its_author_wrote_before(tmp_path: Path):
    clock = TurnableClock()
    async with stage(tmp_path, clock=clock) as scene:
        news = scene.town.post("New route from May! Write to sales@harbourline.example", by="harbourline",
                               account="harbourline", mentions=[])  # fmt: skip
        first = await a_card(scene, "@harbourline you never answer and my bag is lost!", by="mara")
        await scene.more(ANA, first, "Resolve…")
        await scene.submit(ANA, resolution="no action")
        await scene.turn(hours=24 * 8)

        photos = ["https://pictures.example/1.jpg", "javascript:alert(1)"]
        scene.town.post(PLAIN, by="mara", answers=news, thread=news, photos=1, photo_urls=photos)

        card = await scene.see(lambda one: "answering: @harbourline: New route from May!" in text_of(one))
        words = text_of(card)
        assert "sales@harbourline.example" not in words
        assert "<https://pictures.example/1.jpg|photo 1> (pictures.example)" in words and "javascript" not in words
        assert "2nd mention by this author in 8 days, 1 unanswered" in words
        await scene.more(ANA, card, "Details…")
        details = text_of((await scene.views(ANA))[-1])
        assert "*Earlier by @mara*" in details and "my bag is lost!” · case 1, not answered" in details


async def test_an_answer_on_the_platform_itself_is_shown_and_an_echo_is_not(tmp_path: Path):
    clock = TurnableClock()
    async with stage(tmp_path, clock=clock) as scene:
        card = await a_card(scene)

        scene.town.own("It is on the next boat. Sorry!", answers="p1")

        answered = await scene.see(lambda one: "Replied by @harbourline" in text_of(one))
        assert "due" not in text_of(answered).partition("case `1`")[0] and len(await scene.cards()) == 1
        await scene.settled()
        (line,) = await scene.thread(card)
        assert "Answered on Mastodon itself by @harbourline · <https://square.example/p2|view>" in line
        await scene.turn(hours=6)
        assert await scene.thread(card) == [line] and await scene.pings() == []

        await scene.answer(ANA, answered, "And here is the number of the boat.")
        await scene.turn(minutes=1)
        echo = scene.town.replies[-1]
        scene.town.own(echo["text"], answers="p1")
        scene.town.posts[-1]["id"] = echo["id"]
        await scene.turn(seconds=1)
        assert not any("Answered on Mastodon itself" in one for one in (await scene.thread(card))[1:])


async def test_a_customer_who_writes_again_calls_one_person_once(tmp_path: Path):
    clock = TurnableClock()
    async with stage(tmp_path, clock=clock) as scene:
        card = await a_card(scene)
        await scene.press(ANA, card, "case.claim")
        await scene.turn(minutes=1)
        before = len(await scene.pings())

        scene.town.post("@harbourline hello?", by="mara", at=clock.now() + timedelta(seconds=1))
        await scene.see(lambda one: "wrote again" in text_of(one))
        await scene.settled()
        assert [who for _, who in (await scene.pings())[before:]] == [[ANA]]

        await scene.more(ANA, await scene.card("Claimed by ana"), "Snooze…")
        await scene.submit(ANA, span="120")
        scene.town.post("@harbourline still nothing!", by="mara", at=clock.now() + timedelta(seconds=2))
        await scene.see(lambda one: "still nothing!" in text_of(one) and bool(one["thread_ts"]))
        await scene.settled()
        assert [who for _, who in (await scene.pings())[before:]] == [[ANA], [ANA]]
