"""``goshawk doctor``: what is well and what is not, in words, before anything runs or beside it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass

import typer

from bot import log
from bot.cli import kept, machine, press, workspace
from bot.cli.findings import Finding, as_json, broken, ok, verdict, warning, worst
from bot.clock import SystemClock
from bot.errors import Misconfigured
from bot.feeds import catalog
from bot.sections import FeedSettings
from bot.settings import Settings, load


@dataclass(frozen=True, slots=True)
class Wish:
    """How to look."""

    as_json: bool = False
    press: bool = False
    """Post a test card and wait for somebody to press it."""
    wait_s: float = 120.0
    """Longest wait for that press, in seconds."""


def run(wish: Wish | None = None) -> None:
    """Examine everything, and end with 0 when all is well, 1 with warnings, 2 when something is broken."""
    settings, wish = load(), wish or Wish()
    log.configure("CRITICAL")
    findings = asyncio.run(_examined(settings, wish))
    if wish.as_json:
        typer.echo(as_json(findings))
    else:
        typer.echo(verdict(findings))
    raise typer.Exit(worst(findings))


async def _examined(settings: Settings, wish: Wish) -> list[Finding]:
    findings = []
    async for one in _all(settings, wish):
        findings.append(one)
        if not wish.as_json:
            typer.echo(f"{one.mark.name.lower():8} {one.text}")
    return findings


async def _all(settings: Settings, wish: Wish) -> AsyncIterator[Finding]:
    clock = SystemClock()
    for one in machine.examined(settings):
        yield one
    async for one in kept.examined(settings, clock):
        yield one
    async with workspace.entered(settings) as place:
        if isinstance(place, Finding):
            yield place
        else:
            async for one in workspace.examined(place, settings, clock):
                yield one
            if wish.press:
                yield await press.tried(place, settings, clock, wait_s=wish.wait_s)
    for feed in settings.feeds:
        yield await _feed(settings, feed)
    if not settings.feeds:
        yield warning("feeds", "Nothing is listened to. Add [[feeds]] to goshawk.toml: docs/feeds.md.")


async def _feed(settings: Settings, feed: FeedSettings) -> Finding:
    try:
        built = catalog.build(settings.model_copy(update={"feeds": (feed,)}), SystemClock())
    except Misconfigured as trouble:
        return broken("feeds", str(trouble))
    for one in built.values():
        await one.aclose()
    return ok("feeds", f"Feed {feed.name}: {feed.kind}.{_unsaid(feed)}")


def _unsaid(feed: FeedSettings) -> str:
    """Say what becomes of posts that do not say who can read them."""
    if feed.kind != "webhook":
        return ""
    if feed.visibility == "public":
        return " Posts that do not say who can read them count as public, as you set it."
    return ' Posts that do not say who can read them count as private; visibility = "public" changes that.'
