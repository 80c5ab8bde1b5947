"""Who may do what: one question, asked by every verb, denied by default."""

from __future__ import annotations

from typing import Final

from bot.domain.staff import Staff, Standing
from bot.errors import NotAllowed

_WHY: Final = {
    Standing.GUEST: "guests of this workspace can read the cards, but not act for the brand",
    Standing.BOT: "bots cannot act for the brand",
    Standing.STRANGER: "people of other workspaces cannot act for the brand",
}


def may(staff: Staff, verb: str) -> None:
    """Let full members of the workspace through.

    Raises:
        NotAllowed: anybody else; the text says why and whom to ask.
    """
    if staff.standing is not Standing.MEMBER:
        raise NotAllowed(f"You can't {verb} here: {_WHY[staff.standing]}. Ask a full member of the team.")


def may_hold(staff: Staff) -> None:
    """Let a case be given to full members only.

    Raises:
        NotAllowed: it is anybody else; the text says why.
    """
    if staff.standing is not Standing.MEMBER:
        raise NotAllowed(f"{staff.name} can't be given cases: {_WHY[staff.standing]}.")
