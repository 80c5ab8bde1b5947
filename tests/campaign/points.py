"""Named crash points around the ports of the real app: the database, Slack and the platform.

A point is called ``KIND PORT WHEN NUMBER``: the kind of the job that is at work
(``-`` outside of any), the transaction, the method of Slack or the verb of the
feed, before or after it, and how often that was passed since the last wish. The
process writes down every point that it passes, and dies at the one that is
wished for. Nothing in the app knows of this.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any, Final

from slack_sdk.web.async_client import AsyncWebClient

from bot.feeds.demo import DemoFeed
from bot.jobs import lease
from bot.store.engine import Store

#: What a process that died at its point leaves as its exit code: that of ``kill -9`` in a shell.
DIED: Final = 137
WISH, TRACE = "wish", "trace"
#: Transactions that come by themselves, many a second: nobody can foresee their number.
_IDLE: Final = ("Runner._claim", "Runner._renew", "Listener.", "Pace.", "Store.", "Runner._not_renewed")


class Points:
    """The points of one process; files in ``folder`` say what is wished for and what was passed."""

    def __init__(self, folder: Path) -> None:
        self._wish, self._trace = folder / WISH, folder / TRACE
        self._wished, self._wished_at = "", -1
        self._passed: Counter[str] = Counter()

    def reach(self, port: str, when: str, kind: str) -> None:
        """Pass a point, or die there."""
        if kind == "-" and port.startswith(_IDLE):
            return
        self._look()
        name = f"{kind} {port} {when}"
        self._passed[name] += 1
        point = f"{name} {self._passed[name]}"
        with self._trace.open("a") as trace:
            trace.write(f"{point}\n")
        if point == self._wished:
            os._exit(DIED)

    def _look(self) -> None:
        """Read the wish when it is a new one; then everything is counted anew."""
        try:
            found_at = self._wish.stat().st_mtime_ns
        except FileNotFoundError:
            return
        if found_at != self._wished_at:
            self._wished, self._wished_at = self._wish.read_text().strip(), found_at
            self._passed.clear()

    def lay(self) -> None:
        """Lay a point on both sides of every port of this process."""
        _around_transactions(self)
        _around(self, AsyncWebClient, "api_call", lambda arguments: str(arguments[0]))
        for verb in ("reply", "find", "parent"):
            _around(self, DemoFeed, verb, lambda _arguments, verb=verb: f"feed.{verb}")


def _kind() -> str:
    """Return the kind of job that this task works on."""
    held = lease.current.get()
    return held.job.kind if held else "-"


def _around(points: Points, owner: type, verb: str, name: Callable[[tuple[Any, ...]], str]) -> None:
    real = getattr(owner, verb)

    def called(self: Any, *arguments: Any, **named: Any) -> Coroutine[Any, Any, Any]:
        async def call() -> Any:
            port = name(arguments or (named.get("api_method", ""),))
            points.reach(port, "before", _kind())
            answer = await real(self, *arguments, **named)
            points.reach(port, "after", _kind())
            return answer

        return call()

    setattr(owner, verb, called)


def _around_transactions(points: Points) -> None:
    real = Store.transact

    async def transact(self: Store, work: Callable[[Any], Any]) -> Any:
        port = getattr(work, "__qualname__", "partial").replace(".<locals>", "").replace("<lambda>", "λ")
        kind = _kind()

        def last(unit: Any) -> Any:
            """Do the work, and stand between it and its commit."""
            answer = work(unit)
            points.reach(port, "before-commit", kind)
            return answer

        answer = await real(self, last)
        points.reach(port, "after-commit", kind)
        return answer

    Store.transact = transact  # type: ignore[method-assign,assignment]
