"""``goshawk demo``: the whole story on this machine, on real parts."""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import socket
import sqlite3
import webbrowser
from dataclasses import dataclass
from pathlib import Path

import typer

from bot import log
from bot.app import running
from bot.cli.loop import for_ever
from bot.cli.loop import run as run_loop
from bot.cli.sandbox import SANDBOX_LOCK, WORKSPACE, opened
from bot.demo.server import STORM_S, Platform
from bot.demo.square import StormUnderWayError
from bot.errors import Unusable
from bot.sandbox.errors import NotPossible
from bot.sandbox.server import Sandbox
from bot.sandbox.tricks import Played, Trick
from bot.settings import Settings, only
from bot.store.lock import held
from bot.web.server import bind, serving

#: Seconds for which the platform is taken down: time to see it said, to write a reply, and to see it wait.
DOWN_S = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What was typed."""

    port: int
    browser: bool
    data: Path
    speed: float
    exit_after: float | None


def run(options: Options) -> None:
    """Run the demo until it is told to stop."""
    # What goes wrong outside is told on the page; a terminal full of JSON would hide the two lines that matter.
    log.configure("ERROR")
    with held(options.data, name=SANDBOX_LOCK):
        run_loop(_run(options))


async def _run(options: Options) -> None:
    with bind(options.port) as page, bind(options.port + 1 if options.port else 0) as town:
        await _play(options, page, town)


async def _play(options: Options, page: socket.socket, town: socket.socket) -> None:
    token = secrets.token_hex(16)
    platform = _platform(options, token)
    sandbox = opened(keep=options.data / WORKSPACE, tricks=_tricks(platform))
    async with serving(sandbox.asgi, page) as url, serving(platform.asgi, town) as town_url:
        settings = _settings(options, sandbox, slack_url=url, town_url=town_url, token=token)
        async with running(settings):
            typer.echo(f"Goshawk is watching: {url}")
            typer.echo(f"People talk about Harbourline on {town_url}. Stop with Ctrl-C; {options.data} keeps all.")
            if options.browser:
                await asyncio.to_thread(webbrowser.open, url)
            await for_ever(options.exit_after)


def _platform(options: Options, token: str) -> Platform:
    keep = options.data / "platform.db"
    try:
        with contextlib.closing(sqlite3.connect(keep)) as looking:
            looking.execute("SELECT name FROM sqlite_master").fetchall()
    except sqlite3.Error as error:
        raise Unusable(f"The platform cannot use {keep}: {error}. Move it away, or choose another --data.") from error
    return Platform(keep=keep, speed=options.speed, token=token)


def _tricks(platform: Platform) -> tuple[Trick, ...]:
    """Return what the page offers to play on the platform."""

    async def storm() -> Played:
        try:
            posts = platform.storm(seconds=STORM_S)
        except StormUnderWayError as error:
            raise NotPossible("trick_under_way", message=str(error)) from error
        return Played(f"Storm: {posts} posts about one trouble in the next {STORM_S} s. Watch #social-care.", STORM_S)

    async def down() -> Played:
        platform.down(DOWN_S, retry_after_s=1)
        return Played(
            f"The platform is down for {DOWN_S} s. In a few seconds #social-care says so. "
            "Send a reply meanwhile: it waits, and leaves once.",
            DOWN_S,
        )

    return (
        Trick("storm", "A storm", f"Dozens complain at once, for {STORM_S} s.", storm),
        Trick("down", "Take the platform down", "For a minute, not a word in or out.", down),
    )


def _settings(options: Options, sandbox: Sandbox, *, slack_url: str, town_url: str, token: str) -> Settings:
    """Return the demo's own settings: a real workspace's tokens and files are never looked at."""
    return only(
        data=options.data,
        slack_bot_token=sandbox.bot_token,
        slack_app_token=sandbox.app_token,
        slack_api_url=f"{slack_url}/api/",
        channels={"cases": "#social-care", "private": "#social-private"},
        tiers=[
            {"name": "lead", "channel": "#social-escalations", "notify": ["@social-leads"]},
            {"name": "pr", "channel": "#social-escalations", "notify": ["@pr"]},
        ],
        oncall="@social-leads",
        undo_s=5,
        undo_p1_s=5,
        rollup_minutes=10,
        feeds=[{"kind": "demo", "name": "demo", "url": town_url, "every_s": 0.5}],
        secrets={"demo": token},
    )
