"""The world around the bot under test: a Slack, a platform, a database, and a hand that kills.

Sandbox and platform live in the campaign's own process, so their ledgers can be
read at any moment; the bot lives in processes of its own and dies there.
"""

from __future__ import annotations

import asyncio
import contextlib
import multiprocessing
import os
import random
import signal
import time
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Any, Final

import httpx

from bot.app import Part
from bot.domain.job import Job
from bot.sandbox.messages import Message
from bot.sandbox.server import Sandbox
from bot.slack.manifest import manifest
from bot.store.engine import Store
from bot.web.server import bind, serving
from tests.campaign.checker import Checker
from tests.campaign.faults import CALM, Plan, Unreliable
from tests.campaign.front import PATH, Front
from tests.campaign.points import DIED, TRACE, WISH
from tests.campaign.square import Square
from tests.campaign.stores import database
from tests.campaign.victim import OFFSET, SETTLE_S, Orders, live

ANA, BEN, CLEO = "U0ANA00001", "U0BEN00001", "U0CLEO0001"
CARE, ESCALATIONS, PRIVATE = "C0CARE0001", "C0ESCAL001", "C0PRIVATE1"
TOKEN: Final = "campaign"
#: Longest that anything may take that must happen, in seconds; a machine may be busy with other things.
LONGEST_S: Final = float(os.environ.get("CAMPAIGN_LONGEST_S", "60"))

_nursery = multiprocessing.get_context("forkserver")
_nursery.set_forkserver_preload(["tests.campaign.victim", "tests.campaign.world"])


class Stuck(AssertionError):
    """What must happen did not."""


@dataclass
class World:
    """One run: everything that a fault, a person or a checker may touch."""

    folder: Path
    seed: int
    sandbox: Sandbox
    square: Square
    plan: Plan
    """What happens to calls to Slack; the square has its own."""
    settings: dict[str, Any]
    checker: Checker
    http: httpx.AsyncClient
    laid: bool = True
    bots: list[ForkServerProcess] = field(default_factory=list)
    deaths: int = 0

    # --- the bot's life and death

    def launch(self, part: Part = Part.ALL, **settings: Any) -> ForkServerProcess:
        """Start a bot, or a part of one, which is its name; it is not ready yet."""
        orders = Orders(self.folder, {**self.settings, **settings}, self.laid, part)
        bot = _nursery.Process(target=live, args=(orders,), name=part)
        bot.start()
        self.bots.append(bot)
        return bot

    async def start(self, part: Part = Part.ALL, **settings: Any) -> ForkServerProcess:
        """Start a bot and wait until it is connected."""
        bot = self.launch(part, **settings)
        await self.ready(bot)
        return bot

    async def ready(self, bot: ForkServerProcess) -> None:
        """Wait until a bot is connected; one that died meanwhile is ready for nothing."""
        await self.until(lambda: self.is_ready(bot) or bot.exitcode is not None, "the bot never got ready")
        if bot.exitcode not in {None, DIED, -signal.SIGKILL}:
            raise Stuck(f"the bot ended by itself ({bot.exitcode}); its log ends with:\n{self.log()[-3_000:]}")

    def is_ready(self, bot: ForkServerProcess) -> bool:
        """Whether a bot is connected."""
        return (self.folder / f"ready-{bot.pid}").exists()

    def doors(self) -> list[str]:
        """Return where Slack may knock just now: the addresses of the processes that answer over HTTP."""
        webs = [bot for bot in self.bots if bot.name == Part.WEB and self.is_ready(bot)]
        return [(self.folder / f"ready-{bot.pid}").read_text() for bot in webs]

    async def kill(self, bot: ForkServerProcess) -> None:
        """``kill -9``."""
        if bot.exitcode is None and bot.pid:
            os.kill(bot.pid, signal.SIGKILL)
        await self.dead(bot)

    async def dead(self, bot: ForkServerProcess, *, within_s: float = LONGEST_S) -> bool:
        """Wait until a bot is dead and Slack knows; False when it goes on living."""
        try:
            await self.until(lambda: bot.exitcode is not None, "the bot goes on living", within_s=within_s)
        except Stuck:
            return False
        self.bots.remove(bot)
        self.deaths += 1
        return True

    def log(self) -> str:
        """Return what every bot of this run has logged."""
        file = self.folder / "bot.log"
        return file.read_text(errors="replace") if file.exists() else ""

    # --- crash points

    def wish(self, point: str = "") -> None:
        """Let a bot die at ``point``; in any case count and write down anew what is passed from now on."""
        (self.folder / TRACE).write_text("")
        (self.folder / WISH).write_text(point)
        os.utime(self.folder / WISH, ns=(time.time_ns(), time.time_ns()))

    def passed(self) -> list[str]:
        """Return the points that were passed since the last wish."""
        return (self.folder / TRACE).read_text().splitlines()

    # --- people

    async def command(self, text: str, *, by: str = ANA, command: str = "/social") -> bool:
        """Type a command; False when nobody acknowledged it."""
        return await self.do("command", user=by, channel=CARE, command=command, text=text)

    async def do(self, what: str, **body: Any) -> bool:
        """Do anything in Slack that a person can; False when nobody acknowledged it."""
        with contextlib.suppress(httpx.HTTPError):
            return bool((await self.http.post(f"/sim/{what}", json=body)).json()["ok"])
        return False

    async def promise(self, *jobs: Job) -> None:
        """Promise jobs from outside, as a command line does beside a bot that runs."""
        store = Store(self.checker.url)
        store.open()
        try:
            await store.transact(lambda unit: [unit.jobs.add(job) for job in jobs])
        finally:
            store.close()

    def messages(self, channel: str = CARE) -> list[Message]:
        """Return what stands in a channel and its threads, for everybody, without what was deleted."""
        said = self.sandbox._world.messages.of(channel)
        return [one for one in said if not one.is_deleted and not one.for_user]

    # --- time

    async def turn(self, **span: float) -> None:
        """Turn every clock on by so many seconds, minutes or hours."""
        seconds = timedelta(**span).total_seconds()
        if seconds > 0:
            await self.http.post("/sim/clock", json={"advance_s": seconds})
        self.square.offset += timedelta(**span)
        (self.folder / OFFSET).write_text(str(self.square.offset.total_seconds()))

    async def until(self, come: Any, why: str, *, within_s: float = LONGEST_S) -> None:
        """Wait until something has come about.

        Raises:
            Stuck: it never did.
        """
        end = time.monotonic() + within_s
        while not come():
            if time.monotonic() > end:
                raise Stuck(f"{why} (seed {self.seed})")
            await asyncio.sleep(0.02)

    async def rest(self, *, within_s: float = LONGEST_S) -> None:
        """Wait until every post was read and every promise that is due was kept.

        Raises:
            Stuck: something is left; the text says what.
        """
        end = time.monotonic() + within_s
        still = 0
        while still < 3:
            left = await asyncio.to_thread(self.checker.left, listed=len(self.square.listed), at=self.now_s())
            still = 0 if left else still + 1
            if left and time.monotonic() > end:
                raise Stuck(f"never at rest (seed {self.seed}): {left[:5]}\n{self.log()[-2_000:]}")
            await asyncio.sleep(0.05)

    def now(self) -> datetime:
        """Return the moment that the bot's clock shows."""
        return datetime.now(UTC) + self.square.offset

    def now_s(self) -> float:
        """Return the same in seconds since 1970."""
        return self.now().timestamp()

    def breaches(self, *, look_back: bool = True) -> list[str]:
        """Compare all ledgers; every line is a broken promise."""
        return self.checker.breaches(self.sandbox, self.square, look_back=look_back)


