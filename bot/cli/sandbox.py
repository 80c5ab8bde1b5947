"""``goshawk sandbox``: the local Slack alone."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

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


def run(*, port: int, keep: Path | None, app: Path | None, request_url: str, exit_after: float | None) -> None:
    """Serve until told to stop; ``app`` is the manifest of somebody's own app."""
    log.configure("WARNING")
    sandbox = opened(keep=keep, app=app, request_url=request_url)
    start = "Then start yours: docs/sandbox.md says how." if app else "  goshawk run"
    run_loop(_run(port, sandbox, request_url, start, exit_after))


def opened(
    *, keep: Path | None, tricks: Sequence[Trick] = (), app: Path | None = None, request_url: str = ""
) -> Sandbox:
    """Return a sandbox whose workspace is kept in a file, with Goshawk or the app of another manifest installed.

    Raises:
        Unusable: a file cannot be used, Slack would not take the manifest, or the request URL leads elsewhere.
    """
    try:
        return Sandbox(
            _read(app) if app else manifest(look_back=True),
            keep=keep,
            sim_token=os.environ.get("GOSHAWK_SIM_TOKEN", ""),
            tricks=tricks,
            connect=app.read_text() if app else printed(),
            request_url=request_url,
        )
    except KeepUnusable as error:
        raise Unusable(f"{error} Choose another file, or move this one away.") from error
    except (ManifestUnusable, UrlUnusable) as error:
        raise Unusable(str(error)) from error


def _read(file: Path) -> Mapping[str, Any]:
    try:
        found = json.loads(file.read_text())
    except OSError as error:
        raise Unusable(f"The manifest {file} cannot be read ({error.strerror}). Check the name.") from error
    except ValueError as error:
        raise Unusable(f"The manifest {file} is no JSON. Slack's page for the app shows it as JSON, too.") from error
    if not isinstance(found, dict):
        raise Unusable(f"The manifest {file} is no JSON object. Copy it whole from Slack's page for the app.")
    return found


async def _run(port: int, sandbox: Sandbox, request_url: str, start: str, exit_after: float | None) -> None:
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
            typer.echo(start)
        await for_ever(exit_after)
