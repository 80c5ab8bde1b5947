"""``goshawk jobs``: what was given up, tried again or dropped, beside a bot that runs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from bot.cli.parts import Data, given

app = typer.Typer(
    name="jobs",
    help="See to promises that were given up.",
    no_args_is_help=True,
)

# Each command loads its own rooms when it runs, as in bot/cli/commands.py.
# ruff: noqa: PLC0415

Keys = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[KEY]...", help="Keys as `goshawk jobs list` shows them; --all: every one.", show_default=False
    ),
]
All = Annotated[bool, typer.Option("--all", help="Every job that was given up.")]
AsJson = Annotated[bool, typer.Option("--json", help="As JSON, for other programs.")]


@app.command("list")
def show(*, as_json: AsJson = False, data: Data = None) -> None:
    """Show the jobs that were given up, and how many wait.

    Example:  goshawk jobs list --json
    """
    import orjson

    from bot.store.unit import Unit

    def work(unit: Unit) -> tuple[list[dict[str, Any]], dict[str, int]]:
        rows = [
            {"key": job.key, "kind": job.kind, "subject": job.subject, "tries": job.tries, "trouble": job.trouble}
            | {"dead_at": job.dead_at.isoformat(timespec="seconds") if job.dead_at else ""}
            for job in unit.jobs.dead()
        ]
        return rows, {"waiting": unit.jobs.count_waiting(), "given_up": len(rows)}

    dead, counts = _with_store(data, work, writes=False)
    if as_json:
        typer.echo(orjson.dumps({"jobs": dead, **counts}, option=orjson.OPT_INDENT_2).decode())
        return
    for one in dead:
        typer.echo(f"{one['key']}  given up {one['dead_at']} after {one['tries']} tries: {one['trouble']}")
    typer.echo(f"{len(dead)} given up, {counts['waiting']} waiting.")


@app.command()
def retry(keys: Keys = None, *, every: All = False, as_json: AsJson = False, data: Data = None) -> None:
    """Have jobs tried again that were given up; a bot that runs begins within a second.

    Example:  goshawk jobs retry card.redraw:12
    """
    _see_to(data, keys, revive=True, every=every, as_json=as_json)


@app.command()
def drop(keys: Keys = None, *, every: All = False, as_json: AsJson = False, data: Data = None) -> None:
    """Drop jobs that were given up: what they promised will not happen.

    Example:  goshawk jobs drop --all
    """
    _see_to(data, keys, revive=False, every=every, as_json=as_json)


def _see_to(data: Path | None, keys: Sequence[str] | None, *, revive: bool, every: bool, as_json: bool) -> None:
    import orjson

    from bot.cases import letters
    from bot.clock import SystemClock
    from bot.errors import NotAllowed, Unusable
    from bot.store.unit import Unit

    if bool(keys) == every:
        raise typer.BadParameter("Name keys, or write --all. `goshawk jobs list` shows the keys.")

    def work(unit: Unit) -> list[str]:
        dead = letters.named(unit, keys or ())
        letters.see_to(unit, dead, letters.SHELL, revive=revive, at=SystemClock().now())
        return [job.key for job in dead]

    try:
        done = _with_store(data, work, writes=True)
    except NotAllowed as strange:
        raise Unusable(str(strange)) from strange
    if as_json:
        typer.echo(orjson.dumps({"jobs": done}).decode())
    else:
        typer.echo("\n".join([*done, f"{len(done)} {'to be tried again' if revive else 'dropped'}."]))


def _with_store(data: Path | None, work: Callable[..., Any], *, writes: bool) -> Any:
    """Do one short transaction, beside whatever else runs."""
    from bot.cli.export import database
    from bot.cli.loop import run as run_loop
    from bot.settings import load
    from bot.store.engine import Store

    store = Store(database(load(**given(data=data))))
    store.open()
    answers: list[Any] = []

    async def once() -> None:
        answers.append(await (store.transact(work) if writes else store.read(work)))

    try:
        if not run_loop(once()):
            raise typer.Exit(130)
        return answers[0]
    finally:
        store.close()
