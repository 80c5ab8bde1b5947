"""Every command of ``goshawk``, with the words that its help shows."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bot import __version__
from bot.cli import jobs, parts, records

app = typer.Typer(
    name="goshawk",
    help="""Public complaints become cards in Slack; people answer from there, once.

    Begin with `goshawk demo`: it needs no account anywhere.
    """,
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

app.add_typer(jobs.app)
app.registered_commands += parts.app.registered_commands + records.app.registered_commands

# Each command loads its own rooms when it runs: `goshawk --help` needs no database and no Slack.
# ruff: noqa: PLC0415

Data = Annotated[Path, typer.Option(metavar="DIR", help="Folder of everything that is kept.")]
ExitAfter = Annotated[float | None, typer.Option(metavar="SECONDS", help="Stop by itself after so long.", min=0)]
Column = Annotated[str, typer.Option(metavar="COLUMN", help="Its column; guessed when not given.")]


def _tell_version(wanted: bool) -> None:  # noqa: FBT001 - Typer hands the flag over so
    if wanted:
        typer.echo(__version__)
        raise typer.Exit


@app.callback()
def every(
    *,
    version: Annotated[
        bool, typer.Option("--version", help="Print the version.", callback=_tell_version, is_eager=True)
    ] = False,
) -> None:
    """Take what may stand before any command."""


@app.command()
def demo(
    port: Annotated[
        int,
        typer.Option(
            metavar="PORT",
            help="Port of the page, on this machine only; the public platform takes the next one.",
            min=0,
            max=65534,
        ),
    ] = 8765,
    *,
    browser: Annotated[bool, typer.Option(help="Open the page in a browser.")] = True,
    data: Data = Path("goshawk-data/demo"),
    speed: Annotated[
        float, typer.Option(metavar="N", help="How many times faster people post.", min=0.1, max=1000)
    ] = 1.0,
    exit_after: ExitAfter = None,
) -> None:
    """Try Goshawk here and now, without any account.

    A Slack sandbox, the bot and a small public platform run on this machine.
    Start it again with the same --data and everything is still there.

    Example:  goshawk demo --speed 5
    """
    with parts.loading():
        from bot.cli import demo as command

    command.run(command.Options(port=port, browser=browser, data=data, speed=speed, exit_after=exit_after))


@app.command()
def replay(  # noqa: PLR0913 - one parameter a flag is how Typer reads a command
    file: Annotated[Path, typer.Argument(help="CSV with a header, or one JSON object a line; also gzip.")],
    *,
    data: Annotated[
        Path, typer.Option(metavar="DIR", help="Folder of everything that is kept; a second run adds nothing.")
    ] = Path("goshawk-data/replay"),
    speed: Annotated[
        float | None,
        typer.Option(
            metavar="N", help="N times faster than life, in the original spacing; else all at once.", min=0.001
        ),
    ] = None,
    platform: Annotated[str, typer.Option(metavar="NAME", help="Network of rows that name none.")] = "Replay",
    id_column: Column = "",
    text_column: Column = "",
    author_column: Column = "",
    posted_at_column: Column = "",
    thread_column: Column = "",
    answers_column: Column = "",
    url_column: Column = "",
    visibility_column: Column = "",
    own: Annotated[str, typer.Option(metavar="COLUMN=VALUE", help="Rows that our own accounts wrote; left out.")] = "",
    port: Annotated[
        int,
        typer.Option(metavar="PORT", help="Port of a page to watch it happen; 0: any, not shown.", min=0, max=65535),
    ] = 0,
) -> None:
    """Read a file of old posts as if they came in now.

    Their cards stand in a sandbox; a summary tells what became of each row.
    Stop it with Ctrl-C, and the same command goes on where it stopped.

    Example:  goshawk replay posts.csv.gz --text-column body --own from=us
    """
    from bot.cli import replay as command
    from bot.clock import SystemClock
    from bot.feeds.replay import Mapping, Replay

    mapping = Mapping(
        id=id_column,
        text=text_column,
        author=author_column,
        posted_at=posted_at_column,
        thread=thread_column,
        answers=answers_column,
        url=url_column,
        visibility=visibility_column,
        own=own,
    )
    feed = Replay(path=file, clock=SystemClock(), platform=platform, mapping=mapping, speed=speed)
    command.Replaying(feed=feed, data=data, port=port).run()


@app.command()
def sandbox(
    port: Annotated[int, typer.Option(metavar="PORT", help="Port, on this machine only.", min=0, max=65535)] = 8765,
    keep: Annotated[
        Path | None, typer.Option(metavar="FILE", help="File that keeps the workspace over a restart.")
    ] = None,
    manifest: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Manifest of your own app, as JSON; else Goshawk's.")
    ] = None,
    request_url: Annotated[
        str,
        typer.Option(
            metavar="URL",
            help="Post everything, signed as Slack does, to this URL of your bot; it must lead to this machine.",
            show_default=False,
        ),
    ] = "",
    exit_after: ExitAfter = None,
) -> None:
    """Run the Slack sandbox alone, to test a bot against it.

    The bot connects by Socket Mode, or is called at its --request-url.
    docs/sandbox.md leads from a bot of yours to its first test.

    Example:  goshawk sandbox --request-url http://127.0.0.1:3000/slack/events
    """
    from bot.cli import sandbox as command

    command.run(port=port, keep=keep, app=manifest, request_url=request_url, exit_after=exit_after)


@app.command()
def manifest(
    *,
    history: Annotated[
        bool, typer.Option("--history", help="Also ask to read history: cards are found again after a crash.")
    ] = False,
) -> None:
    """Print the manifest for "Create app from manifest".

    Slack asks for it on https://api.slack.com/apps when an app is created.
    """
    from bot.cli import run as command

    command.print_manifest(look_back=history)


@app.command()
def doctor(
    *,
    as_json: Annotated[bool, typer.Option("--json", help="For programs: every finding with its mark.")] = False,
    press: Annotated[
        bool, typer.Option("--press", help="Post a test card, wait for a press, and tell how long it took.")
    ] = False,
    wait: Annotated[float, typer.Option(metavar="SECONDS", help="Longest wait for that press.", min=1)] = 120,
) -> None:
    """Say what is well with Slack, settings and database.

    It names the settings file and the database that it found. It looks at
    versions, rights, disk, clock, tokens, scopes, channels, roles and feeds.
    It changes nothing and may run beside `goshawk run`.
    Exit code 0: all is well; 1: something to look at; 2: something is broken.
    """
    from bot.cli import doctor as command

    command.run(command.Wish(as_json=as_json, press=press, wait_s=wait))


@app.command()
def version() -> None:
    """Print the version."""
    typer.echo(__version__)


@app.command("help")
def show_help(
    context: typer.Context,
    command: Annotated[
        str, typer.Argument(metavar="[COMMAND]", help="The command to explain.", show_default=False)
    ] = "",
) -> None:
    """Show all commands, or explain one: goshawk help replay."""
    typed = ["--help"] if command in {"", "help"} else [command, "--help"]
    app(args=typed, prog_name=context.find_root().info_name)
