"""Block Kit's blocks, and which of them a message, a modal and a Home take.

Source: Slack docs, "Block Kit reference" (blocks and surfaces), read 2026-11-21.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from bot.sandbox.blocks.elements import (
    ELEMENTS,
    ID_LIMIT,
    IN_ACTIONS,
    IN_INPUT,
    IN_SECTION,
    plain,
    words,
)
from bot.sandbox.blocks.rich import RICH
from bot.sandbox.blocks.rules import (
    Findings,
    Rule,
    Shape,
    any_of,
    array,
    boolean,
    either,
    one_of,
    string,
    typed,
    url,
)

#: The most characters over all markdown blocks of one message.
MARKDOWN_LIMIT: Final = 12_000

#: Blocks on each surface.
BLOCK_LIMIT: Final[Mapping[str, int]] = {"message": 50, "modal": 100, "home": 100}

_BLOCK_ID: Final[Mapping[str, Rule]] = {"block_id": string(ID_LIMIT, least=1)}
_IN_CONTEXT: Final[dict[str, Rule]] = {
    "image": ELEMENTS["image"],
    "plain_text": words(3_000),
    "mrkdwn": words(3_000),
}


def _own_action_ids(value: dict[str, Any], at: str, found: Findings) -> None:
    ids = [element["action_id"] for element in value["elements"] if "action_id" in element]
    for one in sorted({one for one in ids if ids.count(one) > 1}):
        found.add(f"{at}/elements", f"`action_id` {one} already exists in this block")


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
        (any_of("text", "fields"),),
    ),
    "header": Shape({"text": plain(150)}, _BLOCK_ID),
    "divider": Shape({}, _BLOCK_ID),
    "context": Shape({"elements": array(typed(_IN_CONTEXT), 1, 10)}, _BLOCK_ID),
    "actions": Shape({"elements": array(typed(ELEMENTS, IN_ACTIONS), 1, 25)}, _BLOCK_ID, (_own_action_ids,)),
    "input": Shape(
        {"label": plain(2_000), "element": typed(ELEMENTS, IN_INPUT)},
        {**_BLOCK_ID, "hint": plain(2_000), "optional": boolean, "dispatch_action": boolean},
    ),
    "image": Shape(
        {"alt_text": string(2_000, least=1)},
        {
            **_BLOCK_ID,
            "image_url": url(3_000),
            "slack_file": Shape({}, {"id": string(64, least=1), "url": url(3_000)}, (either("id", "url"),)),
            "title": plain(2_000),
        },
        (either("image_url", "slack_file"),),
    ),
    "rich_text": Shape({"elements": array(typed(RICH), 1, 1_000)}, _BLOCK_ID),
    "markdown": Shape({"text": string(MARKDOWN_LIMIT, least=1)}, _BLOCK_ID),
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


def check_blocks(blocks: Any, surface: str, at: str, found: Findings) -> None:
    """Check the blocks of one surface, each by itself and all together."""
    least = 1 if surface == "modal" else 0
    array(typed(BLOCKS, ON_SURFACE[surface]), least, BLOCK_LIMIT[surface])(blocks, at, found)
    if found:
        return
    _check_ids(blocks, at, found)
    written = sum(len(block["text"]) for block in blocks if block["type"] == "markdown")
    if written > MARKDOWN_LIMIT:
        found.add(at, f"markdown text must be less than {MARKDOWN_LIMIT + 1} characters in total")
    if sum(bool(element.get("focus_on_load")) for element in _elements(blocks)) > 1:
        found.add(at, "only one element may define `focus_on_load`")


def _check_ids(blocks: list[dict[str, Any]], at: str, found: Findings) -> None:
    seen: set[str] = set()
    for index, block in enumerate(blocks):
        block_id = block.get("block_id")
        if block_id in seen:
            found.add(f"{at}/{index}/block_id", f"`block_id` {block_id} already exists")
        elif block_id is not None:
            seen.add(block_id)


def _elements(blocks: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for block in blocks:
        for element in (block.get("accessory"), block.get("element"), *(block.get("elements") or [])):
            if isinstance(element, dict):
                yield element
