"""``goshawk run``, ``goshawk manifest`` and ``goshawk migrate``: with a real workspace."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from typing import Any

import typer
from starlette.applications import Starlette

from bot import log
from bot.app import Goshawk, running
from bot.cli.loop import for_ever
from bot.cli.loop import run as run_loop
from bot.feeds.webhook import Webhook
from bot.settings import Settings, load
from bot.slack.manifest import printed
from bot.store.lock import held
from bot.store.schema import ensure
from bot.web import webhooks
from bot.web.server import bind, serving


def run(given: dict[str, Any]) -> None:
    """Run until told to stop."""
    settings = load(**given)
    log.configure(settings.log_level, secrets=secrets_of(settings))
    run_loop(_run(settings))


async def _run(settings: Settings) -> None:
    with bind(settings.port) as listening:
        await _serve(settings, listening)


async def _serve(settings: Settings, listening: socket.socket) -> None:
    async with running(settings) as goshawk:
        async with serving(receiving(goshawk), listening) as url:
            typer.echo(f"Goshawk is watching. Webhooks and health: {url}")
            await for_ever()


def receiving(goshawk: Goshawk) -> Starlette:
    """Return what answers on the port: a hook for each feed that is delivered to, health, figures."""
    hooks = {name: feed for name, feed in goshawk.feeds.items() if isinstance(feed, Webhook)}
    return webhooks.build(hooks, goshawk.pipeline)


def secrets_of(settings: Settings) -> Iterator[str]:
    """Give every secret that the settings hold: none may ever stand in a log."""
    single = (settings.slack_bot_token, settings.slack_app_token, settings.slack_signing_secret)
    for secret in (*single, *settings.secrets.values()):
        yield from secret.get_secret_value().split()


def print_manifest(*, look_back: bool) -> None:
    """Print the manifest as JSON."""
    typer.echo(printed(look_back=look_back))


def migrate() -> None:
    """Bring the database up to date."""
    settings = load()
    with held(settings.data):
        ensure(settings.store_url)
    typer.echo("The database is up to date.")
