"""Words are kept for a time, then they go: from rows that stay, and from Slack. Open cases are never touched.

Rows are emptied in place: their ids still tell twins, their times still make
figures, and the events stay what they were.
"""

from __future__ import annotations

from dataclasses import astuple, dataclass
from datetime import UTC, datetime, timedelta
from operator import add
from typing import Final

from bot.cases import promises
from bot.cases.bulletin import REPEATED
from bot.cases.copies import empty
from bot.clock import Clock
from bot.domain.event import DESK, Happening, event
from bot.domain.job import Job
from bot.domain.removed import Removed, sentence
from bot.store.engine import Store
from bot.store.unit import Unit

#: How often old words are looked for.
EVERY: Final = timedelta(days=1)
#: Cases or mentions in one transaction: other writers wait for it no longer than for a page of mentions.
BATCH: Final = 100
#: Batches in one run of the job, which ends long before its lease; the rest follows soon.
AT_ONCE: Final = 200
SOON: Final = timedelta(minutes=1)
#: How long a promise that was kept, and the trace of a post that is gone, stay as rows: far longer than anything is
#: promised twice, or a post is overtaken by its own deletion.
DONE_KEPT: Final = timedelta(days=30)
_MANY: Final = 2**31


@dataclass(frozen=True, slots=True)
class Swept:
    """What was emptied or deleted, in numbers."""

    cases: int = 0
    mentions: int = 0
    messages: int = 0
    promises: int = 0
    """That were kept long ago."""
    batches: int = 0

    def __add__(self, other: Swept) -> Swept:
        """Add the counts of two batches."""
        return Swept(*map(add, astuple(self), astuple(other)))

    @property
    def words(self) -> str:
        """The counts as people read them."""
        return f"{self.mentions} mentions, {self.cases} cases, {self.messages} Slack messages"


class Retention:
    """The job ``purge``, and the same by hand."""

    def __init__(self, store: Store, clock: Clock, keep: timedelta) -> None:
        """Keep words for ``keep``; zero: for ever."""
        self._store = store
        self._clock = clock
        self._keep = keep

    async def begin(self) -> None:
        """Promise the first look, unless one is promised."""

        def work(unit: Unit) -> None:
            if unit.jobs.pending(promises.PURGE) is None:
                unit.jobs.add(promises.purge(at=self._clock.now()))

        await self._store.transact(work)

    async def purge(self, job: Job) -> None:
        """Do what is due today, and promise tomorrow's look."""
        del job
        swept = await self.sweep(most=AT_ONCE)
        due = self._clock.now() + (SOON if swept.batches == AT_ONCE else EVERY)
        await self._store.transact(lambda unit: unit.jobs.add(promises.purge(at=due)))

    async def old(self) -> Swept:
        """Return what :meth:`sweep` would empty, and change nothing."""
        before = self._before()

        def work(unit: Unit) -> Swept:
            cases = unit.strangers.old_cases(before=before, limit=_MANY)
            loose = unit.strangers.old_mentions(before=before, limit=_MANY)
            ids = [*unit.strangers.mentions_in(cases), *loose]
            places = {*unit.copies.of_cases(cases), *unit.copies.of_mentions(ids), *unit.copies.direct(before=before)}
            return Swept(len(cases), len(ids), len(places))

        return await self._store.read(work) if self._keep else Swept()

    async def sweep(self, *, most: int = _MANY) -> Swept:
        """Empty what is too old, a batch a transaction and at most so many of them; return what that was."""
        done = Swept(promises=await self._store.transact(self._forget))
        while self._keep and done.batches < most and (swept := await self._store.transact(self._batch)).batches:
            done += swept
        if done.cases or done.mentions or done.messages:
            said = event(DESK, Happening.PURGED, at=self._clock.now(), detail=done.words)
            await self._store.transact(lambda unit: unit.events.add(said))
        return done

    def _before(self) -> datetime:
        return self._clock.now() - self._keep

    def _batch(self, unit: Unit) -> Swept:
        now, before, words = self._clock.now(), self._before(), sentence(Removed.EXPIRED, days=self._keep.days)
        cases = unit.strangers.old_cases(before=before, limit=BATCH)
        loose = [] if cases else unit.strangers.old_mentions(before=before, limit=BATCH)
        ids = [*unit.strangers.mentions_in(cases), *loose]
        places = {*unit.copies.of_cases(cases), *unit.copies.of_mentions(ids), *unit.copies.direct(before=before)}
        messages = empty(unit, places, Removed.EXPIRED, at=now)
        unit.removal.empty_mentions(ids, Removed.EXPIRED, words=words)
        unit.removal.empty_cases(cases, Removed.EXPIRED, words=words)
        return Swept(len(cases), len(ids), messages, batches=1 if ids or cases or messages else 0)

    def _forget(self, unit: Unit) -> int:
        now = self._clock.now()
        unit.feeds.forget_before(now - REPEATED, traces=now - DONE_KEPT)
        unit.quotas.forget_before((now - REPEATED).astimezone(UTC).date())
        unit.paces.forget_before(now - REPEATED)
        unit.copies.forget_before(now - DONE_KEPT)
        return unit.removal.forget_done(before=now - DONE_KEPT)
