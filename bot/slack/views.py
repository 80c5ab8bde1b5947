"""What comes back from modals: the same verbs, with the words that staff typed."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from typing import Any, Final

from slack_bolt.async_app import AsyncAck, AsyncApp

from bot.cases.rights import may_somewhere
from bot.domain.ids import CaseId
from bot.domain.reply import ReplyState, text_trouble
from bot.domain.staff import Staff
from bot.errors import NotAllowed
from bot.slack import approving, ids, inputs, modals, shortcuts, worklist, writing
from bot.slack.home import show_home
from bot.slack.tools import Tools

Answer = dict[str, Any]
"""What the ack of a submission holds: nothing closes the window."""
Submit = Callable[[Tools, dict[str, Any], Staff], Awaitable[Answer]]


def listen(app: AsyncApp, tools: Tools) -> None:
    """Hear every modal that is sent or closed, and Home when it opens."""

    @app.view(re.compile(r"^view\."))
    async def sent(ack: AsyncAck, view: dict[str, Any], body: dict[str, Any]) -> None:
        by = await tools.staff(body)
        may_somewhere(by, "act", tools.policy)
        await ack(**await SUBMITS[view["callback_id"]](tools, view, by))
        if tools.homes.is_read(by.id):
            tools.errands.spawn(show_home(tools, by))

    @app.view_closed(re.compile(r"^view\."))
    async def closed(ack: AsyncAck, view: dict[str, Any], body: dict[str, Any]) -> None:
        writes = view["callback_id"] == ids.REPLY_VIEW
        if writes and (text := inputs.words(view, ids.TEXT)):
            await tools.drafts.keep(ids.memory(view).draft_id, by=await tools.staff(body), text=text)
        if writes or (view["callback_id"] == ids.CHECK_VIEW and body.get("is_cleared")):
            await tools.attention.leave(ids.memory(view).draft_id, by=await tools.staff(body))
        await ack()

    @app.event("app_home_opened")
    async def opened(event: dict[str, Any], body: dict[str, Any]) -> None:
        if event.get("tab", "home") == "home":
            tools.errands.spawn(show_home(tools, await tools.staff(body)))


async def _checked(tools: Tools, view: dict[str, Any], by: Staff) -> Answer:
    draft_id, drawn, resolves, eyes, shown = ids.memory(view)
    text = (await tools.drafts.look(draft_id, by=by)).draft.text
    if _print_of(text) != shown:
        raise NotAllowed("The draft changed since this was shown. Press Reply on the card and check again.")
    await tools.sending.send(draft_id, by=by, text=text, resolves=resolves, drawn=drawn, eyes=eyes)
    return {"response_action": "clear"}


async def _approved(tools: Tools, view: dict[str, Any], by: Staff) -> Answer:
    reply_id, shown, seen = approving.chosen(view["private_metadata"], inputs.chosen(view, ids.WHICH))
    rejects = inputs.chosen(view, ids.OTHERS) == "reject"
    await tools.approvals.approve(reply_id, by=by, shown=shown, seen=seen, rejects=rejects)
    return {}


async def _changes_requested(tools: Tools, view: dict[str, Any], by: Staff) -> Answer:
    reply_id, shown, _ = approving.chosen(view["private_metadata"], inputs.chosen(view, ids.WHICH))
    words = inputs.words(view, ids.REASON)
    await tools.approvals.request_changes(reply_id, by=by, shown=shown, words=words)
    return {}


async def _rejected(tools: Tools, view: dict[str, Any], by: Staff) -> Answer:
    reply_id, shown, _ = approving.chosen(view["private_metadata"], inputs.chosen(view, ids.WHICH))
    await tools.approvals.reject(reply_id, by=by, shown=shown, words=inputs.words(view, ids.REASON))
    return {}


async def _escalated(tools: Tools, view: dict[str, Any], by: Staff) -> Answer:
    reason = inputs.words(view, ids.REASON).strip()
    if not reason:
        return {"response_action": "errors", "errors": {ids.REASON: "Say why: it is what the next person reads first."}}
    await tools.desk.escalate(_case(view), by=by, reason=reason, tier=inputs.chosen(view, ids.TIER))
    return {}


async def _resolved(tools: Tools, view: dict[str, Any], by: Staff) -> Answer:
    drawn = ids.drawn(view["private_metadata"])
    resolution = ids.reason(inputs.chosen(view, ids.RESOLUTION))
    note = inputs.words(view, ids.NOTE)
    await tools.desk.resolve(drawn.case_id, by=by, resolution=resolution, drawn=drawn.version, note=note)
    return {}


async def _snoozed(tools: Tools, view: dict[str, Any], by: Staff) -> Answer:
    chosen = inputs.chosen(view, ids.SPAN)
    span = None if chosen == "morning" else timedelta(minutes=ids.number(chosen))
    await tools.desk.snooze(_case(view), by=by, span=span, note=inputs.words(view, ids.NOTE))
    return {}


async def _assigned(tools: Tools, view: dict[str, Any], by: Staff) -> Answer:
    to = await tools.directory.staff(str(inputs.value(view, ids.PERSON).get("selected_user") or ""))
    await tools.desk.assign(_case(view), to=to, by=by, note=inputs.words(view, ids.NOTE))
    return {}


async def _replied(tools: Tools, view: dict[str, Any], by: Staff) -> Answer:
    """Keep what was typed, then ask at the field, show the check view, or let it go.

    It is signed first, and signs that nobody sees are dropped: what a person read is what is sent.
    """
    draft_id, drawn, *_ = ids.memory(view)
    text = writing.public(tools, inputs.typed(view, ids.TEXT), by=by)
    resolves, eyes = bool(inputs.ticked(view, ids.OPTIONS)), bool(inputs.ticked(view, ids.EYES))
    await tools.drafts.keep(draft_id, by=by, text=text)
    desktop = await tools.drafts.look(draft_id, by=by, eyes=eyes)
    if trouble := text_trouble(text, desktop.kept.mention.terms):
        return {"response_action": "errors", "errors": {inputs.standing(view, ids.TEXT): trouble}}
    if writing.wants_a_check(tools, desktop, text):
        memory = ids.Memory(draft_id, drawn, resolves, eyes, _print_of(text))
        check = modals.check_modal(desktop, text, memory, warnings=writing.warnings_in(desktop, text))
        return {"response_action": "push", "view": check}
    reply = await tools.sending.send(draft_id, by=by, text=text, resolves=resolves, drawn=drawn, eyes=eyes)
    if reply.state is ReplyState.AWAITING and not (desktop.before or eyes):
        return {"response_action": "update", "view": approving.waiting_modal(reply)}
    return {}


SUBMITS: Final[Mapping[str, Submit]] = {
    ids.REPLY_VIEW: _replied,
    ids.CHECK_VIEW: _checked,
    ids.APPROVE_VIEW: _approved,
    ids.CHANGES_VIEW: _changes_requested,
    ids.REJECT_VIEW: _rejected,
    ids.ESCALATE_VIEW: _escalated,
    ids.RESOLVE_VIEW: _resolved,
    ids.SNOOZE_VIEW: _snoozed,
    ids.ASSIGN_VIEW: _assigned,
    ids.SEVERAL_VIEW: worklist.several_chosen,
    ids.TRACK_VIEW: shortcuts.tracked,
    ids.NOTE_VIEW: shortcuts.noted,
}


def _print_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _case(view: dict[str, Any]) -> CaseId:
    return ids.drawn(view["private_metadata"]).case_id
