"""Measures pages of 100 posts: ``python -m tests.bench ingest-page [--times N] [--pages N]``.

Ours is the listener of a feed, as installed: read (orjson), judged, twins looked for,
joined or opened with what was promised, stored durably (SQLite, WAL, FULL) with the
place at which the feed goes on. Nothing is drawn. Beside it, in the same run and on
the same core, the least that could be called taking a page in: the same reading, the
same `judge`, and one durable transaction of the driver's ``executemany`` into a
table with a unique key and two indexes. Both get the project's labelled posts in turn,
of which half are complaints, so that ours opens a case for every second post.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sqlite3
import statistics
from collections.abc import Sequence
from pathlib import Path

import orjson

from bot.cases.reception import Reception
from bot.clock import SystemClock
from bot.domain.policy import Policy
from bot.domain.route import Routes
from bot.intake.listener import Listener
from bot.intake.pipeline import Pipeline
from bot.store import schema
from bot.store.engine import Store
from bot.triage.scorer import judge
from tests.bench.rig import children
from tests.bench.rig.pages import PAGE, Pages, Spent, Watch, bodies, mentions_of
from tests.bench.rig.sender import real_texts

_BARE = """
CREATE TABLE mention (id INTEGER PRIMARY KEY, feed TEXT, platform TEXT, post_id TEXT, handle TEXT, text TEXT,
    posted_at INTEGER, seen_at INTEGER, url TEXT, kind TEXT, score REAL, reasons TEXT, UNIQUE (platform, post_id));
CREATE INDEX by_day ON mention (seen_at);
CREATE INDEX of_author ON mention (feed, handle);
"""
_INSERT = "INSERT INTO mention VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"


async def ours(pages: Sequence[bytes], folder: Path) -> Spent:
    """Let a listener read the pages."""
    url = f"sqlite:///{folder / 'ours.db'}"
    schema.upgrade(url)
    store, clock = Store(url), SystemClock()
    store.open()
    pipeline = Pipeline(Reception(store, clock, Policy(routes=Routes(cases="C0BENCH001"))), judge)
    try:
        await Listener(Pages(pages[:5]), pipeline, store, clock).read()
        with Watch() as spent:
            await Listener(Pages(pages[5:]), pipeline, store, clock).read()
        stored = await store.read(lambda unit: unit.mentions.last_id())
        assert stored == PAGE * len(pages), f"{stored} of {PAGE * len(pages)} were stored"
    finally:
        store.close()
    return spent


def bare(pages: Sequence[bytes], folder: Path) -> Spent:
    """Take the same pages in by the shortest way."""
    connection = sqlite3.connect(folder / "bare.db", isolation_level=None)
    connection.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;" + _BARE)
    for body in pages[:5]:
        _taken(connection, body)
    with Watch() as spent:
        for body in pages[5:]:
            _taken(connection, body)
    connection.close()
    return spent


def _taken(connection: sqlite3.Connection, body: bytes) -> None:
    rows = []
    for one in mentions_of(body):
        verdict = judge(one)
        at = (int(one.posted_at.timestamp() * 1e6), int(one.seen_at.timestamp() * 1e6))
        post = (one.feed, one.platform, one.post_id, one.author.handle, one.text)
        rows.append((*post, *at, one.url, verdict.kind, verdict.score, orjson.dumps(verdict.reasons).decode()))
    connection.execute("BEGIN IMMEDIATE")
    connection.executemany(_INSERT, rows)
    connection.execute("COMMIT")


def main(argv: Sequence[str] | None = None) -> None:
    """Print medians of both sides."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench ingest-page", description=__doc__)
    parser.add_argument("--times", type=int, default=3)
    parser.add_argument("--pages", type=int, default=50)
    options = parser.parse_args(argv)
    os.sched_setaffinity(0, [max(os.sched_getaffinity(0))])
    pages = list(bodies(options.pages + 5, real_texts()))
    found: dict[str, list[Spent]] = {"ours": [], "bare": []}
    for _ in range(options.times):
        with children.folder() as folder:
            found["bare"].append(bare(pages, folder))
            found["ours"].append(asyncio.run(ours(pages, folder)))
    number = PAGE * options.pages
    rates = {side: statistics.median(number / one.wall_s for one in spans) for side, spans in found.items()}
    cpu = {side: statistics.median(1_000 * one.cpu_s / number for one in spans) for side, spans in found.items()}
    for side in found:
        print(f"{side}  {rates[side]:,.0f} posts/s  CPU {cpu[side]:.3f} ms each")  # noqa: T201 - a benchmark speaks
    print(  # noqa: T201 - the same
        f"ours / bare: {rates['ours'] / rates['bare']:.2f}, by CPU {cpu['bare'] / cpu['ours']:.2f}  (goal 0.5; "
        f"{children.machine()}, one core of them, median of {options.times})"
    )


if __name__ == "__main__":
    main()
