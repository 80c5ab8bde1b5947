"""Measures the memory of a running demo: ``python -m tests.bench memory [--minutes N] [--speed N]``. Linux only.

The whole process tree counts, by its resident pages (RSS) and by its fair share
of shared ones (PSS). At a speed above 1 people post that many times faster.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.cli.terminal import started


def tree(process: int) -> Iterator[int]:
    """Yield a process and everything it started."""
    yield process
    for task in Path(f"/proc/{process}/task").iterdir():
        for child in (task / "children").read_text().split():
            yield from tree(int(child))


def mebibytes(process: int, kind: str) -> float:
    """Return one figure of the kernel about a process."""
    rows = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    return next(int(row.split()[1]) for row in rows if row.startswith(f"{kind}:")) / 1024


def main(argv: Sequence[str] | None = None) -> None:
    """Print the memory after the first card, and its median and most over the time given."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench memory", description=__doc__)
    parser.add_argument("--minutes", type=float, default=1.0)
    parser.add_argument("--speed", type=float, default=1.0)
    options = parser.parse_args(argv)
    with tempfile.TemporaryDirectory() as folder:
        words = ("demo", "--no-browser", "--port", "0", "--data", folder, "--speed", str(options.speed))
        demo = started(*words, cwd=Path(folder)).watching()
        try:
            demo.first_card()
            seen: dict[str, list[float]] = {"Rss": [], "Pss": []}
            end = time.monotonic() + options.minutes * 60
            while not seen["Rss"] or time.monotonic() < end:
                processes = list(tree(demo.handle.pid))
                for kind, found in seen.items():
                    found.append(sum(mebibytes(process, kind) for process in processes))
                time.sleep(1)
            for kind, found in seen.items():
                print(  # noqa: T201 - a benchmark speaks to a terminal
                    f"{kind.upper()}  first card {found[0]:.0f} MiB  median {statistics.median(found):.0f} MiB  "
                    f"most {max(found):.0f} MiB  ({len(processes)} process, {options.minutes:g} min)"
                )
            demo.stopped()
        finally:
            demo.handle.kill()


if __name__ == "__main__":
    main()
