"""Every kind of effect: how it comes about, and how to tell that it did, once."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from bot.cases import promises
from bot.domain.event import Happening
from bot.domain.health import Pulse
from bot.store import tables
from tests.campaign.checker import ours
from tests.campaign.world import CARE, CLEO, ESCALATIONS, World

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


async def _claim(scene: World, case: int) -> bool:
    return await scene.command(f"claim {case}")


async def _assign(scene: World, case: int) -> bool:
    return await scene.command(f"assign {case} @ben")


async def _escalate(scene: World, case: int) -> bool:
    return await scene.command(f"escalate {case} it is in the papers")


async def _reply(scene: World, case: int) -> bool:
    return await scene.command(f"{case} {_words(case)}", command="/reply")


async def _snooze(scene: World, case: int) -> None:
    assert await _claim(scene, case)
    assert await scene.command(f"snooze {case} 30m")


async def _half_an_hour(scene: World, _case: int) -> None:
    await scene.turn(minutes=31)


async def _two_hours(scene: World, _case: int) -> None:
    """Let a complaint become late."""
    await scene.turn(minutes=121)


async def _freeze(scene: World, _case: int) -> bool:
    return await scene.command("freeze the website is down", by=CLEO)


async def _unfreeze(scene: World, _case: int) -> bool:
    return await scene.command("unfreeze", by=CLEO)


async def _silence(scene: World, _case: int) -> None:
    scene.square.is_down = True
    await scene.until(lambda: _pulse(scene) is Pulse.FAILING, "nobody noticed that the feed is silent")


async def _speak(scene: World, _case: int) -> None:
    scene.square.is_down = False
    await scene.until(lambda: _pulse(scene) is Pulse.LISTENING, "nobody noticed that the feed speaks again")


def _pulse(scene: World) -> Pulse:
    return scene.checker.rows(tables.feed)[0].pulse


async def _delete(scene: World, _case: int) -> None:
    scene.square.delete(f"p{len(scene.square.posts)}")


def _words(case: int) -> str:
    return f"We found it, number {case}."


def _cards(scene: World, case: int) -> int:
    return _keys(scene, CARE, f"card:{case}$")


def _keys(scene: World, channel: str, pattern: str) -> int:
    return sum(bool(re.match(pattern, key)) for _, key, _ in ours(scene.sandbox, channel))


def _drawn(words: str) -> Count:
    def count(scene: World, case: int) -> int:
        card = next(row for row in scene.checker.rows(tables.card) if row.case_id == case)
        message = scene.sandbox._world.messages.get(card.channel, card.ts)
        return int(message is not None and words in f"{message.text} {message.blocks.decode()}")

    return count


def _events(what: Happening) -> Count:
    def count(scene: World, case: int) -> int:
        return sum(row.case_id == case and row.what is what for row in scene.checker.rows(tables.event))

    return count


def _handed(scene: World, case: int) -> int:
    return _keys(scene, CARE, f"case.line:{case}:handed")


def _told(scene: World, case: int) -> int:
    return sum(bool(re.search(rf"case .*\b{case}\b", text)) for _, _, text in ours(scene.sandbox, ESCALATIONS))


def _public(scene: World, case: int) -> int:
    """Count what the public reads; a reply of which nobody can tell is a person's, and never sent again."""
    unknown = [row for row in scene.checker.rows(tables.reply) if row.case_id == case and row.state == "unknown"]
    return sum(one.text == _words(case) for one in scene.square.ledger) or len(unknown)


def _at_least(words: str, channel: str = CARE) -> Count:
    """Count as one however many there are of them: each has a key of its own, which the checker watches."""

    def count(scene: World, _case: int) -> int:
        return int(any(words in text for _, _, text in ours(scene.sandbox, channel)))

    return count


async def _nothing(_scene: World, _case: int) -> None:
    """Let the post be the cause."""


_CARD = Effect(promises.REDRAW, _nothing, _cards, opens=True)
_LINE = Effect(promises.LINE, _assign, _handed)
_TIER = Effect(promises.TELL, _escalate, _told)
_SEND = Effect(promises.SEND, _reply, _public)

EFFECTS: Final[dict[str, Effect]] = {
    "a card": _CARD,
    "a card whose answer is lost": Effect(promises.REDRAW, _nothing, _cards, opens=True, slack="lost"),
    "a card that is applied late": Effect(promises.REDRAW, _nothing, _cards, opens=True, slack="late"),
    "a card that Slack loses": Effect(promises.REDRAW, _nothing, _cards, opens=True, slack="dropped"),
    "an update": Effect(promises.REDRAW, _claim, _drawn("Claimed by")),
    "a thread line": _LINE,
    "a thread line whose answer is lost": Effect(promises.LINE, _assign, _handed, slack="lost"),
    "a tier message": _TIER,
    "a tier message whose answer is lost": Effect(promises.TELL, _escalate, _told, slack="lost"),
    "a reply": _SEND,
    "a reply whose answer is lost": Effect(promises.SEND, _reply, _public, platform="lost"),
    "a reply that is applied late": Effect(promises.SEND, _reply, _public, platform="late"),
    "a reply that the platform loses": Effect(promises.SEND, _reply, _public, platform="dropped"),
    "the line of a reply": Effect(promises.LINE, _reply, _public),
    "a snooze timer": Effect(promises.WAKE, _half_an_hour, _events(Happening.WOKEN), prepare=_snooze),
    "an alarm": Effect(promises.ALARM, _two_hours, _events(Happening.LATE)),
    "a freeze notice": Effect(promises.FREEZE_NOTICE, _freeze, _at_least("frozen"), after=_unfreeze),
    "the end of a freeze": Effect(promises.FREEZE_NOTICE, _unfreeze, _at_least("frozen"), prepare=_freeze),
    "a feed notice": Effect(promises.FEED_NOTICE, _silence, _at_least("square"), after=_speak),
    "a deleted post": Effect(promises.REDRAW, _delete, _drawn("deleted")),
}
