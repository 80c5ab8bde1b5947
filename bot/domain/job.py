"""A promise to do something later: outbox and timer in one row."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

#: How many jobs of one lane a process works on at once.
WIDTH: Final = 8
#: What the names of lanes begin with whose jobs all post to the same place, so that they wait for its turns as one.
PACED: Final = "room:"


def paced(lane: str) -> bool:
    """Return whether a lane rests as a whole when one of its jobs finds no turn."""
    return lane.startswith(PACED)


class JobState(StrEnum):
    """Where a promise stands."""

    READY = "ready"
    RUNNING = "running"
    DONE = "done"
    DEAD = "dead"
    """Given up after too many tries; an operator has to look."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Burst:
    """Jobs that were given up at about the same time, told in one message."""

    begun_at: datetime
    id: int = 0
    channel: str = ""
    ts: str = ""
    ended_by_name: str = ""
    """Who last had some of them tried again or dropped."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """Work that must happen, even after a crash.

    ``key`` is unique. A ``final`` job happens once for its key; any other is
    re-armed when it is promised again, so that many wishes become one call.
    """

    kind: str
    key: str
    due: datetime
    subject: str = ""
    """The one id the handler needs: a case, a reply, a tier."""
    final: bool = False
    urgent: int = 5
    """0 goes first, 9 last, among those that are due."""
    id: int = 0
    tries: int = 0
    fence: int = 0
    """Grows with each claim: who holds an older one may not finish the job."""
    wish: int = 0
    """Grows with each new promise: a job promised again meanwhile runs again."""
    lane: str = ""
    """The queue it stands in; one lane's backlog delays no other."""
    faults: int = 0
    """Tries that ended in a fault nobody foresaw."""
    attempted_at: datetime | None = None
    """When a call of it began whose end is not known: look before a second one."""
    dead_at: datetime | None = None
    burst_id: int | None = None
    """Which message to the operators tells that it was given up."""
    trouble: str = ""
    """Why the last try failed, in our own words."""
