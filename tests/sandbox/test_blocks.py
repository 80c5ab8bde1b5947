"""Block Kit samples, written for this project: what Slack takes, and what it refuses for one reason each."""

from typing import Any

import pytest
from slack_sdk.models.blocks import Block

from bot.sandbox.blocks import filled, message_findings, view_findings
from bot.sandbox.blocks.elements import ELEMENTS
from bot.sandbox.blocks.surfaces import BLOCKS, ON_SURFACE
from tests.sandbox.refused import BAD_BLOCKS, BAD_VIEWS
from tests.sandbox.refused_elements import BAD_ELEMENTS
from tests.sandbox.samples import GOOD_MESSAGES, GOOD_VIEWS


def name_of(sample: Any) -> str:
    return sample[0]


@pytest.mark.parametrize("sample", GOOD_MESSAGES, ids=name_of)
def test_slack_takes_this_message(sample):
    assert message_findings(sample[1]) == []


@pytest.mark.parametrize("sample", BAD_BLOCKS + BAD_ELEMENTS, ids=name_of)
def test_slack_refuses_this_message_for_this_reason(sample):
    _, blocks, pointer, message = sample

    assert [(found.pointer, found.message) for found in message_findings(blocks)] == [(pointer, message)]


@pytest.mark.parametrize("sample", GOOD_VIEWS, ids=name_of)
def test_slack_takes_this_view(sample):
    _, surface, view = sample

    assert view_findings(view, surface=surface, app="Goshawk") == []


@pytest.mark.parametrize("sample", BAD_VIEWS, ids=name_of)
def test_slack_refuses_this_view_for_this_reason(sample):
    _, surface, view, pointer, message = sample

    found = view_findings(view, surface=surface, app="Goshawk")
    assert [(one.pointer, one.message) for one in found] == [(pointer, message)]


@pytest.mark.parametrize("sample", GOOD_MESSAGES, ids=name_of)
def test_slacks_own_models_agree_and_filling_in_keeps_it_good(sample):
    full = filled(sample[1])

    for block in sample[1]:
        if block["type"] in {"markdown", "alert"} or "slack_file" in block:
            continue
        parsed = Block.parse(block)
        assert parsed is not None
        parsed.validate_json()
    assert message_findings(full) == []
    assert all(block["block_id"] for block in full)


def test_every_block_and_element_has_samples():
    shown = [block for _, blocks in GOOD_MESSAGES for block in blocks]
    shown += [block for _, _, view in GOOD_VIEWS for block in view["blocks"]]
    elements = [
        element["type"]
        for block in shown
        for element in (block.get("accessory"), block.get("element"), *(block.get("elements") or []))
        if isinstance(element, dict)
    ]

    assert {block["type"] for block in shown} == set(BLOCKS)
    assert set(ELEMENTS) <= set(elements)


def test_each_surface_refuses_what_belongs_to_another():
    block = {"type": "markdown", "text": "x"}
    alert = {"type": "alert", "text": {"type": "plain_text", "text": "x"}}

    assert "markdown" not in ON_SURFACE["modal"] | ON_SURFACE["home"]
    assert [found.message for found in message_findings([alert])] == ["unsupported type: alert"]
    home = {"type": "home", "blocks": [block]}
    assert [one.message for one in view_findings(home, surface="home", app="A")] == ["unsupported type: markdown"]
