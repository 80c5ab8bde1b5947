"""Block Kit's blocks, and which of them a message, a modal and a Home take.

Source: Slack docs, "Block Kit reference" (blocks and surfaces), read 2026-11-21.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from bot.sandbox.blocks.elements import (
    ALT_TEXT,
    ELEMENTS,
    ID_LIMIT,
    IN_ACTIONS,
    IN_INPUT,
    IN_SECTION,
    ONE_PICTURE,
    PICTURE,
    plain,
    words,
)
from bot.sandbox.blocks.rich import RICH
from bot.sandbox.blocks.rules import (
    Findings,
    Rule,
    Shape,
    array,
    boolean,
    either,
    one_of,
    string,
    typed,
)

#: Blocks on each surface.
BLOCK_LIMIT: Final[Mapping[str, int]] = {"message": 50, "modal": 100, "home": 100}

_BLOCK_ID: Final[Mapping[str, Rule]] = {"block_id": string(ID_LIMIT, least=1)}
_IN_CONTEXT: Final[dict[str, Rule]] = {
    "image": ELEMENTS["image"],
    "plain_text": words(3_000),
    "mrkdwn": words(3_000),
}


def _no_twins(parts: list[dict[str, Any]], name: str, at: str, found: Findings) -> None:
    """Demand that no two of these have the same id."""
    seen: set[str] = set()
    for index, part in enumerate(parts):
        one = part.get(name)
        if one in seen:
            found.add(f"{at}/{index}/{name}", f'`{name}` "{one}" already exists')
        elif one is not None:
            seen.add(one)


def _own_action_ids(value: dict[str, Any], at: str, found: Findings) -> None:
    _no_twins(value["elements"], "action_id", f"{at}/elements", found)


BLOCKS: Final[dict[str, Rule]] = {
    "section": Shape(
        {},
        {
            **_BLOCK_ID,
            "text": words(3_000),
            "fields": array(words(2_000), 1, 10),
            "accessory": typed(ELEMENTS, IN_SECTION),
            "expand": boolean,
        },
        (either("text", "fields", most=2),),
    ),
    "header": Shape({"text": plain(150)}, _BLOCK_ID),
    "divider": Shape({}, _BLOCK_ID),
    "context": Shape({"elements": array(typed(_IN_CONTEXT), 1, 10)}, _BLOCK_ID),
    "actions": Shape({"elements": array(typed(ELEMENTS, IN_ACTIONS), 1, 25)}, _BLOCK_ID, (_own_action_ids,)),
    "input": Shape(
        {"label": plain(2_000), "element": typed(ELEMENTS, IN_INPUT)},
        {**_BLOCK_ID, "hint": plain(2_000), "optional": boolean, "dispatch_action": boolean},
    ),
    "image": Shape(ALT_TEXT, {**_BLOCK_ID, **PICTURE, "title": plain(2_000)}, ONE_PICTURE),
    "rich_text": Shape({"elements": array(typed(RICH), 1, 1_000)}, _BLOCK_ID),
    "markdown": Shape({"text": string(12_000, least=1)}, _BLOCK_ID),
    "alert": Shape(
        {"text": words(200)},
        {**_BLOCK_ID, "level": one_of("default", "info", "warning", "error", "success")},
    ),
}

_EVERYWHERE: Final = frozenset({"section", "header", "divider", "context", "actions", "input", "image", "rich_text"})

#: The block types of each surface.
ON_SURFACE: Final[Mapping[str, frozenset[str]]] = {
    "message": _EVERYWHERE | {"markdown"},
    "modal": _EVERYWHERE | {"alert"},
    "home": _EVERYWHERE,
}


def blocks_on(surface: str) -> Rule:
    """Take the blocks of one surface, each right by itself and all together."""
    shape = array(typed(BLOCKS, ON_SURFACE[surface]), 1 if surface == "modal" else 0, BLOCK_LIMIT[surface])

    def rule(blocks: Any, at: str, found: Findings) -> None:
        before = len(found)
        shape(blocks, at, found)
        if len(found) > before:
            return
        _no_twins(blocks, "block_id", at, found)
        if sum(bool(element.get("focus_on_load")) for element in _elements(blocks)) > 1:
            found.add(at, "only one element may define `focus_on_load`")

    return rule


def _elements(blocks: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for block in blocks:
        for element in (block.get("accessory"), block.get("element"), *(block.get("elements") or [])):
            if isinstance(element, dict):
                yield element
