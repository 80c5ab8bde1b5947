"""The scripted posts: one TOML record each, read in file order, so the folder reads as one day.

A record with ``repeats`` brings an earlier post a second time under the same id, as real platforms
do. ``kind`` and ``complaint`` are labels given by hand for tests; they never leave the platform.
"""

import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.resources import files
from typing import Any, Final, NamedTuple

#: Characters that one post may hold on each network. The figures are part of this platform's interface.
LIMITS: Final = {"x": 280, "mastodon": 500, "bluesky": 300, "blog": 2_000, "forum": 5_000}

_HANDLE: Final = re.compile(r"(?<!\w)@harbourline(?!\w)", re.IGNORECASE)


@dataclass(frozen=True)
class Author:
    """Who writes."""

    handle: str
    name: str
    followers: int | None = None
    """Public reach; None where the network does not tell."""
    verified: bool = False


@dataclass(frozen=True)
class Post:
    """One scripted post, as its author wrote it."""

    id: str
    network: str
    author: Author
    text: str
    kind: str
    """Hand label: what sort of post this is, one of the words listed in tests/demo."""
    complaint: bool
    """Hand label: whether a person in customer care would call it a complaint."""
    lang: str = "en"
    visibility: str = "public"
    answers: str | None = None
    """The id of the post that this one stands under; None for a thread of its own."""
    likes: int = 0
    """The figure it ends at; see `timeline.grown`."""
    reposts: int = 0
    photos: int = 0
    gone_after_s: float | None = None
    """Stream seconds after which the author deletes it; None = it stays."""
    follow_ups: tuple[str, ...] = ()
    """What the author writes back: the first after our first reply, the second after our second."""


class Beat(NamedTuple):
    """One step of the stream: at ``due_s`` stream seconds the list shows ``post``."""

    due_s: float
    post: Post
    again: bool
    """True when the list shows a post that it has shown before."""


def is_tagged(text: str) -> bool:
    """Whether our handle stands in a text; the name alone is no tag."""
    return _HANDLE.search(text) is not None


def load() -> tuple[Beat, ...]:
    """Read every record of the posts folder, oldest first."""
    folder = files(__package__) / "posts"
    pages = sorted((p for p in folder.iterdir() if p.name.endswith(".toml")), key=lambda page: page.name)
    return tuple(beats(record for page in pages for record in tomllib.loads(page.read_text("utf-8"))["post"]))


def load_storm() -> tuple[Post, ...]:
    """Read the posts of one bad hour, in the order in which they come."""
    page = files(__package__) / "storms" / "gates.toml"
    return tuple(map(_post, tomllib.loads(page.read_text("utf-8"))["post"]))


def beats(records: Iterable[dict[str, Any]]) -> Iterator[Beat]:
    """Lay records on one time line; ``gap_s`` is the pause before each, in stream seconds."""
    seen: dict[str, Post] = {}
    due_s = 0.0
    for record in records:
        fields = dict(record)
        due_s += fields.pop("gap_s")
        if earlier := fields.pop("repeats", None):
            yield Beat(due_s, seen[earlier], again=True)
            continue
        post = _post(fields)
        seen[post.id] = post
        yield Beat(due_s, post, again=False)


def _post(record: dict[str, Any]) -> Post:
    texts = {"text": record["text"].strip(), "follow_ups": tuple(text.strip() for text in record.get("follow_ups", ()))}
    return Post(**{**record, **texts, "author": Author(**record["author"])})
