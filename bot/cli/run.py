"""``goshawk run`` and its parts ``web`` and ``worker``, ``manifest`` and ``migrate``: with a real workspace."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import typer
from starlette.applications import Starlette

from bot import log
from bot.app import Goshawk, Part, running
from bot.cases.watching import Watching
from bot.cli.loop import LAST_S, for_ever
from bot.cli.loop import run as run_loop
from bot.feeds.webhook import Webhook
from bot.settings import Settings, load
from bot.slack.manifest import printed
from bot.store.lock import alone
from bot.store.schema import ensure
from bot.web import webhooks
from bot.web.figures import Figures
from bot.web.server import bind, serving

#: What each part says that it does.
_DOES: Final = {Part.ALL: "watching", Part.WEB: "receiving", Part.WORKER: "at work"}


def run(given: dict[str, Any], part: Part = Part.ALL) -> None:
    """Run everything, or one part, until told to stop; a worker answers over HTTP when it is given a port."""
    settings = load(**given)
    log.configure(settings.log_level, secrets=secrets_of(settings))
    run_loop(_serve(settings, part) if part.serves or "port" in given else _work(settings), last_s=LAST_S)


async def _serve(settings: Settings, part: Part) -> None:
    with bind(settings.port, settings.host) as listening:
        async with running(settings, part=part) as goshawk:
            token, per_day = settings.metrics_token.get_secret_value(), settings.replies_per_day
            app = receiving(goshawk, metrics_token=token, per_day=per_day)
            async with serving(app, listening) as url:
                typer.echo(f"Goshawk is {_DOES[part]}. Webhooks and health: {url}")
                await _until_told(goshawk)


async def _work(settings: Settings) -> None:
    async with running(settings, part=Part.WORKER) as goshawk:
        typer.echo(f"Goshawk is {_DOES[Part.WORKER]}.")
        await _until_told(goshawk)


async def _until_told(goshawk: Goshawk) -> None:
    """Wait for the signal to stop, and drain while health checks are still answered."""
    try:
        await for_ever()
    finally:
        await goshawk.drain()


def receiving(goshawk: Goshawk, *, metrics_token: str = "", per_day: int = 0) -> Starlette:
    """Return what answers on the port: Slack's door, a hook for each feed that is delivered to, health, figures."""
    hooks = {name: feed for name, feed in goshawk.feeds.items() if isinstance(feed, Webhook)}
    figures = Figures(Watching(goshawk.store, goshawk.clock, per_day=per_day).gauges, token=metrics_token)
    door = [goshawk.door.route()] if goshawk.door else []
    return webhooks.build(hooks, goshawk.pipeline, more=[*goshawk.health.routes(), figures.route(), *door])


def secrets_of(settings: Settings) -> Iterator[str]:
    """Give every secret that the settings hold: none may ever stand in a log."""
    single = (
        settings.slack_bot_token,
        settings.slack_app_token,
        settings.slack_signing_secret,
        settings.metrics_token,
        settings.heartbeat_url,
    )
    for secret in (*single, *settings.secrets.values()):
        yield from secret.get_secret_value().split()
    yield settings.heartbeat_url.get_secret_value().partition("//")[2].partition("/")[2]


def print_manifest(*, look_back: bool) -> None:
    """Print the manifest as JSON."""
    typer.echo(printed(look_back=look_back))


def migrate(given: dict[str, Any]) -> None:
    """Bring the database up to date."""
    settings = load(**given)
    with alone(settings.store_url, settings.data):
        ensure(settings.store_url)
    typer.echo("The database is up to date.")
