"""Block Kit's elements and composition objects: limits, fields, and which element may stand where.

Every number is Slack's own. Source: Slack docs, "Block Kit reference" (composition objects and block elements),
read 2026-11-21.
"""

import re
from collections.abc import Mapping
from typing import Any, Final

from bot.sandbox.blocks.rules import (
    Check,
    Findings,
    Rule,
    Shape,
    array,
    boolean,
    either,
    one_of,
    string,
    typed,
    url,
    whole,
)

ID_LIMIT: Final = 255
_ID = string(ID_LIMIT, least=1)
_USER = string(32, pattern=re.compile(r"[UW][A-Z0-9]+"))
_ROOM = string(32, pattern=re.compile(r"[CGDU][A-Z0-9]+"))
_DATE = string(10, pattern=re.compile(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])"))


def _text(most: int, flag: str) -> Rule:
    return Shape({"text": string(most, least=1)}, {flag: boolean})


def plain(most: int) -> Rule:
    """Take a plain_text object with 1 to ``most`` characters."""
    return typed({"plain_text": _text(most, "emoji")})


def words(most: int) -> Rule:
    """Take a plain_text or mrkdwn object with 1 to ``most`` characters."""
    return typed({"plain_text": _text(most, "emoji"), "mrkdwn": _text(most, "verbatim")})


CONFIRM: Final = Shape(
    {"title": plain(100), "text": words(300), "confirm": plain(30), "deny": plain(30)},
    {"style": one_of("primary", "danger")},
)

_VALUE = string(150, least=1)
_OPTION = Shape({"text": plain(75), "value": _VALUE}, {"description": plain(75)})
_RICH_OPTION = Shape({"text": words(75), "value": _VALUE}, {"description": words(75)})
_LINK_OPTION = Shape({"text": plain(75), "value": _VALUE}, {"description": plain(75), "url": url})
_GROUP = Shape({"label": plain(75), "options": array(_OPTION, 1, 100)})


def _options(value: dict[str, Any]) -> list[dict[str, Any]]:
    return [*value.get("options", ()), *(one for group in value.get("option_groups", ()) for one in group["options"])]


def _among_options(name: str) -> Check:
    """Demand that what is chosen at first is among the options, exactly as it stands there."""

    def law(value: dict[str, Any], at: str, found: Findings) -> None:
        chosen = value.get(name, [])
        if any(one not in _options(value) for one in (chosen if isinstance(chosen, list) else [chosen])):
            found.add(f"{at}/{name}", f"{name} does not match any of the options")

    return law


def _distinct_values(value: dict[str, Any], at: str, found: Findings) -> None:
    values = [option["value"] for option in _options(value)]
    if len(set(values)) != len(values):
        found.add(f"{at}/options", "option values must be unique")


def _lengths_in_order(value: dict[str, Any], at: str, found: Findings) -> None:
    if value.get("min_length", 0) > value.get("max_length", 3_000):
        found.add(f"{at}/min_length", "min_length must not exceed max_length")


#: A picture stands behind an address or in an uploaded file, in the block as in the element.
ALT_TEXT: Final[Mapping[str, Rule]] = {"alt_text": string(2_000, least=1)}
PICTURE: Final[Mapping[str, Rule]] = {
    "image_url": url,
    "slack_file": Shape({}, {"id": string(64, least=1), "url": url}, (either("id", "url"),)),
}
ONE_PICTURE: Final = (either("image_url", "slack_file"),)

_COMMON: Final[Mapping[str, Rule]] = {"action_id": _ID, "confirm": CONFIRM, "focus_on_load": boolean}
_MENU: Final[Mapping[str, Rule]] = {**_COMMON, "placeholder": plain(150)}
_OPTIONS: Final[Mapping[str, Rule]] = {"options": array(_OPTION, 1, 100), "option_groups": array(_GROUP, 1, 100)}

ELEMENTS: Final[dict[str, Rule]] = {
    "button": Shape(
        {"text": plain(75)},
        {
            "action_id": _ID,
            "confirm": CONFIRM,
            "url": url,
            "value": string(2_000),
            "style": one_of("primary", "danger"),
            "accessibility_label": string(75, least=1),
        },
    ),
    "overflow": Shape(
        {"options": array(_LINK_OPTION, 1, 5)}, {"action_id": _ID, "confirm": CONFIRM}, (_distinct_values,)
    ),
    "static_select": Shape(
        {},
        {**_MENU, **_OPTIONS, "initial_option": _OPTION},
        (either("options", "option_groups"), _among_options("initial_option"), _distinct_values),
    ),
    "users_select": Shape({}, {**_MENU, "initial_user": _USER}),
    "conversations_select": Shape(
        {},
        {
            **_MENU,
            "initial_conversation": _ROOM,
            "default_to_current_conversation": boolean,
            "response_url_enabled": boolean,
            "filter": Shape(
                {},
                {
                    "include": array(one_of("im", "mpim", "private", "public"), 1, 4),
                    "exclude_external_shared_channels": boolean,
                    "exclude_bot_users": boolean,
                },
                (either("include", "exclude_external_shared_channels", "exclude_bot_users", most=3),),
            ),
        },
    ),
    "radio_buttons": Shape(
        {"options": array(_RICH_OPTION, 1, 10)},
        {**_COMMON, "initial_option": _RICH_OPTION},
        (_among_options("initial_option"), _distinct_values),
    ),
    "checkboxes": Shape(
        {"options": array(_RICH_OPTION, 1, 10)},
        {**_COMMON, "initial_options": array(_RICH_OPTION, 1, 10)},
        (_among_options("initial_options"), _distinct_values),
    ),
    "plain_text_input": Shape(
        {},
        {
            "action_id": _ID,
            "focus_on_load": boolean,
            "placeholder": plain(150),
            "initial_value": string(3_000),
            "multiline": boolean,
            "min_length": whole(0, 3_000),
            "max_length": whole(1, 3_000),
            "dispatch_action_config": Shape(
                {"trigger_actions_on": array(one_of("on_enter_pressed", "on_character_entered"), 1, 2)}
            ),
        },
        (_lengths_in_order,),
    ),
    "datepicker": Shape({}, {**_MENU, "initial_date": _DATE}),
    "image": Shape(ALT_TEXT, PICTURE, ONE_PICTURE),
}

_ASKING: Final = frozenset(
    {"static_select", "users_select", "conversations_select", "checkboxes", "radio_buttons", "datepicker"}
)

#: What may stand in each kind of block. Source: the "Works with block types" line of each element's page.
IN_SECTION: Final = _ASKING | {"button", "overflow", "image"}
IN_ACTIONS: Final = _ASKING | {"button", "overflow"}
IN_INPUT: Final = _ASKING | {"plain_text_input"}
