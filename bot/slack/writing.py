"""The window to answer in: opened once the case is one's own, and seen by colleagues as long as it is open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from bot.cases.drafts import Desktop
from bot.domain.ids import CaseId
from bot.domain.sla import Priority
from bot.domain.staff import Staff
from bot.domain.voice import sameness
from bot.errors import NotAllowed
from bot.privacy.warnings import warnings_of
from bot.slack import ids, inputs, modals
from bot.slack.text import clean, from_slack
from bot.slack.tools import Tools


async def begin(tools: Tools, case_id: CaseId, *, by: Staff, text: str = "") -> Desktop:
    """Take the case to answer it; a refusal says whether its assignee is writing at this moment.

    Raises:
        NotAllowed: as :meth:`~bot.cases.drafts.Drafts.begin` says.
    """
    try:
        return await tools.drafts.begin(case_id, by=by, text=text)
    except NotAllowed as refusal:
        if colleague := await tools.attention.colleague(case_id, by=by):
            raise NotAllowed(f"{refusal} {colleague}") from refusal
        raise


def wants_a_check(tools: Tools, desktop: Desktop, text: str) -> bool:
    """Return whether the exact text is shown once more before it leaves."""
    settled = tools.policy.check_always or desktop.case.priority is Priority.P1 or desktop.new
    return settled or bool(warnings_in(desktop, text))


def warnings_in(desktop: Desktop, text: str) -> list[str]:
    """Return what is risky in a text for the audience that the mention has."""
    same = [sameness(desktop.same)] if desktop.same > 1 else []
    return [*warnings_of(text, public=not desktop.kept.mention.private), *same]


def public(tools: Tools, typed: str, *, by: Staff) -> str:
    """Return what was typed as it will be read: as it was meant, without signs that nobody sees, and signed."""
    return tools.policy.voice.signed(clean(from_slack(typed)).strip(), by)


async def start_from(tools: Tools, view: dict[str, Any], name: str, *, by: Staff) -> None:
    """Put a template into the open window; what was typed stays in it, and the case is answered as it was shown."""
    memory, field = ids.memory(view), inputs.standing(view, ids.TEXT)
    desktop = await tools.drafts.look(memory.draft_id, by=by)
    typed, mention, case_id = inputs.words(view, ids.TEXT), desktop.kept.mention, desktop.case.id
    text = tools.policy.voice.started(name, typed, mention, case_id=case_id, by=by)
    await tools.drafts.keep(memory.draft_id, by=by, text=text)
    colleague = await tools.attention.colleague(case_id, by=by)
    filled = int(field.partition("-")[2] or 0) + 1
    started = replace(desktop, draft=replace(desktop.draft, text=text))
    window = modals.reply_modal(started, warnings=[colleague] if colleague else [], filled=filled)
    tools.errands.spawn(tools.gateway.redo(view, {**window, "private_metadata": memory.value()}))


async def open_window(
    tools: Tools, desktop: Desktop, trigger_id: str, *, by: Staff, warnings: Sequence[str] = ()
) -> None:
    """Show the window, with a warning where a colleague sits before one on the same case.

    Raises:
        NotAllowed: Slack did not open it; nobody counts as writing then.
    """
    draft_id = desktop.draft.id
    colleague = await tools.attention.enter(draft_id, by=by)
    busy = [f"{colleague} If you go on, only the first Send wins."] if colleague else []
    try:
        await tools.gateway.open(trigger_id, modals.reply_modal(desktop, warnings=[*busy, *warnings]))
    except NotAllowed:
        await tools.attention.leave(draft_id, by=by)
        raise
