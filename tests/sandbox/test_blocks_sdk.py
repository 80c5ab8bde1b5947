"""The sandbox's limits against those of Slack's own SDK, which were written down by other people."""

from collections.abc import Callable
from typing import Any

import pytest
from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models.blocks import Block, basic_components, block_elements, blocks
from slack_sdk.models.views import View

from bot.sandbox.blocks import findings
from tests.sandbox.samples import (
    BOXES,
    DAY,
    DIVIDER,
    GROUPED,
    IMAGE,
    LINE,
    OVERFLOW,
    actions,
    context,
    head,
    mrkdwn,
    option,
    options,
    picture,
    plain,
    question,
    section,
    select,
)
from tests.sandbox.stage import button, field, modal
from tests.sandbox.test_blocks import BAD, GOOD, name_of

#: Good samples that the SDK refuses, and why the sandbox takes them.
SDK_REFUSES = {
    "home: an empty Home": "the SDK wants a block in every view; Slack's page on Home names no least number",
}

#: Bad samples that the SDK lets through, and what it does not look at.
SDK_TAKES = {
    "blocks: header of mrkdwn": "the type of a text in its place",
    "blocks: unknown key": "keys it does not know: it warns and drops them",
    "blocks: section empty": "empty texts",
    "blocks: 51 blocks": "counts over a message",
    "blocks: alert in a message": "which surface takes a type",
    "blocks: the same action twice in a block": "unique action_ids",
    "blocks: the same block_id twice": "unique block_ids",
    "blocks: the same value twice": "unique values of options",
    "blocks: select of nothing": "least numbers, but for overflow",
    "blocks: checkboxes of eleven": "the ten of checkboxes and radio buttons",
    "blocks: input max_length 3,001": "numbers of a text field",
    "blocks: an indent of 9": "rich text",
    "modal: alert too long": "the length of an alert",
    "modal: input without submit": "what a modal needs for its inputs",
}


def sdk_takes(kind: str, payload: Any) -> bool:
    """Say whether the SDK's models build this and take it for valid."""
    try:
        if kind in {"modal", "home"}:
            View(**payload).to_dict()
        else:
            for block in payload:
                parsed = Block.parse(block)
                assert parsed is not None
                parsed.to_dict()
    except (SlackObjectFormationError, AssertionError, TypeError):
        return False
    return True


@pytest.mark.parametrize("sample", [one for one in GOOD if one[1] != "attachments"], ids=name_of)
def test_the_sdk_takes_what_the_sandbox_takes(sample):
    assert sdk_takes(*sample[1:]) == (name_of(sample) not in SDK_REFUSES)


@pytest.mark.parametrize("name", SDK_TAKES)
def test_the_sandbox_is_stricter_than_the_sdk(name):
    [sample] = [one for one in BAD if name_of(one) == name]

    assert sdk_takes(*sample[1:3])


def text(size: int) -> str:
    return "a" * size


Build = Callable[[int], Any]
ELEMENT, BLOCK, PART = block_elements, blocks, basic_components

