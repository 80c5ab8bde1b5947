"""An event loop whose time is sand: it runs only while everybody sleeps, and then at once.

No threads, no sockets, no waiting: what a thread would do is done in place, and
a task's place in a set follows from its number, not from its address. The same
work therefore happens in the same order each time, whatever machine it runs on.
"""

from __future__ import annotations

import asyncio
import itertools
import selectors
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime, timedelta
from typing import Any, Final

#: The moment at which every simulation begins; a Sunday, so that nights and a Monday lie ahead.
BEGIN: Final = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


class _Sand(selectors.SelectSelector):
    """Waits by turning the glass."""

    glass: Hourglass

    def select(self, timeout: float | None = None) -> list[Any]:
        if timeout is None:
            raise RuntimeError("everybody waits for something that will never come")
        self.glass.turn(timeout)
        return []


class _Task(asyncio.Task[Any]):
    """A task that lies in sets by its number."""

    _numbers = itertools.count()

    def __init__(self, *given: Any, **more: Any) -> None:
        self._number = next(self._numbers)
        super().__init__(*given, **more)

    def __hash__(self) -> int:
        return self._number


class Hourglass(asyncio.SelectorEventLoop):
    """A loop to be run by :class:`asyncio.Runner`; ``now`` is a clock as the bot wants it."""

    def __init__(self) -> None:
        self._sand_s = 0.0
        sand = _Sand()
        sand.glass = self
        super().__init__(sand)
        _Task._numbers = itertools.count()
        self.set_task_factory(_numbered)

    def time(self) -> float:
        return self._sand_s

    def turn(self, seconds: float) -> None:
        """Let so much time be over at once, as for a machine that was asleep."""
        self._sand_s += seconds

    def now(self) -> datetime:
        return BEGIN + timedelta(seconds=self._sand_s)

    def run_in_executor(self, executor: Any, func: Callable[..., Any], *given: Any) -> asyncio.Future[Any]:  # type: ignore[override]
        del executor
        done = self.create_future()
        try:
            done.set_result(func(*given))
        except Exception as error:  # noqa: BLE001 - it is whoever waits that it belongs to
            done.set_exception(error)
        return done


def _numbered(loop: asyncio.AbstractEventLoop, work: Coroutine[Any, Any, Any], **more: Any) -> asyncio.Task[Any]:
    return _Task(work, loop=loop, **more)
