"""The complaint that we own until it is resolved: its states and its two laws.

Laws: a claimed case has an assignee and an open one has none; a customer who
waits has a future alarm or one that has rung. Every act returns the next case or
raises ``NotAllowed``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from bot.domain.ids import CaseId, StaffId
from bot.domain.removed import Removed
from bot.domain.sla import Priority, first_alarm
from bot.domain.staff import Staff
from bot.domain.verdict import Kind
from bot.errors import NotAllowed

#: A sleeping case rings no alarm, so it may not sleep for ever. Our own number.
LONGEST_SLEEP: Final = timedelta(days=31)


class State(StrEnum):
    """Where a case stands. Staff read these words on the card."""

    OPEN = "open"
    CLAIMED = "claimed"
    SNOOZED = "snoozed"
    RESOLVED = "resolved"


class Act(StrEnum):
    """What can be done to a case."""

    CLAIM = "claim"
    RELEASE = "release"
    ASSIGN = "assign"
    REPLY = "reply"
    ESCALATE = "escalate"
    SNOOZE = "snooze"
    RESOLVE = "resolve"
    REOPEN = "reopen"


class Resolution(StrEnum):
    """Why a case is over."""

    ANSWERED = "answered"
    NO_ACTION = "no action"
    DUPLICATE = "duplicate"
    SPAM = "spam"
    NOT_ABOUT_US = "not about us"
    HANDED_OVER = "handed over"


class Alarm(StrEnum):
    """What an alarm does when it rings."""

    PING = "ping the assignee"
    CLIMB = "tell the next tier"
    MARK = "mark as late"


#: The whole life of a case. A pair that is absent is a pair that is refused.
MOVES: Final[Mapping[tuple[State, Act], State]] = {
    (State.OPEN, Act.CLAIM): State.CLAIMED,
    (State.OPEN, Act.ASSIGN): State.CLAIMED,
    (State.OPEN, Act.REPLY): State.CLAIMED,
    (State.OPEN, Act.ESCALATE): State.OPEN,
    (State.OPEN, Act.SNOOZE): State.SNOOZED,
    (State.OPEN, Act.RESOLVE): State.RESOLVED,
    (State.CLAIMED, Act.RELEASE): State.OPEN,
    (State.CLAIMED, Act.ASSIGN): State.CLAIMED,
    (State.CLAIMED, Act.REPLY): State.CLAIMED,
    (State.CLAIMED, Act.ESCALATE): State.CLAIMED,
    (State.CLAIMED, Act.SNOOZE): State.SNOOZED,
    (State.CLAIMED, Act.RESOLVE): State.RESOLVED,
    (State.SNOOZED, Act.CLAIM): State.CLAIMED,
    (State.SNOOZED, Act.ASSIGN): State.CLAIMED,
    (State.SNOOZED, Act.REPLY): State.CLAIMED,
    (State.SNOOZED, Act.ESCALATE): State.OPEN,
    (State.SNOOZED, Act.SNOOZE): State.SNOOZED,
    (State.SNOOZED, Act.RESOLVE): State.RESOLVED,
    (State.SNOOZED, Act.REOPEN): State.OPEN,
    (State.RESOLVED, Act.REOPEN): State.OPEN,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One complaint, grouping the mentions of one conversation or author."""

    id: CaseId
    state: State = State.OPEN
    kind: Kind = Kind.COMPLAINT
    priority: Priority
    feed: str
    platform: str
    author: str
    thread: str = ""
    private: bool = False
    account: str = ""
    """The brand's account that would answer, without an at-sign; empty where the feed names none."""
    assignee: StaffId | None = None
    assignee_name: str = ""
    tier: int = 0
    """How many tiers of the ladder were told."""
    posted_at: datetime
    seen_at: datetime
    due_at: datetime | None
    """When the customer should have an answer; nobody waits when it is None."""
    alarm_at: datetime | None
    """When staff are reminded next."""
    late_at: datetime | None = None
    """When the first alarm rang for the answer that is due."""
    pinged: bool = False
    """The assignee was pinged for the answer that is due."""
    claimed_at: datetime | None = None
    first_reply_at: datetime | None = None
    last_reply_at: datetime | None = None
    snoozed_until: datetime | None = None
    resolved_at: datetime | None = None
    resolved_by: str = ""
    resolution: Resolution | None = None
    quiet_since: datetime | None = None
    """When Slack or the customer last called its assignee; what people did since stands in the events."""
    asked_at: datetime | None = None
    """When its assignee was last asked whether they are still on it."""
    mentions: int = 1
    version: int = 1
    heard_version: int = 1
    """The version that the newest mention made: older drawings did not show it."""
    removed: Removed | None = None
    """Why its words are not kept any more: numbers and times are left."""

    @property
    def waits(self) -> bool:
        """Whether the customer waits for an answer of ours."""
        return self.due_at is not None and self.state is not State.RESOLVED

    def shows(self, drawn_version: int) -> bool:
        """Whether a drawing of that version held the newest mention."""
        return drawn_version >= self.heard_version

    # --- what staff do

    def claimed(self, *, by: Staff, at: datetime) -> Case:
        """Give the case to ``by``; taking one's own again changes nothing, and sleep keeps it theirs."""
        if self.assignee not in {None, by.id} and self.state in {State.CLAIMED, State.SNOOZED}:
            raise NotAllowed(
                f"{self.assignee_name} already has this ({_ago(self.claimed_at, at)}). "
                f"Ask them, or use Assign… if they are away."
            )
        if self.state is State.CLAIMED:
            return self
        return self._after(Act.CLAIM, **_held_by(by, at), snoozed_until=None)

    def released(self, *, by: Staff) -> Case:
        """Put the case back into the queue; only its assignee may."""
        if self.state is State.CLAIMED and self.assignee != by.id:
            raise NotAllowed(f"{self.assignee_name} has this, not you. Use Assign… to take it over.")
        return self._after(Act.RELEASE, **_NOBODY)

    def returned(self) -> Case:
        """Put the case back into the queue: its assignee did not answer."""
        return self._after(Act.RELEASE, **_NOBODY)

    def assigned(self, *, to: Staff, at: datetime) -> Case:
        """Hand the case to somebody."""
        return self._after(Act.ASSIGN, **_held_by(to, at), snoozed_until=None)

    def answering(self, *, by: Staff, at: datetime) -> Case:
        """Return the case as ``by`` may answer it: theirs, claimed on the way if free."""
        self._target(Act.REPLY)
        return self.claimed(by=by, at=at)

    def escalated(self, *, to: int) -> Case:
        """Note that the tiers up to number ``to`` (1 is the lowest) were told."""
        return self._after(Act.ESCALATE, tier=max(self.tier, to), snoozed_until=None)

    def snoozed(self, *, until: datetime, at: datetime) -> Case:
        """Put the case to sleep, for a month at most, since nobody is alarmed meanwhile; its assignee keeps it."""
        if until <= at:
            raise NotAllowed("That moment has passed already. Choose a later one.")
        if until - at > LONGEST_SLEEP:
            raise NotAllowed(
                f"A case sleeps for {LONGEST_SLEEP.days} days at most. Choose a nearer day, or resolve it."
            )
        return self._after(Act.SNOOZE, snoozed_until=until)

    def resolved(self, resolution: Resolution, *, by: str, at: datetime) -> Case:
        """Close the case; nobody waits any more."""
        return self._after(
            Act.RESOLVE, resolution=resolution, resolved_at=at, resolved_by=by, snoozed_until=None, **_CALM
        )

    def reopened(self) -> Case:
        """Wake or re-open the case: its assignee has it again, if there is one."""
        return self._after(Act.REOPEN, snoozed_until=None, resolution=None, resolved_at=None, resolved_by="")

    # --- what customers, platforms and clocks do

    def heard(self, *, posted_at: datetime, seen_at: datetime, promise: timedelta, wakes: bool) -> Case:
        """Take one more mention in.

        One that ``wakes`` re-opens a resolved or snoozed case, and starts the promise for an answer if none is due.
        """
        awake = self.reopened() if wakes and self.state in {State.RESOLVED, State.SNOOZED} else self
        heard = replace(awake, mentions=self.mentions + 1, version=awake.version + 1)
        heard = replace(heard, heard_version=heard.version)
        if heard.due_at or not wakes:
            return heard
        return heard.promised(posted_at=posted_at, seen_at=seen_at, promise=promise)

    def pressing(self, priority: Priority, *, posted_at: datetime, seen_at: datetime, promise: timedelta) -> Case:
        """Return the case as urgent as a new mention makes it: an answer comes due earlier, never later."""
        if priority >= self.priority:
            return self
        raised = replace(self, priority=priority)
        if self.due_at is None or posted_at + promise >= self.due_at:
            return raised
        return raised.promised(posted_at=posted_at, seen_at=seen_at, promise=promise)

    def promised(self, *, posted_at: datetime, seen_at: datetime, promise: timedelta) -> Case:
        """Start the clock for an answer."""
        due = posted_at + promise
        alarm = first_alarm(due_at=due, seen_at=seen_at, promise=promise)
        return replace(self, due_at=due, alarm_at=alarm, late_at=None, pinged=False, quiet_since=seen_at)

    def answered(self, *, at: datetime, still_waits: bool = False) -> Case:
        """Note that our reply arrived: nobody waits any more, unless the customer wrote again meanwhile."""
        said = replace(self, first_reply_at=self.first_reply_at or at, last_reply_at=at, version=self.version + 1)
        return said if still_waits else replace(said, **_CALM)

    def rung(self, *, at: datetime, promise: timedelta, tiers: int) -> tuple[Case, Alarm]:
        """Ring the alarm: who must hear of it, and when it rings again.

        A claimed case pings its assignee first. P1 and P2 climb one tier a ring,
        while there is one; the rest is marked as late once.
        """
        left = tiers - self.tier if self.priority.climbs else 0
        late = replace(self, late_at=self.late_at or at, alarm_at=None, version=self.version + 1)
        if self.assignee and not self.pinged:
            return replace(late, pinged=True, alarm_at=at + promise if left > 0 else None), Alarm.PING
        if left > 0:
            return replace(late, tier=self.tier + 1, alarm_at=at + promise if left > 1 else None), Alarm.CLIMB
        return late, Alarm.MARK

    def _after(self, act: Act, **changes: Any) -> Case:
        """Return the case after ``act``; whoever had it before it slept or ended has it again."""
        after = replace(self, state=self._target(act), version=self.version + 1, **changes)
        return replace(after, state=State.CLAIMED) if after.state is State.OPEN and after.assignee else after

    def _target(self, act: Act) -> State:
        """Return where ``act`` leads, refusing what MOVES does not hold."""
        if self.removed:
            raise NotAllowed(f"The words of case {self.id} are not kept any more, so there is nothing to {act}.")
        target = MOVES.get((self.state, act))
        if target is None:
            raise NotAllowed(f"Case {self.id} {self._standing()}, so there is nothing to {act}.")
        return target

    def _standing(self) -> str:
        return {
            State.OPEN: "is unclaimed",
            State.CLAIMED: f"is claimed by {self.assignee_name}",
            State.SNOOZED: "is snoozed",
            State.RESOLVED: f"was resolved by {self.resolved_by} ({self.resolution})",
        }[self.state]


#: Nobody waits: no promise, no alarm.
_CALM: Final[Mapping[str, Any]] = {"due_at": None, "alarm_at": None, "late_at": None, "pinged": False}

_NOBODY: Final[Mapping[str, Any]] = {
    "assignee": None,
    "assignee_name": "",
    "claimed_at": None,
    "pinged": False,
}


def _held_by(staff: Staff, at: datetime) -> Mapping[str, Any]:
    return {"assignee": staff.id, "assignee_name": staff.name, "claimed_at": at, "pinged": False}


def _ago(since: datetime | None, at: datetime) -> str:
    minutes = int((at - since).total_seconds() // 60) if since else 0
    return f"{minutes} min" if minutes else "just now"
