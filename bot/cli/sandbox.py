"""``goshawk sandbox``: the local Slack alone."""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Iterator, Mapping, Sequence
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
from bot.store.lock import held
from bot.web.server import bind, serving

#: The workspace that demo and replay keep in their data folder, and what is held beside it while somebody writes it.
WORKSPACE = "slack.db"
SANDBOX_LOCK = f"{WORKSPACE}.lock"


def run(*, port: int, keep: Path | None, app: Path | None, request_url: str, exit_after: float | None) -> None:
    """Serve until told to stop; ``app`` is the manifest of somebody's own app."""
    log.configure("WARNING")
    start = "Then start yours: docs/sandbox.md says how." if app else "  goshawk run"
    with _alone_on(keep):
        sandbox = opened(keep=keep, app=app, request_url=request_url)
        run_loop(_run(port, sandbox, request_url, start, exit_after))


@contextlib.contextmanager
def _alone_on(keep: Path | None) -> Iterator[None]:
    """Hold the file of a workspace: of two that write it, one would lose what happened in it.

    Raises:
        Unusable: another sandbox, a demo or a replay writes it.
    """
    with contextlib.ExitStack() as stack:
        if keep and keep.parent.is_dir() and not keep.is_dir():
            try:
                stack.enter_context(held(keep.parent, name=f"{keep.name}.lock"))
            except Unusable as error:
                raise Unusable(
                    f"{keep} cannot be used: another sandbox, demo or replay writes it, or its folder cannot be "
                    "written. Stop that one, or name another file with --keep."
                ) from error
        yield


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
