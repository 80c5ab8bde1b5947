"""How a command runs until it ends or is told to stop."""

from __future__ import annotations

import asyncio
import math
import os
import signal
import threading
from collections.abc import Coroutine
from typing import Any, Final

from bot.log import get

#: Exit code of a command that Ctrl-C ended before it was done, as shells know it.
STOPPED: Final = 130
#: Seconds after which a process that was told to stop is gone, whatever it waits for. Most hosts kill after thirty.
LAST_S: Final = 9.8

_log = get(__name__)


def run(command: Coroutine[Any, Any, None], *, last_s: float = math.inf) -> bool:
    """Run a command's coroutine; return False when Ctrl-C or SIGTERM ended it.

    Either way everything it opened is closed in order. The first failure inside
    a task group is the one that is told. What is not closed ``last_s`` after it
    was told to stop is left: a database that is silent keeps a thread for ever.
    """
    last = threading.Timer(last_s, _leave)
    last.daemon = True
    try:
        return asyncio.run(_stoppable(command, last))
    except BaseExceptionGroup as group:
        raise first_of(group) from group
    finally:
        last.cancel()


def _leave() -> None:
    """End the process as a kill would: what was acknowledged is stored, and leases tell others of the rest."""
    _log.error("what runs did not end in time; it is left to whoever comes next")
    os._exit(0)


async def _stoppable(command: Coroutine[Any, Any, None], last: threading.Timer) -> bool:
    task = asyncio.create_task(command)
    loop = asyncio.get_running_loop()
    stops = (signal.SIGINT, signal.SIGTERM)
    for name in stops:
        loop.add_signal_handler(name, _stop_once, task, last)
    try:
        await asyncio.wait([task])
    finally:
        for name in stops:
            loop.remove_signal_handler(name)
    if task.cancelled():
        return False
    task.result()
    return True


def _stop_once(task: asyncio.Task[None], last: threading.Timer) -> None:
    """Begin to close; a second Ctrl-C must not break what closes already."""
    if not task.cancelling():
        if last.interval < math.inf:
            last.start()
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
