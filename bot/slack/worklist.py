"""Presses under a pile of work, in Home and under a reminder, and what comes back from "Resolve several"."""

from __future__ import annotations

from typing import Any

from bot.domain.ids import CaseId
from bot.domain.staff import Staff
from bot.errors import GoshawkError
from bot.slack import ids, inputs, piles
from bot.slack.lists import notice
from bot.slack.text import Safe, moment, say
from bot.slack.tools import Tools


async def stay(tools: Tools, case_id: CaseId, *, by: Staff, body: dict[str, Any]) -> None:
    """Note that somebody is still on it, and say when they are asked again."""
    again = await tools.attention.stay(case_id, by=by)
    words = say("Case {id} stays with you. I ask again at {at} if nothing happens.", id=case_id, at=moment(again))
    tools.errands.spawn(tools.answer(body, notice(words)))


async def show_pile(tools: Tools, value: str, *, by: Staff, body: dict[str, Any]) -> None:
    """Answer with one page of a pile."""
    pile, skip = piles.place_of(value)
    page = await tools.overview.pile(pile, by=by.id, sight=tools.sight(by), skip=skip)
    tools.errands.spawn(tools.answer(body, piles.pile_list(pile, page)))


async def choose_several(tools: Tools, value: str, trigger_id: str, *, by: Staff) -> None:
    """Ask which cases of a page are over."""
    pile, skip = piles.place_of(value)
    page = await tools.overview.pile(pile, by=by.id, sight=tools.sight(by), skip=skip)
    await tools.gateway.open(trigger_id, piles.several_modal(page))


async def several_chosen(tools: Tools, view: dict[str, Any], by: Staff) -> dict[str, Any]:
    """Resolve each case that was ticked, and show what became of each."""
    resolution = ids.reason(inputs.chosen(view, ids.RESOLUTION))
    note = inputs.words(view, ids.NOTE)
    told: list[Safe] = []
    for value in inputs.ticked(view, ids.CASES):
        drawn = ids.drawn(value)
        try:
            await tools.desk.resolve(drawn.case_id, by=by, resolution=resolution, drawn=drawn.version, note=note)
            told.append(say("✅ Case {id}: resolved, {why}.", id=drawn.case_id, why=resolution))
        except GoshawkError as refusal:
            told.append(say("⚠️ Case {id}: {why}", id=drawn.case_id, why=refusal))
    return {"response_action": "update", "view": piles.several_told(told)}
