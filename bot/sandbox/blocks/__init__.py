"""Block Kit as Slack enforces it: refuse what is wrong, fill in what Slack fills in.

The tables stand in elements.py, rich.py and surfaces.py, the grammar they are written in stands in rules.py.
"""

import secrets
from collections.abc import Mapping
from typing import Any, Final

import orjson

from bot.sandbox.blocks.elements import ID_LIMIT, plain
from bot.sandbox.blocks.rules import Finding, Findings, Rule, Shape, array, boolean, string, typed, url
from bot.sandbox.blocks.surfaces import blocks_on
from bot.sandbox.errors import Refused

#: A view above this many bytes is refused. Source: Slack docs, "views.open", read 2026-11-21.
VIEW_BYTES: Final = 250_000

#: Attachments of one message. Source: Slack docs, "chat.postMessage" (too_many_attachments), read 2026-11-21.
ATTACHMENT_LIMIT: Final = 100

#: The characters of all texts in the blocks of one message, of any type; no page of the documentation says so.
#: Source: Slack's maintainers in slackapi/bolt-js#2509, read 2026-11-21. Measured there: refused from 13,172 on; in
#: #2867 9,597 in 50 blocks were taken, 11,341 in 45 refused, and answers by response URL had no such limit.
TEXT_LIMIT: Final = 12_000

_ID: Final[dict[str, Rule]] = {"callback_id": string(ID_LIMIT), "external_id": string(ID_LIMIT)}
_COMMON: Final[dict[str, Rule]] = {**_ID, "private_metadata": string(3_000)}

_VIEWS: Final[dict[str, Rule]] = {
    "modal": Shape(
        {"title": plain(24), "blocks": blocks_on("modal")},
        {**_COMMON, "submit": plain(24), "close": plain(24), "clear_on_close": boolean, "notify_on_close": boolean},
    ),
    "home": Shape({"blocks": blocks_on("home")}, _COMMON),
}

#: Attachments name no limits but their number; this one only bounds the work.
_TEXT: Final = string(40_000)

#: Source: Slack docs, "Secondary message attachments", read 2026-11-21; the fields that the page draws.
_ATTACHMENT: Final = Shape(
    {},
    {
        **dict.fromkeys(("fallback", "color", "pretext", "title", "text", "footer"), _TEXT),
        "title_link": url,
        "fields": array(Shape({}, {"title": _TEXT, "value": _TEXT, "short": boolean}), 0, 100),
        "mrkdwn_in": array(_TEXT, 0, 100),
        "blocks": blocks_on("message"),
    },
)

_SHOWN: Final[dict[str, Rule]] = {
    "blocks": blocks_on("message"),
    "attachments": array(_ATTACHMENT, 0, ATTACHMENT_LIMIT),
}


def _message(value: Any, at: str, found: Findings) -> None:
    """Take a message by what it shows; its other fields are not looked at."""
    is_object = isinstance(value, dict)
    Shape({}, _SHOWN)({name: value[name] for name in _SHOWN if name in value} if is_object else value, at, found)


_KINDS: Final[dict[str, Rule]] = {
    **_SHOWN,
    **{surface: typed(_VIEWS, frozenset({surface})) for surface in _VIEWS},
    "message": _message,
    "view": typed(_VIEWS),
}

_PASSIVE: Final = frozenset({"image", "plain_text", "mrkdwn"})


def findings(kind: str, payload: Any, *, at: str = "", app: str = "The app") -> list[Finding]:
    """Return what is wrong with blocks, attachments or a message, with a modal, a home or either as a view.

    ``at`` is where the payload stands in the arguments, ``app`` the app's name, which Slack's wording uses.
    """
    found = Findings()
    _KINDS[kind](payload, at, found)
    if not found and kind in {"modal", "view"} and payload["type"] == "modal" and "submit" not in payload:
        for index, block in enumerate(payload["blocks"]):
            if block["type"] == "input":
                need = f"{app} must define `submit` to use an `input` block in modals"
                found.add(f"{at}/blocks/{index}/input", need)
    return found


def refuse_invalid(kind: str, payload: Any, *, app: str) -> None:
    """Refuse what blocks.validate refuses: bad ``blocks``, a bad ``message`` or a bad ``view``.

    Raises:
        Refused: ``invalid_blocks``, ``invalid_message`` or ``invalid_view`` with ``errors``.
    """
    if found := findings(kind, payload, app=app):
        raise Refused(f"invalid_{kind}", errors=[one.to_error() for one in found])


def refuse_bad_message(body: Mapping[str, Any]) -> None:
    """Refuse a message that Slack would refuse.

    Raises:
        Refused: ``invalid_blocks`` or ``invalid_attachments`` with every finding, ``no_text`` and the like.
    """
    blocks, attachments = body.get("blocks") or [], body.get("attachments") or []
    if not isinstance(blocks, list):
        raise Refused("invalid_blocks_format")
    if isinstance(attachments, list) and len(attachments) > ATTACHMENT_LIMIT:
        raise Refused("too_many_attachments")
    _refuse(findings("blocks", blocks, at="/blocks"), "invalid_blocks")
    _refuse(findings("attachments", attachments, at="/attachments"), "invalid_attachments")
    if not (blocks or any(attachments) or str(body.get("text") or "").strip()):
        raise Refused("no_text")


def refuse_long_blocks(blocks: list[dict[str, Any]]) -> None:
    """Refuse good blocks that say too much together; Slack does so in chat.*, not in answers by response URL.

    Raises:
        Refused: ``msg_blocks_too_long``.
    """
    if _written(blocks) > TEXT_LIMIT:
        raise Refused("msg_blocks_too_long")


def refuse_bad_view(view: Any, *, surface: str, app: str) -> None:
    """Refuse a modal or Home that Slack would refuse.

    Raises:
        Refused: ``invalid_arguments`` with every finding, as Slack does for views, or ``view_too_large``.
    """
    head = "[ERROR] failed to match all allowed schemas [json-pointer:/view]"
    _refuse(findings(surface, view, at="/view", app=app), "invalid_arguments", head)
    if len(orjson.dumps(view)) > VIEW_BYTES:
        raise Refused("view_too_large")


def _refuse(found: list[Finding], error: str, *heads: str) -> None:
    """Refuse with one message for each finding, as Slack words them."""
    if found:
        messages = [*heads, *(str(one) for one in found)]
        plain_ones = [message.removeprefix("[ERROR] ") for message in messages]
        raise Refused(error, errors=plain_ones, response_metadata={"messages": messages})


def _written(node: Any) -> int:
    """Count the characters of all texts below."""
    if isinstance(node, dict):
        return sum(
            len(part) if name == "text" and isinstance(part, str) else _written(part) for name, part in node.items()
        )
    return sum(map(_written, node)) if isinstance(node, list) else 0


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
