"""``goshawk purge``: old words go now, not tonight, and the file gives its free pages back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import typer

from bot.cases.retention import Retention, Swept
from bot.cli.export import database
from bot.cli.loop import STOPPED
from bot.cli.loop import run as run_loop
from bot.clock import SystemClock
from bot.settings import load
from bot.store.engine import Store


def run(given: dict[str, Any], *, dry_run: bool) -> None:
    """Empty what is older than ``keep_days``, or only tell how much that is."""
    settings = load(**given)
    store = Store(database(settings))
    store.open()
    try:
        retention = Retention(store, SystemClock(), timedelta(days=settings.keep_days))
        if not run_loop(_run(store, retention, days=settings.keep_days, dry_run=dry_run)):
            raise typer.Exit(STOPPED)
    finally:
        store.close()


async def _run(store: Store, retention: Retention, *, days: int, dry_run: bool) -> None:
    if not days:
        typer.echo("keep_days is 0: words are kept for ever.")
    if dry_run and days:
        typer.echo(f"Older than {days} days: {(await retention.old()).words}. Nothing was changed.")
    if dry_run:
        return
    swept = await retention.sweep()
    await store.settle(compact=True)
    typer.echo(_told(swept))


def _told(swept: Swept) -> str:
    slack = " The messages are emptied while `goshawk run` runs." if swept.messages else ""
    return f"Removed the words of {swept.words}, and {swept.promises} promises that were kept long ago.{slack}"
