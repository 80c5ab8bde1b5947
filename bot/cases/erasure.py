"""Erases one person: every word of theirs, their name, our answers to them and our notes about them.

Rows stay as numbers and times, so that twins are known and the audit holds.
The handle is in no job, no event and no row afterwards: a request is known by
its number alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from bot.cases import promises
from bot.cases.copies import empty, redraw
from bot.cases.rights import may
from bot.clock import Clock
from bot.domain.case import Case, Resolution, State
from bot.domain.event import DESK, Happening, event
from bot.domain.ids import CaseId, ErasureId, MentionId
from bot.domain.policy import Policy
from bot.domain.removed import CopyOf, Erasure, Naming, Removed, sentence
from bot.domain.reply import ReplyState
from bot.domain.staff import Staff
from bot.errors import NotAllowed
from bot.store.copies import Place
from bot.store.engine import Store
from bot.store.strangers import Person
from bot.store.unit import Unit

_WORDS: Final = sentence(Removed.ERASED)
#: What stands between the counts of an erasure and what was found afterwards.
_SEARCHED: Final = ". Every text was searched for the handle: "
#: Cases that are named of each kind of row.
_NAMED: Final = 10
#: Messages about a case that are drawn from its rows: what others said in it stays there.
_DRAWN_ANEW: Final = (CopyOf.CARD, CopyOf.TIER, CopyOf.HOME, CopyOf.BOARD)
#: Replies that have not left yet.
_WAITING: Final = frozenset({ReplyState.AWAITING, ReplyState.QUEUED})


@dataclass(frozen=True, slots=True)
class Traces:
    """Everything that is known of a person."""

    person: Person
    mentions: Sequence[MentionId]
    cases: Sequence[CaseId]
    places: Sequence[Place]
    named: Sequence[Naming] = ()
    """Where others name them; that stays, unless it is wished that it goes, too."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an erasure is."""

    erasure: Erasure
    waiting: int
    """Messages that are still to be emptied."""
    refused: dict[str, int]
    """Messages that stand as they did, by Slack's name for the reason."""
    emptied: Sequence[Place] = ()
    """Messages that Slack said it changed."""
    left: str = ""
    """Where the database still named them when it was searched at the end, in words."""


class Erasures:
    """The verb ``erase``, and what is told of it."""

    def __init__(self, store: Store, clock: Clock, policy: Policy) -> None:
        self._store = store
        self._clock = clock
        self._policy = policy

    async def find(self, handle: str, platform: str = "", *, by: Staff) -> Traces:
        """Return what would be erased, and change nothing.

        Raises:
            NotAllowed: no right, nobody of that name, or several people on different networks.
        """
        may(by, "erase", self._policy)
        return await self._store.read(lambda unit: _named(unit, _traces(unit, _one(unit, handle, platform))))

    async def erase(self, mention_id: MentionId, *, by: Staff, everywhere: bool = False) -> Erasure:
        """Erase whoever wrote a mention; the messages in Slack follow, then ``by`` is told.

        ``everywhere``: their handle goes from what others wrote, too.

        Raises:
            NotAllowed: no right, it was done already, or a reply to them is leaving at this moment.
        """
        may(by, "erase", self._policy)
        now = self._clock.now()

        def work(unit: Unit) -> tuple[Erasure, Person]:
            kept = unit.mentions.get(mention_id)
            if kept is None or kept.removed in {Removed.ERASED, Removed.EXPIRED}:
                raise NotAllowed("That was done already. Nothing was changed.")
            who = kept.mention
            traces = _traces(unit, Person(who.platform, who.author.handle, 0, mention_id))
            return _erase(unit, traces, by, now, everywhere=everywhere), traces.person

        erasure, person = await self._store.transact(work)
        if left := await self._store.read(lambda unit: unit.strangers.names_left(person)):
            raise NotAllowed(f"{left} rows came in meanwhile and still name them. Type /social erase once more.")
        await self._store.settle()
        return erasure

    async def progress(self, erasure_id: ErasureId) -> Progress:
        """Return how far an erasure is; a message whose promise was given up counts as refused."""

        def work(unit: Unit) -> Progress:
            refused = unit.erasures.refused(erasure_id)
            still = unit.erasures.open(erasure_id)
            waiting = [one for one in still if unit.jobs.pending(f"{promises.COPY}:{one[0]}:{one[1]}")]
            if lost := len(still) - len(waiting):
                refused["no_answer"] = lost
            emptied = unit.erasures.emptied(erasure_id)
            erasure = unit.erasures.get(erasure_id)
            left = unit.events.detail(Happening.ERASED, at=erasure.at).partition(_SEARCHED)[2]
            return Progress(erasure, len(waiting), refused, emptied, left)

        return await self._store.read(work)

    async def told(self, erasure_id: ErasureId) -> None:
        """Note that whoever asked knows how it ended."""
        now = self._clock.now()
        await self._store.transact(lambda unit: unit.erasures.told(erasure_id, at=now))


def _one(unit: Unit, handle: str, platform: str) -> Person:
    bare = handle.strip().removeprefix("@")
    found = [one for one in unit.strangers.people(bare) if platform.casefold() in {"", one.platform.casefold()}]
    exact = [one for one in found if one.handle == bare] or found
    if not exact:
        where = f" on {platform}" if platform else ""
        raise NotAllowed(f"I know nobody called {bare}{where}. Write the handle as the network does.")
    if len(exact) > 1:
        named = ", ".join(f"{one.handle} on {one.platform}" for one in exact[:5])
        raise NotAllowed(f"That can be several people: {named}. Write the network behind the handle.")
    return exact[0]


