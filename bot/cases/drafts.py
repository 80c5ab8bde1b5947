"""Replies until they leave: written, sent by a person, taken back, settled when in doubt."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from bot.cases import promises
from bot.cases.desk import promise_all, see_all
from bot.cases.rights import may
from bot.clock import Clock
from bot.domain.case import Case, Resolution, State
from bot.domain.event import Happening, event
from bot.domain.ids import CaseId, ReplyId
from bot.domain.mention import ReplyMode, Terms
from bot.domain.policy import Policy
from bot.domain.reply import Reply, ReplyState, text_trouble
from bot.domain.staff import Staff
from bot.domain.verdict import Kept
from bot.errors import NotAllowed
from bot.store.engine import Store
from bot.store.unit import Unit


@dataclass(frozen=True, slots=True)
class Desktop:
    """What somebody needs in front of them to write a reply."""

    case: Case
    kept: Kept
    """The mention that is answered."""
    draft: Reply


class Drafts:
    """The verbs on one reply."""

    def __init__(self, store: Store, clock: Clock, policy: Policy) -> None:
        self._store = store
        self._clock = clock
        self._policy = policy

    async def begin(self, case_id: CaseId, *, by: Staff, text: str = "") -> Desktop:
        """Open the case for an answer by ``by``, claiming it when it is free; ``text`` fills a new draft.

        Raises:
            NotAllowed: somebody else has it, a reply is under way, or the platform takes none from us.
        """
        may(by, "reply")
        now = self._clock.now()

        def work(unit: Unit) -> Desktop:
            case = unit.cases.hold(case_id)
            kept = newest(unit, case)
            _refuse_other_ways(kept.mention.terms, kept.mention.url)
            if any(reply.under_way for reply in unit.replies.of_case(case_id)):
                raise NotAllowed("A reply to this case is on its way. Undo it first, or wait until it has arrived.")
            mine = _held(unit, case, by, at=now)
            return Desktop(mine, kept, self._draft(unit, mine, kept, by, text, now))

        return await self._store.transact(work)

    def _draft(self, unit: Unit, case: Case, kept: Kept, by: Staff, text: str, now: datetime) -> Reply:
        found = unit.replies.draft_of(case.id, by.id)
        if found is None:
            return unit.replies.add(_blank(case, kept, by, text, now))
        current = replace(found, mention_id=kept.id, text=text or found.text)
        unit.replies.save(found, current)
        return current

    async def keep(self, reply_id: ReplyId, *, by: Staff, text: str) -> None:
        """Store what was typed so far, so that closing the window loses nothing."""

        def work(unit: Unit) -> None:
            draft = unit.replies.get(reply_id)
            if draft.by == by.id and draft.state is ReplyState.DRAFT:
                unit.replies.save(draft, replace(draft, text=text))

        await self._store.transact(work)

    async def look(self, reply_id: ReplyId) -> Desktop:
        """Return a draft with its case and mention, for the check view."""

        def work(unit: Unit) -> Desktop:
            draft = unit.replies.get(reply_id)
            return Desktop(unit.cases.get(draft.case_id), _answered_by(unit, draft), draft)

        return await self._store.read(work)

    async def send(self, reply_id: ReplyId, *, by: Staff, text: str, resolves: bool, drawn: int) -> Reply:
        """Approve the exact text: it leaves when the undo window ends.

        Raises:
            NotAllowed: no right, not the writer, empty or too long, sent already,
                another reply is under way, or the customer wrote again since.
        """
        may(by, "reply")
        now = self._clock.now()

        def work(unit: Unit) -> Reply:
            draft = unit.replies.get(reply_id)
            case = unit.cases.hold(draft.case_id)
            _check(unit, draft, case, by, text)
            see_all(case, drawn)
            _held(unit, case, by, at=now)
            send_at = now + self._policy.undo_window(case.priority)
            queued = replace(draft, text=text).queued(send_at=send_at, resolves=resolves)
            unit.replies.save(draft, queued)
            unit.events.add(event(case.id, Happening.QUEUED, at=now, by=by, detail=str(reply_id)))
            unit.jobs.add(promises.send(queued, at=now))
            _touch(unit, case, at=now)
            return queued

        return await self._store.transact(work)

    async def undo(self, case_id: CaseId, *, by: Staff) -> Reply:
        """Take the waiting reply back; its text becomes a new draft of its writer.

        Raises:
            NotAllowed: nothing waits any more.
        """
        may(by, "undo")
        now = self._clock.now()

        def work(unit: Unit) -> Reply:
            case = unit.cases.get(case_id)
            waiting = [reply for reply in unit.replies.of_case(case_id) if reply.state is ReplyState.QUEUED]
            if not waiting:
                raise NotAllowed("Too late to undo: nothing waits to be sent on this case.")
            undone = waiting[-1].undone()
            unit.replies.save(waiting[-1], undone)
            unit.events.add(event(case_id, Happening.UNDONE, at=now, by=by, detail=str(undone.id)))
            _touch(unit, case, at=now)
            return unit.replies.add(_again(undone, at=now))

        return await self._store.transact(work)

    async def settle(self, reply_id: ReplyId, *, by: Staff, arrived: bool) -> None:
        """Let a person say whether a doubtful reply stands on the platform.

        Raises:
            NotAllowed: it is not in doubt.
        """
        may(by, "settle")
        now = self._clock.now()

        def work(unit: Unit) -> None:
            reply = unit.replies.get(reply_id)
            if reply.state is not ReplyState.UNKNOWN:
                raise NotAllowed("This reply is not in doubt any more. Nothing was done.")
            case = unit.cases.get(reply.case_id)
            after = ReplyState.SENT if arrived else ReplyState.REFUSED
            unit.replies.save(reply, replace(reply, state=after, sent_at=now if arrived else None))
            what = Happening.SENT if arrived else Happening.REFUSED
            unit.events.add(event(case.id, what, at=now, by=by, detail=str(reply_id)))
            if arrived:
                arrive(unit, case, reply, at=now)
            else:
                unit.replies.add(_again(reply, at=now))
                _touch(unit, case, at=now)

        await self._store.transact(work)

    async def answered_there(self, case_id: CaseId, *, by: Staff) -> Case:
        """Note that ``by`` answered on the platform itself.

        Raises:
            NotAllowed: somebody else has the case, or it is resolved.
        """
        may(by, "reply")
        now = self._clock.now()

        def work(unit: Unit) -> Case:
            case = unit.cases.get(case_id)
            mine = _held(unit, case, by, at=now)
            answered = mine.answered(at=now)
            unit.cases.save(mine, answered)
            unit.events.add(event(case_id, Happening.SENT, at=now, by=by, detail="on the site itself"))
            promise_all(unit, answered, at=now)
            return answered

        return await self._store.transact(work)


def newest(unit: Unit, case: Case) -> Kept:
    """Return the mention that an answer goes to: the author's newest, else the newest of all.

    Raises:
        NotAllowed: none is left.
    """
    kept = unit.mentions.newest(case.id, by=case.author)
    if kept is None:
        raise NotAllowed("The mentions of this case were erased.")
    return kept


def arrive(unit: Unit, case: Case, reply: Reply, *, at: datetime) -> None:
    """Write down that a reply stands on the platform: the case is answered, and over if so wished.

    A customer who wrote again meanwhile goes on waiting, and the case stays open.
    """
    wrote_again = newest(unit, case).id > reply.mention_id
    after = case.answered(at=at, still_waits=wrote_again)
    if reply.resolves and not wrote_again and after.state is not State.RESOLVED:
        after = after.resolved(Resolution.ANSWERED, by=reply.by_name, at=at)
        by = Staff(reply.by, reply.by_name)
        unit.events.add(event(case.id, Happening.RESOLVED, at=at, by=by, detail=str(Resolution.ANSWERED)))
    unit.cases.save(case, after)
    unit.jobs.add(promises.line(case.id, "sent", reply.id, at=at))
    promise_all(unit, after, at=at)


def _refuse_other_ways(terms: Terms, url: str) -> None:
    if terms.mode is not ReplyMode.API:
        where = f" Answer there: {url}" if url else ""
        raise NotAllowed(f"No reply can be sent from here: {terms.why}.{where}")


def _answered_by(unit: Unit, draft: Reply) -> Kept:
    """Return the mention that a draft answers.

    Raises:
        NotAllowed: it is gone.
    """
    kept = unit.mentions.get(draft.mention_id)
    if kept is None:
        raise NotAllowed("The mention was erased. Nothing was sent.")
    return kept


def _check(unit: Unit, draft: Reply, case: Case, by: Staff, text: str) -> None:
    """Refuse a draft of somebody else, an impossible text, and a second reply beside one that is under way."""
    if draft.by != by.id:
        raise NotAllowed(f"{draft.by_name} wrote this draft. Press Reply on the card to write your own.")
    if trouble := text_trouble(text, _answered_by(unit, draft).mention.terms):
        raise NotAllowed(trouble)
    others = [reply for reply in unit.replies.of_case(case.id) if reply.id != draft.id]
    if any(reply.under_way for reply in others):
        raise NotAllowed("Another reply to this case is on its way. Nothing was sent.")


def _held(unit: Unit, case: Case, by: Staff, *, at: datetime) -> Case:
    """Return the case as ``by`` may answer it, claimed on the way when it is free."""
    mine = case.answering(by=by, at=at)
    if mine != case:
        unit.cases.save(case, mine)
        unit.events.add(event(case.id, Happening.CLAIMED, at=at, by=by))
        promise_all(unit, mine, at=at)
    return mine


def _blank(case: Case, kept: Kept, by: Staff, text: str, now: datetime) -> Reply:
    return Reply(
        id=ReplyId(0),
        case_id=case.id,
        mention_id=kept.id,
        by=by.id,
        by_name=by.name,
        text=text,
        private=kept.mention.private,
        written_at=now,
    )


def _again(reply: Reply, *, at: datetime) -> Reply:
    """Return a fresh draft with the same words."""
    fresh = {"id": ReplyId(0), "state": ReplyState.DRAFT, "send_at": None, "tried_at": None, "trouble": ""}
    return replace(reply, written_at=at, **fresh)  # type: ignore[arg-type]


def _touch(unit: Unit, case: Case, *, at: datetime) -> None:
    """Redraw a case whose reply changed."""
    unit.jobs.add(promises.redraw(case, at=at, by_staff=True))
