"""The private channel: whether it is still closed, and who is in it.

Asked for when something private is about to be shown, and remembered for a few
seconds: a channel can be opened, shared or left at any time. As long as Slack
does not tell, what it told last holds for a while; then nobody is inside.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping
from typing import Any, Final

from bot.domain.ids import StaffId
from bot.errors import SlackRefused, SlackTrouble
from bot.log import get
from bot.slack.cards import NOT_SET_UP
from bot.slack.gateway import GLANCE_S, Gateway

#: Seconds after which the channel itself is looked at again.
#: Slack allows fifty such questions a minute (Tier 3. Source: Slack docs, "Rate limits", read 2026-11-22).
FRESH_S: Final = 15.0
#: The same for who is in it: whoever leaves it reads nothing private from then on.
MEMBERS_FRESH_S: Final = 30.0
#: How long the last answer about members holds while Slack does not tell.
MEMBERS_LAST_S: Final = 600.0

_log = get(__name__)


def open_because(channel: Mapping[str, Any]) -> str:
    """Return why a channel is no place for private words; empty when it is one."""
    if not channel.get("is_private"):
        return "is public"
    if channel.get("is_ext_shared") or channel.get("is_pending_ext_shared"):
        return "is shared with another company"
    return "is archived" if channel.get("is_archived") else ""


class Backroom:
    """The one room for private words; those of staff about them are also read where a tier meets in private."""

    def __init__(self, gateway: Gateway, ticks: Callable[[], float] = time.monotonic) -> None:
        self._gateway = gateway
        self._ticks = ticks
        self._looks: dict[str, tuple[float, str]] = {}
        self._members: frozenset[str] = frozenset()
        self._counted_at = float("-inf")
        self._asked_at = float("-inf")
        self._asking = asyncio.Lock()
        self.channel = ""
        """Its id; empty: there is none."""

    async def why_open(self) -> str:
        """Return why private words must not be posted there now; empty when they may.

        Raises:
            SlackTrouble: Slack does not tell; whoever wants to post comes back.
        """
        return await self.why_not(self.channel) if self.channel else NOT_SET_UP

    async def why_not(self, channel: str) -> str:
        """Return why a channel, this one or a tier's, is no place for private words; empty when it is one.

        Raises:
            SlackTrouble: Slack does not tell.
        """
        looked_at, why = self._looks.get(channel, (float("-inf"), ""))
        if self._ticks() - looked_at >= FRESH_S:
            why = await self._look(channel)
            self._looks[channel] = (self._ticks(), why)
        return why

    async def _look(self, channel: str) -> str:
        try:
            return open_because(await self._gateway.channel(channel))
        except SlackRefused as refusal:
            return f"cannot be looked at ({refusal.code})"

    async def holds(self, staff_id: StaffId) -> bool:
        """Return whether somebody is in it, as far as Slack has told lately; asked before an ack, so it is quick."""
        if not self.channel:
            return False
        async with self._asking:
            if self._ticks() - self._asked_at >= MEMBERS_FRESH_S:
                self._asked_at = self._ticks()
                await self._count()
        return staff_id in self._members and self._ticks() - self._counted_at < MEMBERS_LAST_S

    async def _count(self) -> None:
        try:
            async with asyncio.timeout(GLANCE_S):
                self._members = frozenset(await self._gateway.members(self.channel))
            self._counted_at = self._ticks()
        except (SlackTrouble, TimeoutError) as trouble:
            _log.warning("the members of the private channel could not be read", trouble=repr(trouble))
