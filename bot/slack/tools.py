"""What every listener works with, and who pressed what."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final

from bot.cases.approvals import Approvals
from bot.cases.attention import Attention
from bot.cases.board import Board, Sight
from bot.cases.boards import Boards
from bot.cases.bulletin import Bulletin
from bot.cases.desk import Desk
from bot.cases.drafts import Drafts
from bot.cases.erasure import Erasures
from bot.cases.gate import Gate
from bot.cases.letters import Letters
from bot.cases.originals import Originals
from bot.cases.overview import Overview
from bot.cases.reception import Reception
from bot.cases.rights import allowed, may, may_somewhere
from bot.cases.sending import Sending
from bot.domain.case import Case
from bot.domain.ids import CaseId
from bot.domain.policy import Policy
from bot.domain.staff import Staff
from bot.errors import GoshawkError
from bot.intake.pipeline import Pipeline
from bot.log import get
from bot.slack.cards import Drawing
from bot.slack.directory import Directory
from bot.slack.gateway import Gateway
from bot.slack.homes import Homes
from bot.slack.text import Safe, moment, say

#: How often, and how many seconds apart, a message is looked for among the cards: one second in all, a third of
#: what Slack waits for an ack.
_LOOKS: Final = 10
_LOOK_S: Final = 0.1

_log = get(__name__)


class Errands:
    """Answers that may follow an ack: owned, awaited at the end, logged when they fail."""

    def __init__(self) -> None:
        self._running: set[asyncio.Task[None]] = set()

    def spawn(self, errand: Coroutine[Any, Any, None]) -> None:
        """Run an answer beside the ack."""
        task = asyncio.create_task(self._guard(errand))
        self._running.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        if not task.cancelled() and (fault := task.exception()):
            _log.error("an answer failed", exc_info=fault)

    async def drain(self, *, within_s: float) -> None:
        """Wait for every answer under way; what takes longer is cut off, as what it tells of is done."""
        late = (await asyncio.wait(self._running, timeout=within_s))[1] if self._running else set()
        for one in late:
            one.cancel()
        if late:
            _log.warning("answers were cut off", count=len(late))
            await asyncio.wait(late)

    async def _guard(self, errand: Coroutine[Any, Any, None]) -> None:
        try:
            await errand
        except GoshawkError as trouble:
            _log.warning("an answer did not reach its reader", trouble=str(trouble))


@dataclass(frozen=True, slots=True)
class Tools:
    """The desk, and the ways to speak."""

    desk: Desk
    drafts: Drafts
    sending: Sending
    approvals: Approvals
    originals: Originals
    reception: Reception
    attention: Attention
    board: Board
    boards: Boards
    bulletin: Bulletin
    gate: Gate
    erasures: Erasures
    letters: Letters
    directory: Directory
    gateway: Gateway
    policy: Policy
    overview: Overview
    homes: Homes
    pipeline: Pipeline
    errands: Errands = field(default_factory=Errands)

    async def answer(self, body: dict[str, Any], drawing: Drawing) -> None:
        """Answer privately whoever caused ``body``, wherever they are."""
        if url := body.get("response_url"):
            return await self.gateway.respond(url, drawing)
        staff_id = _staff_id(body)
        channel, thread = _place(body)
        if not channel:
            channel, ts = await self.gateway.post(await self.gateway.direct(staff_id), drawing)
            return await self.bulletin.copies.direct(channel=channel, ts=ts)
        return await self.gateway.whisper(channel, staff_id, drawing, thread=thread)

    async def case_of_card(self, channel: str, ts: str) -> CaseId | None:
        """Return the case of a message; a card that was posted a moment ago may not be written down yet."""
        for _ in range(_LOOKS):
            if (case_id := await self.board.case_of_card(channel, ts)) is not None:
                return case_id
            await asyncio.sleep(_LOOK_S)
        return None

    async def escalated(self, case: Case, name: str = "") -> Safe:
        """Say whom an escalation calls, and when, if others were told a moment ago and this one is folded."""
        number = self.policy.tier_number(name) or case.tier
        at = await self.bulletin.told_at(number)
        when = say(" They hear of it at {at}, together with what else comes up.", at=moment(at)) if at else Safe("")
        words = "Case {id} is escalated to {tier}.{when}"
        return say(words, id=case.id, tier=self.policy.tiers[number - 1].name, when=when)

    async def permit(self, by: Staff, verb: str, case_id: CaseId) -> Case:
        """Return a case on which somebody may do this: asked before a window opens or words are shown.

        Raises:
            NotAllowed: they may not; the text says why and whom to ask.
        """
        may_somewhere(by, verb, self.policy)
        case = (await self.board.sheet(case_id)).case
        may(by, verb, self.policy, case)
        return case

    def sight(self, by: Staff) -> Sight | None:
        """Return which cases somebody may look at; None: every case."""
        return partial(allowed, by, "look", self.policy) if self.policy.grants else None

    async def staff(self, body: dict[str, Any]) -> Staff:
        """Return who caused ``body``."""
        return await self.directory.staff(_staff_id(body))


def _staff_id(body: dict[str, Any]) -> str:
    event = body.get("event") or {}
    user = body.get("user") or body.get("user_id") or event.get("user") or ""
    return str(user["id"] if isinstance(user, dict) else user)


def _place(body: dict[str, Any]) -> tuple[str, str]:
    """Return the channel and thread of an event; empty for a press in Home or in a modal."""
    event = body.get("event") or {}
    item = event.get("item") or {}
    channel = event.get("channel") or item.get("channel") or (body.get("channel") or {}).get("id") or ""
    return str(channel), str(event.get("thread_ts") or "")
