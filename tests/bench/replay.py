"""Measures how fast old posts are taken in: ``python -m tests.bench replay [--data DIR] [--times N]``.

Stored: read, judged, stored and promised, nothing drawn. Whole: with every card
drawn in the sandbox by the command itself. Without ``--data`` a file is made of
the project's own posts; DIR may hold ``twcs_threads.csv.gz`` and
``airline.csv.gz``, and what is absent is left out.
"""

from __future__ import annotations

import argparse
import asyncio
import csv
import json
import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.cases.reception import Reception
from bot.clock import SystemClock
from bot.domain.policy import Policy
from bot.domain.route import Routes
from bot.feeds.replay import Replay
from bot.intake.listener import Listener
from bot.intake.pipeline import Pipeline
from bot.store import schema
from bot.store.engine import Store
from bot.triage.scorer import judge
from tests.cli.terminal import started

POSTS = Path(__file__).parent.parent / "data" / "labelled_posts.jsonl"
PUBLIC = ("twcs_threads.csv.gz", "airline.csv.gz")
#: Rows of the file that is made when none is given.
ROWS = 3_000


@dataclass
class Counted:
    """What one pass did."""

    read: int = 0
    stored: int = 0
    wall_s: float = 0.0
    cpu_s: float = 0.0


def own_file(folder: Path) -> Path:
    """Write the project's labelled posts over and over, each time by other people."""
    texts = [json.loads(line)["text"] for line in POSTS.read_text(encoding="utf-8").splitlines()]
    path = folder / "own.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file)
        table.writerow(("id", "author", "created_at", "text"))
        for n in range(ROWS):
            table.writerow((n, f"guest{n % (ROWS * 2 // 3)}", f"2026-11-20T{n % 24:02}:00:00Z", texts[n % len(texts)]))
    return path


async def stored(file: Path, folder: Path) -> Counted:
    """Store a file; nothing is drawn."""
    url = f"sqlite:///{folder / 'bench.db'}"
    schema.upgrade(url)
    store, clock, counted = Store(url), SystemClock(), Counted()
    store.open()
    pipeline = Pipeline(Reception(store, clock, Policy(routes=Routes(cases="C0BENCH001"))), judge)

    def count(page: object, taken: object) -> None:
        counted.read += page.read  # type: ignore[attr-defined]
        counted.stored += taken.stored  # type: ignore[attr-defined]

    begun, spent = time.perf_counter(), time.process_time()
    await Listener(Replay(path=file, clock=clock), pipeline, store, clock).read(count)
    counted.wall_s, counted.cpu_s = time.perf_counter() - begun, time.process_time() - spent
    store.close()
    return counted


def whole(file: Path, folder: Path) -> tuple[float, str]:
    """Run the command; return its seconds from start to end, and its summary's line on drawing."""
    begun = time.monotonic()
    process = started("replay", file, "--data", folder / "whole", cwd=folder)
    out, err = process.handle.communicate()
    if process.handle.returncode:
        raise SystemExit(err)
    drawn = next(line for line in out.splitlines() if line.startswith("drawn"))
    return time.monotonic() - begun, " ".join(drawn.split())


def files(data: Path | None, folder: Path) -> Iterator[Path]:
    """Yield the project's own file, and what ``data`` holds of the public ones."""
    yield own_file(folder)
    if data:
        yield from (data / name for name in PUBLIC if (data / name).exists())


def main(argv: Sequence[str] | None = None) -> None:
    """Print medians for each file."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench replay", description=__doc__)
    parser.add_argument("--data", type=lambda given: Path(given).resolve(), help="folder of public files")
    parser.add_argument("--times", type=int, default=3)
    options = parser.parse_args(argv)
    with tempfile.TemporaryDirectory() as made:
        for file in files(options.data, Path(made)):
            passes = []
            for _ in range(options.times):
                with tempfile.TemporaryDirectory() as folder:
                    passes.append(asyncio.run(stored(file, Path(folder))))
            with tempfile.TemporaryDirectory() as folder:
                whole_s, drawn = whole(file, Path(folder))
            rows_s = statistics.median(one.read / one.wall_s for one in passes)
            stored_s = statistics.median(one.stored / one.wall_s for one in passes)
            cpu_ms = statistics.median(one.cpu_s / one.stored for one in passes) * 1_000
            print(  # noqa: T201 - a benchmark speaks to a terminal
                f"{file.name:<22} {passes[0].read:>6,} rows, {passes[0].stored:,} stored: {rows_s:,.0f} rows/s, "
                f"{stored_s:,.0f} stored/s, {cpu_ms:.2f} ms CPU each; the whole command {whole_s:.0f} s ({drawn})"
            )


if __name__ == "__main__":
    main()
