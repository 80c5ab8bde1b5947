"""What arrives while something is under way goes together next: nobody waits for a timer, and one commit serves all.

One that fails is not the fault of its neighbours: then each is tried alone.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

from bot.errors import Unusable

Thing = TypeVar("Thing")
Answer = TypeVar("Answer")


class Together(Generic[Thing, Answer]):
    """One queue, of which one group is under way at a time."""

    def __init__(
        self, work: Callable[[Sequence[Thing]], Awaitable[Sequence[Answer]]], *, size: Callable[[Thing], int], most: int
    ) -> None:
        """Take ``work``, which gives an answer to each of a group; a group's sizes add up to ``most``, or it is one."""
        self._work = work
        self._size = size
        self._most = most
        self._waiting: deque[tuple[Thing, asyncio.Future[Answer]]] = deque()
        self._serving: asyncio.Task[None] | None = None

    async def ask(self, thing: Thing) -> Answer:
        """Return the answer to one thing; cancelling the caller does not stop a group that is under way.

        Raises:
            Whatever ``work`` raises about this one alone, or about the database.
        """
        asked: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._waiting.append((thing, asked))
        if self._serving is None:
            self._serving = asyncio.create_task(self._serve())
        return await asked

    async def _serve(self) -> None:
        try:
            while group := self._next():
                await self._answer(group)
        finally:
            self._serving = None

    def _next(self) -> list[tuple[Thing, asyncio.Future[Answer]]]:
        group: list[tuple[Thing, asyncio.Future[Answer]]] = []
        sizes = 0
        while self._waiting and (not group or sizes + self._size(self._waiting[0][0]) <= self._most):
            thing, asked = self._waiting.popleft()
            if not asked.done():  # who was cancelled does not wait any more
                group.append((thing, asked))
                sizes += self._size(thing)
        return group

    async def _answer(self, group: Sequence[tuple[Thing, asyncio.Future[Answer]]]) -> None:
        try:
            answers = await self._work([thing for thing, _ in group])
        except Exception as error:  # noqa: BLE001 - carried to who asked
            if len(group) > 1 and not isinstance(error, Unusable):
                for one in group:
                    await self._answer([one])
                return
            for asked in (asked for _, asked in group if not asked.done()):
                asked.set_exception(error)
        else:
            for (_, asked), answer in zip(group, answers, strict=True):
                if not asked.done():
                    asked.set_result(answer)
