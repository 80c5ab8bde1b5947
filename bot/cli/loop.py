"""How a command runs until it ends or is told to stop."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Coroutine
from typing import Any, Final

#: Exit code of a command that Ctrl-C ended before it was done, as shells know it.
STOPPED: Final = 130


def run(command: Coroutine[Any, Any, None]) -> bool:
    """Run a command's coroutine; return False when Ctrl-C or SIGTERM ended it.

    Either way everything it opened is closed in order. The first failure inside
    a task group is the one that is told.
    """
    try:
        return asyncio.run(_stoppable(command))
    except BaseExceptionGroup as group:
        raise first_of(group) from group


async def _stoppable(command: Coroutine[Any, Any, None]) -> bool:
    task = asyncio.create_task(command)
    loop = asyncio.get_running_loop()
    stops = (signal.SIGINT, signal.SIGTERM)
    for name in stops:
        loop.add_signal_handler(name, _stop_once, task)
    try:
        await asyncio.wait([task])
    finally:
        for name in stops:
            loop.remove_signal_handler(name)
    if task.cancelled():
        return False
    task.result()
    return True


def _stop_once(task: asyncio.Task[None]) -> None:
    """Begin to close; a second Ctrl-C must not break what closes already."""
    if not task.cancelling():
        task.cancel()


def first_of(group: BaseExceptionGroup[BaseException]) -> BaseException:
    """Return the innermost first failure."""
    first = group.exceptions[0]
    return first_of(first) if isinstance(first, BaseExceptionGroup) else first


async def for_ever(exit_after: float | None = None) -> None:
    """Wait until told to stop, or for so many seconds."""
    if exit_after is None:
        await asyncio.Event().wait()
    else:
        await asyncio.sleep(exit_after)
