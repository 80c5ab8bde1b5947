"""The one way to the app: every payload leaves here, is remembered, and waits for its ack."""

import asyncio
import time
from collections.abc import Coroutine
from typing import Any, Final

from bot.sandbox.envelopes import ACK_S, Ack, Envelope
from bot.sandbox.http_delivery import HttpDelivery
from bot.sandbox.ledger import Ledger
from bot.sandbox.sockets import Sockets

#: Seconds for which an interaction is held back at most, to arrive after the next one.
HOLD_S: Final = 2.0


class Delivery:
    """Sends payloads over whatever the app is connected by."""

    def __init__(self, ledger: Ledger, sockets: Sockets) -> None:
        self._ledger = ledger
        self._sockets = sockets
        self.http: HttpDelivery | None = None
        """How payloads are posted to the app's request URL; None while it is to connect by Socket Mode."""
        self._doubles = 0
        self._is_swapping = False
        self._held: Envelope | None = None
        self._tasks: set[asyncio.Task[Any]] = set()
        self.waiting = 0
        """Envelopes that are neither acked nor given up yet."""

    def send(self, kind: str, payload: dict[str, Any], *, attempt: int = 0, reason: str = "") -> Envelope | None:
        """Put a payload on its way; None when the app cannot be reached.

        ``kind`` is ``events_api``, ``slash_commands`` or ``interactive``.
        """
        envelope = Envelope(kind, payload, attempt, reason)
        if self._is_swapping and kind != "events_api":
            self._hold(envelope)
        elif not self._carry(envelope):
            return None
        self.waiting += 1
        if self._doubles:
            self._doubles -= 1
            self._repeat(envelope)
        return envelope

    async def ack_of(self, envelope: Envelope) -> Ack | None:
        """Wait for the ack of an envelope; None when it does not come in time."""
        await envelope.gone.wait()
        left = envelope.sent_at + ACK_S - time.monotonic()
        done, _ = await asyncio.wait([envelope.answer], timeout=left)
        self.waiting -= 1
        ack = envelope.answer.result() if done else None
        if ack is None:
            envelope.state = "failed" if done else "late"
            envelope.failure = envelope.failure or ("http_timeout" if self.http else "timeout")
        outcome = {"state": envelope.state, "failure": envelope.failure, "ms": envelope.age_ms()}
        self._ledger.answered(envelope.id, ack.payload if ack else None, **outcome)
        return ack

    @property
    def ways(self) -> int:
        """How many ways lead to the app now."""
        return 1 if self.http else len(self._sockets.connections)

    async def reachable(self, within_s: float) -> bool:
        """Wait for a way to the app; say whether there is one."""
        if self.http:
            return True
        try:
            async with asyncio.timeout(within_s):
                await self._sockets.connected.wait()
        except TimeoutError:
            return False
        return True

    def twice(self, count: int) -> None:
        """Deliver each of the next ``count`` payloads twice, the second time as a payload of its own."""
        self._doubles = count

    def swap(self, *, wanted: bool = True) -> None:
        """Hold the next interaction back until the one after it is answered, two seconds at most."""
        self._is_swapping = wanted

    async def close(self) -> None:
        """Forget what is still under way."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self.http:
            await self.http.close()

    def _carry(self, envelope: Envelope) -> bool:
        if not self.http and not self._sockets.carry(envelope):
            return False
        envelope.leave()
        if self.http:
            self._keep(self.http.post(envelope))
        entry = {"attempt": envelope.attempt, "carrier": envelope.carrier}
        self._ledger.sent(envelope.id, envelope.kind, envelope.payload, **entry)
        if self._held and envelope.accepts_payload:
            held, self._held = self._held, None
            envelope.answer.add_done_callback(lambda _: self._let_go(held))
        return True

    def _hold(self, envelope: Envelope) -> None:
        self._is_swapping, self._held = False, envelope
        asyncio.get_running_loop().call_later(HOLD_S, self._let_go, envelope)

    def _let_go(self, envelope: Envelope) -> None:
        if self._held is envelope:
            self._held = None
        if not envelope.gone.is_set() and not self._carry(envelope):
            envelope.fail("connection_failed")

    def _repeat(self, envelope: Envelope) -> None:
        again = Envelope(envelope.kind, envelope.payload, envelope.attempt, envelope.reason)
        if self._carry(again):
            self.waiting += 1
            self._keep(self.ack_of(again))

    def _keep(self, work: Coroutine[Any, Any, Any]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
