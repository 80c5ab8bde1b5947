"""Builders of Block Kit payloads, for the samples that Slack takes (good_*.py) and those it refuses (refused*.py)."""

import copy
from typing import Any

Json = dict[str, Any]


def plain(text: str = "x") -> Json:
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str = "x") -> Json:
    return {"type": "mrkdwn", "text": text}


def section(**extra: Any) -> Json:
    return {"type": "section", **extra}


def actions(*elements: Json, **extra: Any) -> Json:
    return {"type": "actions", "elements": list(elements), **extra}


def context(*elements: Json) -> Json:
    return {"type": "context", "elements": list(elements)}


def rich(*parts: Json) -> Json:
    return {"type": "rich_text", "elements": list(parts)}


def quote(*elements: Json, **extra: Any) -> Json:
    return {"type": "rich_text_quote", "elements": list(elements), **extra}


def said(text: str = "x", **extra: Any) -> Json:
    return {"type": "text", "text": text, **extra}


def option(value: str = "a", **extra: Any) -> Json:
    return {"text": plain(value), "value": value, **extra}


def options(count: int) -> list[Json]:
    return [option(f"value {number}") for number in range(count)]


def select(**extra: Any) -> Json:
    return {"type": "static_select", "action_id": "pick", **({"options": options(2)} | extra)}


def without(body: Json, *names: str) -> Json:
    return {name: part for name, part in copy.deepcopy(body).items() if name not in names}


CONFIRM = {"title": plain(), "text": mrkdwn(), "confirm": plain("Yes"), "deny": plain("No")}
IMAGE = {"type": "image", "image_url": "https://a.example/cat.png", "alt_text": "A cat"}
BOXES = {"type": "checkboxes", "action_id": "tick", "options": [option(text=mrkdwn("*a*"))]}
RADIO = {"type": "radio_buttons", "action_id": "tune", "options": options(2)}
OVERFLOW = {"type": "overflow", "action_id": "more", "options": options(5)}
PERSON = {"type": "users_select", "action_id": "who"}
ROOM = {"type": "conversations_select", "action_id": "where"}
DAY = {"type": "datepicker", "action_id": "day"}
LINE = {"type": "plain_text_input", "action_id": "text"}
GROUPED = {"type": "static_select", "action_id": "g", "option_groups": [{"label": plain(), "options": options(2)}]}
DIVIDER = {"type": "divider"}
HOME: Json = {"type": "home", "blocks": []}
ALERT = {"type": "alert", "text": mrkdwn("a" * 200), "level": "warning"}


def home(*blocks: Json, **extra: Any) -> Json:
    return {"type": "home", "blocks": list(blocks), **extra}


def head(text: Json, **extra: Any) -> Json:
    return {"type": "header", "text": text, **extra}


def picture(**extra: Any) -> Json:
    return {**IMAGE, **extra}


def listed(*lines: Json, style: str = "bullet", **extra: Any) -> Json:
    sections = [{"type": "rich_text_section", "elements": [line]} for line in lines]
    return {"type": "rich_text_list", "style": style, "elements": sections, **extra}


def question(size: int = 1, **extra: Any) -> Json:
    """Return a confirm dialog with texts of 1/100 to 100/100 of what is allowed."""
    texts = {"title": plain("t" * size), "text": mrkdwn("w" * size * 3), "confirm": plain("y"), "deny": plain("n")}
    return {**texts, **extra}
