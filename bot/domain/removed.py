"""Words that are not kept any more: why, what stands in their place, and what was done about them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from bot.domain.ids import CaseId, ErasureId, MentionId, StaffId

#: What stands for somebody whose words were removed. No network takes brackets in a handle, so nobody is called that.
NOBODY: Final = "(removed)"
#: What stands for the moment of a Home, which has none; its channel is the person.
HOME_TS: Final = "home"
#: What the id of a removed post begins with: its hash still tells a twin.
MARK: Final = "removed:"


class Removed(StrEnum):
    """Why the words of a mention, or of a whole case, are gone."""

    DELETED = "deleted"
    """By their author, on the platform: who wrote is still known."""
    EXPIRED = "expired"
    """They were older than the team keeps them."""
    ERASED = "erased"
    """Their author asked for it."""


class CopyOf(StrEnum):
    """What a message in Slack is that holds words of a stranger."""

    CARD = "card"
    LINE = "line"
    """In the thread of a card, or in the channel where nobody had the case."""
    TIER = "tier"
    ROLLUP = "rollup"
    DIRECT = "direct"
    """A private answer where there was no channel to whisper in."""
    BOARD = "board"
    """Of a storm: a row for each case that it quotes, and one for itself."""
    HOME = "home"
    """Somebody's Home, which stands as it was published until they look again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """One thing in one message of ours: a roll-up has a row for each mention, a tier's message for each case."""

    id: int = 0
    channel: str
    ts: str
    what: CopyOf
    at: datetime
    case_id: CaseId | None = None
    ref: int = 0
    """The mention, escalation or event that it shows."""
    line: str = ""
    """Which line of a thread it is."""
    removed: Removed | None = None
    """Why it shall show less; None: nobody asked."""
    erasure_id: ErasureId | None = None
    """Who asks for an erasure is told what became of each message."""
    redrawn_at: datetime | None = None
    trouble: str = ""
    """Slack's name for why it stands as it did."""


@dataclass(frozen=True, slots=True)
class Naming:
    """One row that names a person."""

    kind: str
    """What it is to those who read of it, in the singular."""
    case_id: CaseId | None = None
    mention_id: MentionId | None = None
    """The mention that it is, or answers."""
    ours: bool = False
    """Somebody of us wrote it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Erasure:
    """One request to erase a person. It names nobody but who asked."""

    id: ErasureId
    by: StaffId
    by_name: str
    at: datetime
    mentions: int = 0
    cases: int = 0
    messages: int = 0
    told_at: datetime | None = None


def sentence(why: Removed, *, days: int = 0) -> str:
    """Return what stands in the place of the words."""
    return {
        Removed.DELETED: "(The author deleted this post.)",
        Removed.EXPIRED: f"(Removed after {days} days.)" if days else "(Removed: it was old.)",
        Removed.ERASED: "(Erased on request.)",
    }[why]


def hidden_id(platform: str, post_id: str) -> str:
    """Return what is kept of a removed post's id: enough to know it when it comes again, not to find it."""
    if post_id.startswith(MARK) or not post_id:
        return post_id
    return MARK + hashlib.sha256(f"{platform}\0{post_id}".encode()).hexdigest()


def trace(feed: str, post_id: str, words: str = "") -> str:
    """Return what is remembered of a post that is gone, or of words of it that are: known when they come late."""
    return hashlib.sha256(f"{feed}\0{post_id}\0{' '.join(words.split())}".encode()).hexdigest()