@contextlib.asynccontextmanager
async def world(
    folder: Path,
    *,
    store: str = "sqlite",
    seed: int = 1,
    weather: Mapping[str, float] = CALM,
    look_back: bool = True,
    laid: bool = True,
    **settings: Any,
) -> AsyncIterator[World]:
    """Make a world without a bot; whatever bots are alive at the end are killed.

    With a ``slack_signing_secret`` among the settings Slack knocks over HTTP, at any web process that lives.
    """
    plan, square = Plan(seed, weather), Square(Plan(seed + 1, weather))
    knocked = bind(0)
    address = f"http://127.0.0.1:{knocked.getsockname()[1]}{PATH}" if "slack_signing_secret" in settings else ""
    sandbox = Sandbox(manifest(look_back=look_back), sim_token=TOKEN, request_url=address)
    sandbox.limits.tighten("off")
    with database(store, folder) as store_url:
        async with contextlib.AsyncExitStack() as stack:
            slack = await stack.enter_async_context(serving(Unreliable(sandbox.asgi, plan, TOKEN), bind(0)))
            town = await stack.enter_async_context(serving(square.asgi, bind(0)))
            http = await stack.enter_async_context(
                httpx.AsyncClient(base_url=slack, headers={"X-Sim-Token": TOKEN}, timeout=20)
            )
            checker = Checker(store_url)
            stack.callback(checker.close)
            given = _settings(folder, store_url, slack, town, sandbox) | settings
            made = World(folder, seed, sandbox, square, plan, given, checker, http, laid)
            await stack.enter_async_context(serving(Front(made.doors).asgi, knocked))
            try:
                yield made
            finally:
                for bot in list(made.bots):
                    await made.kill(bot)


def _settings(folder: Path, store_url: str, slack: str, town: str, sandbox: Sandbox) -> dict[str, Any]:
    return {
        "data": folder,
        "database_url": store_url.replace("postgresql+psycopg://", "postgresql://"),
        "slack_bot_token": sandbox.bot_token,
        "slack_app_token": sandbox.app_token,
        "slack_api_url": f"{slack}/api/",
        "channels": {"cases": "#social-care", "private": "#social-private"},
        "tiers": [
            {"name": "lead", "channel": "#social-escalations", "notify": ["@social-leads"]},
            {"name": "pr", "channel": "#social-escalations", "notify": ["@pr"]},
        ],
        "feeds": [{"kind": "demo", "name": "square", "url": town, "every_s": 0.5}],
        "undo_s": 0,
        "undo_p1_s": 0,
        "card_gap_s": 0,
        "home_gap_s": 0,
        "direct_reply": True,
        "stale_tier_minutes": 0,
        "stale_claim_minutes": 0,
        "rollup_minutes": 10_000,
        # Every case has a card here: what a board of a storm shows is counted in a campaign of its own.
        "storm_per_minute": 0,
        "replies_per_day": 0,
        "slack_settle_s": SETTLE_S,
    }


def dice(seed: int) -> random.Random:
    """Return dice that fall the same way for the same seed."""
    return random.Random(seed)  # noqa: S311 - a campaign that can be played again
