"""Which messages in Slack hold a stranger's words: written down when they are posted, so that they can be emptied."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.cases import promises
from bot.clock import Clock
from bot.domain.card import Escalation
from bot.domain.ids import CaseId, ErasureId, MentionId, StaffId
from bot.domain.removed import HOME_TS, Copy, CopyOf, Removed
from bot.domain.verdict import Kept
from bot.privacy.veil import shown
from bot.store.copies import Place
from bot.store.engine import Store
from bot.store.unit import Unit


@dataclass(frozen=True, slots=True)
class Message:
    """One message as its rows stand now: whatever was removed from them is not in it any more."""

    copies: tuple[Copy, ...]
    why: Removed | None
    """Why all of it goes; None: something of it may stay."""
    kept: tuple[Kept, ...] = ()
    """The mentions of a roll-up."""
    escalations: tuple[Escalation, ...] = ()
    """What a tier's message tells."""

    @property
    def what(self) -> CopyOf:
        """What kind of message it is."""
        return self.copies[0].what


class Copies:
    """The bookkeeping of what stands in Slack."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def line(self, subject: str, *, channel: str, ts: str) -> None:
        """Remember a line about a case; ``subject`` is that of its promise, which ends with a number."""
        number, what, ref = subject.split(":", 2)
        ref_number = int(ref.rpartition("-")[2])
        line = self._copy(channel, ts, CopyOf.LINE, case_id=CaseId(int(number)), ref=ref_number, line=what)
        await self._add([line])

    async def tier(self, escalations: Sequence[Escalation], *, channel: str, ts: str) -> None:
        """Remember a message to a tier."""
        await self._add([self._copy(channel, ts, CopyOf.TIER, case_id=one.case_id, ref=one.id) for one in escalations])

    async def rollup(self, kept: Sequence[Kept], *, channel: str, ts: str) -> None:
        """Remember a roll-up."""
        await self._add([self._copy(channel, ts, CopyOf.ROLLUP, ref=one.id) for one in kept])

    async def direct(self, *, channel: str, ts: str) -> None:
        """Remember a private answer; it may quote anybody."""
        await self._add([self._copy(channel, ts, CopyOf.DIRECT)])

    async def home(self, staff_id: StaffId, cases: Collection[CaseId]) -> bool:
        """Remember which cases a Home is about to show, beside those it shows still; return whether one is new."""

        def missing(unit: Unit) -> list[CaseId]:
            return sorted(set(cases) - {copy.case_id for copy in unit.copies.at(staff_id, HOME_TS)})

        def work(unit: Unit) -> None:
            unit.copies.add([self._copy(staff_id, HOME_TS, CopyOf.HOME, case_id=one) for one in missing(unit)])

        if not await self._store.read(missing):
            return False
        await self._store.transact(work)
        return True

    async def home_shows(self, staff_id: StaffId, cases: Collection[CaseId]) -> None:
        """Forget the cases that a Home shows no more, now that it was published."""
        await self._store.transact(lambda unit: unit.copies.shows_only(staff_id, HOME_TS, cases))

    def _copy(
        self, channel: str, ts: str, what: CopyOf, *, case_id: CaseId | None = None, ref: int = 0, line: str = ""
    ) -> Copy:
        now = self._clock.now()
        return Copy(channel=channel, ts=ts, what=what, at=now, case_id=case_id, ref=ref, line=line)

    async def _add(self, copies: Sequence[Copy]) -> None:
        await self._store.transact(lambda unit: unit.copies.add(copies))

    async def look(self, channel: str, ts: str) -> Message | None:
        """Return what a message shows now; None when nobody remembers it."""

        def work(unit: Unit) -> Message | None:
            copies = tuple(unit.copies.at(channel, ts))
            return _message(unit, copies) if copies else None

        return await self._store.read(work)

    async def put_back_at(self) -> datetime | None:
        """Return when a backup was last put back; None: never."""
        return await self._store.read(lambda unit: unit.restored.last_at())

    async def knows(self, channel: str, ts: str) -> bool:
        """Return whether a message is written down as ours."""
        return bool(await self._store.read(lambda unit: unit.copies.at(channel, ts)))

    async def look_again(self, channel: str, thread: str, key: str, *, due: datetime) -> None:
        """Promise a second look for a message that was posted again."""
        job = promises.check(channel, thread, key, due=due)
        await self._store.transact(lambda unit: unit.jobs.add(job))

    async def redrawn(self, channel: str, ts: str, *, trouble: str = "") -> None:
        """Write down what became of a message."""
        now = self._clock.now()
        await self._store.transact(lambda unit: unit.copies.redrawn(channel, ts, at=now, trouble=trouble))


def _message(unit: Unit, copies: tuple[Copy, ...]) -> Message:
    why = copies[0].removed
    match copies[0].what:
        case CopyOf.CARD:
            return Message(copies, _case_removed(unit, copies[0]))
        case CopyOf.LINE | CopyOf.DIRECT:
            return Message(copies, why)
        case CopyOf.HOME | CopyOf.BOARD:
            return Message(copies, None)
        case CopyOf.TIER:
            told = [one for copy in copies if copy.case_id for one in unit.escalations.of_case(copy.case_id)]
            told = [one for one in told if one.id in {copy.ref for copy in copies}]
            left = [copy for copy in copies if _case_removed(unit, copy) is None]
            return Message(copies, None if left else why or Removed.EXPIRED, escalations=tuple(told))
        case CopyOf.ROLLUP:
            found = [kept for copy in copies if (kept := unit.mentions.get(MentionId(copy.ref)))]
            left_aside = [kept for kept in found if kept.removed is None]
            return Message(copies, None if left_aside else why or Removed.EXPIRED, kept=tuple(map(shown, found)))


def _case_removed(unit: Unit, copy: Copy) -> Removed | None:
    return unit.cases.get(copy.case_id).removed if copy.case_id else copy.removed


def empty(
    unit: Unit, places: Iterable[Place], why: Removed, *, at: datetime, erasure_id: ErasureId | None = None
) -> int:
    """Promise that messages show what is left of their rows; return their number."""
    found = sorted(set(places))
    unit.copies.ask(found, why, erasure_id=erasure_id)
    redraw(unit, found, at=at, urgent=8 if why is Removed.EXPIRED else 5)
    return len(found)


def redraw(unit: Unit, places: Iterable[Place], *, at: datetime, urgent: int = 5) -> None:
    """Promise that messages are drawn anew, from their rows as they stand then."""
    for channel, ts in places:
        unit.jobs.add(promises.copy(channel, ts, at=at, urgent=urgent))
