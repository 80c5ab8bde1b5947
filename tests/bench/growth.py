"""Measures what a mention costs when much is stored: ``python -m tests.bench growth [--most N] [--times N]``.

Two databases (SQLite, WAL, FULL): one with a thousand mentions, one with ``--most``,
of the last month, one in twenty of them a case that was answered. Both are given the
same new pages of 100 in turn, by people whose names sort anywhere, half of them
complaints: twins are looked for, cases joined or opened, all stored. The CPU of the
whole process counts. The posts are judged beforehand, as that part cannot grow and
would thin out what does.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from bot.cases.reception import Reception
from bot.clock import SystemClock
from bot.domain.policy import Policy
from bot.domain.route import Routes
from bot.feeds.base import Page
from bot.intake.pipeline import Pipeline
from bot.store import schema
from bot.store.engine import Store
from bot.triage.scorer import judge
from tests.bench.footprint import fill
from tests.bench.rig import children
from tests.bench.rig.pages import PAGE, Watch, bodies, mentions_of
from tests.bench.rig.sender import real_texts

LEAST = 1_000
#: Pages in one measured stretch.
STRETCH = 10


@contextmanager
def filled(number: int, folder: Path) -> Iterator[Pipeline]:
    """Give a way into a database with so many mentions."""
    url = f"sqlite:///{folder / f'{number}.db'}"
    schema.upgrade(url)
    asyncio.run(fill(url, number))
    store, clock = Store(url), SystemClock()
    store.open()
    verdicts = {one.text: judge(one) for body in bodies(3, real_texts()) for one in mentions_of(body)}
    try:
        yield Pipeline(
            Reception(store, clock, Policy(routes=Routes(cases="C0BENCH001"))), lambda one: verdicts[one.text]
        )
    finally:
        store.close()


async def spent_ms(pipeline: Pipeline, stretch: int) -> float:
    """Take in some pages; return the CPU of each mention."""
    watch = Watch()
    for body in bodies(STRETCH, real_texts(), first=10_000_000 + stretch * STRETCH * PAGE):
        page = Page(mentions=mentions_of(body), cursor=f"{stretch}")
        with watch:
            await pipeline.receive(page, feed="bench")
    return 1_000 * watch.spent.cpu_s / (STRETCH * PAGE)


def main(argv: Sequence[str] | None = None) -> None:
    """Print medians."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench growth", description=__doc__)
    parser.add_argument("--most", type=int, default=1_000_000)
    parser.add_argument("--times", type=int, default=9)
    options = parser.parse_args(argv)
    with children.folder() as folder, filled(LEAST, folder) as few, filled(options.most, folder) as many:
        turns = [(asyncio.run(spent_ms(few, n)), asyncio.run(spent_ms(many, n))) for n in range(-1, options.times)][1:]
    least, most = (statistics.median(side) for side in zip(*turns, strict=True))
    ratio = statistics.median(large / small for small, large in turns)
    print(  # noqa: T201 - a benchmark speaks to a terminal
        f"{LEAST:,} stored: {least:.3f} ms CPU a mention  {options.most:,} stored: {most:.3f} ms  "
        f"{ratio:.2f} times (goal 1.25; {children.machine()}, median of {options.times})"
    )


if __name__ == "__main__":
    main()
