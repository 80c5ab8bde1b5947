"""The commands that run Goshawk in earnest: all in one, or one part a process."""

from __future__ import annotations

import contextlib
import gc
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

app = typer.Typer()

# Each command loads its own rooms when it runs, as in bot/cli/commands.py.
# ruff: noqa: PLC0415

Port = Annotated[
    int | None,
    typer.Option(metavar="PORT", help="Port of Slack over HTTP, webhooks and health checks.", min=0, max=65535),
]
Host = Annotated[
    str | None, typer.Option(metavar="ADDRESS", help="Where to listen: 127.0.0.1; 0.0.0.0 for every network.")
]
Data = Annotated[Path | None, typer.Option(metavar="DIR", help="Folder of everything that is kept.")]


def given(**typed: Any) -> dict[str, Any]:
    """Return the settings that were typed; the others are read where they stand."""
    return {name: value for name, value in typed.items() if value is not None}


@contextlib.contextmanager
def loading() -> Iterator[None]:
    """Keep what is imported in the block out of the search for garbage: it stays as long as the process.

    That search would take a tenth of the start, and 50 ms of standing still every time later.
    """
    gc.disable()
    yield
    gc.freeze()
    gc.enable()


def _begin(part: str, **typed: Any) -> None:
    with loading():
        from bot.app import Part
        from bot.cli import run as command

    command.run(given(**typed), Part(part))


@app.command()
def run(port: Port = None, host: Host = None, data: Data = None) -> None:
    """Run with a real Slack workspace, all in one process.

    docs/slack.md gets you there in five minutes.
    The tokens stand in SLACK_BOT_TOKEN and SLACK_APP_TOKEN, everything else in goshawk.toml.
    """
    _begin("run", port=port, host=host, data=data)


@app.command()
def web(port: Port = None, host: Host = None, data: Data = None) -> None:
    """Answer over HTTP only: Slack, webhooks, health checks.

    Any number of them may share one PostgreSQL database with `goshawk worker`.
    Slack calls /slack/events when SLACK_SIGNING_SECRET is set.
    """
    _begin("web", port=port, host=host, data=data)


@app.command()
def worker(port: Port = None, host: Host = None, data: Data = None) -> None:
    """Keep promises, listen to feeds and to Slack.

    Any number of them may share one PostgreSQL database; each feed is listened to by one of them.
    Socket Mode is used when SLACK_APP_TOKEN is set. With --port it tells its health and figures there.
    """
    _begin("worker", port=port, host=host, data=data)
