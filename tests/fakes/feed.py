"""A platform that does what a test wrote down, and keeps a ledger of what really stands on it."""

from __future__ import annotations

from collections import deque
from collections.abc import AsyncIterator, Callable
from typing import Final

from bot.errors import FeedTrouble, SendDoubtful, SendLater, SendLocked, SendRefused
from bot.feeds.base import Outgoing, Page, Parent, Receipt, Said

Outcome = Callable[["WrittenFeed", Outgoing], Receipt]


class WrittenFeed:
    """Plays its script; when nothing is written it takes every reply."""

    def __init__(self, name: str = "square") -> None:
        self.name: Final = name
        self.ledger: list[Outgoing] = []
        """What the public can read."""
        self.calls: list[str] = []
        """``reply`` and ``find``, in the order they were asked."""
        self.pages: deque[Page | Exception] = deque()
        self.heard_since: list[str] = []
        self.parents: dict[str, Parent | Exception] = {}
        """What single posts say; an exception is raised, and any other post is gone."""
        self._replies: deque[Outcome] = deque()
        self._looks: deque[SendDoubtful | SendLater] = deque()

    # --- what a test writes down

    def will(self, *outcomes: Outcome) -> None:
        """Meet the next replies with these outcomes."""
        self._replies.extend(outcomes)

    def will_not_tell(self, *troubles: SendDoubtful | SendLater) -> None:
        """Meet the next looks with these troubles."""
        self._looks.extend(troubles)

    def put(self, outgoing: Outgoing) -> Receipt:
        """Let a reply stand on the platform."""
        self.ledger.append(outgoing)
        return Receipt(f"r{len(self.ledger)}", f"https://square.example/r{len(self.ledger)}")

    @property
    def texts(self) -> list[str]:
        """What the public can read, in words."""
        return [outgoing.text for outgoing in self.ledger]

    # --- the port

    async def listen(self, since: str) -> AsyncIterator[Page]:
        """Give the written pages; an exception among them is raised, and the end of the script is the end."""
        self.heard_since.append(since)
        while self.pages:
            page = self.pages.popleft()
            if isinstance(page, Exception):
                raise page
            yield page

    async def parent(self, post_id: str) -> Parent | None:
        """Give a single post."""
        self.calls.append("parent")
        found = self.parents.get(post_id)
        if isinstance(found, Exception):
            raise found
        return found

    async def reply(self, outgoing: Outgoing) -> Receipt:
        """Do what is written for this reply."""
        self.calls.append("reply")
        outcome = self._replies.popleft() if self._replies else taken
        return outcome(self, outgoing)

    async def find(self, said: Said) -> Receipt | None:
        """Look the key up in the ledger."""
        self.calls.append("find")
        if self._looks:
            raise self._looks.popleft()
        for number, one in enumerate(self.ledger, start=1):
            if one.key == said.key:
                return Receipt(f"r{number}", f"https://square.example/r{number}")
        return None

    async def aclose(self) -> None:
        """Close nothing."""


def taken(feed: WrittenFeed, outgoing: Outgoing) -> Receipt:
    """Take the reply."""
    return feed.put(outgoing)


def refused(_feed: WrittenFeed, _outgoing: Outgoing) -> Receipt:
    """Say no for good."""
    raise SendRefused("The post was deleted.")


def locked(_feed: WrittenFeed, _outgoing: Outgoing) -> Receipt:
    """Take nothing from this account any more."""
    raise SendLocked("The square takes nothing from our account: this account is temporarily locked.")


def busy(_feed: WrittenFeed, _outgoing: Outgoing) -> Receipt:
    """Apply nothing and ask to come later."""
    raise SendLater("Too many posts.", retry_after_s=30)


def lost(_feed: WrittenFeed, _outgoing: Outgoing) -> Receipt:
    """Apply nothing, and let nobody know."""
    raise SendDoubtful("The answer was lost.")


def applied_and_lost(feed: WrittenFeed, outgoing: Outgoing) -> Receipt:
    """Take the reply, and let nobody know."""
    feed.put(outgoing)
    raise SendDoubtful("The answer was lost.")


class Killed(BaseException):
    """The process ends here: nothing after it is written down."""


def killed_before(_feed: WrittenFeed, _outgoing: Outgoing) -> Receipt:
    """Die before the platform heard."""
    raise Killed


def killed_after(feed: WrittenFeed, outgoing: Outgoing) -> Receipt:
    """Die after the platform took it."""
    feed.put(outgoing)
    raise Killed


def silence(sentence: str = "The platform is silent.") -> FeedTrouble:
    """Return the trouble of a feed that cannot be read."""
    return FeedTrouble(sentence)
