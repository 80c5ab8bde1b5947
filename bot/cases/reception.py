"""Where mentions come in, each page in one transaction; and where a person says that something is a complaint."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.cases.changes import Pair
from bot.cases.rights import may, may_somewhere, place_of
from bot.cases.taking import Taken, Taking
from bot.clock import Clock
from bot.domain.ids import CaseId, MentionId
from bot.domain.mention import Mention
from bot.domain.policy import Policy
from bot.domain.staff import Staff
from bot.domain.verdict import Verdict
from bot.errors import NotAllowed
from bot.store.engine import Store
from bot.store.unit import Unit


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """One page, judged."""

    judged: Sequence[Pair]
    cursor: str | None = None
    """Where its feed goes on; moves in the transaction that stores the page. None keeps it."""
    delivery: str = ""
    """Of a push its id, which may come again: then it changes nothing."""
    edited: Sequence[Pair] = ()
    """Posts that are known and say something else now."""
    gone: Sequence[str] = ()
    """Ids of posts that their authors took back."""


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
        """Store one page of a feed and open what it calls for: an `Arrival` by itself."""
        alone = Arrival(judged=judged, cursor=cursor, delivery=delivery, edited=edited, gone=gone)
        [taken] = await self.receive_all([alone], feed=feed)
        return taken

    async def receive_all(self, arrivals: Sequence[Arrival], *, feed: str) -> list[Taken]:
        """Store pages of one feed in one transaction, and open what they call for: all pushed, or all asked for.

        Returns what became of each. What authors changed is followed when all is stored.
        """
        now = self._clock.now()

        def work(unit: Unit) -> list[Taken]:
            new = _new(unit, feed, arrivals, now)
            taking = Taking(unit, self._policy, feed, now)
            taken = taking.take([one.judged if first else () for one, first in zip(arrivals, new, strict=True)])
            return [
                stored + taking.change([*twins, *one.edited], one.gone) if first else Taken(twins=len(one.judged))
                for one, first, (stored, twins) in zip(arrivals, new, taken, strict=True)
            ]

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
            return Taking(unit, self._policy, kept.mention.feed, now).flag(kept, found_by=by)

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
            page = Taking(unit, self._policy, mention.feed, now)
            return (page.flag(known, found_by=by) if known else page.track(mention, verdict, found_by=by)), True

        return await self._store.transact(work)


def _new(unit: Unit, feed: str, arrivals: Sequence[Arrival], now: datetime) -> list[bool]:
    """Return of each arrival whether it comes for the first time; a feed that delivers is alive, unasked.

    On PostgreSQL it makes the pages of one feed wait for each other, as they do on SQLite.
    """
    if not any(one.delivery for one in arrivals):
        for one in arrivals:
            unit.feeds.go_on(feed, one.cursor, at=now)
        return [True] * len(arrivals)
    first = unit.feeds.first_times([f"{feed}:{one.delivery}" for one in arrivals], at=now)
    if any(first):
        heard = any(one.judged for one, is_first in zip(arrivals, first, strict=True) if is_first)
        unit.feeds.hear(feed, at=now, heard=heard)
    return first
