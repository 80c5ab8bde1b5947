"""Everybody's Home: published when it is looked at, each at most once in a while, never over a newer one."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Final

from bot.errors import SlackRefused
from bot.slack.blocks import Block
from bot.slack.gateway import Gateway

#: Seconds after which nobody looks at a Home any more, unless they come back.
_LEFT_S: Final = 900.0

Make = Callable[[], Awaitable[list[Block]]]


class Homes:
    """The Homes that were published by this process."""

    def __init__(self, gateway: Gateway, gap_s: float) -> None:
        self._gateway = gateway
        self._gap_s = gap_s
        self._hashes: dict[str, str] = {}
        self._published: dict[str, float] = {}
        self._waiting: set[str] = set()

    def is_read(self, staff_id: str) -> bool:
        """Return whether somebody looked at their Home not long ago."""
        return time.monotonic() - self._published.get(staff_id, float("-inf")) < _LEFT_S

    async def refresh(self, staff_id: str, make: Make) -> None:
        """Publish somebody's Home; wishes that come too soon become one, a moment later."""
        if staff_id in self._waiting:
            return
        self._waiting.add(staff_id)
        try:
            pause = self._published.get(staff_id, float("-inf")) + self._gap_s - time.monotonic()
            if pause > 0:
                await asyncio.sleep(pause)
        finally:
            self._waiting.discard(staff_id)
        self._published[staff_id] = time.monotonic()
        await self._publish(staff_id, await make())

    async def _publish(self, staff_id: str, blocks: list[Block]) -> None:
        """Publish over what we published last; when another hand was quicker, over that."""
        try:
            self._hashes[staff_id] = await self._gateway.home(staff_id, blocks, over=self._hashes.get(staff_id, ""))
        except SlackRefused as refusal:
            if refusal.code != "hash_conflict":
                raise
            self._hashes[staff_id] = await self._gateway.home(staff_id, blocks)
