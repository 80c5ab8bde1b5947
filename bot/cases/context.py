"""What a mention answers: one post, read once, and only for the first mention of a case."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from bot.cases import promises
from bot.clock import Clock
from bot.domain.ids import CaseId
from bot.domain.job import Job
from bot.domain.mention import Mention
from bot.errors import FeedTrouble
from bot.feeds.base import Feed, Parent
from bot.log import get
from bot.store.engine import Store
from bot.store.unit import Unit

#: Characters that are kept of the post: a card shows one line of it.
KEPT: Final = 500

_log = get(__name__)


class Context:
    """The job ``case.context``."""

    def __init__(self, store: Store, clock: Clock, feeds: Mapping[str, Feed]) -> None:
        self._store = store
        self._clock = clock
        self._feeds = feeds

    async def read(self, job: Job) -> None:
        """Keep what the first mention of a case answers, and draw the card again; a failure costs one line of it."""
        case_id = CaseId(int(job.subject))
        first = await self._store.read(lambda unit: unit.mentions.first_of(case_id))
        parent = await self._parent(first.mention) if first else None
        if first is None or parent is None or not (parent.public or first.mention.private):
            return
        words = f"@{parent.handle}: {' '.join(parent.text.split())}"[:KEPT]
        now = self._clock.now()

        def work(unit: Unit) -> None:
            now_first = unit.mentions.get(first.id)
            if now_first is None or now_first.removed:
                return
            unit.mentions.add_parent(first.id, words)
            unit.jobs.add(promises.redraw(unit.cases.get(case_id), at=now))

        await self._store.transact(work)

    async def _parent(self, mention: Mention) -> Parent | None:
        feed = self._feeds.get(mention.feed)
        if feed is None or not mention.answers:
            return None
        try:
            return await feed.parent(mention.answers)
        except FeedTrouble as trouble:
            _log.warning("what a post answers could not be read", feed=mention.feed, trouble=str(trouble))
            return None
