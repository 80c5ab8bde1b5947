"""A payload on its way to the app, and the ack that comes back, whichever way they travel."""

import asyncio
import secrets
import time
from dataclasses import dataclass, field
from typing import Any, Final

#: Seconds within which Slack wants an ack. Source: Slack docs, "Acknowledgment response", read 2026-11-21.
ACK_S: Final = 3.0


@dataclass(frozen=True, slots=True)
class Ack:
    """An ack in time: what it carried and how long it took."""

    payload: dict[str, Any]
    ms: int


def _answer() -> asyncio.Future[Ack | None]:
    return asyncio.get_running_loop().create_future()


@dataclass(slots=True, eq=False)
class Envelope:
    """One payload on its way; ``answer`` is its ack in time, or None when nobody can ack it any more."""

    kind: str
    """``events_api``, ``slash_commands`` or ``interactive``."""
    payload: dict[str, Any]
    attempt: int = 0
    """0, or which redelivery this is."""
    reason: str = ""
    """Why it is delivered again, in Slack's words."""
    id: str = field(default_factory=lambda: secrets.token_hex(16))
    sent_at: float = field(default_factory=time.monotonic)
    answer: asyncio.Future[Ack | None] = field(default_factory=_answer)
    state: str = "waiting"
    """``waiting``, ``late``, ``acked`` or ``failed``."""
    failure: str = ""
    """Why there is no ack, in Slack's words; empty while it may come."""
    is_last: bool = False
    """Whether the app asked not to be sent this payload again."""
    carrier: int = 0
    """The number of the connection that carries it; 0 over HTTP."""
    gone: asyncio.Event = field(default_factory=asyncio.Event)
    """Set once it has left, or never will."""

    @property
    def accepts_payload(self) -> bool:
        """Say whether the ack may carry an answer."""
        return self.kind != "events_api"

    def age_ms(self) -> int:
        """Return how long it has been under way."""
        return round((time.monotonic() - self.sent_at) * 1_000)

    def leave(self) -> None:
        """It goes out now: its time starts."""
        self.sent_at = time.monotonic()
        self.gone.set()

    def fail(self, reason: str) -> None:
        """There will be no ack; ``reason`` says why."""
        self.failure = self.failure or reason
        self.settle(None)

    def settle(self, ack: Ack | None) -> None:
        """Take the ack, or None when there will be none; the first word counts."""
        self.gone.set()
        if not self.answer.done():
            self.answer.set_result(ack)
