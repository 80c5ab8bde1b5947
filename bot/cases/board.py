"""Read-only views: what Slack draws, each from one consistent look at the database.

Whatever leaves this room is a copy without personal data. Private words are
given to nobody but who asks for them as ``closed``: for the private channel
itself, or for somebody who is in it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final, TypeVar

from bot.cases.drafts import newest
from bot.cases.rights import place_of
from bot.clock import Clock
from bot.domain.attention import Writing, writing
from bot.domain.card import Card, Escalation
from bot.domain.case import Case, State
from bot.domain.event import Event
from bot.domain.freeze import Freeze
from bot.domain.health import FeedHealth
from bot.domain.history import Earlier, History
from bot.domain.ids import CaseId, ReplyId, StaffId
from bot.domain.reply import Reply, ReplyState
from bot.domain.role import Placed
from bot.domain.sla import Priority
from bot.domain.verdict import Kept
from bot.privacy.veil import shown, shown_case, shown_escalation, shown_event, shown_reply
from bot.store.engine import Store
from bot.store.queues import EVER, Spot
from bot.store.unit import Unit

#: How far a list looks for cases that somebody with bounded rights may see.
FAR: Final = 500

Sight = Callable[[Placed], bool]
"""Which cases somebody may look at."""
InSight = TypeVar("InSight", Case, Spot)


#: What a card shows of our side; a request that came after an answer takes its place.
_LEFT: Final = frozenset({ReplyState.SENT, ReplyState.REFUSED, ReplyState.AWAITING})


class Pile(StrEnum):
    """Which part of the queue somebody looks at."""

    TEAM = "team"
    MINE = "mine"
    UNANSWERED = "unanswered"
    LATE = "late"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """Everything that a card or a timeline shows of one case."""

    case: Case
    kept: Kept
    """The author's newest mention."""
    reply: Reply | None
    """What we said last, or are about to say."""
    waiting: tuple[Reply, ...] = ()
    """What waits for approval, oldest first."""
    escalation: Escalation | None
    """The newest one."""
    cards: tuple[Card, ...]
    first: Kept | None = None
    """The mention that opened the case, when newer ones joined."""
    freeze: Freeze | None = None
    """What keeps our account from sending."""
    writing: Writing | None = None
    """Who has the window open to answer it."""
    history: History | None = None
    """What its author wrote before."""
    folded: bool = False
    """Whether it has no card because of a storm, and nobody asked for one."""
    stormed: bool = False
    """Whether it came in a storm, whose board called whoever is on call."""


@dataclass(frozen=True, slots=True)
class Timeline:
    """A case with all that happened to it."""

    sheet: Sheet
    mentions: tuple[Kept, ...]
    events: tuple[Event, ...]
    replies: tuple[Reply, ...]
    earlier: tuple[Earlier, ...] = ()
    """The newest of what its author wrote before, newest first."""


@dataclass(frozen=True, slots=True)
class Line:
    """One case in a list."""

    case: Case
    kept: Kept | None
    writing: Writing | None = None
    at: datetime | None = None
    """The moment of the look."""


@dataclass(frozen=True, slots=True)
class Summary:
    """What Home and ``/social status`` show at a glance."""

    counts: dict[State, int]
    feeds: tuple[FeedHealth, ...]
    dead_jobs: int
    freezes: tuple[Freeze, ...] = ()


class Board:
    """The looks."""

    def __init__(self, store: Store, clock: Clock, *, history: timedelta = timedelta(days=30)) -> None:
        """Prepare; ``history``: how far back a card looks for what its author wrote before."""
        self._store = store
        self._clock = clock
        self._history = history

    async def sheet(self, case_id: CaseId, *, closed: bool = False) -> Sheet:
        """Return what the card of a case shows; ``closed``: its readers may read what is private.

        Raises:
            CaseGone: there is no such case; the text names near ones.
        """
        return await self._store.read(lambda unit: self._sheet(unit, case_id, closed=closed))

    async def timeline(self, case_id: CaseId, *, closed: bool = False) -> Timeline:
        """Return a case with everything that happened to it; ``closed``: its readers may read what is private.

        Raises:
            CaseGone: there is no such case.
        """

        def work(unit: Unit) -> Timeline:
            sheet = self._sheet(unit, case_id, closed=closed)
            mentions = tuple(shown(kept, closed=closed) for kept in unit.mentions.of_case(case_id))
            events = tuple(
                shown_event(one, closed=closed or not sheet.case.private) for one in unit.events.of_case(case_id)
            )
            within = {"closed": closed, "private": sheet.case.private}
            replies = tuple(shown_reply(reply, **within) for reply in unit.replies.of_case(case_id))
            earlier = (
                unit.authors.earlier(sheet.case, **self._before(sheet, closed=closed)) if sheet.case.author else []
            )
            copies = tuple(replace(one, kept=shown(one.kept, closed=closed)) for one in earlier)
            return Timeline(sheet, mentions, events, replies, copies)

        return await self._store.read(work)

    def _sheet(self, unit: Unit, case_id: CaseId, *, closed: bool) -> Sheet:
        sheet = _sheet(unit, case_id, closed=closed, at=self._clock.now())
        if not sheet.case.author:  # who reads this may not know who wrote it
            return sheet
        return replace(sheet, history=unit.authors.history(sheet.case, **self._before(sheet, closed=closed)))

    def _before(self, sheet: Sheet, *, closed: bool) -> dict[str, Any]:
        """Return which mentions of its author lie before a case; private ones for those who may read them only."""
        case = sheet.case
        since = case.posted_at - self._history
        return {"before": (sheet.first or sheet.kept).id, "since": since, "private": closed and case.private}

    async def queue(
        self, pile: Pile = Pile.TEAM, *, by: StaffId | None = None, limit: int = 10, sight: Sight | None = None
    ) -> list[Line]:
        """Return a pile of work, most urgent first, as far as ``sight`` goes."""
        now = self._clock.now()
        most = FAR if sight else limit

        def work(unit: Unit) -> list[Line]:
            spots = of_pile(unit, pile, by=by, at=now, limit=most)
            return lines_of(unit, seen(spots, sight)[:limit], at=now)

        return await self._store.read(work)

    async def unclaimed(self, *, sight: Sight | None = None) -> list[Line]:
        """Return the three most urgent cases that nobody has, as far as ``sight`` goes."""
        now = self._clock.now()

        def work(unit: Unit) -> list[Line]:
            spots = unit.queues.first(states=[State.OPEN], limit=FAR if sight else 3)
            return lines_of(unit, seen(spots, sight)[:3], at=now)

        return await self._store.read(work)

    async def unflagged(self, *, limit: int = 10, sight: Sight | None = None) -> list[Kept]:
        """Return the newest tagged mentions that were not flagged, as far as ``sight`` goes."""

        def work(unit: Unit) -> list[Kept]:
            found = unit.mentions.unflagged(limit=FAR if sight else limit)
            within = [kept for kept in found if not sight or sight(place_of(kept.mention))]
            return [shown(kept) for kept in within[:limit]]

        return await self._store.read(work)

    async def case_of_card(self, channel: str, ts: str) -> CaseId | None:
        """Return the case whose card is this message."""
        card = await self._store.read(lambda unit: unit.cards.at(channel, ts))
        return card.case_id if card else None

    async def case_of_url(self, url: str) -> CaseId | None:
        """Return the case of the post at this address."""
        return await self._store.read(lambda unit: unit.mentions.case_at(url))

    async def reply(self, reply_id: ReplyId) -> Reply:
        """Return one reply."""
        return await self._store.read(lambda unit: unit.replies.get(reply_id))

    async def summary(self) -> Summary:
        """Return the figures of the whole desk."""
        return await self._store.read(summary)


