"""The one way to the app: every payload leaves here, is remembered, and waits for its ack."""

import asyncio
import time
from typing import Any

from bot.sandbox.envelopes import ACK_S, Ack, Envelope
from bot.sandbox.ledger import Ledger
from bot.sandbox.sockets import Sockets


class Delivery:
    """Sends payloads over whatever the app is connected by."""

    def __init__(self, ledger: Ledger, sockets: Sockets) -> None:
        self._ledger = ledger
        self._sockets = sockets
        self.waiting = 0
        """Envelopes that are neither acked nor given up yet."""

    def send(self, kind: str, payload: dict[str, Any], *, attempt: int = 0, reason: str = "") -> Envelope | None:
        """Put a payload on its way; None when the app cannot be reached.

        ``kind`` is ``events_api``, ``slash_commands`` or ``interactive``.
        """
        envelope = Envelope(kind, payload, attempt, reason)
        if not self._sockets.carry(envelope):
            return None
        self.waiting += 1
        self._ledger.sent(envelope.id, kind, payload, attempt=attempt, carrier=envelope.carrier)
        return envelope

    async def ack_of(self, envelope: Envelope) -> Ack | None:
        """Wait for the ack of an envelope; None when it does not come in time."""
        left = envelope.sent_at + ACK_S - time.monotonic()
        done, _ = await asyncio.wait([envelope.answer], timeout=left)
        self.waiting -= 1
        ack = envelope.answer.result() if done else None
        if ack is None:
            envelope.state = "failed" if done else "late"
        self._ledger.answered(envelope.id, state=envelope.state, ack=ack.payload if ack else None, ms=envelope.age_ms())
        return ack

    async def reachable(self, within_s: float) -> bool:
        """Wait for a way to the app; say whether there is one."""
        try:
            async with asyncio.timeout(within_s):
                await self._sockets.connected.wait()
        except TimeoutError:
            return False
        return True
