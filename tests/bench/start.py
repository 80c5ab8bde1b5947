"""Measures how soon a person sees a card: ``python -m tests.bench start [--times N]``.

From the command to the line that the page can be opened, and from that line to
the first card, on a new data folder and on one that was used before.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from tests.cli.terminal import started

FRESH, AGAIN = "a new folder", "started again"


def once(data: Path) -> tuple[float, float, float]:
    """Return the seconds from command to line, from line to first card, and that stopping took."""
    begun = time.monotonic()
    demo = started("demo", "--no-browser", "--port", "0", "--data", data, cwd=data)
    try:
        demo.watching()
        ready_s = time.monotonic() - begun
        _, card_s = demo.first_card()
        begun = time.monotonic()
        demo.stopped()
        return ready_s, card_s, time.monotonic() - begun
    finally:
        demo.handle.kill()


def main(argv: Sequence[str] | None = None) -> None:
    """Print medians and the worst."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench start", description=__doc__)
    parser.add_argument("--times", type=int, default=5)
    times = parser.parse_args(argv).times
    found: dict[str, list[tuple[float, float, float]]] = {FRESH: [], AGAIN: []}
    for _ in range(times):
        with tempfile.TemporaryDirectory() as folder:
            for rows in found.values():
                rows.append(once(Path(folder)))
    for name, rows in found.items():
        totals = [ready + card for ready, card, _ in rows]
        ready, card, stop = (statistics.median(column) for column in zip(*rows, strict=True))
        print(  # noqa: T201 - a benchmark speaks to a terminal
            f"{name:<14} n={times}  command to line {ready:.2f} s  line to first card {card:.2f} s  "
            f"command to first card {statistics.median(totals):.2f} s (worst {max(totals):.2f})  stop {stop:.2f} s"
        )


if __name__ == "__main__":
    main()
