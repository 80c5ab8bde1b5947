"""One public statement about the brand, tagged or not, as a feed brought it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

#: Longest text that is kept and judged, in characters; the rest is cut with a mark.
#: Twice a long blog article: bounds the work of ``judge`` and of one database row.
TEXT_LIMIT: Final = 20_000


class Visibility(StrEnum):
    """Who could read the mention where it stands."""

    PUBLIC = "public"
    PRIVATE = "private"
    UNKNOWN = "unknown"
    """Treated as private wherever it matters."""


class ReplyMode(StrEnum):
    """How an answer can reach the author."""

    API = "api"
    OPEN_IN_PLATFORM = "open_in_platform"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Author:
    """Who wrote it, as far as the platform tells."""

    handle: str
    """As the platform writes it, without a leading at-sign."""
    name: str = ""
    followers: int | None = None
    verified: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """On what terms an answer can be given, stated by the feed for each mention."""

    mode: ReplyMode = ReplyMode.NONE
    why: str = "answer on the site"
    """The reason in words when the mode is not ``api``."""
    account: str = ""
    """The brand's account that would speak, without an at-sign."""
    limit: int = 500
    """Longest reply, in characters as the network counts them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """What one feed read. A twin is the same ``platform`` and ``post_id``."""

    feed: str
    """Name of the feed in the configuration: where an answer goes back."""
    platform: str
    """Network as staff call it, for instance ``Mastodon``."""
    post_id: str
    author: Author
    text: str
    posted_at: datetime
    seen_at: datetime
    url: str = ""
    thread: str = ""
    """The post that began the conversation; empty when the feed does not tell."""
    answers: str = ""
    """The post that this one answers; empty for a post of its own."""
    lang: str = ""
    """Two-letter code when the platform tells; empty when it does not."""
    tagged: bool = False
    """The brand's account was named in it."""
    visibility: Visibility = Visibility.UNKNOWN
    likes: int = 0
    reposts: int = 0
    photos: int = 0
    photo_urls: tuple[str, ...] = ()
    """Where its photos are, as far as the feed tells."""
    parent: str = ""
    """Who wrote the post that this one answers, and what; read later, and only for the first post of a case."""
    own: bool = False
    """Written by one of the brand's own accounts."""
    revised_at: datetime | None = None
    """When its author wrote this version, as the feed tells; None: it is the first one, or the feed knows no versions.
    Of two versions the newer one counts, in whatever order they come."""
    terms: Terms = Terms()

    @property
    def private(self) -> bool:
        """Whether it must stay out of shared channels: anything not surely public."""
        return self.visibility is not Visibility.PUBLIC


#: The feed of what people found themselves.
BY_HAND: Final = "by hand"


@dataclass(frozen=True, slots=True, kw_only=True)
class ByHand:
    """What a colleague found and brought here."""

    network: str
    author: str
    text: str
    url: str = ""
    message: str
    """Where a colleague told of it: channel and ts."""
    private: bool = False
    """It stands where not everybody may read."""

    def mention(self, *, at: datetime) -> Mention:
        """Return it as a mention; when it was posted nobody knows, so the promise counts from now."""
        mode = ReplyMode.OPEN_IN_PLATFORM if self.url else ReplyMode.NONE
        return Mention(
            feed=BY_HAND,
            platform=self.network,
            post_id=self.url[:2_000] or f"slack:{self.message}",
            author=Author(handle=self.author),
            text=self.text[:TEXT_LIMIT],
            posted_at=at,
            seen_at=at,
            url=self.url,
            visibility=Visibility.PRIVATE if self.private else Visibility.PUBLIC,
            terms=Terms(mode=mode, why="it was tracked by hand"),
        )