def _traces(unit: Unit, person: Person) -> Traces:
    mentions = unit.strangers.mentions_of(person)
    cases = unit.strangers.cases_of(person, mentions)
    alone = _theirs(unit, cases, mentions)
    shared = [case_id for case_id in cases if case_id not in alone]
    since = unit.strangers.seen_first(mentions)
    places = {
        *unit.copies.of_cases(sorted(alone)),
        *unit.copies.of_cases(shared, kinds=_DRAWN_ANEW),
        *unit.copies.of_mentions(mentions),
        *(unit.copies.direct(since=since) if since else []),
    }
    return Traces(replace(person, mentions=len(mentions)), mentions, cases, sorted(places))


def _named(unit: Unit, traces: Traces) -> Traces:
    """Return the traces with those rows of others that name the person."""
    found = unit.namings.of(traces.person)
    others = [one for one in found if one.mention_id not in traces.mentions and one.case_id not in traces.cases]
    return replace(traces, named=others)


def _theirs(unit: Unit, cases: Sequence[CaseId], mentions: Sequence[MentionId]) -> set[CaseId]:
    """Return the cases in which nobody else wrote."""
    others = set(unit.strangers.mentions_in(cases)) - set(mentions)
    shared = {kept.case_id for one in others if (kept := unit.mentions.get(one))}
    return set(cases) - {case_id for case_id in shared if case_id}


def _erase(unit: Unit, traces: Traces, by: Staff, now: datetime, *, everywhere: bool) -> Erasure:
    alone = sorted(_theirs(unit, traces.cases, traces.mentions))
    shared = [case_id for case_id in traces.cases if case_id not in alone]
    for case_id in traces.cases:
        _stop(unit, unit.cases.hold(case_id), traces.mentions)
    for case_id in alone:
        _end(unit, unit.cases.get(case_id), by, now)
    erasure = unit.erasures.add(
        Erasure(
            id=ErasureId(0),
            by=by.id,
            by_name=by.name,
            at=now,
            mentions=len(traces.mentions),
            cases=len(traces.cases),
            messages=len(traces.places),
        )
    )
    empty(unit, traces.places, Removed.ERASED, at=now, erasure_id=erasure.id)
    unit.events.flush()
    unit.removal.empty_replies_to(traces.mentions, words=_WORDS)
    quoting = unit.removal.empty_mentions(traces.mentions, Removed.ERASED, words=_WORDS)
    unit.removal.empty_cases(alone, Removed.ERASED, words=_WORDS)
    unit.removal.unname(shared, traces.person)
    cleaned = unit.namings.clean(traces.person, everywhere=everywhere)
    _redraw_named(unit, cleaned.blanked, now)
    for case_id in (quoting | cleaned.quoting) - set(traces.cases):
        unit.jobs.add(promises.redraw(unit.cases.get(case_id), at=now))
    counts = f"{erasure.mentions} mentions, {erasure.cases} cases, {erasure.messages} Slack messages"
    found = f"{counts}{_SEARCHED}{sentence_of(cleaned.left)}"
    unit.events.add(event(DESK, Happening.ERASED, at=now, by=by, detail=found))
    unit.jobs.add(promises.erased(erasure.id, at=now))
    return erasure


def _redraw_named(unit: Unit, blanked: Sequence[Naming], now: datetime) -> None:
    """Take a handle out of the messages that repeat what others wrote, once it is out of the rows."""
    cases = sorted({one.case_id for one in blanked if one.case_id})
    redraw(unit, unit.copies.of_cases(cases, kinds=_DRAWN_ANEW), at=now)
    mentions = [one.mention_id for one in blanked if one.mention_id]
    ours = sorted({one.case_id for one in blanked if one.case_id and one.ours})
    empty(unit, [*unit.copies.of_mentions(mentions), *unit.copies.of_staff(ours)], Removed.ERASED, at=now)


def sentence_of(named: Sequence[Naming]) -> str:
    """Return where somebody is named, in words: what kind of row, and in which cases."""
    if not named:
        return "nothing names this person"
    kinds = Counter(one.kind for one in named)
    return f"still named in {', '.join(_of_kind(kind, count, named) for kind, count in sorted(kinds.items()))}"


def _of_kind(kind: str, count: int, named: Sequence[Naming]) -> str:
    noun, _, whose = kind.partition(" ")
    plural = {"reply": "replies"}.get(noun, f"{noun}s") if count > 1 else noun
    cases = sorted({one.case_id for one in named if one.kind == kind and one.case_id})
    shown = ", ".join(map(str, cases[:_NAMED])) + (" …" if len(cases) > _NAMED else "")
    return f"{count} {plural} {whose}" + (f" (case{'s' * (len(cases) > 1)} {shown})" if cases else "")


def _stop(unit: Unit, case: Case, mentions: Sequence[MentionId]) -> None:
    """Keep answers to somebody from leaving."""
    ours = [reply for reply in unit.replies.of_case(case.id) if reply.mention_id in mentions]
    if any(reply.state is ReplyState.SENDING for reply in ours):
        raise NotAllowed(f"A reply to them is leaving at this moment (case {case.id}). Try again in a minute.")
    for reply in ours:
        if reply.state in _WAITING:
            unit.replies.save(reply, reply.undone())


def _end(unit: Unit, case: Case, by: Staff, now: datetime) -> None:
    """End a case in which nobody else wrote: nobody is left to answer."""
    if case.state is not State.RESOLVED:
        unit.cases.save(case, case.resolved(Resolution.NO_ACTION, by=by.name, at=now))
        unit.events.add(event(case.id, Happening.RESOLVED, at=now, by=by, detail=str(Resolution.NO_ACTION)))
