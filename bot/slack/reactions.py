"""Emoji on cards: the four most frequent verbs, for hands that never leave the keyboard."""

from __future__ import annotations

import contextlib
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

from slack_bolt.async_app import AsyncApp

from bot.domain.case import Resolution
from bot.domain.ids import CaseId
from bot.domain.staff import Staff
from bot.errors import Repeated
from bot.slack import ids
from bot.slack.blocks import Block, actions, button, section
from bot.slack.cards import Drawing
from bot.slack.ids import Drawn
from bot.slack.lists import notice
from bot.slack.text import Safe, say
from bot.slack.tools import Tools


def listen(app: AsyncApp, tools: Tools) -> None:
    """Hear every reaction; taking one away undoes nothing."""

    @app.event("reaction_added")
    async def reacted(event: dict[str, Any], body: dict[str, Any]) -> None:
        act = EMOJI.get(str(event.get("reaction", "")).split("::")[0])
        item = event.get("item") or {}
        if act is None or event.get("item_user") != tools.directory.me:
            return
        case_id = await tools.case_of_card(str(item.get("channel")), str(item.get("ts")))
        if case_id is None:
            return
        with contextlib.suppress(Repeated):
            async with tools.bulletin.once(str(body.get("event_id"))):
                await act(tools, case_id, await tools.staff(body), body)


async def _claim_by_emoji(tools: Tools, case_id: CaseId, by: Staff, _body: dict[str, Any]) -> None:
    await tools.desk.claim(case_id, by=by)


async def _escalate_by_emoji(tools: Tools, case_id: CaseId, by: Staff, body: dict[str, Any]) -> None:
    case = await tools.desk.escalate(case_id, by=by, reason="🚨 on the card")
    told = await tools.escalated(case)
    words = say("{told} Add what they should know: `/social note {id} …`.", told=told, id=case_id)
    tools.errands.spawn(tools.answer(body, notice(words)))


async def _snooze_by_emoji(tools: Tools, case_id: CaseId, by: Staff, body: dict[str, Any]) -> None:
    """A colleague's case asks for a word to them, so a button asks for it."""
    case = await tools.permit(by, "snooze", case_id)
    if holder := await tools.desk.holder(case_id, by=by, verb="snooze"):
        words = say("{who} has case {id}. Why do you let it sleep?", who=holder, id=case_id)
        _ask(tools, body, words, button("Snooze…", ids.SNOOZE, Drawn(case.id, case.version).value(), style="primary"))
        return
    await tools.desk.snooze(case_id, by=by)


async def _resolve_by_emoji(tools: Tools, case_id: CaseId, by: Staff, body: dict[str, Any]) -> None:
    """A case that was answered is resolved as that; any other, and a colleague's, needs a reason: a button asks."""
    case = await tools.permit(by, "resolve", case_id)
    holder = await tools.desk.holder(case_id, by=by, verb="resolve")
    if case.first_reply_at and not holder:
        await tools.desk.resolve(case_id, by=by, resolution=Resolution.ANSWERED)
        return
    whose = say("{who} has case {id}.", who=holder, id=case_id)
    words = whose if holder else say("Nobody has answered case {id} yet.", id=case_id)
    press = button("Resolve…", ids.RESOLVE, Drawn(case.id, case.version).value(), style="primary")
    _ask(tools, body, say("{words} Why is it over?", words=words), press)


def _ask(tools: Tools, body: dict[str, Any], words: Safe, press: Block) -> None:
    """Ask privately, with the button that opens the window to answer in."""
    drawing = Drawing(words, [section(words), actions([press], block_id=f"why-{press['action_id']}-{press['value']}")])
    tools.errands.spawn(tools.answer(body, drawing))


#: Emoji on the card itself, by Slack's names without skin tones.
EMOJI: Final[Mapping[str, Callable[[Tools, CaseId, Staff, dict[str, Any]], Awaitable[None]]]] = {
    "eyes": _claim_by_emoji,
    "white_check_mark": _resolve_by_emoji,
    "rotating_light": _escalate_by_emoji,
    "zzz": _snooze_by_emoji,
}
