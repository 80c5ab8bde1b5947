"""The second pair of eyes: approve, ask for changes, reject. Never by the writer, and about one exact text.

A reply that waits keeps nobody from writing. Whoever approves one decides about
the others of the case as well, so that one answer leaves and none is forgotten.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from bot.cases import promises
from bot.cases.changes import refuse_gone
from bot.cases.drafts import answered_by, newest
from bot.cases.gate import unless_frozen
from bot.cases.rights import may
from bot.cases.waiting import call_again, remind_later, send_back, waiting
from bot.clock import Clock
from bot.domain.approval import approvers
from bot.domain.case import Case, State
from bot.domain.event import Happening
from bot.domain.freeze import Freeze
from bot.domain.ids import CaseId, ReplyId
from bot.domain.job import Job
from bot.domain.policy import Policy
from bot.domain.reply import Reply, ReplyState, event_of
from bot.domain.staff import Staff
from bot.errors import NotAllowed
from bot.privacy.veil import typed
from bot.store.engine import Store
from bot.store.unit import Unit

#: After so many calls in vain the next one would come a day later: the case's own alarms have gone up long before.
CALLS = 8


class Approvals:
    """The verbs on a reply that waits for approval, and the job ``approval.remind``."""

    def __init__(self, store: Store, clock: Clock, policy: Policy) -> None:
        self._store = store
        self._clock = clock
        self._policy = policy

    async def waiting(self, case_id: CaseId, *, by: Staff, verb: str) -> list[Reply]:
        """Return what waits on a case, oldest first, for somebody who may decide about one of them.

        Raises:
            NotAllowed: nothing waits, they may not, or they wrote it.
        """
        return await self._store.read(lambda unit: self._waiting(unit, unit.cases.get(case_id), by, verb))

    async def beside(self, reply_id: ReplyId, *, by: Staff, verb: str) -> list[Reply]:
        """Return a reply that waits and all that wait on the same case, oldest first.

        Raises:
            NotAllowed: it was decided already, they may not, or they wrote it.
        """

        def work(unit: Unit) -> list[Reply]:
            reply = unit.replies.get(reply_id)
            reply.refuse_decided()
            return self._waiting(unit, unit.cases.get(reply.case_id), by, verb)

        return await self._store.read(work)

    def _waiting(self, unit: Unit, case: Case, by: Staff, verb: str) -> list[Reply]:
        may(by, verb, self._policy, case)
        found = waiting(unit, case)
        if not found:
            raise NotAllowed(f"Nothing waits for approval on case {case.id}.")
        if all(reply.by == by.id for reply in found):
            _not_ones_own(found[0], by, self._whom(case, by))
        return found

    async def approve(
        self, reply_id: ReplyId, *, by: Staff, shown: str, seen: Collection[ReplyId] = (), rejects: bool = False
    ) -> Reply:
        """Let a reply leave when its undo window ends.

        ``shown`` begins the hash of the text that ``by`` read; without one nobody read it. ``seen`` are the other
        replies that they know to wait; ``rejects`` says that those go back to their writers.

        Raises:
            NotAllowed: no right, one's own, decided already, another text, outdated, another reply is under way,
                or one waits that ``by`` has not seen.
        """
        now = self._clock.now()

        def work(unit: Unit) -> Reply | Freeze:
            reply, case = _held(unit, reply_id)
            may(by, "approve", self._policy, case)
            _not_ones_own(reply, by, self._whom(case, by))
            account = answered_by(unit, reply).mention.terms.account
            approved = reply.approved(
                by=by,
                at=now,
                send_at=now + self._policy.undo_window(case.priority),
                account=account,
            )
            _refuse_another_text(reply, shown)
            _still_fits(unit, reply, case)
            _refuse_unseen(unit, reply, case, seen)
            if freeze := unit.freezes.over(account):
                return freeze
            if rejects:
                _reject_others(unit, reply, case, by=by, at=now)
            unit.replies.save(reply, approved)
            unit.events.add(event_of(approved, Happening.APPROVED, at=now, by=by))
            unit.jobs.add(promises.send(approved, account=account, at=now))
            unit.jobs.add(promises.redraw(case, at=now, by_staff=True))
            return approved

        return unless_frozen(await self._store.transact(work), self._policy)

    async def request_changes(self, reply_id: ReplyId, *, by: Staff, shown: str, words: str) -> Reply:
        """Give a text back to its writer, with what should be different.

        Raises:
            NotAllowed: no right, one's own, decided already, another text than ``shown``, or no words.
        """
        if not words.strip():
            raise NotAllowed("Say what should be different: that is what the writer reads first.")
        return await self._send_back(reply_id, Happening.CHANGES, by=by, shown=shown, words=words)

    async def reject(self, reply_id: ReplyId, *, by: Staff, shown: str, words: str = "") -> Reply:
        """Keep a reply from leaving; its text is kept for its writer.

        Raises:
            NotAllowed: no right, one's own, decided already, or another text than ``shown``.
        """
        return await self._send_back(reply_id, Happening.REJECTED, by=by, shown=shown, words=words)

    async def _send_back(self, reply_id: ReplyId, what: Happening, *, by: Staff, shown: str, words: str) -> Reply:
        now = self._clock.now()

        def work(unit: Unit) -> Reply:
            reply, case = _held(unit, reply_id)
            may(by, "reject" if what is Happening.REJECTED else "request changes", self._policy, case)
            _not_ones_own(reply, by, f" `/social undo {case.id}` takes it back.")
            reply.refuse_decided()
            _refuse_another_text(reply, shown)
            send_back(unit, reply, by=by, words=typed(words), what=what, at=now)
            unit.jobs.add(promises.redraw(case, at=now, by_staff=True))
            return reply

        return await self._store.transact(work)

    async def remind(self, job: Job) -> None:
        """Call the approvers again about a reply that still waits; the case's own alarms go on beside this."""
        number, _, nth = job.subject.partition(":")
        await self._store.transact(lambda unit: self._remind(unit, ReplyId(int(number)), int(nth)))

    def _remind(self, unit: Unit, reply_id: ReplyId, nth: int) -> None:
        reply = unit.replies.get(reply_id)
        if reply.state is not ReplyState.AWAITING:
            return
        now = self._clock.now()
        call_again(unit, reply, nth, at=now)
        if nth < CALLS:
            remind_later(unit, reply, nth + 1, span=self._policy.approval.remind, at=now)

    def _whom(self, case: Case, by: Staff) -> str:
        known = approvers(self._policy.grants, case, but=by.id)[1]
        names = [name for name in known if name.removeprefix("@") != by.name]
        return f" Ask {' or '.join(names[:3])}." if names else ""


