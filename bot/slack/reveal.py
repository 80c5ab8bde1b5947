"""What was hidden, on demand: a window on top of Details, for the person who has the case, never a message."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from bot.cases.board import Timeline
from bot.domain.ids import CaseId
from bot.domain.staff import Staff
from bot.domain.verdict import Kept
from bot.slack import ids
from bot.slack.blocks import Block, actions, button, context, modal, quote, section
from bot.slack.text import dated, name, say
from bot.slack.tools import Tools

#: Mentions shown whole in one window, newest last.
SHOWN: Final = 10


def offer(timeline: Timeline, shown: Sequence[Kept]) -> list[Block]:
    """Return what is hidden in the shown mentions, and the button for it; nothing when nothing is."""
    kinds = dict.fromkeys(kind for kept in shown for kind in kept.hidden)
    if not kinds:
        return []
    case = timeline.sheet.case
    words = say("🕶️ Hidden here: {kinds}. Who has the case can look; the timeline says so.", kinds=", ".join(kinds))
    press = button("Reveal personal data", ids.REVEAL, ids.Drawn(case.id, case.version).value())
    return [context(words), actions([press], block_id=f"reveal-{case.id}")]


async def reveal(tools: Tools, case_id: CaseId, *, by: Staff, trigger_id: str) -> None:
    """Show the originals to ``by`` alone."""
    found = await tools.originals.reveal(case_id, by=by)
    await tools.gateway.push(trigger_id, reveal_modal(case_id, found[-SHOWN:]))


def reveal_modal(case_id: CaseId, found: Sequence[Kept]) -> Block:
    """Return the window with the originals."""
    told: list[Block] = []
    for kept in found:
        at = dated(kept.mention.posted_at)
        told += [section(say("*@{who}* {at}", who=name(kept.mention.author.handle), at=at)),
                 quote(kept.mention.text, limit=2_500, mark=" … (cut)")]  # fmt: skip
    note = context(say("Only you see this window. Take what you need; do not copy it into a channel."))
    return modal(f"Case {case_id}: originals", [*told, note], callback_id=ids.DETAILS)
