"""What one kind of effect is made of, and how it is counted."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from bot.domain.event import Happening
from bot.store import tables
from tests.campaign.checker import ours
from tests.campaign.world import CARE, World

PLAIN: Final = "@harbourline my suitcase never arrived and nobody answers me!"
MONEY: Final = "@harbourline you charged me twice for the same ticket and nobody answers"
QUESTION: Final = "@harbourline what time does the ferry leave on Sunday?"

#: What is done; False when a person did it and nobody acknowledged it.
Step = Callable[[World, int], Awaitable[bool | None]]
Count = Callable[[World, int], int]


@dataclass(frozen=True)
class Effect:
    """One kind of effect; a step is given the number of the case that it is about."""

    kind: str
    """The job whose points are walked."""
    cause: Step
    count: Count
    """How often the effect is to be seen; once, at rest."""
    prepare: Step | None = None
    after: Step | None = None
    slack: str = ""
    """What happens to the first call to Slack of it."""
    platform: str = ""
    """What happens to the first reply on the platform."""
    settings: Mapping[str, Any] = field(default_factory=dict)
    opens: bool = False
    """The cause itself is the post that opens the case."""
    known: str = "nothing"
    """Words of a breach that is none: it is made on purpose, or the price of a decision."""


async def post(scene: World, _case: int) -> None:
    """Let somebody complain whom nobody knows."""
    scene.square.post(PLAIN)


async def claim(scene: World, case: int) -> bool:
    """Let Ana take the case."""
    return await scene.command(f"claim {case}")


async def escalate(scene: World, case: int) -> bool:
    """Let Ana call the next tier."""
    return await scene.command(f"escalate {case} it is in the papers")


def passing(**span: float) -> Step:
    """Return the step that lets so much time go by."""

    async def step(scene: World, _case: int) -> None:
        await scene.turn(**span)

    return step


def keys(scene: World, channel: str, pattern: str) -> int:
    """Count the messages of a channel whose key begins so."""
    return sum(bool(re.match(pattern, key)) for _, key, _ in ours(scene.sandbox, channel))


def card(scene: World, case: int) -> str:
    """Return all that the card of a case says; empty while it stands nowhere."""
    row = next(row for row in scene.checker.rows(tables.card) if row.case_id == case)
    message = scene.sandbox._world.messages.get(row.channel, row.ts)
    return f"{message.text} {message.blocks.decode()}" if message else ""


def drawn(words: str) -> Count:
    """Return what looks for words on the case's card."""
    return lambda scene, case: int(words in card(scene, case))


def events(what: Happening) -> Count:
    """Return what counts the lines of one kind in the case's timeline."""

    def count(scene: World, case: int) -> int:
        return sum(row.case_id == case and row.what is what for row in scene.checker.rows(tables.event))

    return count


def handed(scene: World, case: int) -> int:
    """Count the lines that tell of a hand-over."""
    return keys(scene, CARE, f"case.line:{case}:handed")
