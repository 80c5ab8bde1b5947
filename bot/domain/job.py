"""A promise to do something later: outbox and timer in one row."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class JobState(StrEnum):
    """Where a promise stands."""

    READY = "ready"
    RUNNING = "running"
    DONE = "done"
    DEAD = "dead"
    """Given up after too many tries; an operator has to look."""


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