def summary(unit: Unit) -> Summary:
    """Return the figures of the whole desk."""
    feeds, freezes = tuple(unit.feeds.all()), tuple(unit.freezes.active())
    return Summary(unit.cases.counts(), feeds, unit.jobs.count_dead(), freezes)


def _sheet(unit: Unit, case_id: CaseId, *, closed: bool, at: datetime) -> Sheet:
    case = unit.cases.get(case_id)
    kept = newest(unit, case)
    first = unit.mentions.first_of(case_id) if case.mentions > 1 else None
    replies = unit.replies.of_case(case_id)
    reply = _said(replies)
    escalations, cards = unit.escalations.of_case(case_id), tuple(unit.cards.of_case(case_id))
    return Sheet(
        case=shown_case(case, closed=closed),
        kept=shown(kept, closed=closed),
        writing=_who_writes([one for one in replies if one.state is ReplyState.DRAFT], at=at),
        freeze=unit.freezes.over(kept.mention.terms.account),
        first=shown(first, closed=closed) if first else None,
        reply=shown_reply(reply, closed=closed, private=case.private) if reply else None,
        waiting=tuple(
            shown_reply(one, closed=closed, private=case.private) for one in replies if one.state is ReplyState.AWAITING
        ),
        escalation=shown_escalation(escalations[-1], closed=closed or not case.private) if escalations else None,
        cards=cards,
        folded=not cards and case.state in {State.OPEN, State.RESOLVED} and unit.boards.folds(case_id),
        stormed=case.priority is Priority.P1 and unit.boards.stormed(case.seen_at),
    )


def _said(replies: Sequence[Reply]) -> Reply | None:
    """Return the reply that is on its way, else the newest that left the house and no request came after."""
    if under_way := [reply for reply in replies if reply.under_way]:
        return under_way[-1]
    left = [reply for reply in replies if reply.state in _LEFT]
    return left[-1] if left and left[-1].state is not ReplyState.AWAITING else None


def _who_writes(drafts: Iterable[Reply], *, at: datetime) -> Writing | None:
    return next((found for one in drafts if (found := writing(one, at=at))), None)


def of_pile(unit: Unit, pile: Pile, *, by: StaffId | None, at: datetime, limit: int = FAR) -> list[Spot]:
    """Return where the cases of a pile stand, most urgent first."""
    match pile:
        case Pile.TEAM:
            return unit.queues.first(limit=limit)
        case Pile.MINE:
            return unit.queues.mine(by, states=[State.CLAIMED, State.SNOOZED], limit=limit) if by else []
        case Pile.UNANSWERED:
            return unit.queues.first(states=[State.OPEN, State.CLAIMED, State.SNOOZED], due_by=EVER, limit=limit)
        case Pile.LATE:
            return unit.queues.first(due_by=at, limit=limit)


def seen(cases: Sequence[InSight], sight: Sight | None) -> Sequence[InSight]:
    """Return those cases that ``sight`` reaches; all of them without one."""
    return [case for case in cases if sight(case)] if sight else cases


def lines_of(unit: Unit, spots: Sequence[Spot], *, at: datetime) -> list[Line]:
    """Return what a list shows of the cases that stand there."""
    return lines(unit, unit.cases.some([spot.id for spot in spots]), at=at)


def lines(unit: Unit, cases: Sequence[Case], *, at: datetime) -> list[Line]:
    """Return what a list shows of some cases at this moment."""
    numbers = [case.id for case in cases]
    kept, drafts = unit.mentions.newest_of(numbers), unit.attention.open_drafts(numbers)
    return [
        Line(
            shown_case(case, closed=False),
            shown(kept[case.id]) if case.id in kept else None,
            _who_writes(drafts.get(case.id, []), at=at),
            at,
        )
        for case in cases
    ]
