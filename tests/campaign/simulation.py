"""F25: one seed is one history of a whole bot, its deaths and its bad weather, the same to the last byte each time.

``simulate(seed)`` runs the real app (:func:`bot.app.running`) on an hourglass,
over one database in memory and a network of dice. People write, press, change
their minds; hours pass; the process dies at some port and another one takes
over. At the end the weather clears, time passes until nothing is left to do,
and all ledgers are compared (:mod:`tests.campaign.checker`).
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import random
import traceback
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from tempfile import gettempdir
from typing import Any, Final

import structlog

from bot.app import Ways, running
from bot.errors import Misconfigured
from bot.settings import Settings, only
from bot.store import tables
from tests.campaign.checker import Checker
from tests.campaign.disk import Disk, memory
from tests.campaign.faults import Plan
from tests.campaign.hourglass import Hourglass
from tests.campaign.network import Life, Network, dice_of
from tests.campaign.people import STAFF, Crowd
from tests.campaign.ports import Session, Slack, Town
from tests.campaign.square import Square

#: Steps of one seed.
STEPS: Final = 200
#: How often what happens, as shares.
STEP_KINDS: Final = {
    "post": 4,
    "repeat": 1,
    "edit": 1,
    "delete": 1,
    "command": 12,
    "hours": 4,
    "silence": 1,
    "deploy": 1,
    "calm": 75,
}
#: Virtual minutes in which everything must have come to rest once the weather is fair: 5 minutes is the longest pause.
PATIENCE_M: Final = 240
#: Seconds of each such minute that the machine is awake.
AWAKE_S: Final = 4.0
SECRET: Final = "simulation"


@dataclass
class History:
    """What came of one seed."""

    seed: int
    steps: Counter[str] = field(default_factory=Counter)
    deaths: int = 0
    told: dict[str, int] = field(default_factory=dict)
    """What stands in the ledgers at the end, by name."""
    virtual_s: float = 0.0
    faults: dict[str, int] = field(default_factory=dict)
    breaches: list[str] = field(default_factory=list)
    trace: list[str] = field(default_factory=list)

    @property
    def counts(self) -> dict[str, int]:
        """Return all that can be added up over seeds."""
        lost = {"deaths": self.deaths, "faults": sum(self.faults.values()), "crossings": len(self.trace)}
        return {"steps": self.steps.total(), **lost, **self.told}

    @property
    def print(self) -> str:
        """Tell this history from every other."""
        return sha256("\n".join(self.trace).encode()).hexdigest()


def simulate(seed: int, *, steps: int = STEPS) -> History:
    """Play one seed from its beginning to its rest."""
    with asyncio.Runner(loop_factory=Hourglass) as runner, _overheard() as faults:
        loop = runner.get_loop()
        assert isinstance(loop, Hourglass)
        random.seed(seed)  # the bot's own spread of its pauses
        history = runner.run(Simulation(seed, loop).play(steps))
        history.breaches += faults
    return history


class Simulation:
    """Everything of one seed."""

    def __init__(self, seed: int, loop: Hourglass) -> None:
        self.seed, self.loop = seed, loop
        self.history = History(seed)
        self.dice = dice_of(seed, "steps")
        self.is_fair, self.born = False, 0
        self.network = Network(seed, loop, self.tell)
        self.square, self.slack = Square(Plan(seed)), Slack(loop)
        self.storms = seed % 4 == 1
        """Posts come in heaps, too, and cards of a heap fold into a board."""
        self.settings = _settings(gap_s=1.05 * (seed % 4 == 2), storm=2 * self.storms)
        self.processes = asyncio.TaskGroup()
        self.holders: dict[str, Life] | None = {} if seed % 3 == 0 else None
        """Who listens to which feed, where two processes share the database; None: there is one."""
        self.lives: list[Life] = []
        self.crowd = Crowd(self)

    def tell(self, line: str) -> None:
        """Write down what happens."""
        self.history.trace.append(f"{self.loop.time():.6f} {line}")

    async def play(self, steps: int) -> History:
        """Take the steps, let it rest, and compare."""
        base = memory()
        base.blank.backup(base.kept)
        async with self.processes, asyncio.TaskGroup() as slots:
            living = [slots.create_task(self._slot()) for _ in range(1 if self.holders is None else 2)]
            for _ in range(steps):
                await self._step()
            await self._rest(base.checker)
            self._count(base.checker)
            for life in self.lives:
                life.stop()
            for slot in living:
                slot.cancel()
        return self.history

    # --- the process

    async def _slot(self) -> None:
        """Let one process live after the other; what a dead one still unwinds is nobody's business."""
        while True:
            self.born += 1
            life = Life(self.born, dice_of(self.seed, "life", self.born), self.tell, self.loop)
            if self.is_fair:
                life.spare()
            life.task = self.processes.create_task(self._process(life))
            self.lives.append(life)
            await life.gone.wait()
            self.lives.remove(life)
            await asyncio.sleep(dice_of(self.seed, "pause", self.born).uniform(0.1, 2))

    async def _process(self, life: Life) -> None:
        disk = Disk(self.network, life, dice_of(self.seed, "disk", life.number), self.holders)
        ways = Ways(
            to_store=lambda _: _soon(disk),
            to_feeds=lambda *_: {"square": Town(self.network, self.square, life, self.loop.now)},
            to_slack=lambda: contextlib.nullcontext(Session(self.network, self.slack, life)),
        )
        try:
            async with running(self.settings, self.loop, ways=ways) as goshawk:
                life.door = goshawk.door
                await asyncio.Event().wait()
        except Misconfigured as trouble:  # Slack did not answer at the start: whoever watches starts it anew
            self.tell(f"{life.number} does not start: {trouble}")
        except Exception as fault:  # noqa: BLE001 - a breach, whatever it is
            if life.alive:
                self.history.breaches.append(f"the process ended by itself: {fault!r}")
        finally:
            self.history.deaths += not life.alive
            life.end()

    # --- what happens

    async def _step(self) -> None:
        kind = self.dice.choices(list(STEP_KINDS), list(STEP_KINDS.values()))[0]
        self.history.steps[kind] += 1
        self.tell(f"step {kind}")
        match kind:
            case "hours":
                await self._sleep_through(self.dice.choice((60, 600, 1_800, 3_700, 30_000)))
            case "silence":
                self._silence(self.dice.choice(("slack", "square")), self.dice.uniform(2, 60))
            case "deploy" if self.lives:
                self.dice.choice(self.lives).stop()
            case _:
                await self.crowd.act(kind)
        await asyncio.sleep(self.dice.choice((0.01, 0.1, 0.3, 1.0)))

    def _silence(self, where: str, seconds: float) -> None:
        """Let a far side answer nothing but errors for a while."""
        self.network.down.add(where)
        self.loop.call_later(seconds, self.network.down.discard, where)

    async def _sleep_through(self, seconds: float) -> None:
        """Let the machine sleep so long; what is under way in the network lands first, at its own time."""
        for _ in range(100):
            if not self.network.under_way:
                break
            await asyncio.sleep(0.4)
        else:
            return
        self.tell(f"sleeps {seconds} s")
        self.loop.turn(seconds)
        await asyncio.sleep(0)

    async def _rest(self, checker: Checker) -> None:
        """Heal the network, and let time pass until nothing is left to do."""
        self.tell("the weather clears")
        self.network.mix, self.network.down = {}, set()
        self.is_fair = True
        for life in self.lives:
            life.spare()
        left: list[str] = ["not looked at yet"]
        for minute in range(PATIENCE_M):
            if minute in {1, 2}:
                self.crowd.type(STAFF[2], "/social", "unfreeze")
            await asyncio.sleep(AWAKE_S)
            await self._sleep_through(60)
            left = checker.left(listed=len(self.square.listed), at=self.loop.now().timestamp())
            if not left and minute > 3:
                return
        self.history.breaches += [f"never at rest: {one}" for one in left]

    def _count(self, checker: Checker) -> None:
        history = self.history
        replies = checker.rows(tables.reply)
        history.told = {
            "mentions": len(self.square.posts),
            "cases": len(checker.rows(tables.case)),
            "replies": len(self.square.ledger),
            "unknown": sum(one.state == "unknown" for one in replies),
        }
        history.virtual_s, history.faults = self.loop.time(), dict(self.network.played)
        history.breaches += checker.breaches(self.slack, self.square, look_back=True)  # type: ignore[arg-type]


