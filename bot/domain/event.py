"""One line of a case's timeline: append-only, ids and staff's own words, never a stranger's text.

Every verb and every public effect leaves exactly one. What concerns the whole
desk bears the case number ``DESK``.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Final

from bot.domain.ids import CaseId, StaffId
from bot.domain.staff import Staff

#: The case number of what happened to no single case: a freeze.
DESK: Final = CaseId(0)


class Happening(StrEnum):
    """What can stand in a timeline. The words are those of the desk's verbs."""

    OPENED = "opened"
    HEARD = "heard"
    """One more mention joined."""
    CLAIMED = "claimed"
    RELEASED = "released"
    ASSIGNED = "assigned"
    APPROVAL_ASKED = "approval asked"
    APPROVED = "reply approved"
    CHANGES = "changes requested"
    REJECTED = "reply rejected"
    QUEUED = "reply queued"
    UNDONE = "reply undone"
    SENT = "reply sent"
    REFUSED = "reply refused"
    DOUBTED = "reply in doubt"
    ELSEWHERE = "answered elsewhere"
    """By one of our accounts, on the platform itself."""
    NOTED = "noted"
    ESCALATED = "escalated"
    SNOOZED = "snoozed"
    WOKEN = "woken"
    RESOLVED = "resolved"
    REOPENED = "reopened"
    LATE = "late"
    REMINDED = "reminded"
    ASKED = "asked whether they are still on it"
    KEPT = "still on it"
    RETURNED = "returned to the queue"
    TRACKED = "tracked by hand"
    FROZEN = "sending frozen"
    UNFROZEN = "sending unfrozen"
    EDITED = "edited by its author"
    DELETED = "deleted by its author"
    PURGED = "old words removed"
    ERASED = "a person erased"
    REVEALED = "hidden data revealed"
    REVIVED = "given-up work tried again"
    DROPPED = "given-up work dropped"
    RESTORED = "put back to a backup"
    """The whole desk: what happened since that backup is forgotten."""


#: Events that end with words of staff behind a colon: they may quote the customer. A note is nothing else.
WORDY: Final = frozenset(
    {
        Happening.ESCALATED,
        Happening.RESOLVED,
        Happening.SNOOZED,
        Happening.ASSIGNED,
        Happening.CHANGES,
        Happening.REJECTED,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happened to a case."""

    case_id: CaseId
    what: Happening
    at: datetime
    by: StaffId | None = None
    """Nobody for what the clock or a customer did."""
    by_name: str = ""
    detail: str = ""
    """Ids, reasons and staff's own notes, at most 3,000 characters."""
    text_hash: str = ""
    """SHA-256 of the exact text, for what becomes of a reply once a person sent it."""
    remote_id: str = ""
    """The platform's own id of what stands there."""

    def saying(self, words: str) -> Event:
        """Return it with ``words`` in the place of what staff wrote; where they wrote nothing it stays as it is."""
        if self.what is Happening.NOTED:
            return replace(self, detail=words if self.detail else "")
        ours, colon, theirs = self.detail.partition(": ")
        return replace(self, detail=f"{ours}{colon}{words}") if self.what in WORDY and theirs else self


def event(case_id: CaseId, what: Happening, *, at: datetime, by: Staff | None = None, detail: str = "") -> Event:
    """Return the timeline line for what ``by`` did."""
    return Event(
        case_id=case_id,
        what=what,
        at=at,
        by=by.id if by else None,
        by_name=by.name if by else "",
        detail=detail[:3_000],
    )
