"""A network in one's head: every call is drawn a fate by the seed, and lands, or not, whatever becomes of who made it.

A call may be answered, its answer may be lost after it was applied, it may be
applied late, or be lost before; or the other side says wait, fails, or talks
HTML. On both ends stand the far sides' own ledgers. A process that died crosses
no port of its any more.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any, Final, TypeVar

from tests.campaign.hourglass import Hourglass

Answer = TypeVar("Answer")

#: The fault mix of F3, and a little of F5: shares of all calls.
WEATHER: Final = {
    "lost": 0.05,
    "late": 0.03,
    "dropped": 0.05,
    "busy": 0.02,
    "failed": 0.02,
    "html": 0.01,
    "unreached": 0.02,
}
#: What is applied although nobody hears of it.
APPLIED: Final = ("", "lost", "late")
#: Share of those whose answer is lost or late that die in that very moment: trouble seldom comes alone.
DIES_TOO: Final = 0.25
#: How often a process crosses a port until it dies, at least and at most.
SHORTEST, LONGEST = 30, 3_000
#: More crossings than any history has.
SPARED: Final = 10**9
#: Seconds after which a line without a word breaks: longer than the bot waits for any answer.
SILENCE_S: Final = 25.0
#: Seconds within which a late call is applied; below the settle waits of Slack (10 s) and the platform (5 s).
LATEST_S: Final = 9.5


def dice_of(*seeds: object) -> random.Random:
    """Return dice that fall the same way each time for the same seeds."""
    return random.Random(" ".join(map(str, seeds)))  # noqa: S311 - a history that can be played again


class Fallen(Exception):
    """What came of a call that was not answered: ``kind`` is the word for its fate."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


class Life:
    """One process, from its start to its death at some port."""

    def __init__(self, number: int, dice: random.Random, tell: Callable[[str], None], loop: Hourglass) -> None:
        """Draw how often it crosses its ports until it stands still for a while, and until it dies."""
        self.number = number
        self.alive = True
        self.task: asyncio.Task[None] | None = None
        self.door: Any = None
        self.gone = asyncio.Event()
        self._left = int(SHORTEST * (LONGEST / SHORTEST) ** dice.random())
        self._stands_at, self._stands_s = self._left - dice.randint(1, 2 * LONGEST), dice.uniform(20, 90)
        self._stands_until = 0.0
        self._tell, self._loop = tell, loop

    def cross(self, port: str) -> None:
        """Pass a port in either direction, or die there; the dead pass none."""
        if self.alive:
            self._tell(f"{self.number} {port}")
            self._left -= 1
            if self._left == self._stands_at:
                self._tell(f"{self.number} stands still")
                self._stands_until = self._loop.time() + self._stands_s
            if self._left > 0:
                return
            self.die()
        raise asyncio.CancelledError

    async def thaw(self) -> None:
        """Wait while the whole process stands still, as if it were stopped; others go on meanwhile."""
        while self.alive and (left_s := self._stands_until - self._loop.time()) > 0:  # noqa: ASYNC110 - it may fall asleep anew
            await asyncio.sleep(left_s)

    def spare(self) -> None:
        """Let it live on, and stand still no more."""
        self._left, self._stands_at = 2 * SPARED, -1

    @property
    def is_here(self) -> bool:
        """Whether it neither died nor ended."""
        return self.alive and not self.gone.is_set()

    def stop(self) -> None:
        """Tell it to end in order, as SIGTERM does."""
        self._tell(f"{self.number} is told to stop")
        if self.task:
            self.task.cancel()

    def end(self) -> None:
        """Be gone, in whichever way."""
        self.door = None
        self.gone.set()

    def die(self) -> None:
        """End without a word: whatever is still unwound reaches nobody. Who is spared, or gone, does not."""
        if self._left >= SPARED or not self.is_here:
            return
        self._tell(f"{self.number} dies")
        self.alive = False
        self.end()
        if self.task:
            self.task.cancel()


class Network:
    """Between the bot and everybody else."""

    def __init__(self, seed: int, loop: Hourglass, tell: Callable[[str], None]) -> None:
        self.mix = dict(WEATHER)
        self.played: Counter[str] = Counter()
        self.down: set[str] = set()
        """Far sides that answer nothing but errors."""
        self.under_way = 0
        """Calls that have not landed, or of which somebody still awaits the end."""
        self._dice = dice_of(seed, "network")
        self._loop = loop
        self._tell = tell

    @contextlib.contextmanager
    def busy(self) -> Iterator[None]:
        """Count something as under way."""
        self.under_way += 1
        try:
            yield
        finally:
            self.under_way -= 1

    async def carry(
        self, life: Life, what: str, apply: Callable[[], Answer], *, to: str, latest_s: float = LATEST_S
    ) -> Answer:
        """Carry a call ``to`` a far side and its answer back.

        Raises:
            Fallen: it was not answered; whether it was, or will be, applied is another matter.
        """
        life.cross(what)
        with self.busy():
            got = await self._carried(life, what, apply, to=to, latest_s=latest_s)
            await life.thaw()
        life.cross(f"{what} ends")
        return got

    async def _carried(self, life: Life, what: str, apply: Callable[[], Answer], *, to: str, latest_s: float) -> Answer:
        fate = "failed" if to in self.down else self._draw()
        answer: asyncio.Future[Answer] = self._loop.create_future()
        way_s = self._dice.uniform(0.1, latest_s) if fate == "late" else self._dice.uniform(0.01, 0.2)
        back_s = self._dice.uniform(0.01, 0.2)
        silent = self._dice.random() < 0.3

        def land() -> None:
            self.under_way -= 1
            self._tell(f"{what} lands {fate}".rstrip())
            result = apply()
            if not fate:
                self._loop.call_later(back_s, _given, answer, result)

        if fate in APPLIED:
            self.under_way += 1
            self._loop.call_later(way_s, land)
        if fate:
            self.played[fate] += 1
            self._tell(f"{what} is {fate}")
            if fate in {"lost", "late"} and self._dice.random() < DIES_TOO:
                self._loop.call_later(self._dice.uniform(0, 0.3), life.die)
            await asyncio.sleep(SILENCE_S if silent and fate in {"lost", "late", "dropped"} else back_s + 0.2)
            life.cross(f"{what} fails")
            raise Fallen(fate)
        return await answer

    def _draw(self) -> str:
        thrown = self._dice.random()
        for kind, share in self.mix.items():
            thrown -= share
            if thrown < 0:
                return kind
        return ""


def _given(answer: asyncio.Future[Any], result: Any) -> None:
    if not answer.done():
        answer.set_result(result)
