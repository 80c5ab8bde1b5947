"""A seeded plan of what goes wrong on the way, drawn anew for every call."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping
from typing import Any, Final

import httpx
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.sandbox.broken_calls import Fault

#: Seconds that an application may come late: well below what the bot waits before it looks.
LATE_S: Final = 0.4
#: What can happen to a call, in the words of :mod:`bot.sandbox.broken_calls`, by the campaign's own.
KINDS: Final = {
    "lost": {"kind": "reset_after"},
    "late": {"kind": "late", "seconds": LATE_S},
    "dropped": {"kind": "reset_before"},
    "html": {"kind": "html"},
    "failed": {"kind": "status", "status": 502},
    "busy": {"kind": "ratelimited", "seconds": 1},
    "slow": {"kind": "slow", "seconds": 0.2},
}
#: The campaign's usual weather: 2 % lost answers, 1 % applied late, and a little of everything else.
WEATHER: Final = {"lost": 0.02, "late": 0.01, "dropped": 0.01, "html": 0.005, "failed": 0.005, "busy": 0.005}
CALM: Final[Mapping[str, float]] = {}


class Plan:
    """Draws a fault for each call; ``next`` ones come first."""

    def __init__(self, seed: int, mix: Mapping[str, float] = CALM) -> None:
        self._dice = random.Random(seed)  # noqa: S311 - a plan that can be played again
        self.mix = dict(mix)
        self.next: list[str] = []
        self.played: Counter[str] = Counter()

    def draw(self, *, meant: bool = True) -> dict[str, Any] | None:
        """Return what happens to the next call; None: nothing. ``next`` is not for a call that is not ``meant``."""
        kind = self.next.pop(0) if meant and self.next else self._drawn()
        if not kind:
            return None
        self.played[kind] += 1
        return KINDS[kind]

    def _drawn(self) -> str:
        thrown = self._dice.random()
        for kind, share in self.mix.items():
            thrown -= share
            if thrown < 0:
                return kind
        return ""

    def fault(self) -> Fault | None:
        """Return the same for a platform that plays it itself."""
        drawn = self.draw()
        return Fault(**drawn) if drawn else None


class Unreliable:
    """A sandbox whose calls meet the plan: each is armed there just before the call comes in."""

    POST: Final = "chat.postMessage"
    METHODS: Final = (POST, "chat.update")

    def __init__(self, asgi: ASGIApp, plan: Plan, token: str) -> None:
        self._asgi, self._plan = asgi, plan
        transport = httpx.ASGITransport(app=asgi)
        self._sim = httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1", headers={"X-Sim-Token": token})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything on."""
        method = str(scope.get("path", "")).removeprefix("/api/")
        if method in self.METHODS and (fault := self._plan.draw(meant=method == self.POST)):
            armed = await self._sim.post("/sim/faults", json={**fault, "method": method})
            assert armed.status_code == 200, armed.text
        await self._asgi(scope, receive, send)
