"""Where mentions come in, each page in one transaction; and where a person says that something is a complaint."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.cases.changes import Pair
from bot.cases.rights import may, may_somewhere, place_of
from bot.cases.taking import Taken, Taking
from bot.clock import Clock
from bot.domain.health import FeedHealth, Pulse
from bot.domain.ids import CaseId, MentionId
from bot.domain.mention import Mention
from bot.domain.policy import Policy
from bot.domain.staff import Staff
from bot.domain.verdict import Verdict
from bot.errors import NotAllowed
from bot.store.engine import Store
from bot.store.unit import Unit


class Reception:
    """Opens cases."""

    def __init__(self, store: Store, clock: Clock, policy: Policy) -> None:
        self._store = store
        self._clock = clock
        self._policy = policy

    async def receive(
        self,
        judged: Sequence[Pair],
        *,
        feed: str,
        cursor: str | None = None,
        delivery: str = "",
        edited: Sequence[Pair] = (),
        gone: Sequence[str] = (),
    ) -> Taken:
        """Store a page of one feed and open what it calls for; ``edited`` and ``gone`` are posts that are known.

        Its cursor moves in the same transaction; a ``delivery`` that was taken before changes nothing.
        """
        now = self._clock.now()

        def work(unit: Unit) -> Taken:
            unit.feeds.go_on(feed, cursor, at=now)
            if delivery and not unit.feeds.first_time(f"{feed}:{delivery}", at=now):
                return Taken(twins=len(judged))
            if delivery:
                _answers(unit, feed, now, heard=bool(judged))
            page = Taking(unit, self._policy, now)
            return page.take(feed, judged) + page.change(feed, [*page.twins, *edited], gone)

        return await self._store.transact(work)

    async def flag(self, mention_id: MentionId, *, by: Staff) -> CaseId:
        """Open a case for a mention that was not flagged: a person says it is a complaint.

        Raises:
            NotAllowed: no right, or the mention is gone.
        """
        may_somewhere(by, "flag", self._policy)
        now = self._clock.now()

        def work(unit: Unit) -> CaseId:
            kept = unit.mentions.get(mention_id)
            if kept is None:
                raise NotAllowed("That mention is gone.")
            may(by, "flag", self._policy, place_of(kept.mention))
            if kept.case_id is not None:
                return kept.case_id
            return Taking(unit, self._policy, now).flag(kept, by=by)

        return await self._store.transact(work)

    async def track(self, mention: Mention, verdict: Verdict, *, by: Staff) -> tuple[CaseId, bool]:
        """Open a case for what a person found, or return the one that is about it; say whether anything is new.

        Raises:
            NotAllowed: no right.
        """
        may_somewhere(by, "track", self._policy)
        now = self._clock.now()

        def work(unit: Unit) -> tuple[CaseId, bool]:
            may(by, "track", self._policy, place_of(mention))
            known = unit.mentions.like(mention)
            if known and known.case_id:
                return known.case_id, False
            page = Taking(unit, self._policy, now)
            return (page.flag(known, by=by) if known else page.track(mention, verdict, by=by)), True

        return await self._store.transact(work)


def _answers(unit: Unit, feed: str, now: datetime, *, heard: bool) -> None:
    """Note that a feed which is never asked is alive: it delivered."""
    before = unit.feeds.health(feed) or FeedHealth(feed=feed, since=now)
    since = before.since if before.pulse is Pulse.LISTENING else now
    last = now if heard else before.last_mention_at
    unit.feeds.note(replace(before, pulse=Pulse.LISTENING, since=since, last_read_at=now, last_mention_at=last))
