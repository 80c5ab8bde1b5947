"""Replies on their way out: sent by a person, taken back, settled when in doubt, arrived."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.cases import promises
from bot.cases.changes import CHANGED, is_outdated, refuse_gone
from bot.cases.desk import promise_all, see_all
from bot.cases.drafts import answered_by, claimed_for, newest, refuse_open, refuse_others
from bot.cases.gate import unless_frozen
from bot.cases.rights import may, may_somewhere
from bot.cases.waiting import ask, reasons, withdraw_all
from bot.clock import Clock
from bot.domain.case import Case, Resolution, State
from bot.domain.event import Happening, event
from bot.domain.freeze import Freeze
from bot.domain.ids import CaseId, ReplyId
from bot.domain.policy import Policy
from bot.domain.reply import Reply, ReplyState, event_of, text_trouble
from bot.domain.staff import Staff
from bot.errors import NotAllowed
from bot.store.engine import Store
from bot.store.unit import Unit


class Sending:
    """The verbs on a reply that leaves."""

    def __init__(self, store: Store, clock: Clock, policy: Policy) -> None:
        self._store = store
        self._clock = clock
        self._policy = policy

    async def send(
        self, reply_id: ReplyId, *, by: Staff, text: str, resolves: bool, drawn: int, eyes: bool = False
    ) -> Reply:
        """Let the exact text leave when the undo window ends, or wait for approval where it needs that.

        ``eyes``: its writer wants a second pair of them.

        Raises:
            NotAllowed: no right, not the writer, empty or too long, sent already,
                another reply is under way, or the customer wrote again, changed or deleted it since.
        """
        may_somewhere(by, "reply", self._policy)
        text = self._policy.voice.signed(text, by)
        now = self._clock.now()

        def work(unit: Unit) -> Reply | Freeze | str:
            draft = unit.replies.get(reply_id)
            case = unit.cases.hold(draft.case_id)
            may(by, "reply", self._policy, case)
            _check(unit, draft, case, by, text)
            if is_outdated(draft, answered_by(unit, draft)):
                unit.replies.save(draft, replace(draft, text=text, read_at=now))
                return CHANGED
            see_all(case, drawn)
            claimed_for(unit, case, by, at=now)
            account = answered_by(unit, draft).mention.terms.account
            if freeze := unit.freezes.over(account):
                unit.replies.save(draft, replace(draft, text=text))
                return freeze
            if why := reasons(unit, self._policy, case, by=by, text=text, asked=eyes):
                return self._ask(unit, draft, case, text=text, why=why, resolves=resolves)
            send_at = now + self._policy.undo_window(case.priority)
            queued = replace(draft, text=text).queued(send_at=send_at, resolves=resolves)
            unit.replies.save(draft, queued)
            unit.events.add(event_of(queued, Happening.QUEUED, at=now, by=by))
            unit.jobs.add(promises.send(queued, account=account, at=now))
            _touch(unit, case, at=now)
            return queued

        sent = await self._store.transact(work)
        if isinstance(sent, str):
            raise NotAllowed(sent)
        return unless_frozen(sent, self._policy)

    def _ask(self, unit: Unit, draft: Reply, case: Case, *, text: str, why: str, resolves: bool) -> Reply:
        account = answered_by(unit, draft).mention.terms.account
        now = self._clock.now()
        asked = replace(draft, text=text).asked(at=now, why=why, account=account, resolves=resolves)
        ask(unit, draft, asked, case, remind=self._policy.approval.remind)
        return asked

    async def undo(self, case_id: CaseId, *, by: Staff) -> Reply:
        """Take the waiting reply back; its text becomes a new draft of its writer.

        Raises:
            NotAllowed: nothing waits any more.
        """
        may_somewhere(by, "undo", self._policy)
        now = self._clock.now()

        def work(unit: Unit) -> Reply:
            case = unit.cases.get(case_id)
            may(by, "undo", self._policy, case)
            found = _to_undo(unit, case, by)
            undone = found.undone()
            unit.replies.save(found, undone)
            unit.events.add(event_of(undone, Happening.UNDONE, at=now, by=by))
            _touch(unit, case, at=now)
            return unit.replies.add(undone.again(at=now))

        return await self._store.transact(work)

    async def settle(self, reply_id: ReplyId, *, by: Staff, arrived: bool) -> None:
        """Let a person say whether a doubtful reply stands on the platform.

        Raises:
            NotAllowed: it is not in doubt.
        """
        may_somewhere(by, "settle", self._policy)
        now = self._clock.now()

        def work(unit: Unit) -> None:
            reply = unit.replies.get(reply_id)
            case = unit.cases.get(reply.case_id)
            may(by, "settle", self._policy, case)
            if reply.state is not ReplyState.UNKNOWN:
                raise NotAllowed("This reply is not in doubt any more. Nothing was done.")
            after = ReplyState.SENT if arrived else ReplyState.REFUSED
            unit.replies.save(reply, replace(reply, state=after, sent_at=now if arrived else None))
            what = Happening.SENT if arrived else Happening.REFUSED
            unit.events.add(event_of(reply, what, at=now, by=by))
            if arrived:
                arrive(unit, case, reply, at=now)
            else:
                unit.replies.add(reply.again(at=now))
                _touch(unit, case, at=now)

        await self._store.transact(work)

    async def answered_there(self, case_id: CaseId, *, by: Staff, drawn: int | None = None) -> Case:
        """Note that ``by`` answered on the platform itself. ``drawn`` is the version on the card that was pressed.

        Raises:
            NotAllowed: somebody else has the case, it is resolved, or a new mention arrived since that drawing.
        """
        may_somewhere(by, "reply", self._policy)
        now = self._clock.now()

        def work(unit: Unit) -> Case:
            case = unit.cases.get(case_id)
            may(by, "reply", self._policy, case)
            see_all(case, drawn)
            mine = claimed_for(unit, case, by, at=now)
            answered = mine.answered(at=now)
            unit.cases.save(mine, answered)
            unit.events.add(event(case_id, Happening.SENT, at=now, by=by, detail="on the site itself"))
            promise_all(unit, answered, at=now)
            return answered

        return await self._store.transact(work)


def arrive(unit: Unit, case: Case, reply: Reply, *, at: datetime, told: bool = False) -> None:
    """Write down that a reply stands on the platform: the case is answered, and over if so wished.

    A customer who wrote again meanwhile goes on waiting, and the case stays open. ``told``: its thread knows it.
    """
    wrote_again = newest(unit, case).id > reply.mention_id
    after = case.answered(at=at, still_waits=wrote_again)
    if reply.resolves and not wrote_again and after.state is not State.RESOLVED:
        after = after.resolved(Resolution.ANSWERED, by=reply.by_name, at=at)
        ended = event(case.id, Happening.RESOLVED, at=at, by=reply.writer, detail=str(Resolution.ANSWERED))
        unit.events.add(ended)
        withdraw_all(unit, after, by=reply.writer, at=at)
    unit.cases.save(case, after)
    if not told:
        unit.jobs.add(promises.line(case.id, "sent", reply.id, at=at))
    promise_all(unit, after, at=at)


def _to_undo(unit: Unit, case: Case, by: Staff) -> Reply:
    """Return what an undo takes back: the queued reply, else the request of ``by``."""
    # One look for both: between two, an approval could carry the reply from one list to the other.
    replies = unit.replies.of_case(case.id)
    if queued := [reply for reply in replies if reply.state is ReplyState.QUEUED]:
        return queued[-1]
    asked = [reply for reply in replies if reply.state is ReplyState.AWAITING]
    if mine := [reply for reply in asked if reply.by == by.id]:
        return mine[-1]
    if asked:
        raise NotAllowed(f"Only {asked[-1].by_name} can take this request back. An approver can reject it.")
    raise NotAllowed("Too late to undo: nothing waits to be sent on this case.")


def _check(unit: Unit, draft: Reply, case: Case, by: Staff, text: str) -> None:
    """Refuse a draft of somebody else, an impossible text, and a second reply beside one that is under way."""
    refuse_others(draft, by)
    if trouble := text_trouble(text, answered_by(unit, draft).mention.terms):
        raise NotAllowed(trouble)
    refuse_gone(answered_by(unit, draft))
    refuse_open(case, answered_by(unit, draft))
    others = [reply for reply in unit.replies.of_case(case.id) if reply.id != draft.id]
    if any(reply.under_way for reply in others):
        raise NotAllowed("Another reply to this case is on its way. Nothing was sent.")


def _touch(unit: Unit, case: Case, *, at: datetime) -> None:
    """Redraw a case whose reply changed."""
    unit.jobs.add(promises.redraw(case, at=at, by_staff=True))
