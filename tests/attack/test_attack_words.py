"""Hostile words, names and addresses: nobody is pinged, nothing is hidden, and what was checked is what is sent."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from bot.slack.text import clean
from tests.stories.stage import ANA, DANGER, PLAIN, stage, text_of

HIDDEN = "We \u202erefund\u202c no\u200bthing \u2066at all\u2069 \x07"


async def test_the_name_of_a_network_pings_nobody_in_a_notice(tmp_path: Path):
    async with stage(tmp_path, channels={"cases": "#social-care"}) as scene:
        scene.town.post(PLAIN, visibility="private", network="<!channel> <@U0ANA00001>")

        notice = await scene.card("Its text is withheld")

        assert await scene.pings() == []
        assert "<" not in notice["text"]


async def test_what_the_check_view_shows_is_what_is_sent(tmp_path: Path):
    async with stage(tmp_path) as scene:
        scene.town.post(DANGER)
        await scene.answer(ANA, await scene.card("Unclaimed"), HIDDEN)
        (_, check) = await scene.views(ANA)

        await scene.submit(ANA)

        await scene.card("Replied, waiting")
        (sent,) = scene.town.said
        assert sent == "We refund nothing at all"
        assert sent in [text_of(block).split("  ")[-1].strip() for block in check["blocks"]]


@given(st.text(st.sampled_from("a\u0301\u0302\u0316\u200b\u202e\x07\r\n \u200d\ud83d"), max_size=20))
def test_cleaning_twice_is_cleaning_once(text: str):
    assert clean(clean(text)) == clean(text)


async def test_an_endless_address_does_not_push_the_state_off_the_card(tmp_path: Path):
    async with stage(tmp_path) as scene:
        scene.town.post(PLAIN, url="https://square.example/?" + "&a" * 900)

        card = await scene.card("nobody answers")

        assert "Unclaimed" in text_of(card["blocks"]) and "due " in text_of(card["blocks"])


async def test_long_notes_do_not_push_the_newest_out_of_the_timeline(tmp_path: Path):
    async with stage(tmp_path) as scene:
        scene.town.post(PLAIN)
        card = await scene.card("Unclaimed")
        for number in range(14):
            await scene.command(ANA, f"note 1 remark-{number} " + "& " * 90)

        await scene.more(ANA, card, "Details…")

        assert "remark-13" in await scene.told(ANA, "show 1")
        assert "remark-13" in text_of((await scene.views(ANA))[-1])


async def test_thousands_of_numbers_in_one_command_are_refused_in_time(tmp_path: Path):
    async with stage(tmp_path) as scene:
        scene.town.post(PLAIN)
        await scene.card("Unclaimed")

        told = await scene.told(ANA, "resolve " + " ".join(map(str, range(1, 9_000))))

        assert "At most 50 cases at once. Nothing was done." in told
        assert "Unclaimed" in text_of(await scene.cards())
