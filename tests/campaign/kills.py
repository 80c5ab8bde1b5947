"""``kill -9`` at random moments, under load and in bad weather: F1, F3, F4."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from bot.app import Part
from bot.sandbox.server import Sandbox
from bot.store import tables
from tests.campaign.checker import CANARY
from tests.campaign.effect import MONEY, PLAIN, QUESTION
from tests.campaign.faults import WEATHER
from tests.campaign.world import ANA, World, dice, world

#: What is written, by how often: flagged, urgent, in private, and what nobody has to see.
_WORDS: Final = (PLAIN, PLAIN, MONEY, f"{PLAIN} My booking code is {CANARY}.", QUESTION)


#: What lives at once, by the kind of database: several processes want a server.
CREWS: Final[Mapping[str, Sequence[Part]]] = {
    "sqlite": [Part.ALL],
    "postgresql": [Part.WEB] * 2 + [Part.WORKER] * 3,
}


@dataclass(frozen=True)
class Load:
    """How much is done to how many lives."""

    mentions: int = 500
    replies: int = 100
    kills: int = 50
    weather: Mapping[str, float] = field(default_factory=lambda: WEATHER)
    look_back: bool = True
    parts: Sequence[Part] = ()
    """What lives at once; empty: as ``CREWS`` says."""


@dataclass
class Outcome:
    """What the four ledgers say at the end."""

    seed: int
    kills: int = 0
    mentions: int = 0
    cases: int = 0
    replies: int = 0
    public: int = 0
    unknown: int = 0
    double_cards: int = 0
    faults: dict[str, int] = field(default_factory=dict)
    breaches: list[str] = field(default_factory=list)


async def campaign(folder: Path, load: Load, *, store: str, seed: int, **settings: object) -> Outcome:
    """Kill bots at random while people write and answer; compare the ledgers when all is quiet again."""
    load = replace(load, parts=load.parts or CREWS[store])
    given = {"weather": load.weather, "look_back": load.look_back, "laid": False, **_door(load), **settings}
    async with world(folder, store=store, seed=seed, **given) as scene:  # type: ignore[arg-type]
        async with asyncio.TaskGroup() as group:
            work = [
                group.create_task(_write(scene, load)),
                group.create_task(_answer(scene, load)),
            ]
            killer = group.create_task(_kill(scene, load, work))
        await killer
        scene.plan.mix = scene.square.plan.mix = {}
        for part in load.parts:
            await scene.start(part)
        await scene.rest(within_s=240 + load.mentions / 5)
        return _outcome(scene, load, seed)


def _door(load: Load) -> Mapping[str, str]:
    """Return by which door Slack comes in: over HTTP where processes of their own answer it."""
    if Part.WEB not in load.parts:
        return {}
    return {"slack_app_token": "", "slack_signing_secret": Sandbox.signing_secret}


async def _kill(scene: World, load: Load, work: list[asyncio.Task[None]]) -> None:
    """Let bots live for moments, until all were killed that shall be and all work is done."""
    fate = dice(scene.seed + 2)
    while scene.deaths < load.kills or not all(one.done() for one in work):
        for part in _missing(scene, load):
            scene.launch(part)
        await asyncio.sleep(fate.uniform(0.3, 2.2))
        if scene.deaths >= load.kills:
            continue
        await scene.kill(fate.choice(scene.bots))
    for bot in list(scene.bots):
        await scene.kill(bot)


def _missing(scene: World, load: Load) -> Iterator[Part]:
    return (Counter(load.parts) - Counter(Part(bot.name) for bot in scene.bots)).elements()


async def _write(scene: World, load: Load) -> None:
    fate = dice(scene.seed + 3)
    for number in range(load.mentions):
        words = fate.choice(_WORDS)
        scene.square.post(words, visibility="followers" if CANARY in words else "public")
        if fate.random() < 0.02:
            scene.square.show(fate.choice(list(scene.square.posts)))  # delivered once more
        if number % 10 == 9:
            await asyncio.sleep(load.kills / load.mentions * 10)


async def _answer(scene: World, load: Load) -> None:
    """Answer cases until so many replies were approved; who gets no answer looks, and tries again."""
    done: set[int] = set()
    while len(done) < load.replies:
        rows = await asyncio.to_thread(scene.checker.rows, tables.reply)
        done = {row.case_id for row in rows if row.state != "draft"}
        cases = await asyncio.to_thread(scene.checker.rows, tables.case)
        waiting = [case.id for case in cases if case.id not in done and not case.private]
        for case in waiting[: min(5, load.replies - len(done))]:
            await scene.command(f"{case} We found it, number {case}.", by=ANA, command="/reply")
        await asyncio.sleep(0.1)


def _outcome(scene: World, load: Load, seed: int) -> Outcome:
    replies = scene.checker.rows(tables.reply)
    sent = [row for row in replies if row.state in {"sent", "unknown"}]
    return Outcome(
        seed=seed,
        kills=scene.deaths,
        mentions=len(scene.square.posts),
        cases=len(scene.checker.rows(tables.case)),
        replies=len(sent),
        public=len(scene.square.ledger),
        unknown=sum(row.state == "unknown" for row in replies),
        double_cards=sum(line.startswith("I2: card:") for line in scene.checker.doubled(scene.sandbox)),
        faults=dict(scene.plan.played + scene.square.plan.played),
        breaches=scene.breaches(look_back=load.look_back),
    )
