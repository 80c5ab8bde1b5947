"""The port of every feed: pages in, one reply out. Dicts of a platform never pass it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from bot.domain.mention import Mention
from bot.errors import SendRefused


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Some mentions, oldest first, and where to go on once they are stored.

    A page without mentions says that the platform was read and had nothing new.
    """

    mentions: tuple[Mention, ...]
    cursor: str
    """Opaque to everybody but the feed; it comes back as ``since``."""
    edited: tuple[Mention, ...] = ()
    """Posts that were brought before and say something else now; of one that is not known nothing is made."""
    gone: tuple[str, ...] = ()
    """Ids of posts that their authors deleted. One that is not known yet is remembered: tell no stranger's."""
    skipped: Mapping[str, int] = field(default_factory=dict)
    """What was left out on purpose, by reason: own posts, empty lines."""
    rejected: Mapping[str, int] = field(default_factory=dict)
    """What could not be understood, by reason."""
    examples: tuple[str, ...] = ()
    """A sentence each for the first few rejects, naming the line."""
    notes: Mapping[str, int] = field(default_factory=dict)
    """What was mended in mentions that are here, by reason: an impossible date, a stray byte."""

    @property
    def read(self) -> int:
        """How many posts were looked at: every one is a mention, changed, gone, skipped or rejected."""
        told = len(self.mentions) + len(self.edited) + len(self.gone)
        return told + sum(self.skipped.values()) + sum(self.rejected.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Parent:
    """The post that a mention answers."""

    handle: str
    """Who wrote it, without an at-sign."""
    text: str
    public: bool
    """Whether everybody can read it there; if not, it is shown to nobody who may not read what is private."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One answer of ours, whether it stands on the platform or not.

    Who reads it cannot be chosen: that, like the place, follows from the mention
    it answers, so no private one can be answered in public.
    """

    key: str
    """Idempotency key: the same on every try."""
    text: str
    answers: Mention

    @property
    def post_id(self) -> str:
        """The post that is answered."""
        return self.answers.post_id

    @property
    def thread(self) -> str:
        """The conversation that it stands in."""
        return self.answers.thread

    @property
    def private(self) -> bool:
        """Only the author may read it."""
        return self.answers.private


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing(Said):
    """An answer that is about to leave, exactly as a person approved it.

    In a private case there is none to a public post: what only its author may
    read could stand in the answer.
    """

    closed: bool
    """Its case is private."""

    def __post_init__(self) -> None:
        """Refuse what cannot be.

        Raises:
            SendRefused: the case is private, and everybody could read the answer.
        """
        if self.closed and not self.private:
            raise SendRefused("The case is private now, and this answers a public post of it. Nothing was sent.")


@dataclass(frozen=True, slots=True)
class Receipt:
    """The platform's word that a reply stands there."""

    remote_id: str
    url: str


class Feed(Protocol):
    """One source of mentions."""

    @property
    def name(self) -> str:
        """The name in the configuration."""
        ...

    def listen(self, since: str) -> AsyncIterator[Page]:
        """Yield pages after the cursor ``since`` (empty: from the beginning), for ever or to the end.

        Raises:
            FeedTrouble: the platform could not be read; the listener comes back.
        """
        ...

    async def parent(self, post_id: str) -> Parent | None:
        """Return a post that one of the mentions answers; None when it is gone, or cannot be asked for here.

        Raises:
            FeedTrouble: the platform could not be read.
        """
        ...

    async def reply(self, outgoing: Outgoing) -> Receipt:
        """Put one answer on the platform.

        Raises:
            SendRefused: the platform said no for good.
            SendLater: surely not applied.
            SendDoubtful: it may have been applied; ``find`` before any second try.
        """
        ...

    async def find(self, said: Said) -> Receipt | None:
        """Return the receipt when that reply stands on the platform already.

        Raises:
            SendLater: the platform could not be asked.
            SendDoubtful: this platform cannot be asked at all.
        """
        ...

    async def aclose(self) -> None:
        """Close what was opened."""
        ...


class ReadOnly:
    """The answering half of a feed that cannot answer."""

    async def parent(self, post_id: str) -> Parent | None:
        """Tell nothing: single posts cannot be asked for."""
        del post_id
        return None

    async def reply(self, outgoing: Outgoing) -> Receipt:
        """Refuse: answers are given on the site itself."""
        raise SendRefused(f"Post {outgoing.post_id} can only be answered on the site itself.")

    async def find(self, said: Said) -> Receipt | None:
        """Find nothing: nothing was ever sent."""
        del said
        return None

    async def aclose(self) -> None:
        """Close nothing."""
