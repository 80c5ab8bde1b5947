"""What happens to a page of mentions, in six lines: judge each, then hand all to the reception."""

from __future__ import annotations

import asyncio
import traceback
from collections.abc import Callable
from dataclasses import replace

from bot import metrics
from bot.cases.reception import Reception
from bot.cases.taking import Taken
from bot.clock import Clock, SystemClock
from bot.domain.ids import CaseId
from bot.domain.mention import ByHand, Mention
from bot.domain.staff import Staff
from bot.domain.verdict import Kind, Verdict, unjudged
from bot.feeds.base import Page
from bot.log import get

Judge = Callable[[Mention], Verdict]

_log = get(__name__)


class Pipeline:
    """Receives pages of every feed."""

    def __init__(self, reception: Reception, judge: Judge, clock: Clock | None = None) -> None:
        self._reception = reception
        self._judge = judge
        self._clock = clock or SystemClock()

    async def receive(self, page: Page, *, feed: str, delivery: str = "") -> Taken:
        """Judge and store a page; when this returns, nothing of it can be lost.

        ``delivery`` is the id of a push that may be repeated; a page that was asked for moves its feed's cursor.
        """
        judged = await asyncio.to_thread(self._judge_all, page.mentions)
        edited = await asyncio.to_thread(self._judge_all, page.edited)
        cursor = None if delivery else page.cursor
        taken = await self._reception.receive(
            judged, feed=feed, cursor=cursor, delivery=delivery, edited=edited, gone=page.gone
        )
        metrics.MENTIONS.labels(feed).inc(taken.stored)
        if taken.stored:
            for mention in page.mentions:
                metrics.LAG.labels(feed).observe(max(0.0, (mention.seen_at - mention.posted_at).total_seconds()))
        for reason, count in [*page.skipped.items(), *page.rejected.items(), ("twin", taken.twins), ("own", taken.own)]:
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
