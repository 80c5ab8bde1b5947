"""Keeps one feed listening: from its checkpoint, through failures, saying how it does."""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime
from typing import Final

from bot import metrics
from bot.cases import promises
from bot.cases.taking import Taken
from bot.clock import Clock
from bot.domain.health import FeedHealth, Pulse
from bot.errors import FeedBusy, GoshawkError, Unusable
from bot.feeds.base import Feed, Page
from bot.intake.pipeline import Pipeline
from bot.log import get
from bot.store.engine import Store
from bot.store.unit import Unit

#: Failures in a row before staff are told: one missed look is no outage.
PATIENCE: Final = 3
#: Longest pause between two looks at a failing feed, in seconds.
LONGEST_PAUSE_S: Final = 60.0

OnPage = Callable[[Page, Taken], None]

_log = get(__name__)


def _unheard(page: Page, taken: Taken) -> None:
    del page, taken


class Listener:
    """One feed on its own task; whatever happens here, the others go on."""

    def __init__(
        self,
        feed: Feed,
        pipeline: Pipeline,
        store: Store,
        clock: Clock,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._feed = feed
        self._pipeline = pipeline
        self._store = store
        self._clock = clock
        self._sleep = sleep
        self._failures = 0

    async def run(self) -> None:
        """Listen until the feed ends; a failing one is tried again with growing pauses."""
        while True:
            try:
                await self.read()
            except GoshawkError as trouble:
                await self._failed(str(trouble), trouble)
            except Exception as fault:  # noqa: BLE001 - one broken feed must not stop the others; logged here, once
                _log.exception("a feed broke", feed=self._feed.name)
                await self._failed("an unforeseen fault of ours; the log holds it", fault)
            else:
                return

    async def read(self, on_page: OnPage = _unheard) -> None:
        """Read from the checkpoint to the feed's end; ``on_page`` hears of every page that was stored.

        Raises:
            FeedTrouble: the platform could not be read.
            Unusable: a file cannot be.
        """
        health = await self._health()
        if health is None:
            await self._note(Pulse.STARTING)
        since = await self._store.read(lambda unit: unit.feeds.cursor(self._feed.name))
        async for page in self._feed.listen(since):
            taken = await self._pipeline.receive(page, feed=self._feed.name)
            self._failures = 0
            await self._heard(page)
            on_page(page, taken)
        await self._note(Pulse.ENDED)

    async def _heard(self, page: Page) -> None:
        """Note that the feed answers; a quiet feed is noted at most every few seconds."""
        health, now = await self._health(), self._clock.now()
        fresh = health and health.last_read_at and (now - health.last_read_at).total_seconds() < 5
        if fresh and health and health.pulse is Pulse.LISTENING and not page.mentions:
            return
        newest = max((mention.seen_at for mention in page.mentions), default=None)
        await self._note(Pulse.LISTENING, read_at=now, mention_at=newest)

    async def _failed(self, trouble: str, error: Exception) -> None:
        self._failures += 1
        if self._failures >= PATIENCE:
            with contextlib.suppress(Unusable):  # the database itself fails: the line below is all that can be said
                await self._note(Pulse.FAILING, trouble=trouble)
        _log.warning("a feed could not be read", feed=self._feed.name, trouble=trouble, failures=self._failures)
        pause = min(LONGEST_PAUSE_S, 2.0 ** min(self._failures, 6) / 2) * random.uniform(0.8, 1.2)  # noqa: S311
        await self._sleep(error.retry_after_s if isinstance(error, FeedBusy) else pause)

    async def _health(self) -> FeedHealth | None:
        return await self._store.read(lambda unit: unit.feeds.health(self._feed.name))

    async def _note(
        self, pulse: Pulse, *, trouble: str = "", read_at: datetime | None = None, mention_at: datetime | None = None
    ) -> None:
        name, now = self._feed.name, self._clock.now()

        def work(unit: Unit) -> None:
            before = unit.feeds.health(name) or FeedHealth(feed=name, since=now)
            turned = before.pulse is not pulse
            unit.feeds.note(
                replace(
                    before,
                    pulse=pulse,
                    since=now if turned else before.since,
                    trouble=trouble,
                    last_read_at=read_at or before.last_read_at,
                    last_mention_at=mention_at or before.last_mention_at,
                )
            )
            if turned and Pulse.FAILING in {before.pulse, pulse}:
                unit.jobs.add(promises.feed_notice(name, at=now))

        await self._store.transact(work)
        metrics.FEED_UP.labels(name).set(pulse is not Pulse.FAILING)
