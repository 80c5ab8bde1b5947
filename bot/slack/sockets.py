"""Two Socket Mode connections, so that a broken one leaves no button deaf.

Slack gives each press to one of the open connections and never repeats it. With a
single connection everybody presses into the void from its end until the next one
stands; with two, Slack goes on with the other. The SDK's watchdog pings, and opens
a new connection where nothing comes back: that is how a half-open one is found.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Final

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest

from bot import metrics
from bot.errors import Misconfigured, SlackTrouble
from bot.log import get
from bot.slack.gateway import Gateway

#: Connections at once. Slack allows ten of one app. Source: Slack docs, "Using Socket Mode", read 2026-11-21.
CONNECTIONS: Final = 2
#: Seconds between two pings. The SDK gives a connection up after four without an answer (its source, 3.47),
#: so a half-open one is replaced within thirteen seconds.
PING_S: Final = 2.5

_log = get(__name__)


class _Handler(AsyncSocketModeHandler):
    """Bolt's handler, with a look at the clock."""

    async def handle(self, client: AsyncBaseSocketModeClient, req: SocketModeRequest) -> None:
        with metrics.ACK.time():
            await super().handle(client, req)  # type: ignore[arg-type]


class Sockets:
    """The connections over which presses, commands and events come in."""

    def __init__(self, app: AsyncApp, app_token: str, *, count: int = CONNECTIONS, ping_s: float = PING_S) -> None:
        self._handlers = [_Handler(app, app_token, ping_interval=ping_s) for _ in range(count)]
        one_at_a_time = asyncio.Lock()
        for handler in self._handlers:
            # Opened together, they are refreshed together, and the SDK closes the old session first.
            handler.client.connect_operation_lock = one_at_a_time
        self._app_token = app_token

    async def connect(self, gateway: Gateway) -> None:
        """Open every connection; a token that Slack refuses is said, while the SDK would try it for ever.

        Raises:
            Misconfigured: Slack gives no address to connect to.
        """
        for handler in self._handlers:
            try:
                handler.client.wss_uri = await gateway.socket_address(self._app_token)
            except SlackTrouble as trouble:
                raise Misconfigured(
                    f"{trouble} Check SLACK_APP_TOKEN: it begins with xapp- and needs the scope connections:write."
                ) from trouble
            await handler.connect_async()  # type: ignore[no-untyped-call]

    async def listens(self) -> bool:
        """Return whether at least one connection stands."""
        standing = [await handler.client.is_connected() for handler in self._handlers]
        metrics.SOCKETS.set(sum(standing))
        return any(standing)

    async def deaf(self) -> str:
        """Return that nothing is heard that Slack says; empty when at least one connection stands."""
        return "" if await self.listens() else "No connection to Slack stands."

    async def close(self) -> None:
        """End every connection at once."""
        closing = [handler.close_async() for handler in self._handlers]  # type: ignore[no-untyped-call]
        for trouble in await asyncio.gather(*closing, return_exceptions=True):
            if isinstance(trouble, Exception):
                _log.warning("a connection did not close well", trouble=repr(trouble))


@contextlib.asynccontextmanager
async def listening(app: AsyncApp, app_token: str, gateway: Gateway) -> AsyncIterator[Sockets | None]:
    """Listen until the block ends; without a token give None.

    Raises:
        Misconfigured: Slack gives no address to connect to.
    """
    if not app_token:
        yield None
        return
    sockets = Sockets(app, app_token)
    try:
        await sockets.connect(gateway)
        yield sockets
    finally:
        await sockets.close()
