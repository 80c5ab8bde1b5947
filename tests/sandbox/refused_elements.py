"""Bad elements and composition objects, each wrong in one place only: name, blocks, pointer, reason."""

from tests.sandbox.samples import (
    BOXES,
    CONFIRM,
    GROUPED,
    IMAGE,
    LINE,
    OVERFLOW,
    RADIO,
    ROOM,
    Json,
    actions,
    mrkdwn,
    option,
    options,
    plain,
    section,
    select,
    without,
)
from tests.sandbox.stage import button, field

TOO_LONG = "must be less than {} characters"
ENUM = "must be a valid enum value"

BAD_ELEMENTS: list[tuple[str, list[Json], str, str]] = [
    ("image among actions", [actions(IMAGE)], "/blocks/0/elements/0/type", "unsupported type: image"),
    (
        "button text too long",
        [actions(button(text=plain("a" * 76)))],
        "/blocks/0/elements/0/text/text",
        TOO_LONG.format(76),
    ),
    (
        "button of mrkdwn",
        [actions(button(text=mrkdwn()))],
        "/blocks/0/elements/0/text/type",
        "unsupported type: mrkdwn",
    ),
    (
        "button without text",
        [actions(without(button(), "text"))],
        "/blocks/0/elements/0",
        "missing required field: text",
    ),
    (
        "button value too long",
        [actions(button(value="v" * 2_001))],
        "/blocks/0/elements/0/value",
        TOO_LONG.format(2001),
    ),
    ("button value a number", [actions(button(value=7))], "/blocks/0/elements/0/value", "must provide a string"),
    (
        "button url too long",
        [actions(button(url="https://a.example/" + "a" * 3_000))],
        "/blocks/0/elements/0/url",
        TOO_LONG.format(3001),
    ),
    (
        "button of a made-up style",
        [actions(button(style="default"))],
        "/blocks/0/elements/0/style",
        ENUM,
    ),
    ("action_id too long", [actions(button("i" * 256))], "/blocks/0/elements/0/action_id", TOO_LONG.format(256)),
    (
        "label for screen readers too long",
        [actions(button(accessibility_label="a" * 76))],
        "/blocks/0/elements/0/accessibility_label",
        TOO_LONG.format(76),
    ),
    (
        "confirm without deny",
        [actions(button(confirm=without(CONFIRM, "deny")))],
        "/blocks/0/elements/0/confirm",
        "missing required field: deny",
    ),
    (
        "confirm title too long",
        [actions(button(confirm=CONFIRM | {"title": plain("a" * 101)}))],
        "/blocks/0/elements/0/confirm/title/text",
        TOO_LONG.format(101),
    ),
    (
        "confirm text too long",
        [actions(button(confirm=CONFIRM | {"text": plain("a" * 301)}))],
        "/blocks/0/elements/0/confirm/text/text",
        TOO_LONG.format(301),
    ),
    (
        "confirm button too long",
        [actions(button(confirm=CONFIRM | {"confirm": plain("a" * 31)}))],
        "/blocks/0/elements/0/confirm/confirm/text",
        TOO_LONG.format(31),
    ),
    (
        "select of nothing",
        [actions(select(options=[]))],
        "/blocks/0/elements/0/options",
        "must provide at least 1 items",
    ),
    (
        "select of 101",
        [actions(select(options=options(101)))],
        "/blocks/0/elements/0/options",
        "no more than 100 items allowed",
    ),
    (
        "select without options",
        [actions(without(select(), "options"))],
        "/blocks/0/elements/0/type",
        "must define either `options` or `option_groups`",
    ),
    (
        "select with both",
        [actions(GROUPED | {"options": [option()]})],
        "/blocks/0/elements/0/type",
        "must define either `options` or `option_groups`",
    ),
    (
        "a first choice that is no option",
        [actions(select(initial_option=option("other")))],
        "/blocks/0/elements/0/initial_option",
        "initial_option does not match any of the options",
    ),
    (
        "a first choice of null",
        [actions(select(initial_option=None))],
        "/blocks/0/elements/0/initial_option",
        "must provide an object",
    ),
    (
        "the same value twice",
        [actions(select(options=[option(), option()]))],
        "/blocks/0/elements/0/options",
        "option values must be unique",
    ),
    (
        "option value too long",
        [actions(select(options=[option("a") | {"value": "v" * 151}]))],
        "/blocks/0/elements/0/options/0/value",
        TOO_LONG.format(151),
    ),
    (
        "option text too long",
        [actions(select(options=[option(text=plain("t" * 76))]))],
        "/blocks/0/elements/0/options/0/text/text",
        TOO_LONG.format(76),
    ),
    (
        "option of mrkdwn in a menu",
        [actions(select(options=[option(text=mrkdwn())]))],
        "/blocks/0/elements/0/options/0/text/type",
        "unsupported type: mrkdwn",
    ),
    (
        "a link in a select",
        [actions(select(options=[option(url="https://a.example")]))],
        "/blocks/0/elements/0/options/0",
        "invalid additional property: url",
    ),
    (
        "placeholder too long",
        [actions(select(placeholder=plain("p" * 151)))],
        "/blocks/0/elements/0/placeholder/text",
        TOO_LONG.format(151),
    ),
    (
        "overflow of six",
        [actions(OVERFLOW | {"options": options(6)})],
        "/blocks/0/elements/0/options",
        "no more than 5 items allowed",
    ),
    (
        "overflow of none",
        [actions(OVERFLOW | {"options": []})],
        "/blocks/0/elements/0/options",
        "must provide at least 1 items",
    ),
    (
        "checkboxes of eleven",
        [actions(BOXES | {"options": options(11)})],
        "/blocks/0/elements/0/options",
        "no more than 10 items allowed",
    ),
    (
        "radio buttons of eleven",
        [actions(RADIO | {"options": options(11)})],
        "/blocks/0/elements/0/options",
        "no more than 10 items allowed",
    ),
    (
        "a person that is none",
        [actions({"type": "users_select", "initial_user": "ana"})],
        "/blocks/0/elements/0/initial_user",
        "input must match regex pattern: [UW][A-Z0-9]+",
    ),
    (
        "a day that is none",
        [actions({"type": "datepicker", "initial_date": "2026-13-01"})],
        "/blocks/0/elements/0/initial_date",
        r"input must match regex pattern: \d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])",
    ),
    ("input with a button", [field("b", button())], "/blocks/0/element/type", "unsupported type: button"),
    (
        "input max_length 3,001",
        [field("b", LINE | {"max_length": 3_001})],
        "/blocks/0/element/max_length",
        "must be less than 3001",
    ),
    (
        "input max_length 0",
        [field("b", LINE | {"max_length": 0})],
        "/blocks/0/element/max_length",
        "must be greater than 0",
    ),
    (
        "input lengths out of order",
        [field("b", LINE | {"min_length": 5, "max_length": 4})],
        "/blocks/0/element/min_length",
        "min_length must not exceed max_length",
    ),
    (
        "input value too long",
        [field("b", LINE | {"initial_value": "a" * 3_001})],
        "/blocks/0/element/initial_value",
        TOO_LONG.format(3001),
    ),
    (
        "a place that is none",
        [actions(ROOM | {"initial_conversation": "#care"})],
        "/blocks/0/elements/0/initial_conversation",
        "input must match regex pattern: [CGDU][A-Z0-9]+",
    ),
    (
        "places of no kind",
        [actions(ROOM | {"filter": {"include": []}})],
        "/blocks/0/elements/0/filter/include",
        "must provide at least 1 items",
    ),
    (
        "a filter of nothing",
        [actions(ROOM | {"filter": {}})],
        "/blocks/0/elements/0/filter/type",
        "must define either `include` or `exclude_external_shared_channels` or `exclude_bot_users`",
    ),
    (
        "picture beside a section by two ways",
        [section(text=plain(), accessory=IMAGE | {"slack_file": {"id": "F0A"}})],
        "/blocks/0/accessory/type",
        "must define either `image_url` or `slack_file`",
    ),
    *[
        (
            f"{kind}: not a type here",
            [actions({"type": kind})],
            "/blocks/0/elements/0/type",
            f"unsupported type: {kind}",
        )
        for kind in ("multi_static_select", "external_select", "channels_select", "datetimepicker", "timepicker")
    ],
]
