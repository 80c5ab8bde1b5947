"""App Home: what is mine, what waits, how the feeds do."""

from __future__ import annotations

from collections.abc import Sequence

from bot.cases.board import Line, Pile, Summary
from bot.cases.rights import may_somewhere
from bot.domain.staff import Staff
from bot.errors import NotAllowed
from bot.slack import ids
from bot.slack.blocks import Block, actions, button, context, divider, header, section
from bot.slack.lists import queue_list, status_list
from bot.slack.text import say
from bot.slack.tools import Tools


async def show_home(tools: Tools, staff: Staff) -> None:
    """Publish somebody's Home as things stand now; who may not look is told so there."""
    try:
        may_somewhere(staff, "look", tools.policy)
    except NotAllowed as refusal:
        return await tools.gateway.home(staff.id, [section(say("{why}", why=refusal))])
    mine = await tools.board.queue(Pile.MINE, by=staff.id, sight=tools.sight(staff))
    team = await tools.board.unclaimed(limit=10, sight=tools.sight(staff))
    return await tools.gateway.home(staff.id, home(staff, mine, team, await tools.board.summary()))


def home(staff: Staff, mine: Sequence[Line], team: Sequence[Line], summary: Summary) -> list[Block]:
    """Return somebody's Home: how the feeds do, what is theirs, what waits."""
    return [
        header(f"Hello {staff.name}"),
        *status_list(summary).blocks,
        divider(),
        *queue_list("Yours", mine).blocks,
        divider(),
        *queue_list("Most urgent, unclaimed", team).blocks,
        actions([button("Refresh", ids.HOME_QUEUE, "home")], block_id="home-refresh"),
        context(say("`/social help` lists what you can type. Answers leave only when a person presses Send.")),
    ]
