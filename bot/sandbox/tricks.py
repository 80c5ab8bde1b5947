"""What the page offers to play: turns of the world outside, given by whoever runs the sandbox.

The sandbox knows only their words: a storm, an outage, or whatever else a platform beside it can do.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from bot.sandbox.errors import NotPossible

Json = dict[str, Any]

#: Said of a trick that is pressed while it still plays.
UNDER_WAY: Final = "“{label}” is under way. Wait until it is over."


@dataclass(frozen=True, slots=True)
class Played:
    """What somebody who pressed is told."""

    words: str
    lasts_s: float
    """For so long the trick is under way; the words stand as long."""


@dataclass(frozen=True, slots=True)
class Trick:
    """One button."""

    name: str
    label: str
    hint: str
    """A sentence: what will happen."""
    play: Callable[[], Awaitable[Played]]
    """Begins it; raises NotPossible with a sentence when it cannot be."""


class Tricks:
    """The tricks of one sandbox, and which of them play."""

    def __init__(self, tricks: Sequence[Trick], *, changed: Callable[[], None]) -> None:
        """``changed`` is called when one begins and when it is over."""
        self._tricks = {trick.name: trick for trick in tricks}
        self._changed = changed
        self._words: dict[str, str] = {}
        self._until: dict[str, float] = {}

    async def trick(self, body: Mapping[str, Any]) -> Json:
        """Play one: ``{user, name}``."""
        trick = self._tricks.get(str(body.get("name") or ""))
        if trick is None:
            raise NotPossible("unknown_trick")
        if self._plays(trick.name):
            raise NotPossible("trick_under_way", message=UNDER_WAY.format(label=trick.label))
        self._until[trick.name] = float("inf")
        played = Played("", 0.0)
        try:
            played = await trick.play()
        finally:
            self._until[trick.name] = time.monotonic() + played.lasts_s
        self._words[trick.name] = played.words
        self._changed()
        asyncio.get_running_loop().call_later(played.lasts_s, self._changed)
        return {"ok": True, "message": played.words}

    def to_page(self) -> list[Json]:
        """Return what the page shows."""
        return [
            {
                "name": trick.name,
                "label": trick.label,
                "hint": trick.hint,
                "playing": self._words.get(trick.name, "") if self._plays(trick.name) else "",
            }
            for trick in self._tricks.values()
        ]

    def _plays(self, name: str) -> bool:
        return time.monotonic() < self._until.get(name, 0.0)
