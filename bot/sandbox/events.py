"""Events on their way to the app: delivered again when nobody acks, as Slack does."""

import asyncio
from typing import Any, Final

from bot.sandbox import payloads
from bot.sandbox.envelopes import ACK_S, Envelope
from bot.sandbox.workspace import BOT_USER, Channel
from bot.sandbox.world import World

#: Seconds before the first, second and third redelivery, on the sandbox's clock.
#: Source: Slack docs, "Events API: error handling", read 2026-11-21.
RETRY_AFTER_S: Final = (0.0, 60.0, 300.0)


class Events:
    """Sends events the app has subscribed to; each in a task that ends with the sandbox."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._tasks: set[asyncio.Task[None]] = set()
        self.looking = 0
        """Events that wait for a connection right now."""

    def tell(self, name: str, inner: dict[str, Any], channel: Channel | None = None) -> bool:
        """Send an event, if the app may hear it: subscribed, scope granted, member of the channel."""
        if not self._world.app.hears(name):
            return False
        if channel is not None and BOT_USER not in channel.members:
            return False
        shared = channel is not None and channel.is_shared
        payload = payloads.event(inner, now=self._world.clock.now(), is_shared=shared)
        first = self._world.delivery.send("events_api", payload)
        task = asyncio.create_task(self._see_through(payload, first))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return True

    async def close(self) -> None:
        """Give up every delivery that is still under way."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)
        for task in tasks:
            if not task.cancelled():
                task.result()

    async def _see_through(self, payload: dict[str, Any], envelope: Envelope | None) -> None:
        reason = ""
        for attempt, delay_s in enumerate((*RETRY_AFTER_S, None)):
            envelope = envelope or await self._send_when_connected(payload, attempt, reason)
            if envelope is not None and (await self._world.delivery.ack_of(envelope) is not None or envelope.is_last):
                return
            reason = envelope.failure if envelope else "timeout"
            envelope = None
            if delay_s is not None:
                await self._world.clock.sleep(delay_s)
        self._world.ledger.wrong("event_lost", self._world.clock.now(), event=payload["event"]["type"])

    async def _send_when_connected(self, payload: dict[str, Any], attempt: int, reason: str) -> Envelope | None:
        delivery = self._world.delivery
        self.looking += 1
        try:
            found = await delivery.reachable(ACK_S)
        finally:
            self.looking -= 1
        return delivery.send("events_api", payload, attempt=attempt, reason=reason) if found else None
