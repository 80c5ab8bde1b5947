"""What we say in public: written by a person, sent once."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Final

from bot.domain.ids import CaseId, MentionId, ReplyId, StaffId
from bot.domain.mention import Terms
from bot.errors import NotAllowed


class ReplyState(StrEnum):
    """Where a reply stands."""

    DRAFT = "draft"
    QUEUED = "queued"
    """Approved by Send; waits for its undo window to pass."""
    UNDONE = "undone"
    """Taken back in its undo window; its text lives on in a new draft."""
    SENDING = "sending"
    """The call may be under way: whoever finds it so must look before sending."""
    SENT = "sent"
    REFUSED = "refused"
    """The platform said no; the text is kept."""
    UNKNOWN = "unknown"
    """Nobody can tell whether it arrived: a person decides, never the machine."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """One answer to one mention."""

    id: ReplyId
    case_id: CaseId
    mention_id: MentionId
    by: StaffId
    by_name: str
    text: str
    state: ReplyState = ReplyState.DRAFT
    resolves: bool = False
    """Resolve the case as answered once it is sent."""
    private: bool = False
    """The audience: a private mention is answered in private, always."""
    written_at: datetime
    send_at: datetime | None = None
    tried_at: datetime | None = None
    sent_at: datetime | None = None
    remote_id: str = ""
    remote_url: str = ""
    trouble: str = ""
    """Why it was refused or is in doubt, in the platform's words."""

    open_since: datetime | None = None
    """Since when its writer has the window open; colleagues see that."""
    @property
    def key(self) -> str:
        """Return the idempotency key: the same on every try of this reply."""
        return f"goshawk-reply-{self.id}-{self.written_at:%Y%m%d%H%M%S%f}"

    def queued(self, *, send_at: datetime, resolves: bool) -> Reply:
        """Approve it: it leaves when the undo window ends.

        Raises:
            NotAllowed: it left the draft already.
        """
        if self.state is not ReplyState.DRAFT:
            raise NotAllowed("This reply is on its way already. Nothing was sent twice.")
        return replace(self, state=ReplyState.QUEUED, send_at=send_at, resolves=resolves)

    def undone(self) -> Reply:
        """Take it back before it left.

        Raises:
            NotAllowed: it left already.
        """
        if self.state is not ReplyState.QUEUED:
            raise NotAllowed("Too late to undo: this reply has left or was never queued.")
        return replace(self, state=ReplyState.UNDONE)

    @property
    def under_way(self) -> bool:
        """Whether it may still reach the public, or may stand there already: no second one beside it."""
        return self.state in {ReplyState.QUEUED, ReplyState.SENDING, ReplyState.UNKNOWN}


#: Hosts that hide where a link leads.
_SHORTENERS: Final = ("bit.ly/", "tinyurl.com/", "goo.gl/", "ow.ly/", "is.gd/", "t.ly/")
_EMAIL: Final = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}\.[\w.-]{2,63}")
_LONG_NUMBER: Final = re.compile(r"\d(?:[ -]?\d){8,18}")


def warnings_of(text: str) -> list[str]:
    """Return what a person should look at twice before this text becomes public."""
    letters = [sign for sign in text if sign.isalpha()]
    shouts = len(letters) > 20 and sum(sign.isupper() for sign in letters) > len(letters) * 0.6
    found = {
        "It is written in capitals.": shouts,
        "It holds a shortened link: nobody sees where it leads.": any(host in text.casefold() for host in _SHORTENERS),
        "It holds an e-mail address.": bool(_EMAIL.search(text)),
        "It holds a long number: a card, a telephone or a booking?": bool(_LONG_NUMBER.search(text)),
    }
    return [warning for warning, applies in found.items() if applies]


def text_trouble(text: str, terms: Terms) -> str:
    """Return why ``text`` cannot be a reply under ``terms``; empty when it can.

    Length counts code points. A network that counts some signs double has the
    last word: its refusal gives the text back to its writer.
    """
    if not text.strip():
        return "Write the reply first."
    if (over := len(text) - terms.limit) > 0:
        return f"{over} characters too long: {len(text)} of {terms.limit}."
    return ""
