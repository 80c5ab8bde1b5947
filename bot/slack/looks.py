"""Typed looks: queues, one case, its reasons, the feeds. They change nothing."""

from __future__ import annotations

from bot.cases.board import Pile
from bot.errors import NotAllowed
from bot.slack import lists
from bot.slack.cards import Drawing
from bot.slack.tools import Tools
from bot.slack.verbs import Said, one_case


async def queue(tools: Tools, said: Said) -> Drawing:
    """List a pile of work."""
    pile = said.words[0].casefold() if said.words else Pile.TEAM
    if pile == "unflagged":
        return lists.unflagged_list(await tools.board.unflagged(sight=tools.sight(said.by)))
    if pile not in list(Pile):
        raise NotAllowed(f"I know no pile {pile}. Write queue, or queue with mine, unanswered, late or unflagged.")
    found = await tools.board.queue(Pile(pile), by=said.by.id, sight=tools.sight(said.by))
    titles = {Pile.TEAM: "Open work", Pile.MINE: "Yours", Pile.UNANSWERED: "Unanswered", Pile.LATE: "Late"}
    return lists.queue_list(titles[Pile(pile)], found)


async def mine(tools: Tools, said: Said) -> Drawing:
    """List what the person has."""
    return lists.queue_list("Yours", await tools.board.queue(Pile.MINE, by=said.by.id, sight=tools.sight(said.by)))


async def show(tools: Tools, said: Said) -> Drawing:
    """Tell one case and all that happened to it."""
    case_id, _ = await one_case(tools, said)
    await tools.permit(said.by, "look", case_id)
    return lists.timeline_list(await tools.board.timeline(case_id))


async def why(tools: Tools, said: Said) -> Drawing:
    """Say why a case was flagged."""
    case_id, _ = await one_case(tools, said)
    await tools.permit(said.by, "look", case_id)
    sheet = await tools.board.sheet(case_id)
    return lists.why_list(sheet.case, sheet.kept.verdict)


async def status(tools: Tools, said: Said) -> Drawing:
    """Say how the feeds do."""
    del said
    return lists.status_list(await tools.board.summary())