def _held(unit: Unit, reply_id: ReplyId) -> tuple[Reply, Case]:
    """Return a reply and its case as they stand while nobody else decides about the case."""
    case = unit.cases.hold(unit.replies.get(reply_id).case_id)
    return unit.replies.get(reply_id), case


def _not_ones_own(reply: Reply, by: Staff, then: str) -> None:
    if reply.by == by.id and reply.state is ReplyState.AWAITING:
        raise NotAllowed(f"You wrote this, so somebody else has to approve it.{then}")


def _refuse_another_text(reply: Reply, shown: str) -> None:
    """Refuse to decide about words that nobody read."""
    if not shown or not reply.text_hash.startswith(shown):
        raise NotAllowed("The text changed since this was shown. Read it on the card, then press once more.")


def _still_fits(unit: Unit, reply: Reply, case: Case) -> None:
    """Refuse what answers yesterday's question."""
    if case.state is State.RESOLVED:
        raise NotAllowed(f"{case.resolved_by} resolved case {case.id} meanwhile. Nothing was sent.")
    kept = newest(unit, case)
    refuse_gone(kept)
    if kept.edited_at and reply.asked_at and kept.edited_at > reply.asked_at:
        raise NotAllowed(f"The customer changed their post since {reply.by_name} wrote this. Nothing was sent.")
    if kept.id != reply.mention_id:
        raise NotAllowed(f"The customer wrote again since {reply.by_name} wrote this. Nothing was sent.")
    if case.last_reply_at and reply.asked_at and case.last_reply_at > reply.asked_at:
        raise NotAllowed(f"The customer was answered since {reply.by_name} wrote this. Nothing was sent.")
    if any(other.under_way for other in unit.replies.of_case(case.id)):
        raise NotAllowed("Another reply to this case is on its way. Nothing was sent.")


def _refuse_unseen(unit: Unit, reply: Reply, case: Case, seen: Collection[ReplyId]) -> None:
    if {other.id for other in waiting(unit, case)} - {reply.id, *seen}:
        raise NotAllowed(f"Several replies wait on case {case.id}. Press Approve on its card and choose one.")


def _reject_others(unit: Unit, reply: Reply, case: Case, *, by: Staff, at: datetime) -> None:
    for other in waiting(unit, case):
        if other.id != reply.id:
            words = f"{reply.by_name}'s reply was chosen instead."
            send_back(unit, other, by=by, words=words, what=Happening.REJECTED, at=at)
