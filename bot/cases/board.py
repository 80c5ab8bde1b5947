"""Read-only views: what Slack draws, each from one consistent look at the database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.cases.drafts import newest
from bot.clock import Clock
from bot.domain.card import Card, Escalation
from datetime import datetime
from bot.domain.case import Case, State
from bot.domain.event import Event
from bot.domain.health import FeedHealth
from bot.domain.ids import CaseId, ReplyId, StaffId
from bot.domain.reply import Reply, ReplyState
from bot.domain.verdict import Kept
from bot.domain.attention import Writing
from bot.store.engine import Store
from bot.store.unit import Unit


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
    """The newest reply that left the draft."""
    escalation: Escalation | None
    """The newest one."""
    cards: tuple[Card, ...]
    first: Kept | None = None
    """The mention that opened the case, when newer ones joined."""


@dataclass(frozen=True, slots=True)
class Timeline:
    """A case with all that happened to it."""

    sheet: Sheet
    mentions: tuple[Kept, ...]
    events: tuple[Event, ...]
    replies: tuple[Reply, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """One case in a list."""

    case: Case
    kept: Kept | None
    card: Card | None


@dataclass(frozen=True, slots=True)
    freeze: Freeze | None = None
    """What keeps our account from sending."""
    writing: Writing | None = None
    """Who has the window open to answer it."""
class Summary:
    """What Home and ``/social status`` show at a glance."""

    counts: dict[State, int]
    feeds: tuple[FeedHealth, ...]
    mentions: int
    dead_jobs: int


class Board:
    """The looks."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def sheet(self, case_id: CaseId) -> Sheet:
        """Return what the card of a case shows.

    writing: Writing | None = None
    at: datetime | None = None
    """The moment of the look."""
        Raises:
            CaseGone: there is no such case; the text names near ones.
        """
        return await self._store.read(lambda unit: _sheet(unit, case_id))

    async def timeline(self, case_id: CaseId) -> Timeline:
        """Return a case with everything that happened to it.

        Raises:
            CaseGone: there is no such case.
        """

        def work(unit: Unit) -> Timeline:
            sheet = _sheet(unit, case_id)
            mentions = tuple(unit.mentions.of_case(case_id))
            events = tuple(unit.events.of_case(case_id))
            return Timeline(sheet, mentions, events, tuple(unit.replies.of_case(case_id)))

        return await self._store.read(work)

    async def queue(
        self, pile: Pile = Pile.TEAM, *, by: StaffId | None = None, limit: int = 10, sight: Sight | None = None
    ) -> list[Line]:
        """Return a pile of work, most urgent first, as far as ``sight`` goes."""
        now = self._clock.now()

        def work(unit: Unit) -> list[Line]:
            match pile:
                case Pile.TEAM:
                    cases = unit.cases.queue(limit=limit)
                case Pile.MINE:
                    cases = unit.cases.queue(mine=by, states=[State.CLAIMED, State.SNOOZED], limit=limit)
                case Pile.UNANSWERED:
                    cases = unit.cases.unanswered(limit=limit)
                case Pile.LATE:
                    cases = unit.cases.late(at=now, limit=most)
            return _lines(unit, _seen(cases, sight)[:limit])

        return await self._store.read(work)

    async def unclaimed(self, *, limit: int = 3, sight: Sight | None = None) -> list[Line]:
        """Return the most urgent cases that nobody has, as far as ``sight`` goes."""

        def work(unit: Unit) -> list[Line]:
            cases = unit.cases.queue(states=[State.OPEN], limit=FAR if sight else limit)
            return _lines(unit, _seen(cases, sight)[:limit])

        return await self._store.read(work)

    async def unflagged(self, *, limit: int = 10, sight: Sight | None = None) -> list[Kept]:
        """Return the newest tagged mentions that were not flagged, as far as ``sight`` goes."""

    async def unflagged(self, *, limit: int = 10) -> list[Kept]:
        """Return the newest tagged mentions that were not flagged."""
        return await self._store.read(lambda unit: unit.mentions.unflagged(limit=limit))

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

        def work(unit: Unit) -> Summary:
            return Summary(unit.cases.counts(), tuple(unit.feeds.all()), unit.mentions.count(), unit.jobs.count_dead())

        return await self._store.read(work)


def _sheet(unit: Unit, case_id: CaseId) -> Sheet:
    case = unit.cases.get(case_id)
    replies = [r for r in unit.replies.of_case(case_id) if r.state not in {ReplyState.DRAFT, ReplyState.UNDONE}]
    escalations = unit.escalations.of_case(case_id)
    return Sheet(
        case=case,
        kept=shown(kept, closed=closed),
        writing=next((Writing(one.by_name, one.open_since) for one in replies if one.is_open and one.open_since), None),
        freeze=unit.freezes.over(kept.mention.terms.account),
        first=shown(first, closed=closed) if first else None,
        reply=shown_reply(reply, closed=closed) if reply else None,
        waiting=tuple(shown_reply(one, closed=closed) for one in replies if one.state is ReplyState.AWAITING),
        escalation=escalations[-1] if escalations else None,
        cards=tuple(unit.cards.of_case(case_id)),
    )


def _lines(unit: Unit, cases: Sequence[Case]) -> list[Line]:
    kept = unit.mentions.newest_of([case.id for case in cases])
    return [
        Line(case, shown(kept[case.id]) if case.id in kept else None, next(iter(unit.cards.of_case(case.id)), None))
        for case in cases
    ]
