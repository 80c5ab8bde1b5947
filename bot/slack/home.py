"""App Home: what is mine, what waits, how the feeds do."""

from __future__ import annotations

from bot.cases.board import Pile
from bot.cases.rights import may
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
        may(staff, "look at cases")
    except NotAllowed as refusal:
        return await tools.gateway.home(staff.id, [section(say("{why}", why=refusal))])
    mine = queue_list("Yours", await tools.board.queue(Pile.MINE, by=staff.id))
    team = queue_list("Most urgent, unclaimed", await tools.board.unclaimed(limit=10))
    status = status_list(await tools.board.summary())
    blocks: list[Block] = [
        header(f"Hello {staff.name}"),
        *status.blocks,
        divider(),
        *mine.blocks,
        divider(),
        *team.blocks,
        actions([button("Refresh", ids.HOME_QUEUE, "home")], block_id="home-refresh"),
        context(say("`/social help` lists what you can type. Answers leave only when a person presses Send.")),
    ]
    return await tools.gateway.home(staff.id, blocks)
