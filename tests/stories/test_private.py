"""What a customer wrote in private stays in the private channel, and so does our answer."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.errors import Misconfigured
from tests.fakes.clock import TurnableClock
from tests.stories.stage import ANA, BEN, CARE, DEV, GUS, PRIVATE, THANKS, Stage, labels, stage, text_of
from tests.stories.town import Town

SECRET = "my suitcase never arrived, nobody answers, and my passport number is K0815"
ANSWER = "We found it in cabin 12"
NOWHERE = {"cases": "#social-care"}


async def shared(scene: Stage) -> str:
    """Return everything that anybody can read outside the private channel."""
    state = await scene.state()
    rooms = [found for channel, found in state["messages"].items() if channel != PRIVATE]
    return text_of([rooms, state["ephemerals"], state["homes"]])


async def test_a_private_mention_stands_in_the_private_channel_only(tmp_path: Path):
    async with stage(tmp_path) as scene:
        scene.town.post(SECRET, visibility="private")

        card = await scene.card("passport number", channel=PRIVATE)

        assert "Private*: only the author may read the answer" in text_of(card)
        await scene.settled()
        assert await scene.messages(CARE) == [] and "K0815" not in await shared(scene)


async def test_it_is_answered_in_private(tmp_path: Path):
    async with stage(tmp_path) as scene:
        scene.town.post(SECRET, visibility="private")
        card = await scene.card("passport number", channel=PRIVATE)

        await scene.press(ANA, card, "case.reply")
        (view,) = await scene.views(ANA)
        assert "*Private*, only the author reads this" in text_of(view)
        await scene.submit(ANA, text=ANSWER)

        await scene.card("Replied, waiting", channel=PRIVATE)
        await scene.settled()
        assert [(one["text"], one["visibility"]) for one in scene.town.replies] == [(ANSWER, "private")]
        assert "cabin 12" not in await shared(scene)


@pytest.mark.parametrize("settings", [{}, {"channels": NOWHERE}])
async def test_no_command_list_or_tier_repeats_private_words(tmp_path: Path, settings: dict):
    clock = TurnableClock()
    async with stage(tmp_path, clock=clock, **settings) as scene:
        scene.town.post(SECRET, visibility="private")
        where = CARE if settings else PRIVATE
        await scene.card("rivate", channel=where)
        await scene.settled()

        for typed in ("queue", "queue unanswered", "show 1", "why 1", "claim 1", "mine", "status", "claim next"):
            await scene.command(ANA, typed)
        await scene.command(ANA, "", command="/claim")
        await scene.home(ANA)
        await scene.command(ANA, "escalate 1 lead please look")
        await scene.command(ANA, f"1 {ANSWER}", command="/reply")
        if not settings:  # without a private channel nobody can read it here, so nobody can answer
            await scene.submit(ANA, text=ANSWER)
        await scene.turn(seconds=9)
        scene.town.post("not in K0815, cabin 12 is empty!", visibility="private")
        await scene.see(lambda message: bool(message["thread_ts"]) and "wrote again" in text_of(message), where)
        await scene.command(ANA, "assign 1 @ben")
        await scene.turn(hours=3)

        told = await shared(scene)
        assert "K0815" not in told and "suitcase" not in told and "cabin 12" not in told and "passport" not in told
        assert "please look" not in told and "ana says: (private: on its card)" in told


async def test_without_a_private_channel_a_notice_stands_in_its_place(tmp_path: Path):
    async with stage(tmp_path, channels=NOWHERE) as scene:
        scene.town.post(SECRET, visibility="private")

        card = await scene.card("A private mention came in on Mastodon (case 1). Its text is withheld")

        assert labels(card) == [] and "K0815" not in text_of(card)
        assert "No private channel is set up" in await scene.told(ANA, "1", command="/reply")
        assert await scene.views(ANA) == []
        await scene.command(ANA, "claim 1")
        await scene.command(ANA, "resolve 1 no-action")
        await scene.settled()
        assert "K0815" not in await shared(scene)


async def test_a_notice_does_not_turn_into_the_text_when_a_private_channel_is_set_up_later(tmp_path: Path):
    town = Town()
    async with stage(tmp_path, town=town, channels=NOWHERE) as scene:
        town.post(SECRET, visibility="private")
        await scene.card("Its text is withheld")
        await scene.settled()

    async with stage(tmp_path, town=town) as scene:
        await scene.command(BEN, "claim 1")

        card = await scene.card("passport number", channel=PRIVATE)
        assert "Claimed by ben" in text_of(card)
        await scene.settled()
        assert "K0815" not in await shared(scene)
        await scene.command(BEN, "assign 1 @ana")
        await scene.card("Claimed by ana", channel=PRIVATE)
        await scene.settled()
        assert len([line for line in await scene.thread(card) if "handed you case 1" in line]) == 1
        assert [text_of(one) for one in await scene.messages(CARE) if one["thread_ts"]] == []


async def test_windows_show_private_words_to_the_people_of_the_private_channel_only(tmp_path: Path):
    async with stage(tmp_path) as scene:
        scene.town.post(SECRET, visibility="private")
        card = await scene.card("passport number", channel=PRIVATE)

        await scene.more(ANA, card, "Details…")
        assert "K0815" in text_of(await scene.views(ANA))
        for typed in ("queue", "show 1", "why 1"):
            assert "K0815" not in await scene.told(DEV, typed), typed
        assert "🔒 private, see its card" in await scene.told(DEV, "queue")
        for typed in ("reply 1", "claim 1"):
            assert "Only people in the private channel read it" in await scene.told(DEV, typed), typed
        assert "they are not in its channel" in await scene.told(ANA, "assign 1 @dev")
        assert "Nothing is unclaimed" in await scene.told(DEV, "claim next")
        assert await scene.views(DEV) == []


async def test_who_leaves_the_private_channel_reads_nothing_more(tmp_path: Path):
    async with stage(tmp_path, clock=TurnableClock()) as scene:
        scene.town.post(SECRET, visibility="private")
        card = await scene.card("passport number", channel=PRIVATE)
        await scene.command(BEN, "show 1")
        scene.sandbox._world.channels[PRIVATE].members.remove(BEN)
        await scene.turn(seconds=31)

        assert "Only people in the private channel" in await scene.told(BEN, "reply 1")
        assert "Unclaimed" in text_of(card)


@pytest.mark.parametrize(("change", "why"), [({"kind": "public"}, "is public"), ({"is_shared": True}, "is shared")])
async def test_a_private_channel_that_is_opened_shows_nothing_more(tmp_path: Path, change: dict, why: str):
    async with stage(tmp_path, clock=TurnableClock()) as scene:
        room = scene.sandbox._world.channels[PRIVATE]
        scene.town.post(SECRET, visibility="private")
        card = await scene.card("passport number", channel=PRIVATE)
        for name, value in change.items():
            setattr(room, name, value)
        await scene.turn(seconds=16)

        await scene.command(ANA, "claim 1")
        scene.town.post(SECRET, visibility="private", by="bo")
        scene.town.post("and where is my cabin K0815?", visibility="private", by="mara")

        await scene.card(f"The private channel {why}", channel=CARE)
        await scene.card("(case 2). Its text is withheld: the private channel", channel=CARE)
        await scene.settled()
        everything = text_of((await scene.state())["messages"])
        assert "K0815" not in everything
        assert len([one for one in await scene.cards(CARE) if "Private mentions are withheld" in text_of(one)]) == 1
        assert "withheld" in text_of(next(one for one in await scene.messages(PRIVATE) if one["ts"] == card["ts"]))


async def test_once_it_is_closed_again_the_words_come_back(tmp_path: Path):
    async with stage(tmp_path, clock=TurnableClock()) as scene:
        room = scene.sandbox._world.channels[PRIVATE]
        room.is_shared = True
        scene.town.post(SECRET, visibility="private")
        await scene.card("Its text is withheld", channel=CARE)
        await scene.settled()

        room.is_shared = False
        await scene.turn(seconds=16)
        await scene.command(ANA, "claim 1")

        await scene.card("passport number", channel=PRIVATE)
        await scene.card("Its card is in the private channel", channel=CARE)


async def test_a_public_channel_is_refused_for_private_mentions(tmp_path: Path):
    channels = {"cases": "#social-care", "private": "#social-escalations"}

    with pytest.raises(Misconfigured, match="is public, but private mentions need a private one of our own"):
        async with stage(tmp_path, channels=channels):
            pass


async def test_a_private_remark_that_was_not_flagged_is_listed_without_its_words(tmp_path: Path):
    clock = TurnableClock()
    async with stage(tmp_path, clock=clock) as scene:
        scene.town.post(THANKS + " from cabin K0815", visibility="private")
        await scene.read()
        await scene.turn(minutes=61)

        rolled = await scene.card("Tagged, but not flagged")

        assert "private: its text is withheld here" in text_of(rolled) and "K0815" not in text_of(rolled)
        await scene.press(ANA, rolled, "case.flag")
        await scene.card("K0815", channel=PRIVATE)
        assert "K0815" not in await shared(scene)
        assert GUS not in {one["user"] for one in (await scene.state())["ephemerals"]}
