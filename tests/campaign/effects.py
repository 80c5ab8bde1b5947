"""What people and their desk bring about: how each kind of effect comes, and how to tell that it did, once."""

from __future__ import annotations

import re
from typing import Final

from bot.cases import promises
from bot.domain.event import Happening
from bot.domain.health import Pulse
from bot.store import tables
from tests.campaign.checker import ours
from tests.campaign.chores import CHORES
from tests.campaign.effect import Count, Effect, claim, drawn, escalate, events, handed, keys, passing, post
from tests.campaign.world import CARE, CLEO, ESCALATIONS, World


async def _assign(scene: World, case: int) -> bool:
    return await scene.command(f"assign {case} @ben")


async def _reply(scene: World, case: int) -> bool:
    return await scene.command(f"{case} {_words(case)}", command="/reply")


async def _snooze(scene: World, case: int) -> None:
    assert await claim(scene, case)
    assert await scene.command(f"snooze {case} 30m")


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
    return keys(scene, CARE, f"card:{case}$")


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


_CARD = Effect(promises.REDRAW, post, _cards, opens=True)
_LINE = Effect(promises.LINE, _assign, handed)
_TIER = Effect(promises.TELL, escalate, _told)
_SEND = Effect(promises.SEND, _reply, _public)

DESK: Final[dict[str, Effect]] = {
    "a card": _CARD,
    "a card whose answer is lost": Effect(promises.REDRAW, post, _cards, opens=True, slack="lost"),
    "a card that is applied late": Effect(promises.REDRAW, post, _cards, opens=True, slack="late"),
    "a card that Slack loses": Effect(promises.REDRAW, post, _cards, opens=True, slack="dropped"),
    "an update": Effect(promises.REDRAW, claim, drawn("Claimed by")),
    "a thread line": _LINE,
    "a thread line whose answer is lost": Effect(promises.LINE, _assign, handed, slack="lost"),
    "a tier message": _TIER,
    "a tier message whose answer is lost": Effect(promises.TELL, escalate, _told, slack="lost"),
    "a reply": _SEND,
    "a reply whose answer is lost": Effect(promises.SEND, _reply, _public, platform="lost"),
    "a reply that is applied late": Effect(promises.SEND, _reply, _public, platform="late"),
    "a reply that the platform loses": Effect(promises.SEND, _reply, _public, platform="dropped"),
    "the line of a reply": Effect(promises.LINE, _reply, _public),
    "a snooze timer": Effect(promises.WAKE, passing(minutes=31), events(Happening.WOKEN), prepare=_snooze),
    "an alarm": Effect(promises.ALARM, passing(minutes=121), events(Happening.LATE)),
    "a freeze notice": Effect(promises.FREEZE_NOTICE, _freeze, _at_least("frozen"), after=_unfreeze),
    "the end of a freeze": Effect(promises.FREEZE_NOTICE, _unfreeze, _at_least("frozen"), prepare=_freeze),
    "a feed notice": Effect(promises.FEED_NOTICE, _silence, _at_least("square"), after=_speak),
    "a deleted post": Effect(promises.REDRAW, _delete, drawn("deleted")),
}

#: Every kind of effect.
EFFECTS: Final[dict[str, Effect]] = DESK | CHORES
