"""A card that stands twice, because nobody could look after a doubt: a press on the spare one heals it.

What was pressed is done, or refused, as on any card. Then the spare one goes, and the person
is shown the way to the one that is drawn anew. While it is still open whether a
card stands at all, the one that was pressed is it.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any, Final

from bot.domain.card import Card
from bot.domain.ids import CaseId
from bot.slack.blocks import section
from bot.slack.cards import Drawing
from bot.slack.posting import take_away
from bot.slack.text import lines, link, say
from bot.slack.tools import Tools

#: What the row of buttons of a card is called: see ``cards.draw``.
_ROW: Final = re.compile(r"do-([0-9]{1,12})-([0-9]{1,12})-")


def notice_press(tools: Tools, body: dict[str, Any]) -> None:
    """Look, beside the ack, whether what was pressed is a spare card."""
    container: dict[str, Any] = body.get("container") or {}
    pressed: list[dict[str, Any]] = body.get("actions") or [{}]
    row = _ROW.match(str(pressed[0].get("block_id", "")))
    if row and container.get("type") == "message" and not container.get("is_ephemeral"):
        tools.errands.spawn(_heal(tools, body, CaseId(int(row[1])), version=int(row[2])))


async def _heal(tools: Tools, body: dict[str, Any], case_id: CaseId, *, version: int) -> None:
    channel, ts = str(body["container"].get("channel_id")), str(body["container"].get("message_ts"))
    if await tools.case_of_card(channel, ts) is not None:
        return
    cards = (await tools.board.sheet(case_id, closed=True)).cards
    if any((card.channel, card.ts) == (channel, ts) for card in cards):
        return  # it was written down between the two looks
    if true := next((card for card in cards if card.channel == channel), None):
        await take_away(tools.gateway, channel, ts, seen_by="press")
        await tools.answer(body, _way(case_id, await tools.gateway.permalink(channel, true.ts)))
    elif await tools.bulletin.awaits_card(case_id):
        seen_at = datetime.fromtimestamp(float(ts), UTC)
        await tools.bulletin.carded(
            Card(case_id=case_id, channel=channel, ts=ts, drawn_version=version, carded_at=seen_at)
        )


def _way(case_id: CaseId, pointer: str) -> Drawing:
    told = say("The card of case {id} stood twice. I took the one that you pressed away.", id=case_id)
    words = lines(told, link(pointer, "Open the card") if pointer else None)
    return Drawing(words, [section(words)])
