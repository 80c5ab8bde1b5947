"""``goshawk replay``: a file of old posts through the same pipeline, bot and sandbox, in one process."""

from __future__ import annotations

import contextlib
import time
from dataclasses import dataclass, field, replace
from pathlib import Path

import typer

from bot import log
from bot.app import Goshawk, running
from bot.cases import promises
from bot.cli import progress
from bot.cli.loop import STOPPED
from bot.cli.loop import run as run_loop
from bot.cli.sandbox import SANDBOX_LOCK, WORKSPACE, opened
from bot.cli.summary import Summary
from bot.feeds.replay import Replay
from bot.sandbox.server import Sandbox
from bot.settings import Settings, only
from bot.store.lock import held
from bot.web.server import bind, serving

#: What draws: the end waits for all of these, also for those that are tried again later.
DRAWN = (promises.REDRAW, promises.LINE)


@dataclass(frozen=True, kw_only=True)
class Replaying:
    """One run over one file."""

    feed: Replay
    data: Path
    port: int
    summary: Summary = field(default_factory=Summary)

    def run(self) -> None:
        """Read and draw the file to its end, and tell what became of it however it ends.

        Raises:
            typer.Exit: stopped, or not all could be drawn.
            Unusable: the file or the folder cannot be used.
        """
        log.configure("WARNING")
        try:
            finished = run_loop(self._run())
        finally:
            if self.summary.read:
                typer.echo("\n".join(self.summary.lines()))
        if not finished:
            typer.echo("Stopped. What was read is kept; the same command goes on from there.", err=True)
            raise typer.Exit(STOPPED)
        if self.summary.given_up:
            raise typer.Exit(1)
        typer.echo(f"\nSee the cards:  goshawk sandbox --keep {self.data / 'slack.db'}")

    async def _run(self) -> None:
        self.feed.check()
        with held(self.data, name=SANDBOX_LOCK):
            await self._play()

    async def _play(self) -> None:
        sandbox = opened(keep=self.data / WORKSPACE)
        sandbox.limits.tighten("off")  # thousands of old cards at a message a second would take hours
        async with serving(sandbox.asgi, bind(self.port)) as url:
            async with running(_settings(sandbox, self.data, url)) as goshawk:
                if self.port:
                    typer.echo(f"Watch it happen: {url}")
                cards_before, dead_before = await _cards(goshawk), await _dead(goshawk)
                try:
                    await self._read(goshawk)
                    await self._draw(goshawk)
                finally:
                    self.summary.cards = await _cards(goshawk) - cards_before
                    self.summary.undrawn = await _undrawn(goshawk)
                    self.summary.given_up = await _dead(goshawk) - dead_before

    async def _read(self, goshawk: Goshawk) -> None:
        """Store the whole file; at full speed nothing is drawn meanwhile, so that each card is drawn once."""
        begun = time.monotonic()
        hold = goshawk.runner.held() if self.feed.speed is None else contextlib.nullcontext()
        with hold, progress.shown(f"reading {self.feed.path.name}") as told:
            try:
                await goshawk.listener(replace(self.feed, progress=told)).read(self.summary.add)
            finally:
                self.summary.reading_s = time.monotonic() - begun

    async def _draw(self, goshawk: Goshawk) -> None:
        begun = time.monotonic()
        total = await _undrawn(goshawk)
        with progress.shown("drawing cards") as told:
            try:
                await goshawk.runner.drained(DRAWN, lambda left: told(max(0, total - left), total))
            finally:
                self.summary.drawing_s = time.monotonic() - begun


async def _cards(goshawk: Goshawk) -> int:
    return await goshawk.store.read(lambda unit: unit.cards.count())


async def _undrawn(goshawk: Goshawk) -> int:
    return await goshawk.store.read(lambda unit: unit.jobs.count_open(DRAWN))


async def _dead(goshawk: Goshawk) -> int:
    return await goshawk.store.read(lambda unit: unit.jobs.count_dead())


def _settings(sandbox: Sandbox, data: Path, url: str) -> Settings:
    """Return a replay's own settings: the environment and goshawk.toml are never looked at."""
    return only(
        data=data,
        slack_bot_token=sandbox.bot_token,
        slack_app_token=sandbox.app_token,
        slack_api_url=f"{url}/api/",
        channels={"cases": "#social-care", "private": "#social-private"},
        tiers=[{"name": "lead", "channel": "#social-escalations", "notify": ["@social-leads"]}],
        card_gap_s=0,
        storm_per_minute=0,
    )
