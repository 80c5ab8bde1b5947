"""The controls inside blocks: found by action_id, and the state of everything that holds a value.

A person's input is kept as plain JSON (a string, a list of option values, or None) and turned into Slack's
shapes when a payload is built.
"""

import contextlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from bot.sandbox.errors import NotPossible
from bot.sandbox.text import typed_input, unescape

Values = dict[tuple[str, str], Any]
"""What a person has put in, by block_id and action_id."""


@dataclass(frozen=True, slots=True)
class Kind:
    """How one element type carries its value."""

    state_key: str
    initial_key: str
    has_options: bool = False
    is_many: bool = False


#: Source: Slack docs, "Block Kit elements" and "view_submission payloads", read 2026-11-21.
KINDS: Final[Mapping[str, Kind]] = {
    "plain_text_input": Kind("value", "initial_value"),
    "static_select": Kind("selected_option", "initial_option", has_options=True),
    "radio_buttons": Kind("selected_option", "initial_option", has_options=True),
    "checkboxes": Kind("selected_options", "initial_options", has_options=True, is_many=True),
    "users_select": Kind("selected_user", "initial_user"),
    "conversations_select": Kind("selected_conversation", "initial_conversation"),
    "datepicker": Kind("selected_date", "initial_date"),
}


@dataclass(frozen=True, slots=True)
class Control:
    """One interactive element in its block."""

    block: dict[str, Any]
    element: dict[str, Any]

    @property
    def key(self) -> tuple[str, str]:
        """Return block_id and action_id."""
        return self.block["block_id"], self.element["action_id"]

    @property
    def kind(self) -> Kind | None:
        """Return how it holds a value; None for buttons and overflow menus."""
        return KINDS.get(self.element["type"])

    @property
    def fires(self) -> bool:
        """Say whether using it sends block_actions: all do, but inputs only with dispatch_action."""
        return self.block["type"] != "input" or bool(self.block.get("dispatch_action"))

    def options(self) -> dict[str, dict[str, Any]]:
        """Return the options of a menu by value."""
        plain = list(self.element.get("options") or [])
        for group in self.element.get("option_groups") or []:
            plain += group["options"]
        return {option["value"]: option for option in plain}


def controls(blocks: list[dict[str, Any]]) -> Iterator[Control]:
    """Yield every interactive element, in reading order."""
    for block in blocks:
        inside = [block.get("accessory"), block.get("element"), *(block.get("elements") or [])]
        for element in inside:
            if isinstance(element, dict) and "action_id" in element:
                yield Control(block, element)


def find(blocks: list[dict[str, Any]], action_id: str, block_id: str = "", value: Any = None) -> Control:
    """Return the control of this action_id (in this block, or a button of this value, when they are named).

    Raises:
        NotPossible: there is none, or it does not send actions.
    """
    for control in controls(blocks):
        element = control.element
        is_meant = element["action_id"] == action_id and block_id in {"", control.block["block_id"]}
        if is_meant and control.fires and (element["type"] != "button" or value in (None, element.get("value"))):
            return control
    raise NotPossible("no such control", action_id=action_id)


def initial(control: Control) -> Any:
    """Return what stands in the control before anybody touches it."""
    kind = control.kind
    if kind is None or control.element.get(kind.initial_key) is None:
        return [] if kind is not None and kind.is_many else None
    value = control.element[kind.initial_key]
    if kind.has_options:
        return [option["value"] for option in value] if kind.is_many else value["value"]
    return unescape(value) if control.element["type"] == "plain_text_input" else value


def entry(control: Control, value: Any) -> dict[str, Any]:
    """Return the state of one control in Slack's shape, for example ``{"type": .., "value": ..}``.

    Raises:
        NotPossible: the value is not among the options.
    """
    kind = control.kind
    if kind is None:
        raise NotPossible("this control holds no value", action_id=control.element["action_id"])
    return {"type": control.element["type"], kind.state_key: _shaped(control, kind, value)}


