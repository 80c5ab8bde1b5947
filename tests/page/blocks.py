"""Blocks for the page's tests, shortest way to write them."""

from typing import Any

Json = dict[str, Any]


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str) -> Json:
    return {"type": "mrkdwn", "text": text}


def section(text: str, **more: Any) -> Json:
    return {"type": "section", "text": mrkdwn(text), **more}


def quote(text: str) -> Json:
    words = [{"type": "text", "text": text}]
    return {"type": "rich_text", "elements": [{"type": "rich_text_quote", "elements": words}]}


def button(action_id: str, text: str, **more: Any) -> Json:
    return {"type": "button", "action_id": action_id, "text": plain(text), **more}


def actions(*elements: Json) -> Json:
    return {"type": "actions", "elements": list(elements)}


def option(value: str, text: str = "") -> Json:
    return {"text": plain(text or value), "value": value}


def field(block_id: str, element: Json, **more: Any) -> Json:
    """An input block whose element has the same name."""
    label = plain(more.pop("label", block_id))
    return {
        "type": "input",
        "block_id": block_id,
        "label": label,
        "element": {**element, "action_id": block_id},
        **more,
    }


def modal(title: str, *blocks: Json, **more: Any) -> Json:
    return {"type": "modal", "title": plain(title), "submit": plain("Next"), "blocks": list(blocks), **more}
