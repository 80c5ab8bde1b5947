"""Delivers one approved reply, never twice.

The row says ``sending`` before the call. Whoever finds it so must look on the
platform first: found means delivered, surely absent means the same key once
more, and a platform that cannot tell means a person decides.

The transaction that writes ``sending`` also asks whether sending is frozen: no
call begins after a freeze was stored. What says ``sending`` already is under
way and cannot be called back; the freeze counts it and its message says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from bot import metrics
from bot.cases import gate, promises, rations
from bot.cases.changes import GONE
from bot.cases.elsewhere import fold, overtaken
from bot.cases.restored import stood_in_a_backup
from bot.cases.sending import arrive
from bot.cases.undelivered import close, stay
from bot.cases.waiting import hold_back
from bot.clock import Clock
from bot.domain.event import Happening
from bot.domain.ids import ReplyId
from bot.domain.job import Job
from bot.domain.reply import Reply, ReplyState, event_of
from bot.errors import SendDoubtful, SendHeld, SendLater, SendLocked, SendRefused
from bot.feeds.base import Feed, Outgoing, Receipt, Said
from bot.jobs import lease
from bot.store.engine import Store
from bot.store.unit import Unit

#: How long a call may still be applied after its answer was lost; only then does a look prove anything.
SETTLE: Final = timedelta(seconds=5)
#: How long an unreachable platform is tried before the text goes back to its writer.
PATIENCE: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class _Errand:
    reply: Reply
    feed: str
    account: str
    answer: Said
    closed: bool
    """Its case is private."""
    doubtful: bool
    """An earlier try may have arrived."""
    gone: str = ""
    """Why nothing is left to answer; empty: something is."""


class Courier:
    """The job ``reply.send``."""

    def __init__(self, store: Store, clock: Clock, feeds: Mapping[str, Feed], *, per_day: int = 0) -> None:
        """Send at most ``per_day`` replies as one account of ours in a day; 0: as many as there are."""
        self._per_day = per_day
        self._store = store
        self._clock = clock
        self._feeds = feeds

    async def deliver(self, job: Job) -> None:
        """Send one reply, or find that it was sent.

        Raises:
            SendHeld: sending is frozen. SendLater: nothing was applied, it is too early to look, or its
                undo window was opened again; either way the runner comes back.
        """
        errand = await self._take(ReplyId(int(job.subject)))
        if errand is None:
            return
        if isinstance(errand, SendLater):
            raise errand
        try:
            receipt = await self._hand_over(errand)
        except SendLocked as locked:
            await self._lock(errand, locked)
        except SendRefused as refusal:
            await self._close(errand, ReplyState.REFUSED, str(refusal))
        except SendHeld:
            raise
        except SendLater as delay:
            await self._wait(errand, delay)
        except SendDoubtful as doubt:
            await self._doubt(errand, doubt)
        else:
            await self._delivered(errand, receipt)

    async def _take(self, reply_id: ReplyId) -> _Errand | SendLater | None:
        """Write down that the call begins; None when there is nothing to send, a delay when there is today."""
        now = self._clock.now()

        def work(unit: Unit) -> _Errand | SendLater | None:
            reply = unit.replies.get(reply_id)
            kept = unit.mentions.get(reply.mention_id)
            if reply.state not in {ReplyState.QUEUED, ReplyState.SENDING} or kept is None:
                return None
            begun = reply.state is ReplyState.SENDING
            if kept.removed and not begun:
                stay(unit, reply, kept.removed, at=now)
                return None
            if not begun and (why := overtaken(unit, reply)):
                hold_back(unit, reply, why, at=now)
                unit.jobs.add(promises.redraw(unit.cases.get(reply.case_id), at=now, by_staff=True))
                return None
            account = kept.mention.terms.account
            if not begun:
                _may_leave(unit, reply, account, at=now)
                key = rations.key_of(kept.mention.feed, account, now)
                if delay := rations.take(unit, reply, key, cap=self._per_day, at=now):
                    return delay
            doubtful = begun or stood_in_a_backup(unit, reply)
            sending = replace(reply, state=ReplyState.SENDING, tried_at=reply.tried_at if doubtful else now)
            unit.replies.save(reply, sending)
            answer = Said(key=reply.key, text=reply.text, answers=kept.mention)
            closed = unit.cases.get(reply.case_id).private
            gone = GONE[kept.removed] if kept.removed else ""
            return _Errand(sending, kept.mention.feed, account, answer, closed, doubtful, gone)

        return await self._store.transact(work)

    async def _hand_over(self, errand: _Errand) -> Receipt:
        feed = self._feeds.get(errand.feed)
        if feed is None and errand.doubtful:
            raise SendDoubtful(f"The feed {errand.feed} is not set up any more, so nobody can look.")
        if feed is None:
            raise SendRefused(f"The feed {errand.feed} is not set up any more. Nothing was sent.")
        if errand.doubtful:
            self._let_it_settle(errand.reply)
            if receipt := await feed.find(errand.answer):
                return receipt
            if errand.gone:
                raise SendRefused(errand.gone)
            await self._try_again(errand)
        outgoing = _outgoing(errand)
        _refuse_another_text(errand)
        lease.check()
        return await feed.reply(outgoing)

    def _let_it_settle(self, reply: Reply) -> None:
        tried_at = reply.tried_at or reply.written_at
        left = tried_at + SETTLE - self._clock.now()
        if left > timedelta():
            raise SendLater("Waiting until the platform can tell.", retry_after_s=left.total_seconds())

    async def _try_again(self, errand: _Errand) -> None:
        """Write down that a second call begins: a doubt about it is counted from now.

        Under a freeze none begins: what surely never arrived waits like any other reply. Nor does one begin where
        somebody answered on the platform itself meanwhile.
        """
        now, reply = self._clock.now(), errand.reply

        def work(unit: Unit) -> bool:
            found = unit.replies.get(reply.id)
            if (found.state, found.tried_at) != (ReplyState.SENDING, reply.tried_at):
                raise SendLater("Somebody else works on this errand.", retry_after_s=SETTLE.total_seconds())
            if why := overtaken(unit, found):
                raise SendRefused(why)
            frozen = gate.closed(unit, errand.account)
            unit.replies.save(found, replace(found, state=ReplyState.QUEUED if frozen else found.state, tried_at=now))
            if frozen:
                unit.jobs.add(promises.redraw(unit.cases.get(reply.case_id), at=now, by_staff=True))
            return frozen

        if await self._store.transact(work):
            raise gate.held()

    async def _delivered(self, errand: _Errand, receipt: Receipt) -> None:
        metrics.SENDS.labels("sent").inc()
        now = self._clock.now()

        def work(unit: Unit) -> None:
            reply = unit.replies.get(errand.reply.id)
            if reply.state is not ReplyState.SENDING:
                return
            sent = replace(
                reply,
                state=ReplyState.SENT,
                sent_at=now,
                remote_id=receipt.remote_id,
                remote_url=receipt.url,
                trouble="",
            )
            unit.replies.save(reply, sent)
            unit.events.add(event_of(sent, Happening.SENT, at=now, by=reply.writer))
            told = fold(unit, sent) or stood_in_a_backup(unit, reply)
            arrive(unit, unit.cases.get(reply.case_id), sent, at=now, told=told)

        await self._store.transact(work)

    async def _lock(self, errand: _Errand, locked: SendLocked) -> None:
        """Let nothing more leave as this account until a person says so; what was refused waits with all the rest."""
        now = self._clock.now()
        await self._store.transact(lambda unit: gate.lock(unit, errand.account, str(locked), at=now))
        if not errand.doubtful:
            await self._note(errand, ReplyState.QUEUED, str(locked))
        raise gate.held() from locked

    async def _wait(self, errand: _Errand, delay: SendLater) -> None:
        """Keep the reply for later; after long vain trying a person decides."""
        since = errand.reply.send_at or errand.reply.written_at
        if self._clock.now() - since > PATIENCE:
            ended = ReplyState.UNKNOWN if errand.doubtful else ReplyState.REFUSED
            return await self._close(errand, ended, f"{delay} Given up after an hour.")
        if not errand.doubtful:
            await self._note(errand, ReplyState.QUEUED, str(delay))
        raise delay

    async def _doubt(self, errand: _Errand, doubt: SendDoubtful) -> None:
        """A first doubt is looked into; a platform that cannot tell leaves it to a person."""
        metrics.SENDS.labels("doubtful").inc()
        if errand.doubtful:
            return await self._close(errand, ReplyState.UNKNOWN, str(doubt))
        await self._note(errand, ReplyState.SENDING, str(doubt))
        raise SendLater(str(doubt), retry_after_s=SETTLE.total_seconds()) from doubt

    async def _note(self, errand: _Errand, state: ReplyState, trouble: str) -> None:
        reply = errand.reply

        def work(unit: Unit) -> None:
            found = unit.replies.get(reply.id)
            if found.state is not ReplyState.SENDING:
                return
            if state is ReplyState.QUEUED and reply.tried_at:  # surely not applied: it costs nothing
                unit.quotas.give_back(rations.key_of(errand.feed, errand.account, reply.tried_at))
            unit.replies.save(found, replace(found, state=state, trouble=trouble[:500]))
            if found.trouble != trouble[:500]:
                case = unit.cases.get(reply.case_id)
                unit.jobs.add(promises.redraw(case, at=self._clock.now(), by_staff=True))

        await self._store.transact(work)

    async def _close(self, errand: _Errand, state: ReplyState, trouble: str) -> None:
        """End an errand without a delivery; the writer is told and the text is kept."""
        now = self._clock.now()

        def work(unit: Unit) -> None:
            reply = unit.replies.get(errand.reply.id)
            if reply.state is ReplyState.SENDING:
                close(unit, reply, state, trouble, at=now)

        await self._store.transact(work)


def _outgoing(errand: _Errand) -> Outgoing:
    """Return what leaves; refuse words that were approved for other readers than the mention or its case has now."""
    answer = errand.answer
    outgoing = Outgoing(key=answer.key, text=answer.text, answers=answer.answers, closed=errand.closed)
    if errand.reply.private != outgoing.private:
        now, was = ("private", "public") if outgoing.private else ("public", "private")
        raise SendRefused(f"The post is {now} now, and this reply was written for a {was} one. Nothing was sent.")
    return outgoing


def _refuse_another_text(errand: _Errand) -> None:
    """Refuse words that are not those which a second person approved."""
    reply = errand.reply
    if reply.approved_at and reply.hash_as(errand.account) != reply.text_hash:
        raise SendRefused(f"This is not what {reply.approver_name} approved any more. Nothing was sent.")


def _may_leave(unit: Unit, reply: Reply, account: str, *, at: datetime) -> None:
    """Stop a reply at the door.

    Raises:
        SendHeld: sending is frozen. SendLater: it was given a fresh undo window meanwhile.
    """
    if gate.closed(unit, account):
        raise gate.held()
    if reply.send_at is not None and reply.send_at > at:
        raise SendLater("Its undo window is open.", retry_after_s=(reply.send_at - at).total_seconds())
