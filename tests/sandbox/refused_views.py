"""Modals, Homes and attachments that Slack refuses, each wrong in one place: name, kind, payload, pointer, reason."""

from typing import Any

from tests.sandbox.samples import ALERT, DIVIDER, HOME, LINE, head, home, mrkdwn, plain, section, without
from tests.sandbox.stage import field, modal

NO_URL = r"input must match regex pattern: https?://[^\s<>\"]+"
TOO_LONG = "must be less than {} characters"
ENUM = "must be a valid enum value"
NONE = "must be more than 0 characters"

BAD_VIEWS: list[tuple[str, str, Any, str, str]] = [
    ("no title", "modal", without(modal(), "title"), "/view", "missing required field: title"),
    ("title too long", "modal", modal(title=plain("t" * 25)), "/view/title/text", TOO_LONG.format(25)),
    ("title of mrkdwn", "modal", modal(title=mrkdwn()), "/view/title/type", "unsupported type: mrkdwn"),
    ("submit too long", "modal", modal(submit=plain("t" * 25)), "/view/submit/text", TOO_LONG.format(25)),
    ("close too long", "modal", modal(close=plain("t" * 25)), "/view/close/text", TOO_LONG.format(25)),
    (
        "metadata too long",
        "modal",
        modal(private_metadata="m" * 3_001),
        "/view/private_metadata",
        TOO_LONG.format(3001),
    ),
    ("callback_id too long", "modal", modal(callback_id="c" * 256), "/view/callback_id", TOO_LONG.format(256)),
    ("a view that came back", "modal", modal(hash="1.a"), "/view", "invalid additional property: hash"),
    ("101 blocks", "modal", modal(*[{"type": "divider"}] * 101), "/view/blocks", "no more than 100 items allowed"),
    ("no blocks", "modal", modal() | {"blocks": []}, "/view/blocks", "must provide at least 1 items"),
    (
        "markdown in a modal",
        "modal",
        modal({"type": "markdown", "text": "x"}),
        "/view/blocks/0/type",
        "unsupported type: markdown",
    ),
    (
        "alert too long",
        "modal",
        modal(ALERT | {"text": plain("a" * 201)}),
        "/view/blocks/0/text/text",
        TOO_LONG.format(201),
    ),
    (
        "alert of a made-up level",
        "modal",
        modal(ALERT | {"level": "danger"}),
        "/view/blocks/0/level",
        ENUM,
    ),
    (
        "input without submit",
        "modal",
        without(modal(), "submit"),
        "/view/blocks/0/input",
        "Goshawk must define `submit` to use an `input` block in modals",
    ),
    ("a Home that is a modal", "home", HOME | {"type": "modal"}, "/view/type", "unsupported type: modal"),
    ("a modal that is a Home", "modal", modal() | {"type": "home"}, "/view/type", "unsupported type: home"),
    ("alert at Home", "home", HOME | {"blocks": [ALERT]}, "/view/blocks/0/type", "unsupported type: alert"),
    ("Home with a title", "home", HOME | {"title": plain()}, "/view", "invalid additional property: title"),
    ("a list for a view", "modal", [], "/view", "must provide an object"),
    ("a view without a type", "modal", without(modal(), "type"), "/view", "missing required field: type"),
    ("an empty title", "modal", modal(title=plain("")), "/view/title/text", NONE),
    ("told when closed, in words", "modal", modal(notify_on_close="yes"), "/view/notify_on_close", "must be a boolean"),
    ("external_id too long", "modal", modal(external_id="e" * 256), "/view/external_id", TOO_LONG.format(256)),
    ("101 blocks at Home", "home", home(*[DIVIDER] * 101), "/view/blocks", "no more than 100 items allowed"),
    ("Home without blocks", "home", {"type": "home"}, "/view", "missing required field: blocks"),
    (
        "the same block_id twice in a modal",
        "modal",
        modal(field("a", LINE), field("a", LINE)),
        "/view/blocks/1/block_id",
        '`block_id` "a" already exists',
    ),
    ("attachments that are none", "attachments", {"text": "x"}, "/attachments", "must provide an array"),
    ("a word for an attachment", "attachments", ["x"], "/attachments/0", "must provide an object"),
    (
        "a made-up part of an attachment",
        "attachments",
        [{"text": "x", "shadow": True}],
        "/attachments/0",
        "invalid additional property: shadow",
    ),
    ("a number for its text", "attachments", [{"text": 7}], "/attachments/0/text", "must provide a string"),
    ("fields in words", "attachments", [{"fields": "x"}], "/attachments/0/fields", "must provide an array"),
    ("a field in words", "attachments", [{"fields": ["x"]}], "/attachments/0/fields/0", "must provide an object"),
    (
        "51 blocks in an attachment",
        "attachments",
        [{"blocks": [DIVIDER] * 51}],
        "/attachments/0/blocks",
        "no more than 50 items allowed",
    ),
    (
        "a bad block in the second attachment",
        "attachments",
        [{"text": "x"}, {"blocks": [head(mrkdwn())]}],
        "/attachments/1/blocks/0/text/type",
        "unsupported type: mrkdwn",
    ),
    (
        "the same block_id twice in an attachment",
        "attachments",
        [{"blocks": [section(text=plain(), block_id="a")] * 2}],
        "/attachments/0/blocks/1/block_id",
        '`block_id` "a" already exists',
    ),
    (
        "an attachment linked to nowhere",
        "attachments",
        [{"title_link": "x"}],
        "/attachments/0/title_link",
        NO_URL,
    ),
]
