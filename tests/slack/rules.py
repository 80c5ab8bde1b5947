"""Slack's rules as three readers know them: the SDK's own models, the sandbox, and whoever would be pinged."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from bot.sandbox import workspace
from bot.sandbox.blocks import refuse_bad_message, refuse_bad_view
from bot.sandbox.pings import pings
from bot.sandbox.text import CONTROL, Directory
from bot.slack.cards import Drawing

USERS, CHANNELS, GROUPS = workspace.people("Goshawk"), workspace.channels(), workspace.groups()


def sent(drawing: Drawing, *, calls: frozenset[str] = frozenset()) -> None:
    """Check a message: Slack takes it, and it pings ``calls`` and nobody else."""
    body = {"text": drawing.text, "blocks": drawing.blocks}
    refuse_bad_message(body)
    for block in Block.parse_all(drawing.blocks):
        block.to_dict()
    assert 0 < len(drawing.text) <= 4_000
    inert(body, calls=calls)


def opened(view: dict[str, Any]) -> None:
    """Check a modal or a Home: Slack takes it, and nothing in it is more than text."""
    refuse_bad_view(view, surface=view["type"], app="Goshawk")
    shape = {key: value for key, value in view.items() if key != "type"}
    View(type=view["type"], **shape).to_dict()
    inert(view)


def inert(body: dict[str, Any], *, calls: frozenset[str] = frozenset()) -> None:
    """Check that a body pings ``calls`` only, links to where we want only, and leaves no angle bracket open."""
    found = pings(body, channel=CHANNELS["C0CARE0001"], names=Directory(USERS, CHANNELS, GROUPS), by="U0GOSHAWK1")
    assert set(found.tokens) <= calls, found.tokens
    assert found.warnings == []
    for text in parsed(body):
        for control in CONTROL.finditer(text):
            assert control.group() in calls or control.group().startswith(("<!date^", *OURS)), control.group()
        assert not EVIL.intersection(link.casefold() for link in text.split())


#: Addresses that we link ourselves.
OURS = ("<https://square.example/", "<https://harbourline.slack.com/")
EVIL = frozenset({"https://evil.example", "http://evil.example"})


def parsed(node: Any) -> Iterator[str]:
    """Yield every text in which Slack looks for more than letters: mrkdwn at any depth, and the fallback text."""
    if isinstance(node, dict):
        if node.get("type") == "mrkdwn":
            assert node["verbatim"] is True
            yield node["text"]
        elif isinstance(node.get("text"), str) and "blocks" in node:
            yield node["text"]
        for value in node.values():
            yield from parsed(value)
    elif isinstance(node, list):
        for value in node:
            yield from parsed(value)
