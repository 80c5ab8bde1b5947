"""Which column of a replayed file means what: as told, else guessed from common names."""

from __future__ import annotations

from collections.abc import Collection
from collections.abc import Mapping as Names
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any, Final

from bot.domain.mention import Visibility
from bot.errors import Unusable
from bot.feeds import values

#: What is not worth a mention when it is missing.
REQUIRED: Final = ("id", "text", "author")

#: Column names that mean a field, the likeliest first; compared in lower case.
GUESSES: Final[Names[str, tuple[str, ...]]] = {
    "id": ("id", "post_id", "tweet_id", "status_id", "id_str", "message_id", "uri", "guid"),
    "text": ("text", "full_text", "content", "body", "message", "tweet"),
    "author": ("author", "author_id", "handle", "username", "screen_name", "user", "user_id", "account"),
    "posted_at": ("posted_at", "created_at", "published_at", "published", "timestamp", "datetime", "date", "time"),
    "thread": ("thread", "thread_id", "conversation_id", "conversation"),
    "answers": (
        "answers",
        "in_response_to_tweet_id",
        "in_reply_to_status_id",
        "in_reply_to_id",
        "in_reply_to",
        "reply_to",
        "parent_id",
    ),
    "url": ("url", "link", "permalink"),
    "lang": ("lang", "language"),
    "platform": ("platform", "network"),
    "followers": ("followers", "followers_count", "author_followers"),
    "likes": ("likes", "like_count", "favorite_count", "favourite_count"),
    "reposts": ("reposts", "repost_count", "retweet_count", "shares"),
    "tagged": ("tagged",),
    "own": ("own", "inbound"),
    "visibility": ("visibility",),
}

#: Column names whose guess needs a value: customers' posts are "inbound" where a company exported both sides.
_OWN_WHEN: Final = {"inbound": "inbound=False"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Mapping:
    """Column names by field; empty: guess. A dotted path reaches into JSON objects (``user.name``)."""

    id: str = ""
    text: str = ""
    author: str = ""
    posted_at: str = ""
    thread: str = ""
    answers: str = ""
    url: str = ""
    lang: str = ""
    platform: str = ""
    followers: str = ""
    likes: str = ""
    reposts: str = ""
    tagged: str = ""
    own: str = ""
    """``column`` (says yes for the brand's own posts) or ``column=value``."""
    visibility: str = ""

    def completed(self, columns: Collection[str], *, path: Path) -> Mapping:
        """Return the mapping for a file with these columns, the empty fields guessed.

        Raises:
            Unusable: a named column is not in the file, or a required one cannot be guessed.
        """
        has = ", ".join(sorted(columns)[:60])
        for spec in fields(self):
            named = getattr(self, spec.name)
            column = named.partition("=")[0] if spec.name == "own" else named
            if column and not {column, column.split(".")[0]} & set(columns):
                way = " Write --own COLUMN=VALUE." if named == column and spec.name == "own" else ""
                raise Unusable(f"{path} has no column {column!r} (for {spec.name}).{way} Its columns are: {has}.")
        known = {column.strip().lower().replace(" ", "_"): column for column in reversed(tuple(columns))}
        whole = replace(self, **{name: getattr(self, name) or _guess(name, known) for name in GUESSES})
        for name in REQUIRED:
            if not getattr(whole, name):
                say = f"Say which one it is with --{name}-column."
                raise Unusable(f"No column of {path} looks like the {name}. {say} It has: {has}.")
        return whole

    def value(self, record: dict[str, Any], name: str) -> Any:
        """Return the value of one of our fields in a record; None when it has none."""
        column = getattr(self, name)
        return values.found_at(record, column) if column else None

    @property
    def visibility_missing(self) -> Visibility:
        """Who can read a post whose row does not say it: a file without such a column is of public posts."""
        return Visibility.UNKNOWN if self.visibility else Visibility.PUBLIC

    def is_own(self, record: dict[str, Any]) -> bool:
        """Whether the brand itself wrote it."""
        column, equals, wanted = self.own.partition("=")
        found = values.found_at(record, column) if column else None
        return str(found).strip().lower() == wanted.strip().lower() if equals else values.flag(found)


def _guess(name: str, known: Names[str, str]) -> str:
    guess = next((known[each] for each in GUESSES[name] if each in known), "")
    return _OWN_WHEN.get(guess.lower(), guess).replace("inbound", guess, 1) if name == "own" and guess else guess
