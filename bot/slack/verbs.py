"""What can be typed behind ``/social``: one table, from which help and the manifest are made."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from bot.domain.case import Resolution
from bot.domain.ids import CaseId
from bot.domain.staff import Staff
from bot.errors import NotAllowed
from bot.slack.cards import Drawing
from bot.slack.tools import Tools


@dataclass(frozen=True, slots=True)
class Command:
    """One command as it was typed."""

    by: Staff
    words: tuple[str, ...]
    """What follows the verb."""
    body: dict[str, Any]
    here: CaseId | None = None
    """The case in whose thread it was typed."""

    @property
    def rest(self) -> str:
        """All words behind the verb."""
        return " ".join(self.words)


Run = Callable[[Tools, Command], Awaitable[Drawing | None]]


@dataclass(frozen=True, slots=True)
class Verb:
    """One sub-command."""

    name: str
    synonyms: tuple[str, ...]
    usage: str
    about: str
    run: Run
    deed: str = ""
    """The verb that a right is asked for; empty: the name."""


_ID: Final = re.compile(r"#?(\d{1,12})")
_PERMALINK: Final = re.compile(r"/archives/([CGD][A-Z0-9]+)/p(\d{10})(\d{6})")
_SPAN: Final = re.compile(r"(\d{1,4})\s*(m|min|minutes?|h|hours?|d|days?)", re.IGNORECASE)
_MORNING: Final = "morning"
_MENTIONED: Final = re.compile(r"<@([UW][A-Z0-9]+)(?:\|[^>]*)?>")

#: Words that staff type for a resolution.
RESOLUTIONS: Final[dict[str, Resolution]] = {
    "answered": Resolution.ANSWERED,
    "done": Resolution.ANSWERED,
    "no": Resolution.NO_ACTION,
    "no-action": Resolution.NO_ACTION,
    "noaction": Resolution.NO_ACTION,
    "duplicate": Resolution.DUPLICATE,
    "spam": Resolution.SPAM,
    "not-about-us": Resolution.NOT_ABOUT_US,
    "unrelated": Resolution.NOT_ABOUT_US,
    "handed": Resolution.HANDED_OVER,
    "handed-over": Resolution.HANDED_OVER,
}

#: Cases that one command may name: they are all done before Slack stops waiting for the ack.
MOST: Final = 50

KNOWN_RESOLUTIONS: Final = "answered, no-action, duplicate, spam, not-about-us, handed-over"


async def one_case(tools: Tools, said: Command) -> tuple[CaseId, tuple[str, ...]]:
    """Return the case a command names, and the words behind it.

    Raises:
        NotAllowed: none was named.
    """
    if said.words and (found := await case_of(tools, said.words[0])):
        return found, said.words[1:]
    if said.here is not None:
        return said.here, said.words
    raise NotAllowed("Name a case by its number, for instance 12. `/social queue` lists them.")


async def some_cases(tools: Tools, said: Command) -> tuple[list[CaseId], tuple[str, ...]]:
    """Return all cases named in a row, and the words behind them.

    Raises:
        NotAllowed: none was named, or more than ``MOST``.
    """
    words = list(said.words)
    found: list[CaseId] = []
    while words and (case_id := await case_of(tools, words[0])):
        if len(found) == MOST:
            raise NotAllowed(f"At most {MOST} cases at once. Nothing was done.")
        found.append(case_id)
        words.pop(0)
    if not found:
        case_id, rest = await one_case(tools, said)
        return [case_id], rest
    return list(dict.fromkeys(found)), tuple(words)


async def case_of(tools: Tools, word: str) -> CaseId | None:
    """Return the case of ``12``, ``#12`` or the address of its card or its post; None for any other word."""
    bare = word.strip("<>").split("|")[0]
    if found := _ID.fullmatch(bare):
        return CaseId(int(found[1]))
    if link := _PERMALINK.search(bare):
        return await tools.board.case_of_card(link[1], f"{link[2]}.{link[3]}")
    return await tools.board.case_of_url(bare) if bare.startswith("http") else None


def span_of(words: Sequence[str]) -> tuple[timedelta | None, str]:
    """Return the span of ``2h``, ``30 min`` or ``1d``, None for the next business morning, and the note behind it.

    Raises:
        NotAllowed: it is no span.
    """
    if not words or words[0].casefold() == _MORNING:
        return None, " ".join(words[1:])
    for many in (2, 1):
        if found := _SPAN.fullmatch(" ".join(words[:many])):
            unit = {"m": "minutes", "h": "hours", "d": "days"}[found[2][0].lower()]
            return timedelta(**{unit: int(found[1])}), " ".join(words[many:])
    raise NotAllowed(f"I don't understand {words[0]} as a time. Write 30m, 2h, 1d or morning.")


def resolution_of(words: Sequence[str]) -> tuple[Resolution, str]:
    """Return the resolution named first, and the note behind it; "answered" when none is named.

    Raises:
        NotAllowed: the word is no reason.
    """
    if not words:
        return Resolution.ANSWERED, ""
    first = words[0].casefold()
    rest = words[1:]
    if first == "not" and [word.casefold() for word in words[1:3]] == ["about", "us"]:
        return Resolution.NOT_ABOUT_US, " ".join(words[3:])
    if first not in RESOLUTIONS:
        raise NotAllowed(f"{words[0]} is no reason. Write one of: {KNOWN_RESOLUTIONS}.")
    if first in {"no", "handed"} and rest and rest[0].casefold() in {"action", "over"}:
        rest = rest[1:]
    return RESOLUTIONS[first], " ".join(rest)


async def somebody(tools: Tools, word: str) -> Staff:
    """Return the person that a command mentions.

    Raises:
        NotAllowed: nobody is mentioned.
    """
    found = _MENTIONED.fullmatch(word)
    if found is None:
        raise NotAllowed("Mention the person with @, for instance @ana.")
    return await tools.directory.staff(found[1])