LIMITS: list[tuple[str, int, Build]] = [
    ("section text", BLOCK.SectionBlock.text_max_length, lambda n: section(text=plain(text(n)))),
    ("section fields", BLOCK.SectionBlock.fields_max_length, lambda n: section(fields=[plain()] * n)),
    ("header", BLOCK.HeaderBlock.text_max_length, lambda n: head(plain(text(n)))),
    ("block_id", Block.block_id_max_length, lambda n: DIVIDER | {"block_id": text(n)}),
    ("context", BLOCK.ContextBlock.elements_max_length, lambda n: context(*[mrkdwn()] * n)),
    ("actions", BLOCK.ActionsBlock.elements_max_length, lambda n: actions(*[button(f"b{one}") for one in range(n)])),
    ("label", BLOCK.InputBlock.label_max_length, lambda n: field("b", LINE, label=plain(text(n)))),
    ("hint", BLOCK.InputBlock.hint_max_length, lambda n: field("b", LINE, hint=plain(text(n)))),
    ("alt text", BLOCK.ImageBlock.alt_text_max_length, lambda n: picture(alt_text=text(n))),
    ("image title", BLOCK.ImageBlock.title_max_length, lambda n: picture(title=plain(text(n)))),
    ("image url", BLOCK.ImageBlock.image_url_max_length, lambda n: picture(image_url="https://a/" + text(n - 10))),
    ("markdown", BLOCK.MarkdownBlock.text_max_length, lambda n: {"type": "markdown", "text": text(n)}),
    ("small image", ELEMENT.ImageElement.alt_text_max_length, lambda n: context(IMAGE | {"alt_text": text(n)})),
    ("action_id", ELEMENT.InteractiveElement.action_id_max_length, lambda n: actions(button(text(n)))),
    ("button", ELEMENT.ButtonElement.text_max_length, lambda n: actions(button(text=plain(text(n))))),
    ("button value", ELEMENT.ButtonElement.value_max_length, lambda n: actions(button(value=text(n)))),
    ("button url", ELEMENT.ButtonElement.url_max_length, lambda n: actions(button(url="https://a/" + text(n - 10)))),
    ("options", ELEMENT.StaticSelectElement.options_max_length, lambda n: actions(select(options=options(n)))),
    (
        "groups",
        ELEMENT.StaticSelectElement.option_groups_max_length,
        lambda n: actions(
            GROUPED | {"option_groups": [{"label": plain(), "options": [option(f"{one}")]} for one in range(n)]}
        ),
    ),
    (
        "placeholder",
        ELEMENT.InputInteractiveElement.placeholder_max_length,
        lambda n: actions(DAY | {"placeholder": plain(text(n))}),
    ),
    (
        "overflow",
        ELEMENT.OverflowMenuElement.options_max_length,
        lambda n: actions(OVERFLOW | {"options": options(n)}),
    ),
    (
        "option text",
        PART.Option.label_max_length,
        lambda n: actions(BOXES | {"options": [option(text=plain(text(n)))]}),
    ),
    ("option value", PART.Option.value_max_length, lambda n: actions(select(options=[option() | {"value": text(n)}]))),
    (
        "group label",
        PART.OptionGroup.label_max_length,
        lambda n: actions(GROUPED | {"option_groups": [{"label": plain(text(n)), "options": options(1)}]}),
    ),
    (
        "group options",
        PART.OptionGroup.options_max_length,
        lambda n: actions(GROUPED | {"option_groups": [{"label": plain(), "options": options(n)}]}),
    ),
    *[
        (
            f"question: {name}",
            getattr(PART.ConfirmObject, f"{name}_max_length"),
            lambda n, name=name: actions(button(confirm=question(**{name: plain(text(n))}))),
        )
        for name in ("title", "text", "confirm", "deny")
    ],
]

VIEW_LIMITS: list[tuple[str, int, Build]] = [
    ("blocks", View.blocks_max_length, lambda n: modal(*[DIVIDER] * n)),
    ("title", View.title_max_length, lambda n: modal(title=plain(text(n)))),
    ("submit", View.submit_max_length, lambda n: modal(submit=plain(text(n)))),
    ("close", View.close_max_length, lambda n: modal(close=plain(text(n)))),
    ("private_metadata", View.private_metadata_max_length, lambda n: modal(private_metadata=text(n))),
    ("callback_id", View.callback_id_max_length, lambda n: modal(callback_id=text(n))),
]


@pytest.mark.parametrize(("name", "most", "build"), LIMITS + VIEW_LIMITS, ids=[one[0] for one in LIMITS + VIEW_LIMITS])
def test_both_set_the_same_limit(name, most, build):
    def found(size):
        payload = build(size)
        return findings("modal", payload) if payload["type"] == "modal" else findings("blocks", [payload])

    assert found(most) == []
    assert len(found(most + 1)) == 1
