"""How a command runs until it is told to stop."""

from __future__ import annotations

import asyncio
import contextlib
import signal
from collections.abc import Coroutine
from typing import Any


def run(command: Coroutine[Any, Any, None]) -> None:
    """Run a command's coroutine; the first failure inside a task group is the one that is told."""
    try:
        asyncio.run(command)
    except BaseExceptionGroup as group:
        raise first_of(group) from group


def first_of(group: BaseExceptionGroup[BaseException]) -> BaseException:
    """Return the innermost first failure."""
    first = group.exceptions[0]
    return first_of(first) if isinstance(first, BaseExceptionGroup) else first


async def told_to_stop(exit_after: float | None) -> None:
    """Wait for Ctrl-C, SIGTERM or the end of the time that was given."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, stop.set)
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(stop.wait(), exit_after)
