"""Everybody's Home: published when it is looked at, each at most once in a while, never over a newer one.

What a Home shows is written down before it is published: it stands in Slack until its owner looks again, so whatever
is removed meanwhile has to be taken out of it by publishing it anew.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

from bot.cases.copies import Copies
from bot.domain.ids import CaseId, StaffId
from bot.errors import SlackRefused
from bot.jobs.lease import monotonic
from bot.slack.blocks import Block
from bot.slack.gateway import Gateway

#: Seconds after which nobody looks at a Home any more, unless they come back.
_LEFT_S: Final = 900.0


@dataclass(frozen=True, slots=True)
class Drawn:
    """A Home before it is published."""

    blocks: list[Block]
    cases: frozenset[CaseId] = frozenset()
    """Which cases it names."""


Make = Callable[[], Awaitable[Drawn]]


class Homes:
    """The Homes that were published by this process."""

    def __init__(self, gateway: Gateway, copies: Copies, gap_s: float) -> None:
        self._gateway = gateway
        self._copies = copies
        self._gap_s = gap_s
        self._hashes: dict[str, str] = {}
        self._published: dict[str, float] = {}
        self._waiting: set[str] = set()
        self._turns: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    def is_read(self, staff_id: str) -> bool:
        """Return whether somebody looked at their Home not long ago."""
        return monotonic() - self._published.get(staff_id, float("-inf")) < _LEFT_S

    async def refresh(self, staff_id: StaffId, make: Make) -> None:
        """Publish somebody's Home; wishes that come too soon become one, a moment later."""
        if staff_id in self._waiting:
            return
        self._waiting.add(staff_id)
        try:
            pause = self._published.get(staff_id, float("-inf")) + self._gap_s - monotonic()
            if pause > 0:
                await asyncio.sleep(pause)
        finally:
            self._waiting.discard(staff_id)
        self._published[staff_id] = monotonic()
        await self.publish(staff_id, make)

    async def publish(self, staff_id: StaffId, make: Make) -> None:
        """Publish somebody's Home as things stand now, at once."""
        async with self._turns[staff_id]:
            cases = await self._hang(staff_id, make)
            await self._copies.home_shows(staff_id, cases)

    async def _hang(self, staff_id: StaffId, make: Make) -> frozenset[CaseId]:
        """Publish over what we published last; when another hand was quicker, over that, and drawn anew."""
        drawn, over = await self._written_down(staff_id, make), self._hashes.get(staff_id, "")
        try:
            self._hashes[staff_id] = await self._gateway.home(staff_id, drawn.blocks, over=over)
        except SlackRefused as refusal:
            if refusal.code != "hash_conflict":
                raise
            drawn = await self._written_down(staff_id, make)
            self._hashes[staff_id] = await self._gateway.home(staff_id, drawn.blocks)
        return drawn.cases

    async def _written_down(self, staff_id: StaffId, make: Make) -> Drawn:
        """Draw a Home whose cases were all remembered before it was drawn: what is removed later is taken out."""
        drawn = await make()
        while await self._copies.home(staff_id, drawn.cases):
            drawn = await make()
        return drawn
