"""A card with a place for everything, and Slack's rules for it, written down a second time as paths and numbers.

Source: Slack docs, "Block Kit reference", read 2026-11-21.
"""

from typing import Any

import orjson

from tests.sandbox.samples import (
    BOXES,
    DAY,
    GROUPED,
    IMAGE,
    LINE,
    OVERFLOW,
    PERSON,
    RADIO,
    ROOM,
    actions,
    context,
    head,
    listed,
    mrkdwn,
    option,
    picture,
    plain,
    question,
    quote,
    rich,
    said,
    section,
    select,
)
from tests.sandbox.stage import button, field

Path = tuple[str | int, ...]

#: A card with a place for everything, each block under the name that the paths below use.
_CARD: dict[str, dict[str, Any]] = {
    "section": section(text=mrkdwn(), fields=[plain()], accessory=IMAGE, block_id="s", expand=False),
    "header": head(plain()),
    "context": context(plain(), IMAGE),
    "actions": actions(
        button(url="https://a.example", confirm=question(style="danger"), accessibility_label="a", style="primary"),
        OVERFLOW,
        select(placeholder=plain(), options=[option("a", description=plain())]),
        GROUPED,
        BOXES,
        RADIO,
        DAY | {"initial_date": "2026-02-28"},
        PERSON | {"initial_user": "U1"},
        ROOM | {"initial_conversation": "C1", "filter": {"include": ["im"], "exclude_bot_users": True}},
    ),
    "image": picture(title=plain()),
    "rich": rich(quote(said(style={"bold": True})), listed(said(), indent=1)),
    "markdown": {"type": "markdown", "text": "x"},
    "input": field("b", LINE | {"initial_value": "a", "max_length": 9, "placeholder": plain()}, hint=plain()),
}

#: No two of its objects are the same one.
CARD: dict[str, dict[str, Any]] = orjson.loads(orjson.dumps(_CARD))

TEXTS: list[tuple[Path, int, int]] = [
    (("section", "text", "text"), 1, 3_000),
    (("section", "fields", 0, "text"), 1, 2_000),
    (("section", "block_id"), 1, 255),
    (("section", "accessory", "alt_text"), 1, 2_000),
    (("header", "text", "text"), 1, 150),
    (("context", "elements", 0, "text"), 1, 3_000),
    (("actions", "elements", 0, "text", "text"), 1, 75),
    (("actions", "elements", 0, "value"), 0, 2_000),
    (("actions", "elements", 0, "action_id"), 1, 255),
    (("actions", "elements", 0, "accessibility_label"), 1, 75),
    (("actions", "elements", 0, "confirm", "title", "text"), 1, 100),
    (("actions", "elements", 0, "confirm", "text", "text"), 1, 300),
    (("actions", "elements", 0, "confirm", "confirm", "text"), 1, 30),
    (("actions", "elements", 0, "confirm", "deny", "text"), 1, 30),
    (("actions", "elements", 1, "options", 0, "text", "text"), 1, 75),
    (("actions", "elements", 1, "options", 0, "value"), 1, 150),
    (("actions", "elements", 2, "placeholder", "text"), 1, 150),
    (("actions", "elements", 2, "options", 0, "description", "text"), 1, 75),
    (("actions", "elements", 3, "option_groups", 0, "label", "text"), 1, 75),
    (("actions", "elements", 4, "options", 0, "text", "text"), 1, 75),
    (("image", "alt_text"), 1, 2_000),
    (("image", "title", "text"), 1, 2_000),
    (("markdown", "text"), 1, 12_000),
    (("input", "label", "text"), 1, 2_000),
    (("input", "hint", "text"), 1, 2_000),
    (("input", "element", "initial_value"), 0, 3_000),
    (("input", "element", "placeholder", "text"), 1, 150),
]

LISTS: list[tuple[Path, int, int]] = [
    (("section", "fields"), 1, 10),
    (("context", "elements"), 1, 10),
    (("actions", "elements"), 1, 25),
    (("actions", "elements", 1, "options"), 1, 5),
    (("actions", "elements", 2, "options"), 1, 100),
    (("actions", "elements", 3, "option_groups"), 1, 100),
    (("actions", "elements", 3, "option_groups", 0, "options"), 1, 100),
    (("actions", "elements", 4, "options"), 1, 10),
    (("actions", "elements", 5, "options"), 1, 10),
    (("rich", "elements", 0, "elements"), 0, 200),
    (("rich", "elements", 1, "elements"), 0, 200),
]

#: What an object must have, by its type; option, group and question have none and stand under the key they have.
NEEDED: dict[str, set[str]] = {
    "header": {"text"},
    "context": {"elements"},
    "actions": {"elements"},
    "input": {"label", "element"},
    "image": {"alt_text", "image_url"},
    "rich_text": {"elements"},
    "markdown": {"text"},
    "button": {"text"},
    "overflow": {"options"},
    "checkboxes": {"options"},
    "radio_buttons": {"options"},
    "plain_text": {"text"},
    "mrkdwn": {"text"},
    "text": {"text"},
    "rich_text_section": {"elements"},
    "rich_text_quote": {"elements"},
    "rich_text_list": {"elements", "style"},
    "confirm": {"title", "text", "confirm", "deny"},
    "options": {"text", "value"},
    "option_groups": {"label", "options"},
}

ANYWHERE = {"section", "actions", "input"}
PLACES = {
    "button": {"section", "actions"},
    "overflow": {"section", "actions"},
    "static_select": ANYWHERE,
    "users_select": ANYWHERE,
    "conversations_select": ANYWHERE,
    "checkboxes": ANYWHERE,
    "radio_buttons": ANYWHERE,
    "datepicker": ANYWHERE,
    "plain_text_input": {"input"},
    "image": {"section", "context"},
    "mrkdwn": {"context"},
    "plain_text": {"context"},
}
ELEMENTS = [button(), OVERFLOW, select(), PERSON, ROOM, BOXES, RADIO, DAY, LINE, IMAGE, mrkdwn(), plain()]
