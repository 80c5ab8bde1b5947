"""The commands on what is kept: written down, removed, copied, put back, brought up to date."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated, Literal

import typer

from bot.cli.parts import Data, given

app = typer.Typer()

# Each command loads its own rooms when it runs, as in bot/cli/commands.py.
# ruff: noqa: PLC0415


def _day(written: str) -> datetime:
    """Read a day as people are told to write it."""
    try:
        return datetime.strptime(written, "%Y-%m-%d")  # noqa: DTZ007 - a day has no zone; the reader's applies
    except ValueError as error:
        raise typer.BadParameter(f"{written!r} is no day. Write it as 2026-11-01.") from error


@app.command()
def export(
    since: Annotated[
        datetime | None, typer.Option(metavar="DATE", help="First day, for instance 2026-11-01.", parser=_day)
    ] = None,
    form: Annotated[
        Literal["csv", "json"], typer.Option("--format", help="csv is safe to open in a spreadsheet; json is exact.")
    ] = "csv",
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help="A new file; else it is printed.", show_default=False)
    ] = None,
    data: Data = None,
) -> None:
    """Write down who did what, as CSV or JSON.

    Every event with its person, its moment, the print of its text and the
    platform's id. It changes nothing and may run beside `goshawk run`.

    Example:  goshawk export --since 2026-11-01 --out november.csv
    """
    from bot.cli import export as command

    command.run(command.Wish(since=since, form=form, out=out), given(data=data))


@app.command()
def purge(
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only tell how much it would be.")] = False,
    data: Data = None,
) -> None:
    """Remove old words now, and give free disk space back.

    What is older than keep_days goes every day by itself; open cases never do.
    It may run beside `goshawk run`, which then empties the messages in Slack.

    Example:  goshawk purge --dry-run
    """
    from bot.cli import purge as command

    command.run(given(data=data), dry_run=dry_run)


@app.command()
def backup(
    to: Annotated[
        Path | None,
        typer.Argument(
            metavar="[FILE]", help="A new file, or a folder; else backups in the data folder.", show_default=False
        ),
    ] = None,
    *,
    keep: Annotated[
        int | None,
        typer.Option(metavar="N", help="Remove older ones there, named as this command names them.", min=1),
    ] = None,
    data: Data = None,
) -> None:
    """Copy the database while Goshawk runs.

    The copy is whole, of one moment, and for its owner alone; its checksum
    stands beside it. PostgreSQL has pg_dump: docs/operate.md.

    Example:  goshawk backup --keep 14
    """
    from bot.cli import backup as command

    command.run(given(data=data), to=to, keep=keep)


@app.command()
def restore(
    file: Annotated[Path | None, typer.Argument(help="The backup.", show_default=False)] = None,
    *,
    check: Annotated[bool, typer.Option("--check", help="Only look whether it is sound; change nothing.")] = False,
    data: Data = None,
) -> None:
    """Put a backup in the place of the database.

    Stop Goshawk before. What stood there is kept aside. At the next start
    nothing leaves before it was looked for, and old alarms rest for a while.
    With PostgreSQL, name no file: it makes a dump that was put back safe to start.

    Example:  goshawk restore --check /backups/goshawk.db
    """
    from bot.cli import restore as command

    command.run(given(data=data), file=file, check=check)


@app.command()
def migrate(
    data: Data = None,
) -> None:
    """Bring the database to this version's tables.

    Every other command does it by itself; deployments do it beforehand.
    """
    from bot.cli import run as command

    command.migrate(given(data=data))
