"""Presses of buttons and menus: each is one verb of the desk."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from slack_bolt.async_app import AsyncAck, AsyncApp

from bot.cases.desk import NO_TIER
from bot.cases.rights import may_somewhere
from bot.domain.ids import CaseId, MentionId, ReplyId
from bot.domain.staff import Staff
from bot.errors import NotAllowed, NotOurs
from bot.slack import approving, boards, commands, erasing, ids, modals, operators, spares, worklist, writing
from bot.slack.home import show_home
from bot.slack.ids import Drawn
from bot.slack.lists import notice, taken
from bot.slack.reveal import reveal
from bot.slack.text import say
from bot.slack.tools import Tools


@dataclass(frozen=True, slots=True)
class Press:
    """One press: who, on what, and what to open a window with."""

    by: Staff
    action_id: str
    value: str
    trigger_id: str
    body: dict[str, Any]

    @property
    def drawn(self) -> Drawn:
        """The case, and the version that was on the card."""
        return ids.drawn(self.value)

    @property
    def case_id(self) -> CaseId:
        """The case."""
        return self.drawn.case_id


Act = Callable[[Tools, Press], Awaitable[None]]


async def _claim(tools: Tools, press: Press) -> None:
    case = await tools.desk.claim(press.case_id, by=press.by)
    if _is_whispered(press.body) or boards.is_pressed(press.body):
        tools.errands.spawn(_yours(tools, case.id, press.body))


def _is_whispered(body: dict[str, Any]) -> bool:
    """Whether a button was pressed in a private answer: the card is not in view."""
    return bool((body.get("container") or {}).get("is_ephemeral"))


async def _yours(tools: Tools, case_id: CaseId, body: dict[str, Any]) -> None:
    """Say that a case is somebody's now, with the way to its card: it is not in view."""
    sheet = await tools.board.sheet(case_id)
    pointer = await tools.gateway.permalink(sheet.cards[-1].channel, sheet.cards[-1].ts) if sheet.cards else ""
    await tools.answer(body, taken(sheet.case, sheet.kept, pointer))


async def _release(tools: Tools, press: Press) -> None:
    await tools.desk.release(press.case_id, by=press.by)


async def _reopen(tools: Tools, press: Press) -> None:
    await tools.desk.reopen(press.case_id, by=press.by)


async def _reply(tools: Tools, press: Press) -> None:
    desktop = await writing.begin(tools, press.case_id, by=press.by)
    await writing.open_window(tools, desktop, press.trigger_id, by=press.by)


async def _undo(tools: Tools, press: Press) -> None:
    await tools.sending.undo(press.case_id, by=press.by)
    words = say("Taken back: nothing was sent. Your text is kept, press Reply to go on.")
    tools.errands.spawn(tools.answer(press.body, notice(words)))


async def _arrived(tools: Tools, press: Press) -> None:
    await tools.sending.settle(ReplyId(ids.number(press.value)), by=press.by, arrived=True)


async def _not_arrived(tools: Tools, press: Press) -> None:
    await tools.sending.settle(ReplyId(ids.number(press.value)), by=press.by, arrived=False)


async def _answered_there(tools: Tools, press: Press) -> None:
    await tools.sending.answered_there(press.case_id, by=press.by, drawn=press.drawn.version)


async def _escalate(tools: Tools, press: Press) -> None:
    case = await tools.permit(press.by, "escalate", press.case_id)
    if not tools.policy.tiers:
        raise NotAllowed(NO_TIER)
    await tools.gateway.open(press.trigger_id, modals.escalate_modal(case, tools.policy))


async def _resolve(tools: Tools, press: Press) -> None:
    await tools.permit(press.by, "resolve", press.case_id)
    await tools.gateway.open(
        press.trigger_id, modals.resolve_modal(press.drawn, await _holder(tools, press, "resolve"))
    )


async def _snooze(tools: Tools, press: Press) -> None:
    await tools.permit(press.by, "snooze", press.case_id)
    await tools.gateway.open(press.trigger_id, modals.snooze_modal(press.drawn, await _holder(tools, press, "snooze")))


async def _assign(tools: Tools, press: Press) -> None:
    await tools.permit(press.by, "assign", press.case_id)
    await tools.gateway.open(press.trigger_id, modals.assign_modal(press.drawn, await _holder(tools, press, "assign")))


async def _holder(tools: Tools, press: Press, verb: str) -> str:
    """Return the colleague who is owed a word for this; the window then asks for it."""
    return await tools.desk.holder(press.case_id, by=press.by, verb=verb)


async def _details(tools: Tools, press: Press) -> None:
    await tools.permit(press.by, "look", press.case_id)
    timeline = await tools.board.timeline(press.case_id, closed=press.by.reads_private)
    await tools.gateway.open(press.trigger_id, modals.details_modal(timeline))


async def _reveal(tools: Tools, press: Press) -> None:
    await reveal(tools, press.case_id, by=press.by, trigger_id=press.trigger_id)


async def _flag(tools: Tools, press: Press) -> None:
    case_id = await tools.reception.flag(MentionId(ids.number(press.value)), by=press.by)
    words = say("Case {id} is open now. Its card is on the way.", id=case_id)
    tools.errands.spawn(tools.answer(press.body, notice(words)))


