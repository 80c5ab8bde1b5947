"""Block Kit samples, written for this project: what Slack takes, and what it refuses for one reason each."""

import re
from collections import Counter
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest

from bot.sandbox.blocks import filled_message, findings, refuse_bad_message, refuse_bad_view, refuse_long_blocks
from bot.sandbox.blocks.elements import ELEMENTS
from bot.sandbox.blocks.rich import PARTS, RICH
from bot.sandbox.blocks.surfaces import BLOCKS, ON_SURFACE
from bot.sandbox.errors import Refused
from tests.sandbox.good_blocks import GOOD_BLOCKS
from tests.sandbox.good_elements import GOOD_ELEMENTS
from tests.sandbox.good_views import GOOD_VIEWS
from tests.sandbox.refused import BAD_BLOCKS
from tests.sandbox.refused_elements import BAD_ELEMENTS
from tests.sandbox.refused_views import BAD_VIEWS
from tests.sandbox.samples import ALERT, DIVIDER, context, home, mrkdwn, plain, quote, rich, said, section
from tests.sandbox.stage import CARE, modal

GOOD = [(name, "blocks", blocks) for name, blocks in GOOD_BLOCKS + GOOD_ELEMENTS] + GOOD_VIEWS
BAD = [(name, "blocks", *rest) for name, *rest in BAD_BLOCKS + BAD_ELEMENTS] + BAD_VIEWS
JS = Path(__file__).parents[2] / "bot" / "sandbox" / "static" / "js"
ROOT = {"blocks": "/blocks", "attachments": "/attachments", "modal": "/view", "home": "/view"}
ERROR = {"blocks": "invalid_blocks", "attachments": "invalid_attachments"}


def name_of(sample: Any) -> str:
    return f"{sample[1]}: {sample[0]}"


def offer(kind: str, payload: Any) -> None:
    """Give a payload to the sandbox as an app would."""
    if kind in ERROR:
        refuse_bad_message({"text": "x", kind: payload})
    else:
        refuse_bad_view(payload, surface=kind, app="Goshawk")


@pytest.mark.parametrize("sample", GOOD, ids=name_of)
def test_slack_takes_this(sample):
    _, kind, payload = sample

    offer(kind, payload)

    assert findings(kind, payload) == []


@pytest.mark.parametrize("sample", BAD, ids=name_of)
def test_slack_refuses_this_for_this_reason_only(sample):
    _, kind, payload, pointer, message = sample

    found = findings(kind, payload, at=ROOT[kind], app="Goshawk")
    with pytest.raises(Refused) as refused:
        offer(kind, payload)

    assert [(one.pointer, one.message) for one in found] == [(pointer, message)]
    assert refused.value.error == ERROR.get(kind, "invalid_arguments")
    assert refused.value.extra["response_metadata"]["messages"][-1] == f"[ERROR] {message} [json-pointer:{pointer}]"


def test_there_are_enough_samples_and_no_two_say_the_same():
    good, bad = Counter(map(name_of, GOOD)), Counter(map(name_of, BAD))
    reasons = {(pointer, message, str(payload)) for _, _, payload, pointer, message in BAD}

    assert len(good) == len(GOOD) >= 100
    assert len(bad) == len(BAD) == len(reasons) >= 100
    assert len({str(sample[1:]) for sample in GOOD}) == len(GOOD)
    assert len({(pointer, message) for *_, pointer, message in BAD}) >= 100


def parts_of(node: Any) -> list[dict[str, Any]]:
    """Return every object of a payload."""
    below = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    return ([node] if isinstance(node, dict) else []) + [part for one in below for part in parts_of(one)]


def test_every_type_has_good_samples():
    shown = {part.get("type") for _, _, payload in GOOD for part in parts_of(payload)}

    assert {*BLOCKS, *ELEMENTS, *RICH, *PARTS} <= shown


def test_the_page_draws_every_type_that_is_taken():
    drawn = "".join((JS / name).read_text() for name in ("blocks.js", "controls.js", "richtext.js"))

    for kind in {*BLOCKS, *ELEMENTS, *RICH, *PARTS}:
        assert re.search(rf"^  {kind}[:,]", drawn, re.MULTILINE), kind


@pytest.mark.parametrize("surface", ["message", "modal", "home"])
@pytest.mark.parametrize("kind", sorted(BLOCKS))
def test_each_surface_takes_its_types_at_every_size_and_no_others(surface, kind):
    views = {"modal": modal, "home": home}
    samples = [block for _, blocks in GOOD_BLOCKS for block in blocks if block["type"] == kind] or [ALERT]

    for block in samples:
        payload = [block] if surface == "message" else views[surface](block)
        found = findings("blocks" if surface == "message" else surface, payload)
        assert (found == []) == (kind in ON_SURFACE[surface])
        assert {one.message for one in found} <= {f"unsupported type: {kind}"}


@pytest.mark.parametrize("sample", GOOD_BLOCKS + GOOD_ELEMENTS, ids=lambda sample: sample[0])
def test_what_slack_fills_in_keeps_it_good(sample):
    full = filled_message({"blocks": sample[1]})["blocks"]

    assert findings("blocks", full) == []
    assert all(block["block_id"] for block in full)


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ({}, "no_text"),
        ({"text": " \n", "blocks": [], "attachments": [{}]}, "no_text"),
        ({"blocks": "divider"}, "invalid_blocks_format"),
        ({"blocks": {"type": "divider"}}, "invalid_blocks_format"),
        ({"blocks": [{}]}, "invalid_blocks"),
        ({"attachments": "x"}, "invalid_attachments"),
        ({"attachments": [{"text": "x"}] * 101}, "too_many_attachments"),
        ({"attachments": [{"fallback": "x"}]}, ""),
        ({"blocks": [DIVIDER]}, ""),
    ],
)
def test_a_message_is_refused_by_slacks_name(body, error):
    with pytest.raises(Refused, match=f"^{error}$") if error else nullcontext():
        refuse_bad_message(body)


@pytest.mark.parametrize(
    "blocks",
    [
        [section(text=mrkdwn("a" * 3_000))] * 4,
        [section(fields=[plain("a" * 1_200)] * 10)],
        [{"type": "markdown", "text": "a" * 6_000}] * 2,
        [rich(quote(*[said("a" * 1_000)] * 12))],
    ],
)
def test_all_blocks_together_say_12000_characters_at_most(blocks):
    refuse_long_blocks(blocks)

    with pytest.raises(Refused, match="msg_blocks_too_long"):
        refuse_long_blocks([*blocks, context(plain())])


@pytest.mark.parametrize("sample", GOOD_BLOCKS + GOOD_ELEMENTS, ids=lambda sample: sample[0])
def test_no_good_message_says_too_much(sample):
    refuse_long_blocks(sample[1])


async def test_a_message_that_says_too_much_is_refused_by_its_name(stage):
    answer = await stage.call("chat.postMessage", channel=CARE, blocks=[section(text=plain("a" * 3_000))] * 5)

    assert answer["error"] == "msg_blocks_too_long"


def test_a_view_above_250_kilobytes_is_too_large():
    wide = section(text=plain("a" * 3_000))

    with pytest.raises(Refused, match="view_too_large"):
        refuse_bad_view(modal(*[wide] * 90), surface="modal", app="Goshawk")
