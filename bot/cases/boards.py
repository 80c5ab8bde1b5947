"""Storms: when a channel gets more cases than anybody can read as cards, they fold into one board.

A case that folds has no card until somebody wants one: whoever claims it, asks
to see it, or the calm after the storm. Everything else about it is as ever: its
alarm rings, and it stands in every queue.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from bot.cases import promises
from bot.cases.board import FAR, Line, Sight, lines
from bot.cases.rights import may
from bot.clock import Clock
from bot.domain.board import BURST, CALM, CARD_BURST, CARD_GAP, MINUTE, UNFOLDED, StormBoard
from bot.domain.case import Case, State
from bot.domain.freeze import Freeze
from bot.domain.ids import CaseId
from bot.domain.policy import Policy
from bot.domain.removed import Copy, CopyOf
from bot.domain.sla import Priority
from bot.domain.staff import Staff
from bot.store.boards import Tally
from bot.store.engine import Store
from bot.store.unit import Unit

#: Cases that a board shows with their words: what a screen holds.
SHOWN: Final = 5
#: Cases of one page behind these.
PAGE: Final = 8
#: Critical cases beyond these that it names by number.
NAMED: Final = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What a board shows at one moment."""

    board: StormBoard
    tally: Tally
    lately: int
    """New cases of the last minute."""
    is_calm: bool
    top: tuple[Line, ...]
    critical: tuple[CaseId, ...]
    """Further critical cases that nobody has, newest first."""
    freezes: tuple[Freeze, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """Some unclaimed cases of a storm, and at which places of all they stand: the first has the number 1."""

    lines: tuple[Line, ...] = ()
    first: int = 0
    last: int = 0


class Fold:
    """Decides, while a page is taken, which of its new cases fold into the board of their channel."""

    def __init__(self, unit: Unit, policy: Policy, now: datetime) -> None:
        self._unit = unit
        self._policy = policy
        self._now = now
        self._channel = policy.routes.cases
        self._is_up: bool | None = None
        self._minute = self._burst = 0
        self._turns = True

    def takes(self, case: Case) -> bool:
        """Return whether a case that was just opened folds; if so it is written down."""
        if case.private or not (self._policy.brink.per_minute and self._storms()):
            return False
        if case.priority is Priority.P1 and self._has_turn():
            return False
        self._unit.boards.fold(case.id)
        return True

    def keeps(self, case: Case) -> bool:
        """Return whether a case that folded stays so although its author wrote again; after the storm it does not."""
        if case.state is not State.OPEN or not self._unit.boards.folds(case.id):
            return False
        if self._is_storm():
            return True
        self._unit.boards.unfold([case.id])
        return False

    def _has_turn(self) -> bool:
        """Whether a critical case gets a card of its own in the storm."""
        lane = f"storm:{self._channel}"
        if self._turns:  # who was refused now is refused as often as it asks now
            self._turns = self._unit.paces.take(lane, at=self._now, gap=CARD_GAP, burst=CARD_BURST) is None
        return self._turns

    def _storms(self) -> bool:
        """Count one more new case, and put the board up when that is too much."""
        if self._is_storm():
            return True
        self._minute, self._burst = self._minute + 1, self._burst + 1  # it is not stored yet
        if self._policy.brink.is_over(burst=self._burst, minute=self._minute):
            self._unit.boards.begin(self._channel, at=self._now)
            self._unit.jobs.add(promises.board(self._channel, due=self._now))
            self._is_up = True
        return self._is_up is True

    def _is_storm(self) -> bool:
        if self._is_up is None:
            board = self._unit.boards.get(self._channel)
            self._is_up = board is not None and board.is_up
            if not self._is_up:
                counted = self._unit.boards.count(since=self._now - MINUTE, upto=self._now - BURST)
                self._minute, self._burst = counted
        return self._is_up


class Boards:
    """The boards of storms."""

    def __init__(self, store: Store, clock: Clock, policy: Policy) -> None:
        self._store = store
        self._clock = clock
        self._policy = policy

    async def look(self, channel: str) -> Look | None:
        """Return what the board of a channel shows now; None when there was never a storm."""
        now = self._clock.now()

        def work(unit: Unit) -> Look | None:
            board = unit.boards.get(channel)
            if board is None:
                return None
            since = board.begun_at - BURST
            lately, minute = unit.boards.count(since=now - CALM, upto=now - MINUTE)
            top = unit.boards.top(since=since, limit=SHOWN)
            tally = unit.boards.tally(since=since, named=NAMED + SHOWN)
            shown = {case.id for case in top}
            return Look(
                board=board,
                tally=tally,
                lately=minute,
                is_calm=now - board.begun_at >= CALM and self._policy.brink.is_calm(lately),
                top=tuple(lines(unit, top, at=now)),
                critical=tuple(one for one in tally.critical if one not in shown),
                freezes=tuple(unit.freezes.active()),
            )

        return await self._store.read(work)

    async def page(self, skip: int, *, sight: Sight | None) -> Part:
        """Return the next unclaimed cases of the newest storm, in the order of its board, as far as ``sight`` goes."""
        now = self._clock.now()

        def work(unit: Unit) -> Part:
            board = unit.boards.get(self._policy.routes.cases)
            if board is None:
                return Part()
            top = unit.boards.top(since=board.begun_at - BURST, limit=FAR if sight else PAGE, skip=skip)
            found = [one for one in enumerate(top, skip + 1) if not sight or sight(one[1])][:PAGE]
            if not found:
                return Part()
            places, cases = zip(*found, strict=True)
            return Part(tuple(lines(unit, cases, at=now)), first=places[0], last=places[-1])

        return await self._store.read(work)

    async def show(self, case_id: CaseId, *, by: Staff) -> bool:
        """Give a case that folded a card of its own; return whether it had none.

        Raises:
            NotAllowed: ``by`` may not look at it.
        """
        now = self._clock.now()

        def work(unit: Unit) -> bool:
            case = unit.cases.get(case_id)
            may(by, "look", self._policy, case)
            if not unit.boards.folds(case_id):
                return False
            unit.boards.unfold([case_id])
            unit.jobs.add(promises.redraw(case, at=now, by_staff=True))
            return True

        return await self._store.transact(work)

    async def drawn(self, board: StormBoard, cases: Sequence[CaseId] = ()) -> None:
        """Remember where a board stands, which cases it quotes, and when to look at it again."""
        now = self._clock.now()

        def work(unit: Unit) -> None:
            unit.boards.save(board)
            _write_down(unit, board, cases, at=now)
            if board.is_up:
                unit.jobs.add(promises.board(board.channel, due=board.next_edit(now)))

        await self._store.transact(work)

    async def quotes(self, board: StormBoard, cases: Sequence[CaseId]) -> None:
        """Remember which cases a board is about to quote, before it does."""
        now = self._clock.now()
        if board.ts:
            await self._store.transact(lambda unit: _write_down(unit, board, cases, at=now, also=True))

    async def again(self, board: StormBoard) -> None:
        """Promise another look at a board that shows all there is."""
        job = promises.board(board.channel, due=board.next_edit(self._clock.now()))
        await self._store.transact(lambda unit: unit.jobs.add(job))

    async def over(self, board: StormBoard) -> StormBoard:
        """End a storm, and promise cards for what is urgent and nobody has; return the board as it comes down."""
        now = self._clock.now()
        ended = replace(board, ended_at=now)

        def work(unit: Unit) -> StormBoard:
            unit.boards.save(ended)
            urgent = unit.boards.to_unfold(limit=UNFOLDED)
            unit.boards.unfold([case.id for case in urgent])
            for case in urgent:
                unit.jobs.add(promises.redraw(case, at=now))
            unit.jobs.add(promises.board(board.channel, due=now))
            return ended

        return await self._store.transact(work)


def _write_down(unit: Unit, board: StormBoard, cases: Sequence[CaseId], *, at: datetime, also: bool = False) -> None:
    """Note what a board quotes, among the copies that an erasure has to find; ``also``: what it quoted stays."""
    here = {"channel": board.place, "ts": board.ts, "what": CopyOf.BOARD, "at": at}
    known = {copy.case_id for copy in unit.copies.at(board.place, board.ts)}
    # The board itself stays known without a case: whoever draws it anew finds out from this which message it is.
    wanted: list[CaseId | None] = [None, *sorted(set(cases))]
    unit.copies.add([Copy(**here, case_id=one) for one in wanted if one not in known])  # type: ignore[arg-type]
    if not also and known - {None, *cases}:
        unit.copies.shows_only(board.place, board.ts, list(cases))
