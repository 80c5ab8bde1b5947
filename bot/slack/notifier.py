"""Puts into Slack what the desk promised of a case: its card, lines in its thread, calls to a tier."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from bot import metrics
from bot.cases.board import Board, Sheet
from bot.cases.bulletin import Bulletin
from bot.clock import Clock
from bot.domain.card import Card, Escalation
from bot.domain.case import Case
from bot.domain.ids import CaseId
from bot.domain.job import Job
from bot.domain.policy import Policy
from bot.domain.removed import Removed, sentence
from bot.domain.route import Tier
from bot.errors import SlackBusy, SlackRefused, SlackTrouble
from bot.privacy.veil import shown_escalation
from bot.slack import threads
from bot.slack.backroom import Backroom
from bot.slack.blocks import Block, section
from bot.slack.cards import NOT_SET_UP, Drawing, draw, draw_withheld
from bot.slack.errors import GONE
from bot.slack.lists import notice
from bot.slack.posting import SHUT, SHUT_S, Message, Poster, take_away
from bot.slack.text import say
from bot.slack.threads import ThreadLine

#: Cases that one message to a tier sums up; of further ones only the number is told, to stay within 50 blocks.
SUMMARIES: Final = 20


class Notifier:
    """The jobs whose effect is a message about a case."""

    def __init__(
        self, poster: Poster, room: Backroom, board: Board, bulletin: Bulletin, policy: Policy, clock: Clock
    ) -> None:
        self._poster = poster
        self._gateway = poster.gateway
        self._room = room
        self._board = board
        self._bulletin = bulletin
        self._policy = policy
        self._clock = clock

    async def redraw(self, job: Job) -> None:
        """Draw a case as it stands now: update its card, or post it."""
        sheet = await self._board.sheet(CaseId(int(job.subject)), closed=True)
        if sheet.folded:  # it stands on the board of its storm
            return
        closed = await self._poster.outages.closed()
        open_cards = [card for card in sheet.cards if card.channel not in closed]
        for card in open_cards:
            await self._update(job, card, sheet)
        home = await self._poster.open_of(await self._home(sheet.case), *self._refuges)
        strays = [card for card in open_cards if card.channel not in {home, self._policy.routes.cases}
                  and card.channel == self._policy.routes.operators]  # fmt: skip
        if home not in {card.channel for card in sheet.cards} and (sheet.case.private or strays == open_cards):
            await self._post(job, home, sheet)
        for card in strays:
            await take_away(self._gateway, card.channel, card.ts, seen_by="home")
            await self._bulletin.lost(card)

    @property
    def _refuges(self) -> tuple[str, str]:
        """Where a case goes whose own channel is closed to us."""
        return self._policy.routes.operators, self._policy.routes.cases

    async def _home(self, case: Case) -> str:
        """Return where a case belongs now; while the private channel is open to others, only a notice is posted."""
        if case.private and not await self._room.why_open():
            return self._room.channel
        return self._policy.routes.cases

    async def _why_withheld(self, case: Case, channel: str) -> str | None:
        """Return why a channel may not show a case's words; None when it may, nothing when another one shows them.

        What is private stays in the one private channel, as long as that is closed.
        """
        why_open = await self._room.why_open() if case.private else ""
        if why_open not in {"", NOT_SET_UP}:
            await self._poster.outages.exposed(self._room.channel, why_open)
        return None if not case.private or (channel == self._room.channel and not why_open) else why_open

    async def drawing(self, sheet: Sheet, channel: str) -> Drawing:
        """Return the card of a case as a channel may see it."""
        if sheet.case.removed:
            return gone(sheet.case.removed, self._policy)
        why = await self._why_withheld(sheet.case, channel)
        return draw(sheet, self._policy) if why is None else draw_withheld(sheet, why)

    async def _update(self, job: Job, card: Card, sheet: Sheet) -> None:
        try:
            await self._gateway.update(card.channel, card.ts, await self.drawing(sheet, card.channel))
        except SlackRefused as refusal:
            if refusal.code in SHUT and card.channel == self._room.channel:
                await self._poster.outages.exposed(card.channel, SHUT[refusal.code])
                return
            await self._poster.refused(card.channel, refusal)
            if refusal.code not in GONE:
                raise
            await self._bulletin.lost(card)
            await self._post(job, card.channel, sheet)

    async def _post(self, job: Job, channel: str, sheet: Sheet) -> None:
        """Post the card of a case, or take for it what an earlier attempt has posted: that is drawn anew."""
        case, drawing = sheet.case, await self.drawing(sheet, channel)
        message = Message(key=f"card:{case.id}", channel=channel, drawing=drawing)
        stands = await self._poster.post(job, message)
        if stands.found:
            await self._gateway.update(stands.channel, stands.ts, drawing)
        now = self._clock.now()
        metrics.CARD_SECONDS.observe(max(0.0, (now - case.seen_at).total_seconds()))
        card = Card(case_id=case.id, channel=stands.channel, ts=stands.ts, drawn_version=case.version, carded_at=now)
        await self._bulletin.carded(card)

    async def line(self, job: Job) -> None:
        """Say one thing about a case: in its thread, or in the channel when nobody has the case."""
        number, what, ref = job.subject.split(":", 2)
        timeline = await self._board.timeline(CaseId(int(number)), closed=True)
        if timeline.sheet.folded:
            return
        closed = await self._poster.outages.closed()
        cards = [card for card in timeline.sheet.cards if card.channel not in closed]
        if not cards and await self._bulletin.awaits_card(timeline.sheet.case.id):
            raise SlackBusy("The card is not there yet.", retry_after_s=1)
        if not cards and timeline.sheet.cards:
            raise SlackBusy("Every channel of its card is closed to us.", retry_after_s=SHUT_S)
        if not cards:
            raise SlackTrouble(f"Case {number} has no card, and none is promised.")
        case = timeline.sheet.case
        shown = [card for card in cards if await self._why_withheld(case, card.channel) is None]
        told = timeline if shown else await self._board.timeline(case.id)
        said = threads.line(told, what, ref, withheld=not shown, grants=self._policy.grants)
        if said and (said.in_channel or threads.is_said(what, self._policy.thread_lines)):
            await self._say(job, (shown or cards)[-1], said, timeline.sheet.cards)

    async def _say(self, job: Job, card: Card, said: ThreadLine, cards: Sequence[Card]) -> None:
        """Post a line; whose case it is, and so whether it stands in the channel, may have changed since a doubt."""
        drawing, thread = said.drawing, card.ts
        if said.in_channel:
            drawing, thread = threads.with_pointer(drawing, await self._pointer([card])), ""
        around = tuple((one.channel, place) for one in cards for place in (one.ts, ""))
        message = Message(key=job.key, channel=card.channel, drawing=drawing, thread=thread, elsewhere=around)
        stands = await self._poster.post(job, message)
        await self._bulletin.copies.line(job.subject, channel=stands.channel, ts=stands.ts)

    async def tell(self, job: Job) -> None:
        """Tell a tier everything it has not heard yet, in one message."""
        tier = self._policy.tiers[int(job.subject) - 1]
        untold = await self._bulletin.untold(int(job.subject))
        if not untold:
            return
        first, upto = min(one.id for one in untold), max(one.id for one in untold)
        drawing = await self.summaries(tier, untold)
        channel = await self._poster.open_of(tier.channel, *self._refuges)
        message = Message(key=f"{job.key}:{first}", channel=channel, drawing=drawing, upto=upto)
        stands = await self._poster.post(job, message)
        told = [one for one in untold if one.id <= stands.upto]
        await self._bulletin.copies.tier(told, channel=stands.channel, ts=stands.ts)
        await self._bulletin.told(told)

    async def summaries(self, tier: Tier, untold: Sequence[Escalation]) -> Drawing:
        """Return the message that tells a tier of its cases."""
        blocks: list[Block] = [section(threads.call(tier))]
        for escalation in untold[:SUMMARIES]:
            blocks += await self._summary(escalation, tier)
        if rest := ", ".join(str(one.case_id) for one in untold[SUMMARIES:]):
            blocks.append(section(say("Also: cases {rest}. `/social show 12` reads one.", rest=rest)))
        numbers = ", ".join(str(one.case_id) for one in untold[:SUMMARIES])
        words = say("Escalated to {tier}: case {numbers}", tier=tier.name, numbers=numbers)
        return Drawing(words, blocks)

    async def _summary(self, escalation: Escalation, tier: Tier) -> list[Block]:
        """Return one case of a tier; why it went up is private where the case is and the tier's channel is not."""
        sheet = await self._board.sheet(escalation.case_id)
        closed = not sheet.case.private or not await self._room.why_not(tier.channel)
        return threads.summary(shown_escalation(escalation, closed=closed), sheet, await self._pointer(sheet.cards))

    async def _pointer(self, cards: Sequence[Card]) -> str:
        """Return the address of the newest card; empty when it is lost."""
        return await self._gateway.permalink(cards[-1].channel, cards[-1].ts) if cards else ""


def gone(why: Removed, policy: Policy) -> Drawing:
    """Return what stands in the place of a message whose words were removed."""
    return notice(say("🧹 {words}", words=sentence(why, days=policy.keep.days).strip("()")))
