"""A part of Slack that is closed to us: a channel, or a right that is missing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

#: What the key of a closed channel begins with; its id follows.
CHANNEL: Final = "channel:"
#: The same for the private channel while others can read it, or nobody can.
ROOM: Final = "room:"
#: The same for a right (Slack: scope).
SCOPE: Final = "scope:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outage:
    """What is closed, why, and which one message tells of it."""

    key: str
    why: str
    """In words that go on after "it"."""
    since: datetime
    over_at: datetime | None = None
    channel: str = ""
    """Where it was told; empty before that."""
    ts: str = ""

    @property
    def place(self) -> str:
        """The id of the channel, or the name of the right."""
        return self.key.partition(":")[2]

    def is_of(self, kind: str) -> bool:
        """Whether it is one of channels, of the private one, or of rights: what its key begins with."""
        return self.key.startswith(kind)