async def _approve(tools: Tools, press: Press) -> None:
    """Approve what was read at once; where several wait, or the card hid a part, show it all first."""
    reply_id, shown = approving.read(press.value)
    replies = await tools.approvals.beside(reply_id, by=press.by, verb="approve")
    if len(replies) > 1 or not replies[0].text_hash.startswith(shown):
        await tools.gateway.open(press.trigger_id, approving.approve_modal(replies))
    else:
        reply = await tools.approvals.approve(reply_id, by=press.by, shown=shown)
        if _is_whispered(press.body):
            tools.errands.spawn(tools.answer(press.body, notice(approving.approved(reply))))


async def _request_changes(tools: Tools, press: Press) -> None:
    replies = await tools.approvals.beside(approving.read(press.value)[0], by=press.by, verb="request changes")
    await tools.gateway.open(press.trigger_id, approving.words_modal(replies, changes=True))


async def _reject(tools: Tools, press: Press) -> None:
    replies = await tools.approvals.beside(approving.read(press.value)[0], by=press.by, verb="reject")
    await tools.gateway.open(press.trigger_id, approving.words_modal(replies, changes=False))


async def _stay(tools: Tools, press: Press) -> None:
    await worklist.stay(tools, press.case_id, by=press.by, body=press.body)


async def _show_pile(tools: Tools, press: Press) -> None:
    await worklist.show_pile(tools, press.value, by=press.by, body=press.body)


async def _resolve_several(tools: Tools, press: Press) -> None:
    await worklist.choose_several(tools, press.value, press.trigger_id, by=press.by)


async def _help(tools: Tools, press: Press) -> None:
    await tools.gateway.open(press.trigger_id, commands.help_modal())


async def _erase(tools: Tools, press: Press) -> None:
    await erasing.confirmed(tools, press.value, by=press.by, body=press.body)


async def _retry_jobs(tools: Tools, press: Press) -> None:
    await operators.retry(tools, press.value, by=press.by, body=press.body)


async def _drop_jobs(tools: Tools, press: Press) -> None:
    await operators.drop(tools, press.value, by=press.by, body=press.body)


async def _template(tools: Tools, press: Press) -> None:
    if "view" not in press.body:
        raise NotOurs
    await writing.start_from(tools, press.body["view"], press.value, by=press.by)


async def _nothing(tools: Tools, press: Press) -> None:
    """A link opens by itself, Home is drawn after every press in it; the press only wants its ack."""


async def _outlived(_tools: Tools, _press: Press) -> None:
    raise NotOurs


#: For each control: the verb that a right is asked for, and what it does.
ACTS: Final[Mapping[str, tuple[str, Act]]] = {
    ids.CLAIM: ("claim", _claim),
    ids.RELEASE: ("release", _release),
    ids.REOPEN: ("reopen", _reopen),
    ids.REPLY: ("reply", _reply),
    ids.UNDO: ("undo", _undo),
    ids.ARRIVED: ("settle", _arrived),
    ids.NOT_ARRIVED: ("settle", _not_arrived),
    ids.ANSWERED_THERE: ("reply", _answered_there),
    ids.ESCALATE: ("escalate", _escalate),
    ids.RESOLVE: ("resolve", _resolve),
    ids.SNOOZE: ("snooze", _snooze),
    ids.ASSIGN: ("assign", _assign),
    ids.DETAILS: ("look", _details),
    ids.FLAG: ("flag", _flag),
    ids.REVEAL: ("reveal", _reveal),
    ids.APPROVE: ("approve", _approve),
    ids.CHANGES: ("request changes", _request_changes),
    ids.REJECT: ("reject", _reject),
    ids.TEMPLATE: ("reply", _template),
    ids.OPEN_LINK: ("look", _nothing),
    ids.HOME_QUEUE: ("look", _nothing),
    ids.HOME_PILE: ("look", _show_pile),
    ids.SHOW_MORE: ("look", _show_pile),
    ids.HOME_HELP: ("look", _help),
    ids.RESOLVE_SEVERAL: ("resolve", _resolve_several),
    ids.STAY: ("stay", _stay),
    ids.SHOW_CARD: ("look", lambda tools, on: boards.show_card(tools, on.case_id, by=on.by, body=on.body)),
    ids.NEXT_OF_STORM: ("look", lambda tools, on: boards.show_next(tools, on.value, by=on.by, body=on.body)),
    ids.ERASE: ("erase", _erase),
    ids.RETRY_JOBS: ("retry", _retry_jobs),
    ids.DROP_JOBS: ("drop", _drop_jobs),
}


def listen(app: AsyncApp, tools: Tools) -> None:
    """Hear every press."""

    @app.action(re.compile(f"^{re.escape(ids.PREFIX)}"))
    async def pressed(ack: AsyncAck, action: dict[str, Any], body: dict[str, Any]) -> None:
        press = await _press(tools, action, body)
        deed, act = ACTS.get(press.action_id, ("look", _outlived))
        may_somewhere(press.by, deed, tools.policy)
        try:
            await act(tools, press)
        finally:
            spares.notice_press(tools, body)
        if (body.get("view") or {}).get("type") == "home":
            tools.errands.spawn(show_home(tools, press.by))
        await ack()


async def _press(tools: Tools, action: dict[str, Any], body: dict[str, Any]) -> Press:
    chosen = action.get("selected_option") or {}
    action_id, value = str(action["action_id"]), str(chosen.get("value") or action.get("value", ""))
    if action_id == ids.MORE:
        action_id, _, value = value.partition(" ")
    return Press(await tools.staff(body), action_id, value, str(body.get("trigger_id", "")), body)
