"""A stop of all sending, for one account or for every one, until somebody lifts it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, tzinfo

from bot.domain.ids import FreezeId, StaffId
from bot.domain.role import spelled
from bot.domain.staff import Staff


@dataclass(frozen=True, slots=True, kw_only=True)
class Freeze:
    """Who stopped sending, when and why."""

    id: FreezeId
    account: str = ""
    """The account that does not speak, without an at-sign; empty: none does."""
    reason: str
    by: StaffId
    by_name: str
    at: datetime
    under_way: int = 0
    """Replies whose call had begun at that moment: they could not be called back."""
    ended_at: datetime | None = None
    ended_by: StaffId | None = None
    ended_by_name: str = ""
    channel: str = ""
    """Where the channel was told; empty before that."""
    ts: str = ""

    def covers(self, account: str) -> bool:
        """Return whether ``account`` does not speak."""
        return not self.account or spelled(self.account) == spelled(account)

    def ended(self, *, by: Staff, at: datetime) -> Freeze:
        """Lift it."""
        return replace(self, ended_at=at, ended_by=by.id, ended_by_name=by.name)

    @property
    def scope(self) -> str:
        """Return whom it silences, as it stands behind "Sending": " as @acme", or nothing for everybody."""
        return f" as @{self.account}" if self.account else ""

    def sentence(self, zone: tzinfo) -> str:
        """Return who, when and why, for the person whose reply it stops."""
        why = self.reason.rstrip(".")
        return f"Sending{self.scope} is frozen since {self.at.astimezone(zone):%H:%M} by {self.by_name}: {why}."
