"""Who presses the buttons, and whether they belong to the house."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from bot.domain.ids import StaffId


class Standing(StrEnum):
    """What Slack says of a person in our workspace."""

    MEMBER = "member"
    GUEST = "guest"
    BOT = "bot"
    STRANGER = "stranger"
    """Of another workspace, or deactivated."""


@dataclass(frozen=True, slots=True)
class Staff:
    """A person in Slack."""

    id: StaffId
    name: str
    """First name or display name, as colleagues call them."""
    standing: Standing = Standing.MEMBER
    groups: frozenset[str] = frozenset()
    """Ids of the Slack user groups they are in (S...)."""
    is_owner: bool = False
    """An owner or admin of the workspace."""
    reads_private: bool = False
    """In the private channel at this moment: whoever is not reads no private words, wherever they stand."""
