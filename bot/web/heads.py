"""One connection whose requests have an end: uvicorn's fast parser takes heads of any length, for ever, from anybody.

Measured on uvicorn 0.54 and httptools 0.9: 20,000 header fields, 180 KB in all,
kept the loop from everything else for four seconds, before a signature was looked at.
"""

from __future__ import annotations

import asyncio
from typing import Final

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from bot.errors import DeliveryRefused

#: Bytes of a request's head, and of what follows its body. Source: uvicorn 0.54, what its slower parser takes.
HEAD_LIMIT: Final = 65_536
#: Header fields of one request. Source: Apache docs, "LimitRequestFields", 100 by default, read 2026-11-22.
FIELDS: Final = 100
#: Seconds from the first byte of a request to its last one: longer than any body is read for.
WHOLE_S: Final = 30.0


#: What is answered to more.
LARGE: Final = f"A request may have {FIELDS} header fields, of {HEAD_LIMIT:,} bytes in all."


class Bounded(HttpToolsProtocol):
    """Hangs up on who says nothing, never ends, or says too much before the body."""

    whole_s = WHOLE_S
    _deadline: asyncio.TimerHandle | None = None
    _before_body = 0
    _told = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Wait for the first byte as long as between two requests."""
        super().connection_made(transport)
        self.timeout_keep_alive_task = self.loop.call_later(self.timeout_keep_alive, self.timeout_keep_alive_handler)

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait for nothing any more."""
        self._whole()
        self._unset_keepalive_if_required()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take some bytes in, as long as they are not too many or too late."""
        if self._deadline is None:
            self._deadline = self.loop.call_later(self.whole_s, self.timeout_keep_alive_handler)
        self._before_body += len(data)
        super().data_received(data)
        if self._before_body > HEAD_LIMIT and not self.transport.is_closing():
            self.send_400_response(LARGE)

    def on_message_begin(self) -> None:
        """Count anew."""
        self._told = 0
        super().on_message_begin()

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take one field.

        Raises:
            DeliveryRefused: it is one too many.
        """
        self._told += len(name) + len(value)
        if self._told > HEAD_LIMIT or len(self.headers) >= FIELDS:
            self._before_body = HEAD_LIMIT + 1
            raise DeliveryRefused(LARGE, status=400)
        super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """Count no more: what comes now has limits of its own."""
        self._before_body = 0
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """Count from here what is none."""
        self._before_body = 0
        super().on_body(body)

    def on_message_complete(self) -> None:
        """Be patient again: a request is here as a whole."""
        self._before_body = 0
        self._whole()
        super().on_message_complete()

    def handle_websocket_upgrade(self) -> None:
        """Leave the connection to whom it belongs from now on."""
        self._whole()
        super().handle_websocket_upgrade()

    def send_400_response(self, msg: str) -> None:
        """Say what was too much, where something was."""
        super().send_400_response(LARGE if self._before_body > HEAD_LIMIT else msg)

    def _whole(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None
