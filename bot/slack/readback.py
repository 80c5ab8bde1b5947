"""Reads messages back after an erasure, where the team granted that right: what was emptied is looked at once more."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

from bot.domain.removed import HOME_TS
from bot.errors import SlackBusy, SlackTrouble
from bot.slack.cards import Drawing
from bot.slack.gateway import Gateway

#: Messages that are read back for one report: Slack allows about 50 such calls a minute.
#: Source: Slack docs, "conversations.replies", read 2026-11-21.
MOST: Final = 40

Expected = Callable[[str, str], Awaitable[Drawing | None]]


@dataclass(slots=True)
class Found:
    """What reading back has shown, in numbers of messages."""

    verified: int = 0
    other: int = 0
    """Those that say something else than their rows."""
    unread: Counter[str] = field(default_factory=Counter)
    """Those that could not be read, by Slack's name for the reason."""


class Readback:
    """One look at each message of an erasure; ``expected`` draws one from its rows."""

    def __init__(self, gateway: Gateway, expected: Expected) -> None:
        self._gateway = gateway
        self._expected = expected

    async def of(self, places: Sequence[tuple[str, str]]) -> Found:
        """Read messages back; a channel that may not be read, or a Slack that asks to wait, is not asked again.

        Nobody can read a Home back.
        """
        found = Found()
        shut: dict[str, str] = {}
        for number, (channel, ts) in enumerate(places):
            home = "a Home" if ts == HOME_TS else ""
            if trouble := home or shut.get(channel, "") or ("too_many" if number >= MOST else ""):
                found.unread[trouble] += 1
                continue
            try:
                verified = await self._is_as_drawn(channel, ts)
            except SlackBusy:
                shut = {one: "ratelimited" for one, _ in places}
                found.unread["ratelimited"] += 1
            except SlackTrouble as refusal:
                shut[channel] = str(getattr(refusal, "code", "")) or "no_answer"
                found.unread[shut[channel]] += 1
            else:
                found.verified += verified
                found.other += not verified
        return found

    async def _is_as_drawn(self, channel: str, ts: str) -> bool:
        """Whether a message says what its rows say; one that stands nowhere says nothing."""
        drawing = await self._expected(channel, ts)
        whole = await self._gateway.pages("conversations.replies", "messages", channel=channel, ts=ts, latest=ts)
        said = "".join(str(one.get("text", "")) for one in whole if one["ts"] == ts)
        return not said or (drawing is not None and same_words(said, drawing.text))


def same_words(one: str, other: str) -> bool:
    """Whether two texts are the same but for blanks, signs and emoji: Slack gives those back by their names."""
    plain = [re.sub(r":[a-z0-9_+-]+:|[\W_]", "", text.casefold()) for text in (one, other)]
    return plain[0] == plain[1]
