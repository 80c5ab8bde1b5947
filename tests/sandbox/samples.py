"""Good Block Kit payloads, and the builders for the bad ones in refused.py."""

import copy
from typing import Any

from tests.sandbox.stage import button, field, modal

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
LINE = {"type": "plain_text_input", "action_id": "text"}
MANY = {"type": "multi_static_select", "action_id": "many", "options": options(3)}
GROUPED = {"type": "static_select", "action_id": "g", "option_groups": [{"label": plain(), "options": options(2)}]}

GOOD_MESSAGES: list[tuple[str, list[Json]]] = [
    ("nothing", []),
    ("section with text", [section(text=mrkdwn("a" * 3_000))]),
    ("section with plain text", [section(text=plain(), block_id="b" * 255)]),
    ("section with fields", [section(fields=[mrkdwn("a" * 2_000)] * 10)]),
    ("section with both", [section(text=plain(), fields=[plain()], expand=True)]),
    ("section with a button", [section(text=plain(), accessory=button())]),
    ("section with an image", [section(text=plain(), accessory=IMAGE)]),
    ("section with an overflow menu", [section(text=plain(), accessory=OVERFLOW)]),
    ("section with checkboxes", [section(text=plain(), accessory=BOXES)]),
    ("section with radio buttons", [section(text=plain(), accessory=RADIO)]),
    ("section with a multi select", [section(text=plain(), accessory=MANY | {"max_selected_items": 2})]),
    ("section with people", [section(text=plain(), accessory={"type": "multi_users_select", "action_id": "p"})]),
    ("header", [{"type": "header", "text": plain("a" * 150)}]),
    ("header with emoji", [{"type": "header", "text": plain(":ship: Hi") | {"emoji": False}}]),
    ("divider", [{"type": "divider"}]),
    ("fifty blocks", [{"type": "divider"}] * 50),
    ("context", [context(plain(), mrkdwn(), IMAGE)]),
    ("context with ten", [context(*[mrkdwn()] * 10)]),
    ("image", [{"type": "image", "title": plain(), **without(IMAGE, "type")}]),
    ("image from Slack", [{"type": "image", "slack_file": {"id": "F0A"}, "alt_text": "A"}]),
    ("markdown", [{"type": "markdown", "text": "# a" + "a" * 11_997}]),
    ("actions with 25", [actions(*[button(f"b{number}") for number in range(25)])]),
    ("a full button", [actions(button(style="danger", confirm=CONFIRM, accessibility_label="a" * 75))]),
    ("a button at its limits", [actions(button("i" * 255, "v" * 2_000, text=plain("t" * 75)))]),
    ("a link button", [actions(button(url="https://a.example/" + "a" * 2_900))]),
    ("the same action in two blocks", [actions(button()), actions(button())]),
    ("confirm with style", [actions(button(confirm=CONFIRM | {"style": "danger"}))]),
    ("select", [actions(select(placeholder=plain("p" * 150), options=options(100)))]),
    ("select with a choice", [actions(select(initial_option=options(1)[0], focus_on_load=True))]),
    ("select with groups", [actions(GROUPED)]),
    ("select with descriptions", [actions(select(options=[option(description=plain("d" * 75))]))]),
    ("people and places", [actions({"type": "users_select"}, {"type": "channels_select"})]),
    (
        "a filtered conversation menu",
        [actions({"type": "conversations_select", "filter": {"include": ["public", "private"]}})],
    ),
    ("date and time", [actions({"type": "datepicker", "initial_date": "2026-02-28"}, {"type": "datetimepicker"})]),
    ("checkboxes with choices", [actions(BOXES | {"initial_options": BOXES["options"]})]),
    ("overflow of one link", [actions(OVERFLOW | {"options": [option(url="https://a.example")]})]),
    ("input in a message", [field("b", LINE)]),
    ("rich text", [rich({"type": "rich_text_section", "elements": [said("a" * 5_000)]})]),
    ("an empty quote", [rich(quote())]),
    ("a quote with a border", [rich(quote(said("<!channel>", style={"bold": True, "italic": True}), border=1))]),
    (
        "all rich elements",
        [
            rich(
                quote(
                    {"type": "user", "user_id": "U1"},
                    {"type": "usergroup", "usergroup_id": "S1"},
                    {"type": "channel", "channel_id": "C1"},
                    {"type": "broadcast", "range": "here"},
                    {"type": "emoji", "name": "wave"},
                    {"type": "link", "url": "https://a.example", "text": "a", "style": {"code": True}},
                    {"type": "date", "timestamp": 1_800_000_000, "format": "{date}", "fallback": "f"},
                    {"type": "color", "value": "#ff0000"},
                )
            )
        ],
    ),
    (
        "lists and code",
        [
            rich(
                {
                    "type": "rich_text_list",
                    "style": "bullet",
                    "indent": 8,
                    "elements": [{"type": "rich_text_section", "elements": [said()]}],
                },
                {"type": "rich_text_preformatted", "elements": [said()], "border": 0},
            )
        ],
    ),
]

HOME: Json = {"type": "home", "blocks": []}
ALERT = {"type": "alert", "text": mrkdwn("a" * 200), "level": "warning"}

GOOD_VIEWS: list[tuple[str, str, Json]] = [
    ("a modal", "modal", modal()),
    ("a hundred blocks", "modal", modal(*[{"type": "divider"}] * 100)),
    ("alert in a modal", "modal", modal(ALERT)),
    ("every input", "modal", modal(*[field(f"b{index}", one) for index, one in enumerate([LINE, BOXES, RADIO, MANY])])),
    ("all the keys", "modal", modal(close=plain("c" * 24), external_id="e", clear_on_close=True, notify_on_close=True)),
    ("metadata at its limit", "modal", modal(private_metadata="m" * 3_000)),
    ("no submit, no input", "modal", without(modal(ALERT), "submit")),
    ("an empty Home", "home", HOME),
    (
        "a full Home",
        "home",
        HOME | {"blocks": [{"type": "divider"}] * 100, "private_metadata": "m", "callback_id": "c"},
    ),
    ("an input at Home", "home", HOME | {"blocks": [field("b", LINE)]}),
]
