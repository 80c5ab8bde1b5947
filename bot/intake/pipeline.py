"""What happens to a page of mentions, in six lines: judge each, then hand all to the reception.

Pushes that arrive while others are being stored go together then: one durable
commit answers all of them.
"""

from __future__ import annotations

import asyncio
import functools
import traceback
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

from bot import metrics
from bot.cases.reception import Arrival, Reception
from bot.cases.taking import Taken
from bot.clock import Clock, SystemClock
from bot.domain.ids import CaseId
from bot.domain.mention import ByHand, Mention
from bot.domain.staff import Staff
from bot.domain.verdict import Kind, Verdict, unjudged
from bot.feeds.base import Page
from bot.intake.together import Together
from bot.log import get

Judge = Callable[[Mention], Verdict]
#: A page, and the id of its delivery; empty for one that was asked for.
Pushed = tuple[Page, str]
#: Most mentions in one transaction, unless a page alone has more: others wait for the database meanwhile.
AT_ONCE: Final = 100

_log = get(__name__)


class Pipeline:
    """Receives pages of every feed."""

    def __init__(self, reception: Reception, judge: Judge, clock: Clock | None = None) -> None:
        self._reception = reception
        self._judge = judge
        self._clock = clock or SystemClock()
        self._queues: dict[str, Together[Pushed, Taken]] = {}

    async def receive(self, page: Page, *, feed: str, delivery: str = "") -> Taken:
        """Judge and store a page; when this returns, nothing of it can be lost.

        ``delivery`` is the id of a push that may be repeated; a page that was asked for moves its feed's cursor.
        """
        if feed not in self._queues:
            self._queues[feed] = Together(functools.partial(self._take, feed), size=_size, most=AT_ONCE)
        taken = await self._queues[feed].ask((page, delivery))
        metrics.MENTIONS.labels(feed).inc(taken.stored)
        if taken.stored:
            for mention in page.mentions:
                metrics.LAG.labels(feed).observe(max(0.0, (mention.seen_at - mention.posted_at).total_seconds()))
        for reason, count in [*page.skipped.items(), *page.rejected.items(), ("twin", taken.twins), ("own", taken.own)]:
            if count:
                metrics.DROPPED.labels(reason).inc(count)
        return taken

    async def track(self, found: ByHand, *, by: Staff) -> tuple[CaseId, bool]:
        """Take in what a colleague found, as a complaint whatever the judge thinks; say whether it is new.

        Raises:
            NotAllowed: ``by`` may not open cases there.
        """
        mention = found.mention(at=self._clock.now())
        ((_, verdict),) = await asyncio.to_thread(self._judge_all, (mention,))
        flagged = verdict if verdict.flagged else replace(verdict, kind=Kind.COMPLAINT)
        return await self._reception.track(mention, flagged, by=by)

    async def _take(self, feed: str, pushed: Sequence[Pushed]) -> list[Taken]:
        return await self._reception.receive_all(await asyncio.to_thread(self._arrivals, pushed), feed=feed)

    def _arrivals(self, pushed: Sequence[Pushed]) -> list[Arrival]:
        return [
            Arrival(
                judged=self._judge_all(page.mentions),
                cursor=None if delivery else page.cursor,
                delivery=delivery,
                edited=self._judge_all(page.edited),
                gone=page.gone,
            )
            for page, delivery in pushed
        ]

    def _judge_all(self, mentions: tuple[Mention, ...]) -> list[tuple[Mention, Verdict]]:
        return [(mention, self._verdict(mention)) for mention in mentions]

    def _verdict(self, mention: Mention) -> Verdict:
        """Judge one mention; a failing judge shows the post to a person instead of dropping it."""
        if mention.own:
            return Verdict(kind=Kind.NOISE, score=0.0)
        try:
            return self._judge(mention)
        except Exception as fault:  # noqa: BLE001 - a failing judge must not drop a post; logged here, once
            # Without its message: that may quote the text.
            _log.error("triage failed", post=f"{mention.platform}:{mention.post_id}", fault=type(fault).__name__,
                       stack="".join(traceback.format_tb(fault.__traceback__)))  # fmt: skip
            return unjudged("triage failed on this text")


def _size(pushed: Pushed) -> int:
    return len(pushed[0].mentions) + len(pushed[0].edited) + len(pushed[0].gone)
