"""Block Kit pieces. Words of ours come as ``Safe``, words of strangers only as plain or rich text.

Limits: Slack docs, "Reference: blocks" and "Reference: block elements", read 2026-11-21.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from bot.slack.text import Safe, address, clean, cut, fit

Block = dict[str, Any]

SECTION_LIMIT: Final = 3_000
BUTTON_LIMIT: Final = 75
OPTION_LIMIT: Final = 75
TITLE_LIMIT: Final = 24
INPUT_LIMIT: Final = 3_000


def section(text: Safe, *, accessory: Block | None = None) -> Block:
    """Return a paragraph of ours."""
    block: Block = {"type": "section", "text": _mrkdwn(text)}
    if accessory:
        block["accessory"] = accessory
    return block


def fields(pairs: Sequence[tuple[str, str]]) -> list[Block]:
    """Return names and foreign values side by side, without the empty ones; no block when all are."""
    cells = [plain(f"{name}: {value}", 2_000) for name, value in pairs if value]
    return [{"type": "section", "fields": cells}] if cells else []


def quote(foreign: str, *, limit: int, mark: str = " … (cut, full text in Details)") -> Block:
    """Return a stranger's words as one quote that nothing in it can break out of."""
    words = cut(clean(foreign).strip(), limit, mark) or "(no text)"
    element = {"type": "rich_text_quote", "elements": [{"type": "text", "text": words}]}
    return {"type": "rich_text", "elements": [element]}


def context(text: Safe) -> Block:
    """Return one small line of ours."""
    return {"type": "context", "elements": [_mrkdwn(text)]}


def header(text: str) -> Block:
    """Return a headline."""
    return {"type": "header", "text": plain(text, 150)}


def divider() -> Block:
    """Return a line across."""
    return {"type": "divider"}


def actions(elements: Sequence[Block], *, block_id: str) -> Block:
    """Return a row of controls."""
    return {"type": "actions", "block_id": block_id, "elements": list(elements)}


def button(  # noqa: PLR0913 - a button has that many faces, all but three optional
    label: str,
    action_id: str,
    value: str,
    *,
    about: str = "",
    style: str = "",
    url: str = "",
    confirm: Block | None = None,
) -> Block:
    """Return a button; ``about`` tells screen readers what it acts on."""
    block: Block = {"type": "button", "action_id": action_id, "text": plain(label, BUTTON_LIMIT), "value": value}
    if about:
        block["accessibility_label"] = cut(clean(f"{label} {about}"), BUTTON_LIMIT)
    if style:
        block["style"] = style
    if address(url):
        block["url"] = url
    if confirm:
        block["confirm"] = confirm
    return block


def confirm(title: str, text: str, yes: str) -> Block:
    """Return a question that is asked before a press counts."""
    return {"title": plain(title, 100), "text": plain(text, 300), "confirm": plain(yes, 30), "deny": plain("Back", 30)}


def overflow(options: Sequence[tuple[str, str]], action_id: str) -> Block:
    """Return the ⋯ menu: (label, value), at most five."""
    return {"type": "overflow", "action_id": action_id, "options": [option(*one) for one in options]}


def option(label: str, value: str) -> Block:
    """Return one choice."""
    return {"text": plain(label, OPTION_LIMIT), "value": value}


def menu(words: Safe, options: Sequence[tuple[str, str]], action_id: str) -> Block:
    """Return a list that folds out beside words of ours, at most 100 (label, value); a choice is told at once."""
    select = {"type": "static_select", "action_id": action_id, "placeholder": plain("Choose…", 150)}
    return section(words, accessory={**select, "options": [option(*one) for one in options]})


def choice(label: str, options: Sequence[tuple[str, str]], *, block_id: str, chosen: int | None = 0) -> Block:
    """Return a labelled list of radio buttons in a modal."""
    radio: Block = {"type": "radio_buttons", "action_id": block_id, "options": [option(*one) for one in options]}
    if chosen is not None:
        radio["initial_option"] = radio["options"][chosen]
    return _input(label, radio, block_id)


def typed(
    label: str, *, block_id: str, value: str = "", hint: str = "", optional: bool = False, tall: bool = True
) -> Block:
    """Return a labelled text field in a modal."""
    field: Block = {"type": "plain_text_input", "action_id": block_id, "multiline": tall, "max_length": INPUT_LIMIT}
    if value:
        field["initial_value"] = value[:INPUT_LIMIT]
    block = _input(label, field, block_id)
    if hint:
        block["hint"] = plain(hint, 2_000)
    return {**block, "optional": optional}


def ticks(label: str, options: Sequence[tuple[str, str]], *, block_id: str) -> Block:
    """Return boxes to tick, none of them required."""
    boxes = {"type": "checkboxes", "action_id": block_id, "options": [option(*one) for one in options]}
    return {**_input(label, boxes, block_id), "optional": True}


def people(label: str, *, block_id: str) -> Block:
    """Return a picker of one person."""
    return _input(label, {"type": "users_select", "action_id": block_id}, block_id)


def modal(title: str, blocks: Sequence[Block], *, callback_id: str, submit: str = "", memory: str = "") -> Block:
    """Return a modal; ``memory`` comes back with it (ids and versions only, at most 3,000 characters)."""
    view: Block = {
        "type": "modal",
        "callback_id": callback_id,
        "title": plain(title, TITLE_LIMIT),
        "close": plain("Back" if submit else "Close", TITLE_LIMIT),
        "blocks": list(blocks),
        "private_metadata": memory,
        "notify_on_close": bool(submit),
    }
    if submit:
        view["submit"] = plain(submit, TITLE_LIMIT)
    return view


def plain(text: str, limit: int) -> Block:
    """Return plain text: nothing in it is parsed."""
    return {"type": "plain_text", "text": cut(clean(text), limit) or " ", "emoji": True}


def _input(label: str, element: Block, block_id: str) -> Block:
    return {"type": "input", "block_id": block_id, "label": plain(label, 2_000), "element": element}


def _mrkdwn(text: Safe) -> Block:
    """``verbatim``: Slack links nothing by itself, only what we wrote as a link."""
    return {"type": "mrkdwn", "text": fit(text, SECTION_LIMIT) or " ", "verbatim": True}
