"""Where every public reply passes on its way out, and where all sending can be stopped.

The courier asks whether the gate is :func:`closed` in the transaction that writes ``sending``. A
freeze closes the gate in its own: whoever passed before is counted as under
way, whoever comes later finds it closed. A call that is under way cannot be
taken back, so ``freeze`` returns only when each of them has begun: after it,
none begins.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from bot.cases import promises
from bot.cases.rights import may, may_somewhere
from bot.clock import Clock
from bot.domain.event import DESK, Happening, event
from bot.domain.freeze import Freeze
from bot.domain.ids import FreezeId, StaffId
from bot.domain.policy import Policy
from bot.domain.reply import Reply, ReplyState
from bot.domain.role import EVERYWHERE, Place, spelled
from bot.domain.staff import Staff
from bot.errors import NotAllowed, SendHeld
from bot.privacy.veil import typed
from bot.store.engine import Store
from bot.store.unit import Unit

#: How often a frozen reply looks whether it may leave, should its wake-up call be lost.
LOOK_AGAIN: Final = timedelta(seconds=30)
#: Span between two replies that leave after a freeze: a platform takes them for people, not for a machine.
APART: Final = timedelta(seconds=1)
#: How long a freeze waits for calls that are just about to begin: a tenth of a second is long for them, and Slack
#: waits three for the answer.
_LOOKS: Final = 20
_LOOK_S: Final = 0.05

#: Who froze what nobody froze.
_OURSELVES: Final = StaffId("goshawk")
#: What means every account where one can be named.
ALL: Final = "all"


@dataclass(frozen=True, slots=True)
class Notice:
    """What the channel is told of a freeze."""

    freeze: Freeze
    waiting: tuple[Reply, ...]
    """The replies that it keeps back; once it is over, those that leave because of it."""


class Gate:
    """The verbs that stop sending and let it go on."""

    def __init__(
        self, store: Store, clock: Clock, policy: Policy, *, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    ) -> None:
        self._store = store
        self._clock = clock
        self._policy = policy
        self._sleep = sleep

    async def freeze(self, *, by: Staff, reason: str, account: str = "") -> Freeze:
        """Stop all sending as ``account``, or with none as anybody; no call begins after this returned.

        Raises:
            NotAllowed: no right, no reason, no such account, or it is frozen already.
        """
        may(by, "freeze", self._policy)
        why = typed(" ".join(reason.split()).rstrip("."))[:500]
        if not why:
            raise NotAllowed("Say why: colleagues whose replies wait read it first. /social freeze [account] reason")
        now = self._clock.now()

        def work(unit: Unit) -> Freeze:
            unit.freezes.close_gate()
            name = _known(unit, account)
            if held := unit.freezes.over(name):
                raise NotAllowed(f"{held.sentence(self._policy.zone)} Nothing was changed.")
            wish = Freeze(id=FreezeId(0), account=name, reason=why, by=by.id, by_name=by.name, at=now)
            begun = sum(reply.state is ReplyState.SENDING for reply in _covered(unit, wish))
            freeze = unit.freezes.add(replace(wish, under_way=begun))
            unit.events.add(event(DESK, Happening.FROZEN, at=now, by=by, detail=_told(freeze, why)))
            _announce(unit, freeze, at=now)
            return freeze

        freeze = await self._store.transact(work)
        await self._all_begun(freeze)
        return freeze

    async def _all_begun(self, freeze: Freeze) -> None:
        """Wait until no call is just about to begin."""
        for _ in range(_LOOKS):
            if not await self._store.read(lambda unit: _begins(unit, freeze)):
                return
            await self._sleep(_LOOK_S)

    async def unfreeze(self, *, by: Staff, account: str = "") -> Freeze:
        """Let sending go on. What waited leaves after a fresh undo window, one after the other.

        Whoever wrote it an hour ago is somewhere else now: they are told, and have ``Policy.thaw`` to take it back.

        Raises:
            NotAllowed: no right, or nothing of that name is frozen.
        """
        may_somewhere(by, "unfreeze", self._policy)
        now = self._clock.now()

        def work(unit: Unit) -> Freeze:
            unit.freezes.close_gate()
            found = _named(unit.freezes.active(), account)
            may(by, "unfreeze", self._policy, Place(account=found.account) if found.account else EVERYWHERE)
            over = found.ended(by=by, at=now)
            unit.freezes.save(over)
            unit.events.add(event(DESK, Happening.UNFROZEN, at=now, by=by, detail=_told(over, over.reason)))
            self._thaw(unit, over, at=now)
            _announce(unit, over, at=now)
            return over

        return await self._store.transact(work)

    def _thaw(self, unit: Unit, over: Freeze, *, at: datetime) -> None:
        """Give what waited a new moment, oldest first; what another freeze keeps back goes on waiting."""
        free = [reply for reply in _queued(unit, over) if unit.freezes.over(_account(unit, reply)) is None]
        for number, reply in enumerate(free):
            window = max(self._policy.thaw, self._policy.undo_window(unit.cases.get(reply.case_id).priority))
            anew = replace(reply, send_at=at + window + number * APART, trouble="")
            unit.replies.save(reply, anew)
            unit.jobs.add(promises.send_again(anew, account=_account(unit, anew), at=at))

    async def active(self) -> list[Freeze]:
        """Return the freezes that hold, oldest first."""
        return await self._store.read(lambda unit: unit.freezes.active())

    async def accounts(self) -> list[str]:
        """Return every account of ours that a case would be answered by."""
        return await self._store.read(lambda unit: unit.cases.accounts())

    async def notice(self, freeze_id: FreezeId) -> Notice:
        """Return what the channel is told of a freeze.

        Raises:
            NotAllowed: there is none of that number.
        """

        def work(unit: Unit) -> Notice:
            freeze = unit.freezes.get(freeze_id)
            queued = _queued(unit, freeze)
            if since := freeze.ended_at:
                queued = [reply for reply in queued if reply.written_at < since and _leaves(reply, since)]
            return Notice(freeze, tuple(queued))

        return await self._store.read(work)

    async def posted(self, freeze_id: FreezeId, *, channel: str, ts: str) -> None:
        """Remember the message that tells of a freeze: it is edited when the freeze is over."""
        await self._store.transact(lambda unit: unit.freezes.posted(freeze_id, channel=channel, ts=ts))


def closed(unit: Unit, account: str) -> bool:
    """Return whether ``account`` is frozen; to be asked in the transaction that lets a reply go."""
    unit.freezes.pass_gate()
    return unit.freezes.over(account) is not None


def lock(unit: Unit, account: str, why: str, *, at: datetime) -> None:
    """Freeze an account that its platform has locked: no person did that, and a person lets it go on."""
    unit.freezes.close_gate()
    if unit.freezes.over(account):
        return
    wish = Freeze(
        id=FreezeId(0), account=account, reason=why.rstrip(".")[:500], by=_OURSELVES, by_name="Goshawk", at=at
    )
    begun = sum(reply.state is ReplyState.SENDING for reply in _covered(unit, wish))
    freeze = unit.freezes.add(replace(wish, under_way=max(0, begun - 1)))
    unit.events.add(event(DESK, Happening.FROZEN, at=at, detail=_told(freeze, freeze.reason)))
    _announce(unit, freeze, at=at)


def unless_frozen(sent: Reply | Freeze, policy: Policy) -> Reply:
    """Return the reply that was sent; a freeze in its place is told to its writer.

    Raises:
        NotAllowed: it is a freeze.
    """
    if isinstance(sent, Freeze):
        raise NotAllowed(f"{sent.sentence(policy.zone)} Your draft is kept.")
    return sent


def held() -> SendHeld:
    """Return what keeps a reply from leaving."""
    return SendHeld("Sending is frozen.", retry_after_s=LOOK_AGAIN.total_seconds())


def _account(unit: Unit, reply: Reply) -> str:
    kept = unit.mentions.get(reply.mention_id)
    return kept.mention.terms.account if kept else unit.cases.get(reply.case_id).account


def _covered(unit: Unit, freeze: Freeze) -> list[Reply]:
    """Return what waits to be sent, or may be on its way, as an account of the freeze."""
    return [reply for reply in unit.replies.under_way() if freeze.covers(_account(unit, reply))]


def _queued(unit: Unit, freeze: Freeze) -> list[Reply]:
    return [reply for reply in _covered(unit, freeze) if reply.state is ReplyState.QUEUED]


def _begins(unit: Unit, freeze: Freeze) -> bool:
    """Whether a call was written down shortly before the freeze and is not known to have ended."""
    soon = freeze.at - _LOOKS * timedelta(seconds=_LOOK_S)
    found = (reply for reply in _covered(unit, freeze) if reply.state is ReplyState.SENDING)
    return any(reply.tried_at is not None and reply.tried_at >= soon for reply in found)


def _leaves(reply: Reply, since: datetime) -> bool:
    return reply.send_at is not None and reply.send_at >= since


def _known(unit: Unit, account: str) -> str:
    """Return an account as our cases spell it; nothing for every account."""
    bare = account.strip().removeprefix("@")
    if not bare:
        return ""
    known = unit.cases.accounts()
    for one in known:
        if spelled(one) == spelled(bare):
            return one
    named = ", ".join(f"@{one}" for one in known) or "none yet"
    raise NotAllowed(f"I know no account @{bare}. I know: {named}. Without a name, all sending is frozen.")


def _named(active: list[Freeze], account: str) -> Freeze:
    """Return the freeze that is meant: the only one, or the one of that account."""
    bare = spelled(account)
    if not active:
        raise NotAllowed("Nothing is frozen. Replies leave as always.")
    if not bare and len(active) == 1:
        return active[0]
    for freeze in active:
        if bare and bare == (spelled(freeze.account) or ALL):
            return freeze
    named = ", ".join(f"@{one.account}" if one.account else ALL for one in active)
    what = f"No freeze is called {account}" if bare else "More than one freeze holds"
    raise NotAllowed(f"{what}. Name one of: {named}. For instance: /social unfreeze {named.partition(',')[0]}")


def _told(freeze: Freeze, why: str) -> str:
    return f"{'@' + freeze.account if freeze.account else 'every account'}: {why}"


def _announce(unit: Unit, freeze: Freeze, *, at: datetime) -> None:
    """Promise the channel's message, and the banner of every open card: first where a reply waits."""
    unit.jobs.add(promises.freeze_notice(freeze.id, at=at))
    waits = {reply.case_id for reply in _covered(unit, freeze)}
    for case_id in waits.union(unit.cases.unresolved(account=freeze.account)):
        unit.jobs.add(promises.banner(case_id, at=at, waits=case_id in waits))
