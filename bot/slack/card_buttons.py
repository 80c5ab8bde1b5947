"""The row of buttons under a card: what can be done next, by the state of its case."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from bot.cases.board import Sheet
from bot.domain.case import Case, State
from bot.domain.mention import ReplyMode
from bot.domain.reply import Reply, ReplyState
from bot.slack import ids
from bot.slack.approving import outdated, shown
from bot.slack.blocks import Block, button, confirm, overflow
from bot.slack.text import address

#: For each look its buttons, the starred one primary, and what stands in its ⋯ menu.
_ROWS: Final[Mapping[str, tuple[Sequence[str], Sequence[str]]]] = {
    "open": (["claim*", "answer", "escalate"], ["assign", "snooze", "resolve", "details"]),
    "claimed": (["answer*", "resolve", "escalate"], ["release", "assign", "snooze", "details"]),
    "replied": (["resolve*", "again", "escalate"], ["release", "assign", "snooze", "details"]),
    "snoozed": (["reopen*", "answer", "resolve"], ["assign", "details"]),
    "resolved": (["reopen"], ["details"]),
    "queued": (["undo*"], ["details"]),
    "sending": ([], ["details"]),
    "awaiting": (["approve*", "changes", "reject"], ["escalate", "release", "details"]),
    "outdated": (["changes*", "reject"], ["escalate", "release", "details"]),
}


def _look(sheet: Sheet) -> str:
    """Return which row of buttons a case calls for."""
    case, reply = sheet.case, sheet.reply
    if reply and reply.state in {ReplyState.QUEUED, ReplyState.SENDING}:
        return str(reply.state)
    if sheet.waiting:
        return "outdated" if all(outdated(sheet, one) for one in sheet.waiting) else "awaiting"
    if case.state is State.CLAIMED and case.last_reply_at and not case.waits:
        return "replied"
    return str(case.state)


def buttons(sheet: Sheet) -> list[Block]:
    """Return at most three buttons, one of them primary, and the ⋯ menu."""
    if sheet.reply and sheet.reply.state is ReplyState.UNKNOWN:
        return _doubt_buttons(sheet, sheet.reply)
    row, menu = _ROWS[_look(sheet)]
    return [*[_named(sheet, name) for name in row], _more(sheet.case, menu)]


def deciding(sheet: Sheet) -> list[Block]:
    """Return what can be done about a reply that waits for approval."""
    row, _ = _ROWS["outdated" if all(outdated(sheet, one) for one in sheet.waiting) else "awaiting"]
    return [_named(sheet, name) for name in row]


_LABELS: Final = {
    "claim": ("Claim", ids.CLAIM),
    "answer": ("Reply", ids.REPLY),
    "again": ("Reply again", ids.REPLY),
    "resolve": ("Resolve…", ids.RESOLVE),
    "escalate": ("Escalate", ids.ESCALATE),
    "reopen": ("Reopen", ids.REOPEN),
    "undo": ("Undo", ids.UNDO),
    "assign": ("Assign…", ids.ASSIGN),
    "snooze": ("Snooze…", ids.SNOOZE),
    "release": ("Release", ids.RELEASE),
    "details": ("Details…", ids.DETAILS),
    "approve": ("Approve", ids.APPROVE),
    "changes": ("Request changes", ids.CHANGES),
    "reject": ("Reject", ids.REJECT),
}


#: Buttons that are about one reply and its exact text.
_DECIDES: Final = frozenset({"approve", "changes", "reject"})


def _named(sheet: Sheet, name: str) -> Block:
    """Return one button of a row; where the platform takes no answer from us, the way to say that it was given."""
    label, action_id = _LABELS[name.rstrip("*")]
    if action_id == ids.REPLY and sheet.kept.mention.terms.mode is not ReplyMode.API:
        label, action_id = "I have replied", ids.ANSWERED_THERE
    value = ids.Drawn(sheet.case.id, sheet.case.version).value()
    if name.rstrip("*") in _DECIDES:
        value = shown(sheet, sheet.waiting[0])
        label += "…" if action_id == ids.APPROVE and len(sheet.waiting) > 1 else ""
    return button(label, action_id, value, about=_about(sheet), style="primary" if name.endswith("*") else "")


def _doubt_buttons(sheet: Sheet, reply: Reply) -> list[Block]:
    value = str(reply.id)
    again = confirm(
        "It is not there?", "The text becomes a draft again, and you can send it once more.", "It is not there"
    )
    yes = button("It is there", ids.ARRIVED, value, about=_about(sheet), style="primary")
    no = button("It is not there", ids.NOT_ARRIVED, value, about=_about(sheet), confirm=again)
    where = address(sheet.kept.mention.url)
    look = [button(f"Open on {sheet.case.platform}", ids.OPEN_LINK, value, url=where)] if where else []
    return [*look, yes, no, _more(sheet.case, ["details"])]


def _about(sheet: Sheet) -> str:
    return f"complaint from {sheet.case.author}"


def _more(case: Case, names: Sequence[str]) -> Block:
    value = ids.Drawn(case.id, case.version).value()
    return overflow([(_LABELS[name][0], f"{_LABELS[name][1]} {value}") for name in names], ids.MORE)
