"""What we say in public: written by a person, sent once."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from bot.domain.approval import text_hash
from bot.domain.event import Event, Happening, event
from bot.domain.ids import CaseId, MentionId, ReplyId, StaffId
from bot.domain.mention import Terms
from bot.domain.staff import Staff
from bot.domain.voice import unfilled
from bot.errors import NotAllowed


class ReplyState(StrEnum):
    """Where a reply stands."""

    DRAFT = "draft"
    AWAITING = "awaiting approval"
    """A second person has to read it first; it does not keep anybody from writing."""
    REJECTED = "rejected"
    """Not approved; its text lives on in a new draft, with the approver's words."""
    QUEUED = "queued"
    """Approved by Send, or by a second person; waits for its undo window to pass."""
    UNDONE = "undone"
    """Taken back before it left; its text lives on in a new draft."""
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
    open_since: datetime | None = None
    """Since when its writer has the window open; colleagues see that."""
    send_at: datetime | None = None
    tried_at: datetime | None = None
    sent_at: datetime | None = None
    remote_id: str = ""
    remote_url: str = ""
    trouble: str = ""
    """Why it was refused, held back or is in doubt; in a draft, what an approver said of it or why it came back."""
    asked_at: datetime | None = None
    """When its writer asked for approval; None where none was needed."""
    asked_for: str = ""
    """Why it needs approval."""
    text_hash: str = ""
    """What the approval is bound to: any other text needs a new one."""
    approver: StaffId | None = None
    """Who decided about it, never its writer."""
    approver_name: str = ""
    approved_at: datetime | None = None
    read_at: datetime | None = None
    """When its writer last had the mention in front of them."""

    @property
    def writer(self) -> Staff:
        """Return who wrote it."""
        return Staff(self.by, self.by_name)

    @property
    def key(self) -> str:
        """Return the idempotency key: the same on every try of this reply."""
        return f"goshawk-reply-{self.id}-{self.written_at:%Y%m%d%H%M%S%f}"

    def queued(self, *, send_at: datetime, resolves: bool) -> Reply:
        """Send it: it leaves when the undo window ends.

        Raises:
            NotAllowed: it left the draft already.
        """
        return replace(self._sent_once(), state=ReplyState.QUEUED, send_at=send_at, resolves=resolves, trouble="")

    def asked(self, *, at: datetime, why: str, account: str, resolves: bool) -> Reply:
        """Ask for approval of this exact text.

        Raises:
            NotAllowed: it left the draft already.
        """
        asked = replace(self._sent_once(), state=ReplyState.AWAITING, asked_at=at, asked_for=why, trouble="")
        return replace(asked, text_hash=asked.hash_as(account), resolves=resolves)

    def approved(self, *, by: Staff, at: datetime, send_at: datetime, account: str) -> Reply:
        """Let it leave when the undo window ends.

        Raises:
            NotAllowed: it does not wait any more, ``by`` wrote it, or it is not what was asked about.
        """
        self.refuse_decided()
        if by.id == self.by:
            raise NotAllowed("You wrote this, so somebody else has to approve it.")
        if self.hash_as(account) != self.text_hash:
            raise NotAllowed(f"This is not what {self.by_name} asked about any more. Reject it; nothing was sent.")
        decided = replace(self, approver=by.id, approver_name=by.name, approved_at=at)
        return replace(decided, state=ReplyState.QUEUED, send_at=send_at)

    def rejected(self, *, by: Staff, words: str) -> Reply:
        """Keep it from leaving, with words for its writer.

        Raises:
            NotAllowed: it does not wait any more.
        """
        self.refuse_decided()
        return replace(self, state=ReplyState.REJECTED, approver=by.id, approver_name=by.name, trouble=words)

    def undone(self) -> Reply:
        """Take it back before it left.

        Raises:
            NotAllowed: it left already.
        """
        if self.state not in {ReplyState.QUEUED, ReplyState.AWAITING}:
            raise NotAllowed("Too late to undo: this reply has left or was never queued.")
        return replace(self, state=ReplyState.UNDONE)

    def again(self, *, at: datetime, said: str = "") -> Reply:
        """Return a fresh draft with the same words, approved by nobody; ``said`` is what an approver said of it."""
        return Reply(
            id=ReplyId(0),
            case_id=self.case_id,
            mention_id=self.mention_id,
            by=self.by,
            by_name=self.by_name,
            text=self.text,
            private=self.private,
            written_at=at,
            trouble=said,
        )

    def hash_as(self, account: str) -> str:
        """Return what an approval of it as ``account`` is bound to."""
        return text_hash(self.text, mention_id=self.mention_id, account=account, private=self.private)

    def _sent_once(self) -> Reply:
        if self.state is not ReplyState.DRAFT:
            raise NotAllowed("This reply is on its way already. Nothing was sent twice.")
        return replace(self, open_since=None)

    def refuse_decided(self) -> None:
        """Refuse to decide twice.

        Raises:
            NotAllowed: it does not wait for approval any more; the text says who decided.
        """
        if self.state is ReplyState.AWAITING:
            return
        if self.state is ReplyState.UNDONE:
            raise NotAllowed(f"{self.trouble or f'{self.by_name} took this back.'} Nothing was done.")
        done = "rejected" if self.state is ReplyState.REJECTED else "approved"
        raise NotAllowed(f"{self.approver_name or self.by_name} {done} this already. Nothing was done.")

    @property
    def is_open(self) -> bool:
        """Whether its writer has the window open."""
        return self.state is ReplyState.DRAFT and self.open_since is not None

    @property
    def under_way(self) -> bool:
        """Whether it may still reach the public, or may stand there already: no second one beside it."""
        return self.state in {ReplyState.QUEUED, ReplyState.SENDING, ReplyState.UNKNOWN}


def event_of(reply: Reply, what: Happening, *, at: datetime, by: Staff | None = None, detail: str = "") -> Event:
    """Return the timeline line for what became of a reply: its number, the print of its text, the platform's id."""
    told = event(reply.case_id, what, at=at, by=by, detail=detail or str(reply.id))
    return replace(told, text_hash=hashlib.sha256(reply.text.encode()).hexdigest(), remote_id=reply.remote_id)


def text_trouble(text: str, terms: Terms) -> str:
    """Return why ``text`` cannot be a reply under ``terms``; empty when it can.

    Length counts code points. A network that counts some signs double has the
    last word: its refusal gives the text back to its writer.
    """
    if not text.strip():
        return "Write the reply first."
    if left := unfilled(text):
        return f"Put something in the place of {left}, or take it out."
    if (over := len(text) - terms.limit) > 0:
        return f"{over} characters too long: {len(text)} of {terms.limit}."
    return ""
