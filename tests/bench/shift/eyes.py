"""What a person sees in a channel: cards as they stand, by their words and buttons alone."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

import orjson

from bot.sandbox.messages import Message
from bot.sandbox.server import Sandbox
from tests.stories.stage import elements, text_of


def case_of(message: Message) -> int:
    """Return the case whose card a message is, by its foot and its buttons; 0 when it is none."""
    blocks = orjson.loads(message.blocks)
    foot = re.match(r"\s*case `(\d+)`", text_of(blocks[-1])) if blocks else None
    return int(foot[1]) if foot and any(block["type"] == "actions" for block in blocks) else 0


@dataclass(frozen=True)
class Seen:
    """One card, as it reads now."""

    channel: str
    ts: str
    case: int
    words: str
    priority: str
    holder: str
    """Who has the case, by the name on the card; empty: nobody."""
    buttons: frozenset[str] = field(default_factory=frozenset)
    menu: dict[str, str] = field(default_factory=dict)

    @property
    def message(self) -> dict[str, Any]:
        """What a press needs to know."""
        return {"channel": self.channel, "ts": self.ts}

    @property
    def is_free(self) -> bool:
        return "*Unclaimed*" in self.words

    @property
    def is_doubtful(self) -> bool:
        return "case.arrived" in self.buttons

    @property
    def wants_an_answer(self) -> bool:
        return "*Claimed by " in self.words and "case.reply" in self.buttons

    @property
    def was_answered(self) -> bool:
        """Nobody waits: what is free stands here for its end only."""
        return "*Replied by " in self.words and "due <!date" not in self.words

    @property
    def is_answered(self) -> bool:
        return "*Replied, waiting*" in self.words and "case.resolve" in self.buttons


class Eyes:
    """Reads what the sandbox would show; a card that did not change is read once."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.world = sandbox._world
        self._read: dict[tuple[str, str], tuple[bytes, Seen | None]] = {}

    def cards(self, channel: str) -> list[Seen]:
        """Return the cards of a channel, oldest first."""
        found = (self._seen(message) for message in self.world.messages.of(channel) if not message.for_user)
        return [card for card in found if card]

    def card(self, seen: Seen) -> Seen | None:
        """Look at the same card once more; None when it is gone."""
        message = self.world.messages.get(seen.channel, seen.ts)
        return self._seen(message) if message else None

    def windows(self, person: str) -> list[Any]:
        """Return the windows that a person has open, the topmost last."""
        return list(self.world.views.stacks.get(person, []))

    def _seen(self, message: Message) -> Seen | None:
        key = (message.channel, message.ts)
        blocks, seen = self._read.get(key, (b"", None))
        if blocks is not message.blocks:
            seen = None if message.thread_ts else _read(message)
            self._read[key] = (message.blocks, seen)
        return seen


def _read(message: Message) -> Seen | None:
    drawn = {"blocks": orjson.loads(message.blocks)}
    words, found = text_of(drawn), elements(drawn)
    case = case_of(message)
    if not case:
        return None
    menu = {one["text"]["text"]: one["value"] for control in found for one in control.get("options", ())}
    holder = re.search(r"\*(?:Claimed by ([^*]+)\*|Replied, waiting\* · (\S+))", words)
    priority = re.search(r"\bP[1-4]\b", words)
    return Seen(
        channel=message.channel,
        ts=message.ts,
        case=case,
        words=words,
        priority=priority[0] if priority else "P4",
        holder=(holder[1] or holder[2]) if holder else "",
        buttons=frozenset(control["action_id"] for control in found),
        menu=menu,
    )
