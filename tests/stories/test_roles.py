"""Roles over real payloads: every path asks the same question, and a refusal is private and changes nothing."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.cases.rights import NEEDS
from bot.domain.ids import CaseId
from bot.sandbox.workspace import UserGroup
from bot.slack.actions import ACTS
from bot.slack.commands import VERBS
from tests.fakes.clock import TurnableClock
from tests.stories.stage import ANA, BEN, DEV, GOSHAWK, PLAIN, PRIVATE, THANKS, Stage, stage, text_of

#: Dev may look, Ana works, Cleo leads, Ben was forgotten.
ROLES = [
    {"role": "viewer", "who": ["@dev"]},
    {"role": "responder", "who": ["@ana"]},
    {"role": "approver", "who": ["@social-leads"]},
]
WHY = re.compile(r"You can't .+: that needs the role (responder|approver|admin)\. (Ask @|Nobody has it yet)")
#: Who may not work: somebody who may look, and somebody whom no table names.
IDLE = [DEV, BEN]


async def unchanged(scene: Stage, who: str) -> None:
    await scene.settled()
    assert len(await scene.cards()) == 1
    assert "Unclaimed" in text_of((await scene.cards())[0])
    assert scene.town.said == []
    timeline = await scene.goshawk.board.timeline((await scene.goshawk.board.unclaimed())[0].case.id)
    assert [event.what for event in timeline.events] == ["opened"] and timeline.replies == ()
    assert not [view for view in (await scene.views(who)) if not view["title"].startswith("Case ")]


def members(scene: Stage, group: str, *people: str) -> None:
    """Let somebody in the workspace change who is in a user group."""
    world = scene.sandbox._world
    found = next(one for one in world.groups.values() if one.handle == group)
    world.groups[found.id] = UserGroup(found.id, found.handle, found.name, people)


def test_every_door_asks_for_a_verb_of_the_table():
    asked = {deed for deed, _ in ACTS.values()} | {verb.deed or verb.name for verb in VERBS if verb.name != "help"}

    assert asked <= NEEDS.keys()


@pytest.mark.parametrize("who", IDLE)
async def test_buttons_and_menus(tmp_path: Path, who: str):
    async with stage(tmp_path, roles=ROLES) as scene:
        scene.town.post(PLAIN)
        card = await scene.card("Unclaimed")

        for action_id in ("case.claim", "case.reply", "case.escalate"):
            await scene.press(who, card, action_id)
            assert WHY.search((await scene.whispers(who))[-1]), action_id
        for label in ("Assign…", "Snooze…", "Resolve…"):
            await scene.more(who, card, label)
            assert WHY.search((await scene.whispers(who))[-1]), label
        await scene.more(who, card, "Details…")

        assert len(await scene.whispers(who)) == (6 if who == DEV else 7)
        assert [view["title"] for view in await scene.views(who)] == (["Case 1"] if who == DEV else [])
        await unchanged(scene, who)


@pytest.mark.parametrize("who", IDLE)
async def test_commands(tmp_path: Path, who: str):
    async with stage(tmp_path, roles=ROLES) as scene:
        scene.town.post(PLAIN)
        await scene.card("Unclaimed")

        for verb in VERBS:
            typed = re.sub(r"[\[\]]|\|\w+", "", verb.usage).replace("12 13", "1").replace("12", "1")
            looks = verb.name == "help" or (who == DEV and (verb.deed or verb.name) == "look")
            told = await scene.told(who, typed)
            assert bool(WHY.search(told) or "needs the role viewer" in told) is not looks, (typed, told)
        assert WHY.search(await scene.told(who, "next", command="/claim"))
        assert WHY.search(await scene.told(who, "1 hello", command="/reply"))
        await unchanged(scene, who)


@pytest.mark.parametrize("who", IDLE)
async def test_emoji_and_words_in_the_thread(tmp_path: Path, who: str):
    async with stage(tmp_path, roles=ROLES) as scene:
        scene.town.post(PLAIN)
        card = await scene.card("Unclaimed")

        for name in ("eyes", "white_check_mark", "rotating_light", "zzz"):
            await scene.react(who, card, name)
        for words in ("claim", "reply hello", "note hello", "resolve spam"):
            await scene.say(who, f"<@{GOSHAWK}> {words}", thread_ts=card["ts"])
        await scene.settled()

        told = await scene.whispers(who)
        assert len(told) == 8 and all(WHY.search(one) for one in told)
        await unchanged(scene, who)


async def test_the_roll_up(tmp_path: Path):
    clock = TurnableClock()
    async with stage(tmp_path, clock=clock, roles=ROLES) as scene:
        scene.town.post(THANKS)
        await scene.read()
        await scene.turn(minutes=61)
        rolled = await scene.card("Tagged, but not flagged")

        await scene.press(DEV, rolled, "case.flag")

        assert "You can't open cases" in (await scene.whispers(DEV))[-1]
        await scene.settled()
        assert len(await scene.cards()) == 1


async def test_home_shows_a_viewer_the_work_and_tells_others_why_not(tmp_path: Path):
    async with stage(tmp_path, roles=ROLES) as scene:
        scene.town.post(PLAIN)
        await scene.card("Unclaimed")

        seen, empty = text_of(await scene.home(DEV)), text_of(await scene.home(BEN))

        assert "suitcase" in seen
        assert "that needs the role viewer. Ask @dev or @ana or @social-leads." in empty and "suitcase" not in empty


@pytest.mark.parametrize(
    ("label", "values"),
    [
        ("Assign…", {"person": ANA}),
        ("Snooze…", {"span": "30"}),
        ("Resolve…", {"resolution": "spam"}),
        ("Escalate", {"reason": "It burns"}),
        ("Reply", {"text": "We found it"}),
    ],
)
async def test_a_window_sent_after_the_right_was_taken_away(tmp_path: Path, label: str, values: dict[str, str]):
    clock = TurnableClock()
    roles = [{"role": "responder", "who": ["@pr"]}, {"role": "admin", "who": ["@cleo"]}]
    async with stage(tmp_path, clock=clock, roles=roles) as scene:
        scene.town.post(PLAIN)
        card = await scene.card("Unclaimed")
        if label in {"Escalate", "Reply"}:
            await scene.press(DEV, card, f"case.{label.lower()}")
        else:
            await scene.more(DEV, card, label)
        before = [event.what for event in (await scene.goshawk.board.timeline(CaseId(1))).events]
        members(scene, "pr", BEN)
        await scene.turn(seconds=31)

        answer = await scene.submit(DEV, **values)

        assert "needs the role responder. Ask @pr or @cleo." in str(answer)
        await scene.settled()
        assert [event.what for event in (await scene.goshawk.board.timeline(CaseId(1))).events] == before
        assert scene.town.said == []


async def test_who_joins_the_group_counts_within_a_minute(tmp_path: Path):
    clock = TurnableClock()
    roles = [{"role": "responder", "who": ["@pr"]}]
    async with stage(tmp_path, clock=clock, roles=roles) as scene:
        scene.town.post(PLAIN)
        await scene.card("Unclaimed")
        assert WHY.search(await scene.told(BEN, "claim 1"))
        members(scene, "pr", DEV, BEN)

        await scene.turn(seconds=31)

        assert "Case 1 is yours" in await scene.told(BEN, "claim 1")


async def test_the_bounds_of_a_role_hide_what_lies_outside(tmp_path: Path):
    roles = [
        {"role": "responder", "who": ["@ana"], "routes": ["cases"]},
        {"role": "responder", "who": ["@ben"], "accounts": ["@HarbourLine"]},
        {"role": "admin", "who": ["@cleo"]},
    ]
    async with stage(tmp_path, roles=roles) as scene:
        scene.town.post(PLAIN, visibility="private")
        card = await scene.card("Unclaimed", channel=PRIVATE)

        assert "case 1" not in (await scene.told(ANA, "queue")).casefold()
        for typed in ("show 1", "why 1", "claim 1", "reply 1", "note 1 hm"):
            assert re.search(
                r"needs the role (viewer|responder)\. Ask @ben or @cleo\.", await scene.told(ANA, typed)
            ), typed
        await scene.more(ANA, card, "Details…")
        assert await scene.views(ANA) == []
        assert "Case 1 is yours" in await scene.told(BEN, "claim 1")