def _shaped(control: Control, kind: Kind, value: Any) -> Any:
    if kind.is_many:
        return [option(control, one) for one in (value if isinstance(value, list) else [value] if value else [])]
    if value is None or value == "":
        return None
    if kind.has_options:
        return option(control, value)
    return typed_input(str(value)) if control.element["type"] == "plain_text_input" else value


def option(control: Control, value: Any) -> dict[str, Any]:
    """Return the option of this value.

    Raises:
        NotPossible: there is none.
    """
    found = control.options().get(str(value))
    if found is None:
        raise NotPossible("no such option", action_id=control.element["action_id"], value=value)
    return found


def state(blocks: list[dict[str, Any]], values: Values) -> dict[str, Any]:
    """Return ``{"values": {block_id: {action_id: ..}}}`` of everything that holds a value."""
    filled: dict[str, Any] = {}
    for control in controls(blocks):
        if control.kind is not None:
            value = values.get(control.key, initial(control))
            block_id, action_id = control.key
            filled.setdefault(block_id, {})[action_id] = entry(control, value)
    return {"values": filled}


def typed(blocks: list[dict[str, Any]], given: Mapping[str, Any]) -> Values:
    """Match what a person gives with the controls.

    ``given`` is by block_id or action_id, or nested as ``{block_id: {action_id: value}}``.

    Raises:
        NotPossible: a key names no control that holds a value, or a value is not among the options.
    """
    if not isinstance(given, Mapping):
        raise NotPossible("values must be an object")
    found: Values = {}
    for name, value in _flat(given):
        control = next((one for one in controls(blocks) if name in one.key and one.kind), None)
        if control is None:
            raise NotPossible("no such control", name=name)
        entry(control, value)
        found[control.key] = value
    return found


def still_held(blocks: list[dict[str, Any]], values: Values) -> Values:
    """Return the values that fit what the controls are now."""
    held: Values = {}
    for control in controls(blocks):
        with contextlib.suppress(NotPossible, KeyError):
            entry(control, values[control.key])
            held[control.key] = values[control.key]
    return held


def _flat(given: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, value in given.items():
        if isinstance(value, Mapping):
            yield from value.items()
        else:
            yield name, value


def complaints(blocks: list[dict[str, Any]], values: Values) -> dict[str, str]:
    """Return what Slack's client itself refuses at submit, by block_id: required fields and lengths."""
    wrong: dict[str, str] = {}
    for control in controls(blocks):
        if control.block["type"] == "input" and control.kind is not None:
            value = values.get(control.key, initial(control))
            if sentence := _complaint(control, value):
                wrong[control.block["block_id"]] = sentence
    return wrong


def _complaint(control: Control, value: Any) -> str:
    if value is None or value in ("", []):
        return "" if control.block.get("optional") else "Please complete this required field."
    if control.element["type"] != "plain_text_input":
        return ""
    length = len(str(value))
    if length > (longest := control.element.get("max_length", 3_000)):
        return f"Please enter no more than {longest} characters."
    if length < (shortest := control.element.get("min_length", 0)):
        return f"Please enter at least {shortest} characters."
    return ""


def pressed(control: Control, *, value: Any, selected: Any, ts: str) -> dict[str, Any]:
    """Return one entry of ``actions`` in a block_actions payload.

    ``value`` and ``selected`` are what the person chose; a button brings its own value.
    """
    element = control.element
    body: dict[str, Any] = {
        "type": element["type"],
        "action_id": element["action_id"],
        "block_id": control.block["block_id"],
        "action_ts": ts,
    }
    if element["type"] == "button":
        return body | {key: element[key] for key in ("text", "value", "style") if key in element}
    chosen = selected if selected is not None else value
    if element["type"] == "overflow":
        return body | {"selected_option": option(control, chosen)}
    if control.kind and control.kind.has_options and not control.kind.is_many:
        option(control, chosen)
    return body | entry(control, chosen)
