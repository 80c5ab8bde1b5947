"""Typed looks: queues, one case, its reasons, the feeds. They change nothing."""

from __future__ import annotations

import re
from typing import Final

from bot.cases.board import Pile
from bot.errors import NotAllowed
from bot.slack import lists, piles
from bot.slack.cards import Drawing
from bot.slack.report import report_list
from bot.slack.tools import Tools
from bot.slack.verbs import Command, one_case

#: Days that one report may cover.
MOST_DAYS: Final = 90
_DAYS: Final = re.compile(r"\d{1,3}")


async def queue(tools: Tools, said: Command) -> Drawing:
    """List a pile of work."""
    pile = said.words[0].casefold() if said.words else Pile.TEAM
    if pile == "unflagged":
        return lists.unflagged_list(await tools.board.unflagged(sight=tools.sight(said.by)))
    if pile not in list(Pile):
        raise NotAllowed(f"I know no pile {pile}. Write queue, or queue with mine, unanswered, late or unflagged.")
    return await _pile(tools, said, Pile(pile))


async def mine(tools: Tools, said: Command) -> Drawing:
    """List what the person has."""
    return await _pile(tools, said, Pile.MINE)


async def _pile(tools: Tools, said: Command, pile: Pile) -> Drawing:
    return piles.pile_list(pile, await tools.overview.pile(pile, by=said.by.id, sight=tools.sight(said.by)))


async def report(tools: Tools, said: Command) -> Drawing:
    """Say how today goes, or how the last days went."""
    word = said.words[0].casefold() if said.words else "today"
    days = 1 if word == "today" else int(word) if _DAYS.fullmatch(word) else 0
    if not 1 <= days <= MOST_DAYS:
        raise NotAllowed(f"Write report, or report with a number of days, at most {MOST_DAYS}: report 7.")
    return report_list(await tools.overview.report(days=days, sight=tools.sight(said.by)), tools.policy)


async def show(tools: Tools, said: Command) -> Drawing:
    """Tell one case and all that happened to it."""
    case_id, _ = await one_case(tools, said)
    await tools.permit(said.by, "look", case_id)
    return lists.timeline_list(await tools.board.timeline(case_id))


async def why(tools: Tools, said: Command) -> Drawing:
    """Say why a case was flagged."""
    case_id, _ = await one_case(tools, said)
    await tools.permit(said.by, "look", case_id)
    sheet = await tools.board.sheet(case_id)
    return lists.why_list(sheet.case, sheet.kept.verdict)


async def status(tools: Tools, said: Command) -> Drawing:
    """Say how the feeds do."""
    del said
    return lists.status_list(await tools.board.summary())
