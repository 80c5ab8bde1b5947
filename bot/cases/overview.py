"""The desk at a glance: a pile of work, somebody's Home, the figures of a day. Each is one look at the database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bot.cases.board import FAR, Line, Pile, Sight, Summary, lines, lines_of, of_pile, seen, summary
from bot.clock import Clock
from bot.domain.case import State
from bot.domain.figures import Figures, beginning
from bot.domain.ids import CaseId, StaffId
from bot.domain.policy import Policy
from bot.store.engine import Store
from bot.store.queues import Spot
from bot.store.unit import Unit

#: Lines of one page: what a person reads in one look, and what Slack has room for.
PAGE: Final = 10
#: Unanswered cases that a report names.
NAMED: Final = 5


@dataclass(frozen=True, slots=True)
class Page:
    """A part of a pile."""

    lines: tuple[Line, ...]
    total: int = 0
    """How many cases the pile has; counted up to ``FAR``."""
    skipped: int = 0

    @property
    def rest(self) -> int:
        """How many come behind this page."""
        return max(0, self.total - self.skipped - len(self.lines))


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """What somebody's Home shows."""

    mine: Page
    asleep: Page
    team: Page
    """What nobody has, most urgent first."""
    oldest_at: datetime | None
    """When the customer posted who waits longest for any answer."""
    summary: Summary
    today: Figures
    at: datetime
    is_new: bool
    """Whether this person never did anything here."""

    @property
    def cases(self) -> frozenset[CaseId]:
        """The cases that it names."""
        return frozenset(line.case.id for page in (self.mine, self.asleep, self.team) for line in page.lines)


@dataclass(frozen=True, slots=True)
class Report:
    """Some days in figures."""

    figures: Figures
    oldest: tuple[Line, ...]
    at: datetime
    days: int


class Overview:
    """The looks at many cases at once."""

    def __init__(self, store: Store, clock: Clock, policy: Policy) -> None:
        self._store = store
        self._clock = clock
        self._policy = policy

    async def pile(
        self, pile: Pile = Pile.TEAM, *, by: StaffId | None = None, sight: Sight | None = None, skip: int = 0
    ) -> Page:
        """Return one page of a pile, most urgent first, as far as ``sight`` goes."""
        now = self._clock.now()
        return await self._store.read(lambda unit: _page(unit, of_pile(unit, pile, by=by, at=now), sight, now, skip))

    async def home(self, by: StaffId, *, sight: Sight | None = None) -> Home:
        """Return what somebody's Home shows."""
        now = self._clock.now()

        def work(unit: Unit) -> Home:
            oldest = seen(unit.reports.longest_waiting(limit=FAR if sight else 1), sight)
            mine, asleep = (unit.queues.mine(by, states=[state], limit=FAR) for state in (State.CLAIMED, State.SNOOZED))
            return Home(
                mine=_page(unit, mine, sight, now),
                asleep=_page(unit, asleep, sight, now),
                team=_page(unit, unit.queues.first(states=[State.OPEN], limit=FAR), sight, now),
                oldest_at=oldest[0].posted_at if oldest else None,
                summary=summary(unit),
                today=self._figures(unit, now, days=1),
                at=now,
                is_new=not unit.reports.has_worked(by),
            )

        return await self._store.read(work)

    async def report(self, *, days: int = 1, sight: Sight | None = None) -> Report:
        """Return the figures of today, or of so many days with today."""
        now = self._clock.now()

        def work(unit: Unit) -> Report:
            oldest = seen(unit.reports.longest_waiting(limit=FAR if sight else NAMED), sight)[:NAMED]
            return Report(self._figures(unit, now, days=days), tuple(lines(unit, oldest, at=now)), now, days)

        return await self._store.read(work)

    def _figures(self, unit: Unit, now: datetime, *, days: int) -> Figures:
        since = beginning(now, self._policy.zone, days=days)
        return Figures(
            since=since,
            received=unit.reports.received(since=since),
            flagged=unit.reports.opened(since=since),
            replies=tuple(unit.reports.first_replies(since=since)),
            late_unanswered=unit.reports.late_unanswered(since=since, at=now),
            open_now=unit.cases.counts(),
            staff=tuple(unit.reports.staff(since=since)),
        )


def _page(unit: Unit, spots: Sequence[Spot], sight: Sight | None, now: datetime, skip: int = 0) -> Page:
    within = seen(spots, sight)
    return Page(tuple(lines_of(unit, within[skip : skip + PAGE], at=now)), len(within), skip)
