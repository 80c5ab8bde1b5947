"""Block Kit as Slack enforces it: refuse what is wrong, fill in what Slack fills in.

The tables stand in elements.py, rich.py and surfaces.py, the grammar they are written in stands in rules.py.
"""

import secrets
from collections.abc import Mapping
from typing import Any, Final

import orjson

from bot.sandbox.blocks.elements import ID_LIMIT, plain
from bot.sandbox.blocks.rules import Finding, Findings, Rule, Shape, boolean, one_of, string
from bot.sandbox.blocks.surfaces import check_blocks
from bot.sandbox.errors import Refused, bad_blocks

#: A view above this many bytes is refused. Source: Slack docs, "views.open", read 2026-11-21.
VIEW_BYTES: Final = 250_000

#: Attachments of one message. Source: Slack docs, "Attachments", read 2026-11-21.
ATTACHMENT_LIMIT: Final = 100

_ID: Final[dict[str, Rule]] = {"callback_id": string(ID_LIMIT), "external_id": string(ID_LIMIT)}
_COMMON: Final[dict[str, Rule]] = {**_ID, "private_metadata": string(3_000)}


def _modal_blocks(blocks: Any, at: str, found: Findings) -> None:
    check_blocks(blocks, "modal", at, found)


def _home_blocks(blocks: Any, at: str, found: Findings) -> None:
    check_blocks(blocks, "home", at, found)


_VIEWS: Final[dict[str, Shape]] = {
    "modal": Shape(
        {"type": one_of("modal"), "title": plain(24), "blocks": _modal_blocks},
        {
            **_COMMON,
            "submit": plain(24),
            "close": plain(24),
            "clear_on_close": boolean,
            "notify_on_close": boolean,
        },
    ),
    "home": Shape({"type": one_of("home"), "blocks": _home_blocks}, _COMMON),
}

_PASSIVE: Final = frozenset({"image", "plain_text", "mrkdwn"})


def message_findings(blocks: Any) -> list[Finding]:
    """Return what is wrong with the blocks of a message."""
    found = Findings()
    check_blocks(blocks, "message", "/blocks", found)
    return found


def view_findings(view: Any, *, surface: str, app: str) -> list[Finding]:
    """Return what is wrong with a modal or Home; ``app`` is the app's name, used in Slack's wording."""
    found = Findings()
    _VIEWS[surface](view, "/view", found)
    if not found and surface == "modal" and "submit" not in view:
        for index, block in enumerate(view["blocks"]):
            if block["type"] == "input":
                need = f"{app} must define `submit` to use an `input` block in modals"
                found.add(f"/view/blocks/{index}/input", need)
    return found


def refuse_bad_message(body: Mapping[str, Any]) -> None:
    """Refuse a message that Slack would refuse.

    Raises:
        Refused: ``invalid_blocks`` with every finding, ``invalid_attachments``, ``no_text``.
    """
    blocks, attachments = body.get("blocks") or [], body.get("attachments") or []
    if not isinstance(blocks, list):
        raise Refused("invalid_blocks_format")
    if not isinstance(attachments, list) or not all(_is_attachment(one) for one in attachments):
        raise Refused("invalid_attachments")
    if len(attachments) > ATTACHMENT_LIMIT:
        raise Refused("too_many_attachments")
    if not (blocks or attachments or str(body.get("text") or "").strip()):
        raise Refused("no_text")
    found = Findings(message_findings(blocks))
    for index, attachment in enumerate(attachments):
        check_blocks(attachment.get("blocks") or [], "message", f"/attachments/{index}/blocks", found)
    if found:
        raise bad_blocks([str(one) for one in found])


def _is_attachment(value: Any) -> bool:
    if not isinstance(value, dict):
        return False
    fields = value.get("fields") or []
    return isinstance(fields, list) and all(isinstance(one, dict) for one in fields)


def refuse_bad_view(view: Any, *, surface: str, app: str) -> None:
    """Refuse a modal or Home that Slack would refuse.

    Raises:
        Refused: ``view_too_large``, or ``invalid_arguments`` with every finding, as Slack does for views.
    """
    if len(orjson.dumps(view)) > VIEW_BYTES:
        raise Refused("view_too_large")
    found = view_findings(view, surface=surface, app=app)
    if found:
        head = "[ERROR] failed to match all allowed schemas [json-pointer:/view]"
        raise bad_blocks([head, *(str(one) for one in found)], error="invalid_arguments")


def filled_message(body: Mapping[str, Any]) -> dict[str, Any]:
    """Return a good message with what Slack adds to its blocks, also those inside attachments."""
    attachments = [
        {**one, "blocks": filled(one["blocks"])} if one.get("blocks") else one for one in body.get("attachments") or []
    ]
    return {**body, "blocks": filled(body.get("blocks") or []), "attachments": attachments}


def filled(blocks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return good blocks with what Slack adds: missing block_id and action_id, ``emoji`` and ``verbatim``."""
    fresh = secrets.token_urlsafe(3)
    return [{"block_id": f"{fresh}{index}", **_filled(block, f"{fresh}{index}")} for index, block in enumerate(blocks)]


def filled_view(view: dict[str, Any]) -> dict[str, Any]:
    """Return a good view with what Slack adds to its texts and blocks."""
    names = ("title", "submit", "close")
    texts: dict[str, Any] = {name: _filled(view[name], "") for name in names if name in view}
    return {**view, **texts, "blocks": filled(view["blocks"])}


def _filled(node: dict[str, Any], fresh: str) -> dict[str, Any]:
    """Fill the texts and elements of one object; ``fresh`` begins the ids made up for it."""
    kind = node.get("type")
    if kind == "plain_text":
        return {"emoji": True, **node}
    if kind == "mrkdwn":
        return {"verbatim": False, **node}
    if kind == "rich_text":
        return node
    return {name: _filled_part(name, part, fresh) for name, part in node.items()}


def _filled_part(name: str, part: Any, fresh: str) -> Any:
    if isinstance(part, dict):
        full = _filled(part, fresh)
        return _with_action_id(full, fresh) if name in {"accessory", "element"} else full
    if isinstance(part, list) and part and isinstance(part[0], dict):
        whole = [_filled(one, fresh) for one in part]
        return [_with_action_id(one, f"{fresh}{at}") for at, one in enumerate(whole)] if name == "elements" else whole
    return part


def _with_action_id(element: dict[str, Any], fresh: str) -> dict[str, Any]:
    """Give an interactive element an action_id when it has none."""
    if element["type"] in _PASSIVE:
        return element
    return {"action_id": f"{fresh}+", **element}
