"""``goshawk sandbox``: the local Slack alone."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import typer

from bot import log
from bot.cli.loop import for_ever
from bot.cli.loop import run as run_loop
from bot.errors import Unusable
from bot.sandbox.errors import KeepUnusable, ManifestUnusable, UrlUnusable
from bot.sandbox.server import Sandbox
from bot.sandbox.tricks import Trick
from bot.slack.manifest import manifest, printed
from bot.web.server import bind, serving

#: Who plays Slack, and the public, on a data folder holds this file in it.
SANDBOX_LOCK = "sandbox.lock"


def run(*, port: int, keep: Path | None, request_url: str, exit_after: float | None) -> None:
    """Serve until told to stop."""
    log.configure("WARNING")
    run_loop(_run(port, keep, request_url, exit_after))


def opened(*, keep: Path | None, tricks: Sequence[Trick] = (), request_url: str = "") -> Sandbox:
    """Return a sandbox whose workspace is kept in a file.

    Raises:
        Unusable: the file cannot be used, Slack would not take our manifest, or the request URL leads elsewhere.
    """
    try:
        return Sandbox(
            manifest(look_back=True),
            keep=keep,
            sim_token=os.environ.get("GOSHAWK_SIM_TOKEN", ""),
            tricks=tricks,
            connect=printed(),
            request_url=request_url,
        )
    except KeepUnusable as error:
        raise Unusable(f"{error} Choose another file, or move this one away.") from error
    except (ManifestUnusable, UrlUnusable) as error:
        raise Unusable(str(error)) from error


async def _run(port: int, keep: Path | None, request_url: str, exit_after: float | None) -> None:
    sandbox = opened(keep=keep, request_url=request_url)
    async with serving(sandbox.asgi, bind(port)) as url:
        typer.echo(f"Slack sandbox: {url}")
        typer.echo("Connect a bot to it from another terminal:")
        typer.echo(f"  export SLACK_API_URL={url}/api/")
        typer.echo(f"  export SLACK_BOT_TOKEN={sandbox.bot_token}")
        if request_url:
            typer.echo(f"  export SLACK_SIGNING_SECRET={sandbox.signing_secret}")
            typer.echo(f"Commands, clicks and events are posted, signed, to {request_url}")
        else:
            typer.echo(f"  export SLACK_APP_TOKEN={sandbox.app_token}")
            typer.echo("  goshawk run")
        await for_ever(exit_after)
