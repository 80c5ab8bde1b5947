"""Takes words out of Slack again: a message is drawn anew from its rows, so what left them leaves it too."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

from bot import metrics
from bot.cases.board import Board
from bot.cases.copies import Copies, Message
from bot.domain.ids import CaseId, StaffId
from bot.domain.job import Job
from bot.domain.policy import Policy
from bot.domain.removed import Copy, CopyOf
from bot.errors import NotAllowed, SlackRefused
from bot.log import get
from bot.slack.cards import Drawing
from bot.slack.errors import NOT_EDITED, NOWHERE
from bot.slack.gateway import Gateway
from bot.slack.lists import notice, unflagged_list
from bot.slack.notifier import Notifier, gone
from bot.slack.readback import same_words
from bot.slack.text import say

#: Our word for one that Slack took, and whose answer shows other words.
NOT_REPLACED: Final = "not_replaced"


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """What others draw."""

    home: Callable[[StaffId], Awaitable[None]]
    """Publishes somebody's Home as things stand now."""
    storm: Callable[[str, str], Awaitable[Drawing]]
    """Returns how the board of a storm, by channel and ts, reads now."""


_log = get(__name__)


class Redactor:
    """The job ``copy.redraw``."""

    def __init__(
        self, gateway: Gateway, notifier: Notifier, board: Board, copies: Copies, policy: Policy, elsewhere: Elsewhere
    ) -> None:
        self._gateway = gateway
        self._notifier = notifier
        self._board = board
        self._copies = copies
        self._policy = policy
        self._elsewhere = elsewhere

    async def redraw(self, job: Job) -> None:
        """Draw one message as its rows stand now, in its turn; what Slack refuses is written down."""
        channel, _, ts = job.subject.partition(":")
        message = await self._copies.look(channel, ts)
        if message is None:
            return
        if message.what is CopyOf.HOME:
            trouble = await self._hung_anew(StaffId(channel))
        else:
            trouble = await self._replace(channel, ts, await self._drawing(message))
        metrics.COPIES.labels(trouble or "done").inc()
        await self._copies.redrawn(channel, ts, trouble=trouble)

    async def _hung_anew(self, staff_id: StaffId) -> str:
        """Publish somebody's Home anew; return Slack's name for why it stands as it did."""
        try:
            await self._elsewhere.home(staff_id)
        except SlackRefused as refusal:
            return _logged(refusal)
        except NotAllowed:
            return "user_not_found"
        return ""

    async def expected(self, channel: str, ts: str) -> Drawing | None:
        """Return how a message has to read as its rows stand now; None when nobody remembers it."""
        message = await self._copies.look(channel, ts)
        return await self._drawing(message) if message else None

    async def _replace(self, channel: str, ts: str, drawing: Drawing) -> str:
        """Update a message, or delete one that cannot be; return Slack's name for why it stands as it did."""
        try:
            shown = await self._gateway.redact(channel, ts, drawing)
        except SlackRefused as refusal:
            if refusal.code in NOWHERE:
                return ""
            return await self._deleted(channel, ts) if refusal.code in NOT_EDITED else _logged(refusal)
        return "" if same_words(shown, drawing.text) else NOT_REPLACED

    async def _deleted(self, channel: str, ts: str) -> str:
        try:
            await self._gateway.delete(channel, ts)
        except SlackRefused as refusal:
            return "" if refusal.code in NOWHERE else _logged(refusal)
        return ""

    async def _drawing(self, message: Message) -> Drawing:
        if message.why:
            return gone(message.why, self._policy)
        match message.what:
            case CopyOf.CARD:
                return await self._card(message.copies[0])
            case CopyOf.TIER:
                tier = self._policy.tiers[message.escalations[0].tier - 1]
                return await self._notifier.summaries(tier, message.escalations)
            case CopyOf.ROLLUP:
                return unflagged_list(message.kept)
            case CopyOf.BOARD:
                return await self._elsewhere.storm(message.copies[0].channel, message.copies[0].ts)
            case CopyOf.LINE | CopyOf.DIRECT | CopyOf.HOME:
                return notice(say("The author changed this post. Its card shows how it reads now."))

    async def _card(self, copy: Copy) -> Drawing:
        sheet = await self._board.sheet(CaseId(copy.case_id or 0), closed=True)
        if (copy.channel, copy.ts) not in {(card.channel, card.ts) for card in sheet.cards}:
            return notice(say("Case {id} has a newer card.", id=copy.case_id))
        return await self._notifier.drawing(sheet, copy.channel)


def _logged(refusal: SlackRefused) -> str:
    _log.warning("a message in Slack could not be emptied", trouble=str(refusal))
    return refusal.code
