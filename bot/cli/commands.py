"""Every command of ``goshawk``, with the words that its help shows."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bot import __version__
from bot.cli import demo as demo_command
from bot.cli import replay as replay_command
from bot.cli import run as run_command
from bot.cli import sandbox as sandbox_command

app = typer.Typer(
    name="goshawk",
    help="Public complaints become cards in Slack; people answer from there, once.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

Port = Annotated[
    int, typer.Option(help="Port of the page on 127.0.0.1; the demo platform takes the next one.", min=0, max=65534)
]
Data = Annotated[Path, typer.Option(help="Folder of everything that is kept.")]
ExitAfter = Annotated[float | None, typer.Option(help="Stop by itself after so many seconds.", min=0)]


@app.command()
def demo(
    port: Port = 8765,
    *,
    browser: Annotated[bool, typer.Option(help="Open the page in a browser.")] = True,
    data: Data = Path("goshawk-data/demo"),
    speed: Annotated[float, typer.Option(help="How many times faster people post.", min=0.1, max=1000)] = 1.0,
    exit_after: ExitAfter = None,
) -> None:
    """Try Goshawk here and now: a Slack sandbox, a small public platform, no account anywhere."""
    demo_command.run(demo_command.Options(port=port, browser=browser, data=data, speed=speed, exit_after=exit_after))


@app.command()
def run(
    port: Annotated[int | None, typer.Option(help="Port of webhooks and health checks on 127.0.0.1.")] = None,
    data: Annotated[Path | None, typer.Option(help="Folder of everything that is kept.")] = None,
) -> None:
    """Run with a real Slack workspace; docs/slack.md gets you there in five minutes."""
    given = {"port": port, "data": data}
    run_command.run({name: value for name, value in given.items() if value is not None})


@app.command()
def sandbox(
    port: Annotated[int, typer.Option(help="Port on 127.0.0.1.", min=0, max=65535)] = 8765,
    keep: Annotated[Path | None, typer.Option(help="File that keeps the workspace over a restart.")] = None,
    exit_after: ExitAfter = None,
) -> None:
    """Run the Slack sandbox alone, for developing and testing a bot against it."""
    sandbox_command.run(port=port, keep=keep, exit_after=exit_after)


@app.command()
def manifest() -> None:
    """Print the manifest for "Create app from manifest" on Slack's app page."""
    run_command.print_manifest()


@app.command()
def migrate() -> None:
    """Bring the database to this version's schema; every other command does it by itself."""
    run_command.migrate()


@app.command()
def version() -> None:
    """Print the version."""
    typer.echo(__version__)


app.command(name="replay")(replay_command.replay)
