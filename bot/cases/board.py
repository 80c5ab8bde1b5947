"""Read-only views: what Slack draws, each from one consistent look at the database.

Whatever leaves this room is a copy without personal data. Private words are
given to nobody but who asks for them as ``closed``: for the private channel
itself, or for somebody who is in it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from bot.cases.drafts import newest
from bot.cases.rights import place_of
from bot.clock import Clock
from bot.domain.attention import Writing
from bot.domain.card import Card, Escalation
from bot.domain.case import Case, State
from bot.domain.event import Event
from bot.domain.freeze import Freeze
from bot.domain.health import FeedHealth
from bot.domain.history import Earlier, History
from bot.domain.ids import CaseId, ReplyId, StaffId
from bot.domain.reply import Reply, ReplyState
from bot.domain.role import Placed
from bot.domain.verdict import Kept
from bot.privacy.veil import shown, shown_reply
from bot.store.engine import Store
from bot.store.unit import Unit

#: How far a list looks for cases that somebody with bounded rights may see.
FAR: Final = 500

Sight = Callable[[Placed], bool]
"""Which cases somebody may look at."""


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
    card: Card | None
    writing: Writing | None = None
    at: datetime | None = None
    """The moment of the look."""


@dataclass(frozen=True, slots=True)
class Summary:
    """What Home and ``/social status`` show at a glance."""

    counts: dict[State, int]
    feeds: tuple[FeedHealth, ...]
    mentions: int
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
            events = tuple(unit.events.of_case(case_id))
            replies = tuple(shown_reply(reply, closed=closed) for reply in unit.replies.of_case(case_id))
            earlier = unit.authors.earlier(sheet.case, **self._before(sheet, closed=closed))
            copies = tuple(replace(one, kept=shown(one.kept, closed=closed)) for one in earlier)
            return Timeline(sheet, mentions, events, replies, copies)

        return await self._store.read(work)

    def _sheet(self, unit: Unit, case_id: CaseId, *, closed: bool) -> Sheet:
        sheet = _sheet(unit, case_id, closed=closed)
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
            match pile:
                case Pile.TEAM:
                    cases = unit.cases.queue(limit=most)
                case Pile.MINE:
                    cases = unit.cases.queue(mine=by, states=[State.CLAIMED, State.SNOOZED], limit=most)
                case Pile.UNANSWERED:
                    cases = unit.cases.unanswered(limit=most)
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

        def work(unit: Unit) -> list[Kept]:
            found = unit.mentions.unflagged(limit=FAR if sight else limit)
            seen = [kept for kept in found if not sight or sight(place_of(kept.mention))]
            return [shown(kept) for kept in seen[:limit]]

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

        def work(unit: Unit) -> Summary:
            feeds, freezes = tuple(unit.feeds.all()), tuple(unit.freezes.active())
            return Summary(unit.cases.counts(), feeds, unit.mentions.count(), unit.jobs.count_dead(), freezes)

        return await self._store.read(work)


def _sheet(unit: Unit, case_id: CaseId, *, closed: bool) -> Sheet:
    case = unit.cases.get(case_id)
    kept = newest(unit, case)
    first = unit.mentions.first_of(case_id) if case.mentions > 1 else None
    replies = unit.replies.of_case(case_id)
    reply = _said(replies)
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


def _said(replies: Sequence[Reply]) -> Reply | None:
    """Return the reply that is on its way, else the newest that left the house and no request came after."""
    if under_way := [reply for reply in replies if reply.under_way]:
        return under_way[-1]
    left = [reply for reply in replies if reply.state in _LEFT]
    return left[-1] if left and left[-1].state is not ReplyState.AWAITING else None


def _seen(cases: Sequence[Case], sight: Sight | None) -> Sequence[Case]:
    return [case for case in cases if sight(case)] if sight else cases


def _lines(unit: Unit, cases: Sequence[Case]) -> list[Line]:
    kept = unit.mentions.newest_of([case.id for case in cases])
    return [
        Line(case, shown(kept[case.id]) if case.id in kept else None, next(iter(unit.cards.of_case(case.id)), None))
        for case in cases
    ]
