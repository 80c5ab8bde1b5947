"""What Slack reports back: which card stands where, which tier was told, what was rolled up."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from bot.cases import promises
from bot.cases.copies import Copies
from bot.clock import Clock
from bot.domain.card import Card, Escalation
from bot.domain.health import FeedHealth
from bot.domain.ids import CaseId
from bot.domain.policy import Policy
from bot.domain.removed import Copy, CopyOf
from bot.domain.verdict import Kept
from bot.privacy.veil import shown as copy
from bot.store.engine import Store
from bot.store.once import Mark, marking
from bot.store.unit import Unit

#: How long a delivery may be repeated: Slack tries for minutes, a webhook's signature holds for five.
REPEATED: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Rollup:
    """Tagged mentions that were not flagged since the last one."""

    total: int
    shown: tuple[Kept, ...]
    upto: int
    """The newest mention that was looked at: the next roll-up begins behind it."""


class Bulletin:
    """The bookkeeping behind everything that is posted."""

    def __init__(self, store: Store, clock: Clock, policy: Policy) -> None:
        self.copies = Copies(store, clock)
        self._store = store
        self._clock = clock
        self._policy = policy

    async def carded(self, card: Card) -> None:
        """Remember where a card stands and which version it shows."""

        def work(unit: Unit) -> None:
            unit.cards.put(card)
            unit.boards.unfold([card.case_id])
            if not unit.copies.at(card.channel, card.ts):
                seen = Copy(channel=card.channel, ts=card.ts, what=CopyOf.CARD, at=card.carded_at, case_id=card.case_id)
                unit.copies.add([seen])

        await self._store.transact(work)

    async def lost(self, card: Card) -> None:
        """Forget a card that is gone from Slack."""
        await self._store.transact(lambda unit: unit.cards.drop(card))

    async def awaits_card(self, case_id: CaseId) -> bool:
        """Return whether the drawing of a case is still promised."""
        return await self._store.read(lambda unit: unit.jobs.pending(promises.redraw_key(case_id)) is not None)

    async def untold(self, tier: int) -> list[Escalation]:
        """Return what a tier has not heard yet."""
        return await self._store.read(lambda unit: unit.escalations.untold(tier))

    async def told_at(self, tier: int) -> datetime | None:
        """Return when a tier hears of what waits for it; None when it hears at once or has heard all."""
        now = self._clock.now()
        waiting = await self._store.read(lambda unit: unit.jobs.pending(promises.tell(tier, at=now).key))
        return waiting.due if waiting and waiting.due > now else None

    async def told(self, escalations: Sequence[Escalation]) -> None:
        """Note that a tier heard of them; what came up meanwhile is folded into its next message."""
        now = self._clock.now()

        def work(unit: Unit) -> None:
            unit.escalations.told(escalations, at=now)
            for tier in {escalation.tier for escalation in escalations}:
                if unit.escalations.untold(tier):
                    unit.jobs.add(promises.tell(tier, at=now + self._policy.tier_gap))

        await self._store.transact(work)

    async def first_time(self, key: str) -> bool:
        """Return whether a delivery of Slack's is new; Slack repeats what it is not sure of."""
        now = self._clock.now()
        return await self._store.transact(lambda unit: unit.feeds.first_time(f"slack/{key}", at=now))

    @contextlib.asynccontextmanager
    async def once(self, key: str) -> AsyncIterator[Mark]:
        """Work on one delivery of Slack's: what the block changes first remembers it, in one commit, else its end does.

        Slack repeats what it is not sure of. A block that raises before it changed anything leaves no memory.

        Raises:
            Repeated: it was taken before.
        """
        with marking(f"slack/{key}", at=self._clock.now()) as mark:
            yield mark
            if mark.failed and mark.kept:
                await self._store.transact(lambda unit: unit.feeds.forget(mark.key))
            elif not mark.failed and not mark.kept:
                await self._store.transact(lambda _: None)

    async def feed(self, name: str) -> FeedHealth | None:
        """Return how a feed does."""
        return await self._store.read(lambda unit: unit.feeds.health(name))

    async def begin_rollups(self) -> None:
        """Promise the first roll-up, unless one is promised."""
        due = self._clock.now() + self._policy.rollup

        def work(unit: Unit) -> None:
            if unit.jobs.pending(promises.ROLLUP) is None:
                unit.jobs.add(promises.rollup(due=due, after=unit.mentions.last_id()))

        await self._store.transact(work)

    async def rollup(self, after: int, *, shown: int) -> Rollup:
        """Return what to roll up: everything newer than mention number ``after``."""

        def work(unit: Unit) -> Rollup:
            total = unit.mentions.count_unflagged(after=after)
            found = unit.mentions.unflagged(after=after, limit=shown)
            return Rollup(total, tuple(copy(kept) for kept in found), unit.mentions.last_id())

        return await self._store.read(work)

    async def rolled_up(self, upto: int) -> None:
        """Promise the next roll-up, of what comes behind mention number ``upto``."""
        now = self._clock.now()

        def work(unit: Unit) -> None:
            unit.jobs.add(promises.rollup(due=now + self._policy.rollup, after=upto))

        await self._store.transact(work)
