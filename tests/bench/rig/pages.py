"""Pages of a hundred posts as a platform sends them, and what both sides of a benchmark make of them."""

from __future__ import annotations

import hashlib
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

import orjson

from bot.domain.mention import Author, Mention, ReplyMode, Terms, Visibility
from bot.feeds.base import Page, ReadOnly

PAGE: Final = 100


@dataclass
class Spent:
    """What a stretch of work took."""

    wall_s: float = 0.0
    cpu_s: float = 0.0


class Watch:
    """Counts the seconds, and the CPU of the whole process, inside its blocks."""

    def __init__(self) -> None:
        self.spent = Spent()

    def __enter__(self) -> Spent:
        """Begin."""
        self._begun = time.perf_counter(), time.process_time()
        return self.spent

    def __exit__(self, *_: object) -> None:
        """End."""
        self.spent.wall_s += time.perf_counter() - self._begun[0]
        self.spent.cpu_s += time.process_time() - self._begun[1]


def bodies(pages: int, texts: Sequence[str], *, first: int = 0) -> Iterator[bytes]:
    """Give pages as JSON: each post by somebody new, whose name sorts anywhere, as names do."""
    for page in range(pages):
        numbers = range(first + page * PAGE, first + (page + 1) * PAGE)
        yield orjson.dumps([_post(number, texts[number % len(texts)]) for number in numbers])


def _post(number: int, text: str) -> dict[str, object]:
    name = hashlib.md5(str(number).encode(), usedforsecurity=False).hexdigest()[:12]
    return {
        "id": f"{1_800_000_000_000 + number}",
        "author": {"handle": name, "name": f"Guest {number}", "followers": number % 9_000},
        "text": text,
        "created_at": "2026-11-21T09:00:00+00:00",
        "url": f"https://reviews.example/{number}",
        "conversation": f"{1_800_000_000_000 + number}",
        "lang": "en",
    }


def mentions_of(body: bytes) -> tuple[Mention, ...]:
    """Return what a page says."""
    now = datetime.now(UTC)
    return tuple(
        Mention(
            feed="bench",
            platform="Reviews",
            post_id=post["id"],
            author=Author(**post["author"]),
            text=post["text"],
            posted_at=datetime.fromisoformat(post["created_at"]),
            seen_at=now,
            url=post["url"],
            thread=post["conversation"],
            lang=post["lang"],
            visibility=Visibility.PUBLIC,
            terms=Terms(mode=ReplyMode.OPEN_IN_PLATFORM),
        )
        for post in orjson.loads(body)
    )


class Pages(ReadOnly):
    """A feed that has such pages, and ends with them."""

    name = "bench"

    def __init__(self, pages: Sequence[bytes]) -> None:
        self._pages = pages

    async def listen(self, since: str) -> AsyncIterator[Page]:
        """Give one after the other, as fast as they are taken."""
        for number, body in enumerate(self._pages):
            yield Page(mentions=mentions_of(body), cursor=f"{since}{number}"[-6:])
