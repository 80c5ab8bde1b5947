"""What part of Slack is closed to us: noticed at work, told once, looked after until it is open again."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from bot.cases import promises
from bot.clock import Clock
from bot.domain.outage import CHANNEL, ROOM, SCOPE, Outage
from bot.store.engine import Store
from bot.store.unit import Unit

#: How often to look whether a channel is open again.
LOOK: Final = timedelta(minutes=1)


class Outages:
    """The bookkeeping of closed channels and missing rights."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def shut(self, channel: str, why: str) -> datetime:
        """Note that a channel takes nothing from us, and promise to show elsewhere what is open; return since when."""
        return await self._begin(f"{CHANNEL}{channel}", why)

    async def exposed(self, channel: str, why: str) -> None:
        """Note that the private channel is no place for private words."""
        await self._begin(f"{ROOM}{channel}", why)

    async def missing(self, scope: str) -> None:
        """Note that a right is missing."""
        await self._begin(f"{SCOPE}{scope}", "is not granted")

    async def _begin(self, key: str, why: str) -> datetime:
        now = self._clock.now()
        known = await self.get(key)
        if known and known.over_at is None and known.why == why:
            return known.since

        def work(unit: Unit) -> datetime:
            if unit.outages.begin(Outage(key=key, why=why, since=now)):
                unit.jobs.add(promises.outage(key, at=now))
                self._look_after(unit, key)
            found = unit.outages.get(key)
            return found.since if found else now

        return await self._store.transact(work)

    async def over(self, key: str) -> bool:
        """Note that something is open again, and promise to show there what belongs there; return whether it was."""
        now = self._clock.now()

        def work(unit: Unit) -> bool:
            was_closed = unit.outages.end(key, at=now)
            if was_closed:
                unit.jobs.add(promises.outage(key, at=now))
                self._move(unit, key)
            return was_closed

        return await self._store.transact(work)

    def _look_after(self, unit: Unit, key: str) -> None:
        if not key.startswith(SCOPE):
            unit.jobs.add(promises.watch(key, due=self._clock.now() + LOOK))
        self._move(unit, key)

    def _move(self, unit: Unit, key: str) -> None:
        """Promise every open card anew, behind all that is new: each goes to where it can be read."""
        if not key.startswith(SCOPE):
            for case_id in unit.cases.unresolved(account=""):
                unit.jobs.add(promises.banner(case_id, at=self._clock.now(), waits=False))

    async def closed(self) -> frozenset[str]:
        """Return the channels that take nothing from us now."""
        found = await self._store.read(lambda unit: unit.outages.open())
        return frozenset(one.place for one in found if one.is_of(CHANNEL))

    async def get(self, key: str) -> Outage | None:
        """Return what is known of one part, also when it is open again."""
        return await self._store.read(lambda unit: unit.outages.get(key))

    async def told(self, key: str, *, channel: str, ts: str) -> None:
        """Remember the message that tells of it: it is edited when it is over."""
        await self._store.transact(lambda unit: unit.outages.told(key, channel=channel, ts=ts))
