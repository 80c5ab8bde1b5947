"""Who wrote in private is as private as what they wrote: their name stands where their words stand, nowhere else."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

import pytest

from tests.fakes.clock import TurnableClock
from tests.stories.stage import ANA, BEN, CARE, CLEO, DEV, GOSHAWK, PRIVATE, Stage, stage

#: A name that stands nowhere else; the town writes it into the address of each post, as networks do.
AUTHOR: Final = "zinnoberfink"
SECRET: Final = "@harbourline my suitcase never arrived and nobody answers me!"
KIND: Final = "@harbourline thank you for the lovely crossing, great crew!"
TYPED: Final = ("", "queue mine", "queue unanswered", "queue late", "queue unflagged", "mine", "show 1", "why 1",
                "show 99", "claim 99", "claim next", "claim 1", "escalate 1 lead please look", "escalate 99 lead x",
                "reopen 1", "note 1 hm", "undo 1", "snooze 1 2h", "resolve 1 spam", "assign 1 @dev", "report today",
                "status")  # fmt: skip


def names(thing: Any) -> bool:
    return AUTHOR in json.dumps(thing, ensure_ascii=False).replace("\u200b", "").casefold()


async def nobody_else_reads_it(scene: Stage) -> None:
    """Search all of Slack: the private channel, and windows of people who are in it, may name the author."""
    await scene.settled()
    state = await scene.state()
    inside = scene.sandbox._world.channels[PRIVATE].members
    assert [room for room, found in state["messages"].items() if room != PRIVATE and names(found)] == []
    assert [one for one in state["ephemerals"] if names(one)] == []
    assert [user for user, home in state["homes"].items() if names(home)] == []
    assert [user for user, views in state["views"].items() if user not in inside and names(views)] == []


async def everybody_types(scene: Stage) -> None:
    for user in (DEV, ANA, CLEO):
        for words in TYPED:
            await scene.command(user, words)
        await scene.command(user, "", command="/claim")
        await scene.command(user, "99", command="/reply")
        await scene.command(user, "1", command="/reply")
        await scene.close(user)
        await scene.home(user)
        await nobody_else_reads_it(scene)


async def test_the_author_of_a_private_mention_is_named_to_nobody_else_on_any_path(tmp_path: Path):
    async with stage(tmp_path, clock=TurnableClock()) as scene:
        scene.town.post(SECRET, by=AUTHOR, visibility="public")
        await scene.card("Unclaimed")
        assert names(await scene.messages(CARE))
    (tmp_path / "closed").mkdir()
    async with stage(tmp_path / "closed", clock=TurnableClock()) as scene:
        scene.town.post(SECRET, by=AUTHOR, visibility="private")
        card = await scene.card("Unclaimed", channel=PRIVATE)
        scene.town.post(KIND, by=f"{AUTHOR}2", visibility="unknown")
        await scene.read()
        await scene.turn(minutes=61)
        await scene.card("private: its text is withheld here")
        await nobody_else_reads_it(scene)

        await everybody_types(scene)

        await scene.command(DEV, "queue unanswered")
        shown = await scene.whispered(DEV)
        await scene.press(DEV, {**shown, "channel": CARE}, "case.details")
        await nobody_else_reads_it(scene)
        await scene.say(DEV, f"<@{GOSHAWK}> show 1", thread_ts=card["ts"])
        await scene.turn(seconds=9)
        scene.town.post(f"{SECRET} Again!", by=AUTHOR, visibility="private")
        await scene.turn(hours=3)
        await nobody_else_reads_it(scene)
        assert names(await scene.messages(PRIVATE))


@pytest.mark.parametrize("settings", [{"channels": {"cases": "#social-care"}}])
async def test_without_a_private_channel_nobody_is_named(tmp_path: Path, settings: dict[str, Any]):
    async with stage(tmp_path, clock=TurnableClock(), **settings) as scene:
        scene.town.post(SECRET, by=AUTHOR, visibility="private")
        card = await scene.card("Its text is withheld")
        await everybody_types(scene)
        await scene.say(BEN, f"<@{GOSHAWK}> show 1", thread_ts=card["ts"])
        await scene.turn(seconds=9)
        scene.town.post(f"{SECRET} Again!", by=AUTHOR, visibility="private")
        await scene.turn(hours=3)

        state = await scene.state()
        assert not names({name: state[name] for name in ("messages", "ephemerals", "views", "homes")})