async def _soon(store: Any) -> Any:
    return store


def _settings(*, gap_s: float, storm: int) -> Settings:
    return only(
        data=Path(gettempdir()),
        # Nobody else can hold a database in memory; a server's name keeps the lock on a file out of play.
        database_url="postgresql://simulation",
        slack_bot_token="xoxb-sandbox-harbourline-goshawk",
        slack_signing_secret=SECRET,
        slack_api_url="http://127.0.0.1:1/api/",
        channels={"cases": "#social-care", "private": "#social-private"},
        tiers=[
            {"name": "lead", "channel": "#social-escalations", "notify": ["@social-leads"]},
            {"name": "pr", "channel": "#social-escalations", "notify": ["@pr"]},
        ],
        feeds=[],
        card_gap_s=gap_s,
        undo_s=5,
        undo_p1_s=2,
        direct_reply=True,
        storm_per_minute=storm,
    )


@contextlib.contextmanager
def _overheard() -> Iterator[list[str]]:
    """Give the faults that the bot logs as unforeseen, and nothing else that it logs."""
    heard: list[str] = []

    def hear(_logger: Any, _method: str, line: Any) -> Any:
        if line.get("exc_info"):
            heard.append(f"an unforeseen fault: {line['event']}: {traceback.format_exc(limit=-3)}")
        raise structlog.DropEvent

    structlog.configure(processors=[hear], wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    try:
        yield heard
    finally:
        structlog.reset_defaults()
