"""Progress bars on a terminal, and silence elsewhere: a log file wants no bars."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator

Told = Callable[[int, int], object]
"""Hears how much is done, and of how much."""


@contextlib.contextmanager
def shown(words: str) -> Iterator[Told]:
    """Show a bar on standard error for the length of the block, if a person sees it."""
    if not sys.stderr.isatty():
        yield _unseen
        return
    from rich.console import Console  # noqa: PLC0415 - 17 MiB that only a terminal needs
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn  # noqa: PLC0415

    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(words, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def _unseen(done: int, total: int) -> None:
    del done, total
