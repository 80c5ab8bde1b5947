"""A file of old posts, read as if they came in now: CSV or JSON lines, packed or not, of any size."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import Any, Final

from bot.clock import Clock
from bot.domain.mention import Author, Mention, ReplyMode, Terms
from bot.feeds import values
from bot.feeds.base import Page, ReadOnly
from bot.feeds.columns import Mapping
from bot.feeds.http import Sleep
from bot.feeds.lines import Source
from bot.feeds.rows import Row, columns, rows
from bot.feeds.tally import OWN, Tally

__all__ = ["Mapping", "Replay"]

#: Rows in one page.
PAGE: Final = 200

#: Why a row before the cursor is not among the mentions.
EARLIER: Final = "read by an earlier run"

Progress = Callable[[int, int], object]


def _unwatched(done: int, total: int) -> None:
    del done, total


@dataclass(kw_only=True)
class Replay(ReadOnly):
    """One file as a feed that ends."""

    path: Path
    clock: Clock
    name: str = "replay"
    platform: str = "Replay"
    """The network, for rows that do not name theirs."""
    mapping: Mapping = field(default_factory=Mapping)
    speed: float | None = None
    """How many times faster than the posts were written; None: as fast as they can be read."""
    progress: Progress = _unwatched
    """Told the bytes read and the bytes in all, after each page."""
    sleep: Sleep = asyncio.sleep

    def check(self) -> None:
        """Look at the file's beginning.

        Raises:
            Unusable: it cannot be read, or its columns do not fit; the text says what to do.
        """
        with _Reading(self, "").source:
            pass

    async def listen(self, since: str) -> AsyncIterator[Page]:
        """Yield the file's pages to its end; after ``since`` if that cursor is of this very file.

        Raises:
            Unusable: the file cannot be read, or its columns do not fit; the text says what to do.
        """
        reading = await asyncio.to_thread(_Reading, self, since)
        pace = _Pace(self)
        with reading.source:
            while True:
                page, lines = await asyncio.to_thread(reading.page)
                self.progress(reading.source.done, reading.source.total)
                if self.speed is None:
                    yield page
                else:
                    async for part in pace.parts(page, [reading.cursor(line) for line in lines]):
                        yield part
                if reading.ended:
                    return


class _Reading:
    """One pass over the file. It runs in a thread, a page at a time."""

    def __init__(self, replay: Replay, since: str) -> None:
        self._replay = replay
        self._tally = Tally()
        with Source(replay.path) as source:
            self._mapping = replay.mapping.completed(columns(source), path=replay.path)
        self.source = Source(replay.path)
        self._rows = rows(self.source, self._tally)
        # Another mapping reads another story out of the same file, so it begins anew.
        told = f"{self.source.fingerprint}{self._mapping}{replay.platform}"
        self._fingerprint = sha256(told.encode()).hexdigest()[:16]
        fingerprint, _, line = since.partition(":")
        known = fingerprint == self._fingerprint and line.isascii() and line.isdigit()
        self._skip_to = self._line = int(line) if known else 0
        self._earlier = 0
        self.ended = False

    def cursor(self, line: int) -> str:
        """Return the cursor that says: this file, up to this line."""
        return f"{self._fingerprint}:{line}"

    def page(self) -> tuple[Page, list[int]]:
        """Return the next page, and the line of each of its mentions."""
        found: list[tuple[Mention, int]] = []
        seen = 0
        for row in islice(self._fresh_rows(), PAGE):
            seen += 1
            self._line = row.line
            mention = (
                self._mention(row.line, row.fields, now=self._replay.clock.now()) if row.fields is not None else None
            )
            if mention:
                found.append((mention, row.line))
        self.ended = seen < PAGE
        self._tally.skip(EARLIER, count=self._earlier)
        self._earlier = 0
        page = self._tally.page((mention for mention, _ in found), cursor=self.cursor(self._line))
        return page, [line for _, line in found]

    def _fresh_rows(self) -> Iterator[Row]:
        for row in self._rows:
            if row.line > self._skip_to:
                yield row
            else:
                self._tally.page((), cursor="")  # an earlier run told what was wrong with it
                self._earlier += 1

    def _mention(self, line: int, record: dict[str, Any], *, now: datetime) -> Mention | None:
        """Make a mention of one row; None when it is ours or cannot be understood, which is counted."""
        mapping = self._mapping
        post_id, words = values.ident(mapping.value(record, "id")), values.text(mapping.value(record, "text"))
        handle = values.handle(mapping.value(record, "author"))
        missing = [name for name, value in (("id", post_id), ("text", words), ("author", handle)) if not value]
        if missing:
            self._tally.reject(f"no {missing[0]}", where=f"Line {line}")
            return None
        if mapping.is_own(record):
            self._tally.skip(OWN)
            return None
        url = values.link(mapping.value(record, "url"))
        return Mention(
            feed=self._replay.name,
            platform=values.network(mapping.value(record, "platform")) or self._replay.platform,
            post_id=post_id,
            author=Author(handle=handle, followers=values.known_count(mapping.value(record, "followers"))),
            text=words,
            posted_at=self._tally.moment(mapping.value(record, "posted_at"), now=now),
            seen_at=now,
            url=url,
            thread=values.ident(mapping.value(record, "thread")),
            answers=values.ident(mapping.value(record, "answers")),
            lang=values.lang(mapping.value(record, "lang")),
            tagged=values.flag(mapping.value(record, "tagged")),
            visibility=values.visibility(mapping.value(record, "visibility"), missing=mapping.visibility_missing),
            likes=values.count(mapping.value(record, "likes")),
            reposts=values.count(mapping.value(record, "reposts")),
            terms=Terms(mode=ReplyMode.OPEN_IN_PLATFORM if url else ReplyMode.NONE),
        )


class _Pace:
    """The original spacing: a page falls apart into what is due together."""

    def __init__(self, replay: Replay) -> None:
        self._replay = replay
        self._first: datetime | None = None
        self._begun = replay.clock.now()
        self._backwards = False

    async def parts(self, page: Page, cursors: list[str]) -> AsyncIterator[Page]:
        """Yield the page's mentions when each is due, and with the last of them all counts."""
        self._begin(page)
        due: list[Mention] = []
        for at, mention in enumerate(page.mentions):
            wait_s = self._wait_s(mention)
            if wait_s > 0:
                if due:
                    yield Page(mentions=tuple(due), cursor=cursors[at - 1])
                due = []
                await self._replay.sleep(wait_s)
            due.append(replace(mention, seen_at=self._replay.clock.now()))
        yield replace(page, mentions=tuple(due))

    def _begin(self, page: Page) -> None:
        """Take the beginning and the direction from the first page: exports often are newest first."""
        dated = [mention.posted_at for mention in page.mentions if mention.posted_at != mention.seen_at]
        if self._first is None and dated:
            self._first = dated[0]
            self._backwards = dated[-1] < dated[0]

    def _wait_s(self, mention: Mention) -> float:
        if self._first is None or self._replay.speed is None or mention.posted_at == mention.seen_at:
            return 0.0
        gap = self._first - mention.posted_at if self._backwards else mention.posted_at - self._first
        return (self._begun + gap / self._replay.speed - self._replay.clock.now()).total_seconds()
