"""Puts into Slack what the desk promised: cards, lines in their threads, calls to a tier, roll-ups."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from typing import Final

from bot import metrics
from bot.cases.board import Board, Sheet
from bot.cases.bulletin import Bulletin
from bot.clock import Clock
from bot.domain.card import Card, Escalation
from bot.domain.case import Case
from bot.domain.health import Pulse
from bot.domain.ids import CaseId
from bot.domain.job import Job
from bot.domain.policy import Policy
from bot.domain.removed import Removed, sentence
from bot.domain.route import Tier
from bot.errors import SlackBusy, SlackRefused, SlackTrouble
from bot.slack import threads
from bot.slack.backroom import Backroom
from bot.slack.blocks import Block, section
from bot.slack.cards import NOT_SET_UP, Drawing, draw, draw_withheld
from bot.slack.gateway import Gateway
from bot.slack.lists import notice, unflagged_list
from bot.slack.text import Safe, lines, moment, say
from bot.slack.threads import Said

#: Slack's words for a card that cannot be redrawn any more: post anew.
_GONE: Final = frozenset({"message_not_found", "cant_update_message", "edit_window_closed"})
#: Slack's words for a channel that takes nothing from us.
_SHUT: Final = frozenset({"is_archived", "channel_not_found", "not_in_channel"})
#: Mentions shown in one roll-up.
ROLLUP_SHOWN: Final = 10
#: Cases that one message to a tier sums up; of further ones only the number is told, to stay within 50 blocks.
SUMMARIES: Final = 20


class Notifier:
    """The jobs whose effect is a message."""

    def __init__(
        self, gateway: Gateway, room: Backroom, board: Board, bulletin: Bulletin, policy: Policy, clock: Clock
    ) -> None:
        self._gateway = gateway
        self._room = room
        self._said_open = ""
        self._board = board
        self._bulletin = bulletin
        self._policy = policy
        self._clock = clock

    async def redraw(self, job: Job) -> None:
        """Draw a case as it stands now: update its card, or post it."""
        sheet = await self._board.sheet(CaseId(int(job.subject)), closed=True)
        for card in sheet.cards:
            await self._update(card, sheet)
        home = await self._home(sheet.case)
        if home not in {card.channel for card in sheet.cards} and (sheet.case.private or not sheet.cards):
            # Somebody held this job before and no card is known: look before posting what may stand there.
            await self._post(home, sheet, doubtful=job.fence > 1)

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
        if why_open not in {"", NOT_SET_UP, self._said_open}:
            await self._warn(why_open)
        self._said_open = why_open if case.private else self._said_open
        return None if not case.private or (channel == self._room.channel and not why_open) else why_open

    async def _warn(self, why_open: str) -> None:
        words = say("⚠️ *The private channel {why}.* Private mentions are withheld until it is closed again.",
                    why=why_open)  # fmt: skip
        await self._gateway.post(
            self._policy.routes.operators or self._policy.routes.cases, Drawing(words, [section(words)])
        )

    async def drawing(self, sheet: Sheet, channel: str) -> Drawing:
        """Return the card of a case as a channel may see it."""
        if sheet.case.removed:
            return gone(sheet.case.removed, self._policy)
        why = await self._why_withheld(sheet.case, channel)
        return draw(sheet, self._policy) if why is None else draw_withheld(sheet, why)

    async def _update(self, card: Card, sheet: Sheet) -> None:
        try:
            await self._gateway.update(card.channel, card.ts, await self.drawing(sheet, card.channel))
        except SlackRefused as refusal:
            if refusal.code in _SHUT:
                return  # nothing more is shown in a channel that is closed to us; another may get a notice
            if refusal.code not in _GONE:
                raise
            await self._bulletin.lost(card)
            await self._post(card.channel, sheet)

    async def _post(self, channel: str, sheet: Sheet, *, doubtful: bool = False) -> None:
        case, drawing = sheet.case, await self.drawing(sheet, channel)
        where = channel
        ts = await self._gateway.card_of(channel, case.id, since=case.seen_at) if doubtful else ""
        if ts:
            await self._gateway.update(channel, ts, drawing)
        else:
            where, ts = await self._gateway.post(channel, drawing, case_id=case.id)
        now = self._clock.now()
        metrics.CARD_SECONDS.observe(max(0.0, (now - sheet.case.seen_at).total_seconds()))
        card = Card(case_id=sheet.case.id, channel=where, ts=ts, drawn_version=sheet.case.version, carded_at=now)
        await self._bulletin.carded(card)

    async def line(self, job: Job) -> None:
        """Say one thing about a case: in its thread, or in the channel when nobody has the case."""
        number, what, ref = job.subject.split(":", 2)
        timeline = await self._board.timeline(CaseId(int(number)), closed=True)
        cards = timeline.sheet.cards
        if not cards and await self._bulletin.awaits_card(timeline.sheet.case.id):
            raise SlackBusy("The card is not there yet.", retry_after_s=1)
        if not cards:
            raise SlackTrouble(f"Case {number} has no card, and none is promised.")
        case = timeline.sheet.case
        shown = [card for card in cards if await self._why_withheld(case, card.channel) is None]
        told = timeline if shown else await self._board.timeline(case.id)
        for card in shown or cards:
            if said := threads.line(told, what, ref, withheld=not shown, grants=self._policy.grants):
                await self._say(card, said, job.subject)

    async def _say(self, card: Card, said: Said, subject: str) -> None:
        if said.in_channel:
            pointer = await self._pointer([card])
            channel, ts = await self._gateway.post(card.channel, threads.with_pointer(said.drawing, pointer))
        else:
            channel, ts = await self._gateway.post(card.channel, said.drawing, thread=card.ts)
        await self._bulletin.copies.line(subject, channel=channel, ts=ts)

    async def tell(self, job: Job) -> None:
        """Tell a tier everything it has not heard yet, in one message."""
        tier = self._policy.tiers[int(job.subject) - 1]
        untold = await self._bulletin.untold(int(job.subject))
        if not untold:
            return
        channel, ts = await self._gateway.post(tier.channel, await self.summaries(tier, untold))
        await self._bulletin.copies.tier(untold, channel=channel, ts=ts)
        await self._bulletin.told(untold)

    async def summaries(self, tier: Tier, untold: Sequence[Escalation]) -> Drawing:
        """Return the message that tells a tier of its cases."""
        blocks: list[Block] = [section(threads.call(tier))]
        for escalation in untold[:SUMMARIES]:
            blocks += await self._summary(escalation, await self._board.sheet(escalation.case_id))
        if rest := ", ".join(str(one.case_id) for one in untold[SUMMARIES:]):
            blocks.append(section(say("Also: cases {rest}. `/social show 12` reads one.", rest=rest)))
        numbers = ", ".join(str(one.case_id) for one in untold[:SUMMARIES])
        words = say("Escalated to {tier}: case {numbers}", tier=tier.name, numbers=numbers)
        return Drawing(words, blocks)

    async def _summary(self, escalation: Escalation, sheet: Sheet) -> list[Block]:
        return threads.summary(escalation, sheet, await self._pointer(sheet.cards))

    async def _pointer(self, cards: Sequence[Card]) -> str:
        """Return the address of the newest card; empty when it is lost."""
        with contextlib.suppress(SlackRefused):
            if cards:
                return await self._gateway.permalink(cards[-1].channel, cards[-1].ts)
        return ""

    async def rollup(self, job: Job) -> None:
        """List what was tagged and not flagged since the last time; silent when there is nothing."""
        found = await self._bulletin.rollup(int(job.subject or 0), shown=ROLLUP_SHOWN)
        if found.total:
            drawing = unflagged_list(found.shown)
            more = say("{n} in all: `/social queue unflagged` shows the rest.", n=found.total)
            blocks = [*drawing.blocks, section(more)] if found.total > ROLLUP_SHOWN else drawing.blocks
            channel, ts = await self._gateway.post(self._policy.routes.cases, Drawing(drawing.text, blocks))
            await self._bulletin.copies.rollup(found.shown, channel=channel, ts=ts)
        await self._bulletin.rolled_up(found.upto)

    async def feed_notice(self, job: Job) -> None:
        """Say that a feed fell silent, or that it is back."""
        health = await self._bulletin.feed(job.subject)
        if health is None:
            return
        since = moment(health.since)
        if health.pulse is Pulse.FAILING:
            last = moment(health.last_read_at) if health.last_read_at else Safe("never")
            words = lines(
                say(
                    "⚠️ *The feed {feed} cannot be read* since {since}: we are blind there.",
                    feed=job.subject,
                    since=since,
                ),
                say("{why} Last read {last}. I go on trying.", why=health.trouble, last=last),
            )
        else:
            words = say("🟢 The feed *{feed}* is back since {since}.", feed=job.subject, since=since)
        channel = self._policy.routes.operators or self._policy.routes.cases
        await self._gateway.post(channel, Drawing(words, [section(words)]))


def gone(why: Removed, policy: Policy) -> Drawing:
    """Return what stands in the place of a message whose words were removed."""
    return notice(say("🧹 {words}", words=sentence(why, days=policy.keep.days).strip("()")))
