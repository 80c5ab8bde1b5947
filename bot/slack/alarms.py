"""Tells operators once what ails the machine, and edits that message when it is over.

It goes past the job table and past the turns of the channels: both are rows of
the very database that may take nothing.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Final

from bot.clock import Clock
from bot.errors import SlackTrouble
from bot.log import get
from bot.slack.gateway import Gateway
from bot.slack.lists import notice
from bot.slack.text import dated, lines, say

#: Seconds between two looks.
LOOK_S: Final = 10.0

_log = get(__name__)

Sleep = Callable[[float], Awaitable[None]]


class Alarms:
    """The messages about the machine; whoever starts anew begins anew."""

    def __init__(
        self, gateway: Gateway, channel: str, ails: Callable[[], Awaitable[Mapping[str, str]]], clock: Clock
    ) -> None:
        self._gateway = gateway
        self._channel = channel
        self._ails = ails
        self._clock = clock
        self._told: dict[str, tuple[str, str, str]] = {}
        """Where each message stands, and what it says."""

    async def watch(self, sleep: Sleep = asyncio.sleep) -> None:
        """Look for ever; a start has looked at disk and database itself."""
        while True:
            await sleep(LOOK_S)
            await self.look()

    async def look(self) -> None:
        """Say what is new, and what is over; what Slack does not take is said at the next look."""
        found = await self._ails()
        for name in [*(found.keys() - self._told.keys()), *(self._told.keys() - found.keys())]:
            try:
                await (self._tell(name, found[name]) if name in found else self._close(name))
            except SlackTrouble as trouble:
                _log.warning("operators could not be told", alarm=name, trouble=str(trouble))

    async def _tell(self, name: str, words: str) -> None:
        _log.error("something ails the machine", alarm=name, trouble=words)
        channel, ts = await self._gateway.post(self._channel, notice(say("🛠️ {words}", words=words)))
        self._told[name] = channel, ts, words

    async def _close(self, name: str) -> None:
        channel, ts, words = self._told[name]
        over = say("🟢 *Over* since {at}. It was:", at=dated(self._clock.now()))
        await self._gateway.update(channel, ts, notice(lines(over, say("{words}", words=words))))
        del self._told[name]
        _log.warning("what ailed the machine is over", alarm=name)
