"""What the engine looks like from outside: how much waits, how long, and what only a person can end."""

from __future__ import annotations

import statistics
from datetime import UTC, datetime, timedelta
from typing import Final

from bot.clock import Clock
from bot.domain.health import Gauges
from bot.store.engine import Store
from bot.store.unit import Unit

#: Span of which medians are taken.
DAY: Final = timedelta(days=1)


class Watching:
    """Reads the gauges."""

    def __init__(self, store: Store, clock: Clock, *, per_day: int = 0) -> None:
        """``per_day``: most replies of one account in a day; 0: as many as there are."""
        self._per_day = per_day
        self._store = store
        self._clock = clock

    async def gauges(self) -> Gauges:
        """Return how the engine stands now, over all processes.

        Raises:
            Unusable: the database does not answer.
        """
        now = self._clock.now()

        def work(unit: Unit) -> Gauges:
            due = unit.counts.due(at=now)
            return Gauges(
                pending={kind: count for kind, (count, _) in due.items()},
                oldest_s={kind: (now - since).total_seconds() for kind, (_, since) in due.items()},
                dead=unit.counts.dead(),
                unknown=unit.counts.unknown(),
                unclaimed=unit.counts.unclaimed(),
                feeds=tuple(unit.feeds.all()),
                writes_left=self._left(unit, now),
                first_reply_s=_median(unit.counts.waits_for_reply(since=now - DAY)),
                first_claim_s=_median(unit.counts.waits_for_claim(since=now - DAY)),
            )

        return await self._store.read(work)

    def _left(self, unit: Unit, now: datetime) -> dict[str, int]:
        """Return what is left of today's allowance of every account that used some of it."""
        today = f":{now.astimezone(UTC).date()}"
        used = unit.quotas.ending(today) if self._per_day else {}
        return {key.removesuffix(today).rstrip(":"): max(0, self._per_day - count) for key, count in used.items()}


def _median(spans: list[float]) -> float | None:
    return statistics.median(spans) if spans else None
