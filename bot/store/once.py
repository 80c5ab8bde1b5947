"""A request that is worked on once: what it changes first is stored together with its mark, in one commit.

A mark of its own would be a second commit for every press, and a process that
died between the two would have taken a press that it never did. The mark goes
along without a word of the verbs: it is known to the task that works on the request.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Iterator
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, TypeVar

from bot.errors import CommitUnknown, Repeated
from bot.store.unit import Unit

Answer = TypeVar("Answer")
Work = Callable[[Unit], Answer]


@dataclass(slots=True)
class Mark:
    """What one request leaves in the database."""

    key: str
    at: datetime
    task: asyncio.Task[Any] | None = field(default_factory=asyncio.current_task)
    """What follows the request beside it does not carry its mark."""
    looked: bool = False
    kept: bool = False
    failed: bool = False
    """To be said by who works on it: its repetition is welcome."""


_MARK: Final[ContextVar[Mark | None]] = ContextVar("mark", default=None)


@contextlib.contextmanager
def marking(key: str, *, at: datetime) -> Iterator[Mark]:
    """Let this task mark what it changes in the block."""
    mark = Mark(key, at)
    before = _MARK.set(mark)
    try:
        yield mark
    finally:
        _MARK.reset(before)


def _mark() -> Mark | None:
    """Return the mark of the request that this task works on, until it is stored."""
    mark = _MARK.get()
    return mark if mark and not mark.kept and mark.task is asyncio.current_task() else None


def looked(work: Work[Answer]) -> Work[Answer]:
    """Return what reads the same, unless its request was taken before: then it raises :class:`Repeated`."""
    mark = _mark()
    if mark is None or mark.looked:
        return work
    mark.looked = True

    def both(unit: Unit) -> Answer:
        if unit.feeds.seen(mark.key):
            raise Repeated
        return work(unit)

    return both


async def marked(work: Work[Any], write: Callable[[Work[Any]], Awaitable[Answer]]) -> Answer:
    """Write ``work`` together with the mark of its request, if this is the first that it changes.

    Raises:
        Repeated: the request was taken before; nothing was changed.
    """
    mark = _mark()
    if mark is None:
        return await write(work)

    def both(unit: Unit) -> Any:
        if not unit.feeds.first_time(mark.key, at=mark.at):
            raise Repeated
        return work(unit)

    mark.kept = True
    try:
        return await write(both)
    except CommitUnknown:  # it may be stored: who asks again would take its own mark for another's
        raise
    except BaseException:
        mark.kept = False
        raise
