"""The canary is edited, deleted, erased and purged: a private text is heard by nobody else on the way out either."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.attack.test_canary import ANSWER, KIND, SECRET, finest, nobody_else_hears_it, sings
from tests.fakes.clock import TurnableClock
from tests.stories.stage import ANA, BEN, CLEO, DEV, PRIVATE, Stage, elements, stage, text_of

__all__ = ["finest"]

#: Whoever types, in the public channel, while it goes.
TYPED = ("queue", "queue unflagged", "show 1", "why 1", "claim 1", "note 1 look", "status", "report today")


async def arrives(scene: Stage) -> None:
    scene.town.post(SECRET, visibility="private")
    scene.town.post(KIND, visibility="unknown", by="nils")
    await scene.card("Unclaimed", channel=PRIVATE)
    await scene.command(ANA, "1", command="/reply")
    await scene.submit(ANA, text=ANSWER)
    await scene.turn(minutes=1)
    assert sings(await scene.messages(PRIVATE))


async def is_asked_after(scene: Stage) -> None:
    for user in (DEV, BEN):
        for words in TYPED:
            await scene.command(user, words)
            await scene.close(user)
        await scene.home(user)
    await nobody_else_hears_it(scene)


async def test_a_private_word_that_its_author_changes_and_deletes(tmp_path: Path, finest):
    async with stage(tmp_path, clock=TurnableClock()) as scene:
        await arrives(scene)
        await scene.command(ANA, "1", command="/reply")

        scene.town.edit("p1", f"{SECRET} And the handle is broken, too!")
        await scene.card("handle is broken", channel=PRIVATE)
        await scene.turn(minutes=1)
        await scene.submit(ANA, text=f"{ANSWER} as well")
        await is_asked_after(scene)
        scene.town.delete("p1")
        scene.town.delete("p2")
        await scene.card("deleted", channel=PRIVATE)
        await scene.turn(minutes=1)

        await is_asked_after(scene)
        assert not sings([one for one in await scene.cards(PRIVATE) if "🧹" in text_of(one)])
    assert not sings(finest())


@pytest.mark.parametrize("look_back", [False, True], ids=["unread", "read back"])
async def test_a_private_word_whose_author_is_erased(tmp_path: Path, finest, look_back: bool):  # noqa: FBT001 - a case
    async with stage(tmp_path, clock=TurnableClock(), look_back=look_back) as scene:
        await arrives(scene)

        for who in (DEV, CLEO):
            await scene.command(who, "erase @mara Mastodon")
        question = await scene.whispered(CLEO)
        press = next(one for one in elements(question) if one["action_id"] == "case.erase")
        await scene.press(CLEO, question, "case.erase", value=press["value"])
        for _ in range(10):
            await scene.turn(seconds=5)

        await is_asked_after(scene)
        state = await scene.state()
        told = text_of([found for room, found in state["messages"].items() if room.startswith("D")])
        assert ("read back from Slack" in told) is look_back and ("not read back" in told) is not look_back
        assert not sings(state["messages"])
    assert not sings(finest())
    kept = "".join(path.read_bytes().decode("latin-1") for path in tmp_path.glob("goshawk.db*"))
    assert SECRET not in kept and ANSWER not in kept


async def test_a_private_word_that_was_kept_long_enough(tmp_path: Path, finest):
    async with stage(tmp_path, clock=TurnableClock(), keep_days=1) as scene:
        await arrives(scene)
        await scene.command(ANA, "resolve 1 answered")

        for _ in range(4):
            await scene.turn(hours=24)

        await is_asked_after(scene)
        assert not sings((await scene.state())["messages"])
    assert not sings(finest())
