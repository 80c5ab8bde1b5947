"""A blog, forum or status page by RSS, Atom or JSON Feed: asked politely, nothing lost, nothing doubled."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from hashlib import sha256
from typing import Any, Final

import httpx
import orjson

from bot.clock import Clock
from bot.domain.mention import Author, Mention, ReplyMode, Terms, Visibility
from bot.errors import FeedTrouble, Misconfigured
from bot.feeds import entries, values
from bot.feeds.addresses import Gate, Resolve, resolve, web_url
from bot.feeds.base import Page, ReadOnly
from bot.feeds.entries import Entry
from bot.feeds.http import Answer, Sleep, Wire
from bot.feeds.tally import Tally
from bot.sections import RssFeedSettings

#: Bytes of one document, unpacked.
BODY_LIMIT: Final = 5 * 1024 * 1024
#: How often one look is sent on to another address.
REDIRECTS: Final = 5
#: Mentions in one page.
PAGE: Final = 200
#: Entries that left the document but are remembered, in case a stale copy brings them back.
REMEMBERED: Final = 500
#: At the first look older entries are known, not news: connecting a blog does not flood anybody.
FRESH: Final = timedelta(hours=24)

_MOVED, _MOVED_FOR_GOOD, _UNCHANGED, _GONE = {301, 302, 303, 307, 308}, {301, 308}, 304, 410


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """What is known of the feed between two looks; it travels as the cursor."""

    home: str
    """The address in the configuration; another one makes it another feed."""
    url: str
    """Where the feed lives now."""
    etag: str = ""
    modified: str = ""
    seen: tuple[str, ...] | None = None
    """Marks of the entries that were read; None before the first look."""
    says: tuple[str, ...] = ()
    """Mark and print of each entry of the last look: another print is an edit."""

    @classmethod
    def read(cls, cursor: str, *, home: str) -> Memory:
        """Return what a cursor says; an empty, broken or foreign one says nothing."""
        try:
            told = orjson.loads(cursor)
        except orjson.JSONDecodeError:
            told = None
        if not isinstance(told, dict) or told.get("home") != home or not isinstance(told.get("seen"), list):
            return cls(home=home, url=home)
        return cls(
            home=home,
            url=values.link(told.get("url")) or home,
            etag=values.line(told.get("etag")),
            modified=values.line(told.get("modified")),
            seen=tuple(values.line(mark) for mark in told["seen"]),
            says=tuple(values.line(one) for one in told.get("says") or ()),
        )

    @property
    def cursor(self) -> str:
        """The memory as text; empty before the first look."""
        if self.seen is None:
            return ""
        told = {name: getattr(self, name) for name in ("home", "url", "etag", "modified", "seen", "says")}
        return orjson.dumps(told).decode()

    def after(self, marks: list[str]) -> Memory:
        """Return the memory once entries with these marks were read, too."""
        return replace(self, seen=tuple(dict.fromkeys([*marks, *(self.seen or ())])))


class Rss(ReadOnly):
    """One document that is looked at again and again."""

    def __init__(
        self,
        settings: RssFeedSettings,
        clock: Clock,
        *,
        sleep: Sleep = asyncio.sleep,
        resolve: Resolve = resolve,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        """Prepare to read one document.

        Raises:
            Misconfigured: its address is none of the web.
        """
        self.name = settings.name
        home = web_url(settings.url)
        if home is None:
            raise Misconfigured(f"The url of the feed {self.name} must begin with https:// or http://.")
        self._settings = settings
        self._host = home.host
        self._clock = clock
        self._sleep = sleep
        self._gate = Gate(settings.url, resolve=resolve)
        self._tally = Tally()
        self._gone = False
        # "close": a kept connection to a shared address could serve another host's certificate.
        self._wire = Wire(
            name=self.name,
            clock=clock,
            headers={"Connection": "close"},
            body_limit=BODY_LIMIT,
            direct=True,
            sleep=sleep,
            transport=transport,
        )

    async def listen(self, since: str) -> AsyncIterator[Page]:
        """Yield what is new since the last look, for ever, every ``every_s`` seconds.

        Raises:
            FeedTrouble: it cannot be read, or it is gone for good, which is said without asking again.
        """
        memory = Memory.read(since, home=self._settings.url)
        while True:
            answer, url = await self._fetch(memory)
            if answer.status == _UNCHANGED:
                memory = replace(memory, url=url)
                yield Page(mentions=(), cursor=memory.cursor)
            else:
                found = await self._parsed(answer, url)
                pages, memory = self._pages(found, memory, answer, url)
                for page in pages:
                    yield page
            await self._sleep(self._settings.every_s)

    async def aclose(self) -> None:
        """Close the connections."""
        await self._wire.aclose()

    async def _fetch(self, memory: Memory) -> tuple[Answer, str]:
        """Return the answer, and the address where the feed lives from now on."""
        asked = {"If-None-Match": memory.etag, "If-Modified-Since": memory.modified}
        url, lives = httpx.URL(memory.url), memory.url
        for _ in range(REDIRECTS + 1):
            answer = await self._look(url, {name: value for name, value in asked.items() if value})
            if answer.status not in _MOVED:
                return answer, lives
            settled = answer.status in _MOVED_FOR_GOOD and lives == str(url)
            url = self._next(url, answer)
            lives = str(url) if settled else lives
        raise FeedTrouble(f"{self.name} is sent on more than {REDIRECTS} times.")

    async def _look(self, url: httpx.URL, asked: dict[str, str]) -> Answer:
        if self._gone:
            raise FeedTrouble(f"{self.name} is gone for good. Remove it from the settings.")
        answer = await self._wire.read(
            str(await self._gate.pinned(url)),
            also={*_MOVED, _UNCHANGED, _GONE},
            headers={"Host": url.netloc.decode("ascii"), **asked},
            extensions={"sni_hostname": url.raw_host.decode("ascii")},
        )
        if answer.status == _GONE:
            self._gone = True
            raise FeedTrouble(f"{self.name} is gone for good (410). Remove it from the settings.")
        return answer

    def _next(self, url: httpx.URL, answer: Answer) -> httpx.URL:
        try:
            return url.join(answer.headers.get("location", "")).copy_with(fragment=None)
        except (httpx.InvalidURL, ValueError) as error:
            raise FeedTrouble(f"{self.name} is sent on to an address that is none.") from error

    async def _parsed(self, answer: Answer, url: str) -> list[Entry]:
        content_type = answer.headers.get("content-type", "")
        try:
            return await asyncio.to_thread(entries.parse, answer.body, content_type=content_type, base=url)
        except FeedTrouble as trouble:
            raise FeedTrouble(f"{self.name} {trouble}.") from trouble

    def _pages(self, found: list[Entry], memory: Memory, answer: Answer, url: str) -> tuple[list[Page], Memory]:
        """Return pages of what is new, oldest first, and what is known after them.

        Only the last one carries the validators: a crash between two pages must not get "304" for the rest.
        """
        first, known = memory.seen is None, set(memory.seen or ())
        present = {_mark(entry): entry for entry in reversed(found)}
        fresh = {mark: entry for mark, entry in present.items() if mark not in known}
        edited = self._edited(present, memory)
        read = [(mark, self._mention(entry, first=first)) for mark, entry in fresh.items()]
        news = sorted(((mark, mention) for mark, mention in read if mention), key=lambda each: each[1].posted_at)
        pages: list[Page] = []
        while len(news) > PAGE:
            part, news = news[:PAGE], news[PAGE:]
            memory = memory if first else memory.after([mark for mark, _ in part])
            pages.append(self._tally.page((mention for _, mention in part), cursor=memory.cursor))
        memory = Memory(
            home=memory.home,
            url=url,
            etag=values.line(answer.headers.get("etag", "")),
            modified=values.line(answer.headers.get("last-modified", "")),
            seen=_remembered([_mark(entry) for entry in found], memory.seen or ()),
            says=tuple(_said(mark, entry) for mark, entry in present.items()),
        )
        last = self._tally.page((mention for _, mention in news), cursor=memory.cursor)
        return [*pages, replace(last, edited=edited)], memory

    def _edited(self, present: Mapping[str, Entry], memory: Memory) -> tuple[Mention, ...]:
        """Return the entries that were there at the last look and say something else now."""
        said = {one.partition(":")[0]: one for one in memory.says}
        changed = [entry for mark, entry in present.items() if said.get(mark, _said(mark, entry)) != _said(mark, entry)]
        read = (self._mention(entry, first=False) for entry in changed)
        # Few documents tell of each version, but one reader that compares two looks knows which is newer.
        return tuple(replace(mention, revised_at=mention.seen_at) for mention in read if mention)

    def _mention(self, entry: Entry, *, first: bool) -> Mention | None:
        """Make a mention of one entry; None when it is no news or cannot be understood, which is counted."""
        now = self._clock.now()
        if not entry.text:
            self._tally.reject("no text", where=f"Entry {entry.id}")
            return None
        if first and (reason := self._old(entry)):
            self._tally.skip(reason)
            return None
        return Mention(
            feed=self.name,
            platform=self._settings.platform or "Blog",
            post_id=entry.id,
            author=Author(handle=entry.author or self._host),
            text=entry.text,
            posted_at=self._tally.moment(entry.at, now=now),
            seen_at=now,
            url=entry.url,
            lang=entry.lang,
            tagged=self._settings.tagged,
            photos=len(entry.photos),
            photo_urls=entry.photos,
            visibility=Visibility.PUBLIC,
            terms=Terms(mode=ReplyMode.OPEN_IN_PLATFORM) if entry.url else Terms(why="it came without a link"),
        )

    def _old(self, entry: Entry) -> str:
        """Say why an entry is no news at the first look; empty when it is."""
        at: Any = values.moment(entry.at)
        if at is None:
            return "without a date at the first look"
        return "older than a day at the first look" if at < self._clock.now() - FRESH else ""


def _mark(entry: Entry) -> str:
    return sha256(entry.id.encode()).hexdigest()[:16]


def _said(mark: str, entry: Entry) -> str:
    return f"{mark}:{sha256(' '.join(entry.text.split()).encode()).hexdigest()[:16]}"


def _remembered(current: list[str], before: tuple[str, ...]) -> tuple[str, ...]:
    present = dict.fromkeys(current)
    gone = [mark for mark in before if mark not in present]
    return (*present, *gone[:REMEMBERED])
