"""``goshawk replay``: a file of old posts through the same pipeline, bot and sandbox, in one process."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

from bot import log
from bot.app import Goshawk, running
from bot.cases.reception import Taken
from bot.cli.demo import make_folder
from bot.cli.loop import run as run_loop
from bot.clock import SystemClock
from bot.feeds.base import Page
from bot.feeds.replay import Mapping, Replay
from bot.sandbox.server import Sandbox
from bot.settings import Settings, only
from bot.slack.manifest import manifest
from bot.web.server import bind, serving

Column = Annotated[str, typer.Option(metavar="COLUMN", help="Column of this field; guessed when not given.")]


@dataclass
class Tally:
    """What became of every row that was read."""

    taken: Taken = field(default_factory=Taken)
    skipped: Counter[str] = field(default_factory=Counter)
    rejected: Counter[str] = field(default_factory=Counter)
    examples: list[str] = field(default_factory=list)

    def add(self, page: Page, taken: Taken) -> None:
        """Count one page."""
        self.taken = self.taken + taken
        self.skipped.update(page.skipped)
        self.rejected.update(page.rejected)
        self.examples = [*self.examples, *page.examples][:5]

    @property
    def read(self) -> int:
        """All rows: the parts below add up to this."""
        parts = (self.taken.stored, self.taken.twins, self.skipped.total(), self.rejected.total())
        return sum(parts)

    def lines(self) -> list[str]:
        """Return the summary, whose sums agree."""
        taken = self.taken
        return [
            f"read      {self.read:>8,}",
            f"stored    {taken.stored:>8,}",
            f"known     {taken.twins:>8,}  (twins: the same post again)",
            f"skipped   {self.skipped.total():>8,}{_reasons(self.skipped)}",
            f"rejected  {self.rejected.total():>8,}{_reasons(self.rejected)}",
            f"flagged   {taken.flagged:>8,}  (of the stored; {taken.opened:,} new cases)",
            *[f"          {example}" for example in self.examples],
        ]


def replay(  # noqa: PLR0913 - one parameter a flag is how Typer reads a command
    file: Annotated[Path, typer.Argument(help="CSV or JSON lines, also gzip.")],
    *,
    data: Annotated[Path, typer.Option(help="Folder of everything that is kept; a second run adds nothing.")] = Path(
        "goshawk-data/replay"
    ),
    speed: Annotated[
        float | None, typer.Option(help="How many times faster than life; not given: at once.", min=0.001)
    ] = None,
    platform: Annotated[str, typer.Option(help="Network of rows that name none.")] = "Replay",
    id_column: Column = "",
    text_column: Column = "",
    author_column: Column = "",
    posted_at_column: Column = "",
    thread_column: Column = "",
    answers_column: Column = "",
    own: Annotated[str, typer.Option(metavar="COLUMN=VALUE", help="Rows that our own accounts wrote; left out.")] = "",
    port: Annotated[int, typer.Option(help="Port of the page, to watch it happen; 0 takes any.", min=0, max=65535)] = 0,
) -> None:
    """Read a file of old posts as if they came in now: cards in the sandbox, a summary at the end."""
    mapping = Mapping(
        id=id_column,
        text=text_column,
        author=author_column,
        posted_at=posted_at_column,
        thread=thread_column,
        answers=answers_column,
        own=own,
    )
    log.configure("WARNING")
    feed = Replay(path=file, clock=SystemClock(), platform=platform, mapping=mapping, speed=speed)
    run_loop(_run(feed, data, port))


async def _run(feed: Replay, data: Path, port: int) -> None:
    make_folder(data)
    sandbox = Sandbox(manifest(), keep=data / "slack.db")
    tally = Tally()
    async with serving(sandbox.asgi, bind(port)) as url:
        async with running(_settings(sandbox, data, url)) as goshawk:
            if port:
                typer.echo(f"Watch it happen: {url}")
            await _read(goshawk, feed, tally)
            await goshawk.runner.settled()
    typer.echo("\n".join(tally.lines()))


async def _read(goshawk: Goshawk, feed: Replay, tally: Tally) -> None:
    """Read the file to its end with a progress bar on standard error."""
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(feed.path.name, total=None)
        watched = replace(feed, progress=lambda done, total: bar.update(task, completed=done, total=total))
        await goshawk.listener(watched).read(tally.add)


def _settings(sandbox: Sandbox, data: Path, url: str) -> Settings:
    return only(
        data=data,
        slack_bot_token=sandbox.bot_token,
        slack_app_token=sandbox.app_token,
        slack_api_url=f"{url}/api/",
        channels={"cases": "#social-care", "private": "#social-private"},
        tiers=[{"name": "lead", "channel": "#social-escalations", "notify": ["@social-leads"]}],
        card_gap_s=0,
    )


def _reasons(counts: Counter[str]) -> str:
    told = ", ".join(f"{reason}: {count:,}" for reason, count in counts.most_common())
    return f"  ({told})" if told else ""
