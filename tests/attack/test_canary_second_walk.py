"""The canary walks what a second person and a freeze bring with them: asked, refused, approved, held back, sent."""

from __future__ import annotations

from pathlib import Path

from tests.attack.test_canary import ANSWER, SECRET, finest, nobody_else_hears_it, sings
from tests.fakes.clock import TurnableClock
from tests.stories.stage import ANA, BEN, CLEO, DEV, PRIVATE, Stage, elements, stage

__all__ = ["finest"]

#: Dev may approve, but is not in the private channel.
ROLES = [
    {"role": "responder", "who": ["@ana", "@ben"]},
    {"role": "approver", "who": ["@dev"]},
    {"role": "admin", "who": ["@cleo"]},
]


async def is_asked_about(scene: Stage) -> None:
    scene.town.post(SECRET, visibility="private")
    await scene.card("Unclaimed", channel=PRIVATE)
    await scene.command(ANA, "1", command="/reply")
    await scene.submit(ANA, text=ANSWER)
    await scene.card("Needs approval", channel=PRIVATE)
    for typed in ("approve 1", "reject 1 no", "show 1", "queue", "why 1", "status", "report today"):
        for who in (DEV, BEN):
            await scene.command(who, typed)
            await scene.close(who)
    for who in (DEV, BEN):
        await scene.home(who)
    await nobody_else_hears_it(scene)


async def is_approved_and_held_back(scene: Stage) -> None:
    card = await scene.card("Needs approval", channel=PRIVATE)
    approve = next(one for one in elements(card) if one["action_id"] == "case.approve")
    await scene.press(CLEO, card, "case.approve", value=approve["value"])
    await scene.card("Sending at", channel=PRIVATE)
    await scene.command(BEN, "freeze a statement is being written")
    await scene.turn(minutes=2)
    assert scene.town.replies == []
    await nobody_else_hears_it(scene)


async def test_a_private_word_is_heard_by_nobody_else_while_it_is_approved_and_frozen(tmp_path: Path, finest):
    rules = {"roles": ROLES, "approval": {"routes": ["private"]}}
    async with stage(tmp_path, clock=TurnableClock(), undo_s=15, undo_p1_s=15, **rules) as scene:
        await is_asked_about(scene)
        await is_approved_and_held_back(scene)

        await scene.command(CLEO, "unfreeze")
        await scene.turn(minutes=2)

        await nobody_else_hears_it(scene)
        assert [(one["text"], one["visibility"]) for one in scene.town.replies] == [(ANSWER, "private")]
    assert not sings(finest())
