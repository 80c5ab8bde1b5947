"""Entries out of RSS, Atom and JSON Feed, whatever state the document is in."""

from __future__ import annotations

import calendar
import io
import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from email.utils import parseaddr
from hashlib import sha256
from typing import Any, Final
from urllib.parse import urljoin

from bot.errors import FeedTrouble
from bot.feeds import values
from bot.feeds.plaintext import from_html

#: Entries that are looked at in one document.
ENTRIES_LIMIT: Final = 5_000

_JSON_FEED: Final = re.compile(r"https?://(www\.)?jsonfeed\.org/version/")
#: What an XML document may say before its root element.
_PROLOG: Final = re.compile(rb"<(rss|feed|rdf:RDF|channel)\b", re.IGNORECASE)
#: An ampersand that begins no entity: feedparser would add a semicolon to the word after it.
_BARE_AND: Final = re.compile(rb"&(?!#?[0-9A-Za-z]{1,32};)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry of a blog, forum or status page."""

    id: str
    text: str
    author: str
    url: str
    at: Any
    """When it was published, as told; None when it is not."""
    lang: str
    photos: tuple[str, ...] = ()
    """Addresses of the pictures that came with it."""


def parse(body: bytes, *, content_type: str, base: str) -> list[Entry]:
    """Return the entries of a document, as it orders them.

    Raises:
        FeedTrouble: it is no feed: an outage page is not "no news".
    """
    if not body.strip():
        raise FeedTrouble("answered with an empty page")
    return (
        _from_json(body)
        if body.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{")
        else _from_xml(body, content_type, base)
    )


def _from_json(body: bytes) -> list[Entry]:
    try:
        feed = values.from_json(body.removeprefix(b"\xef\xbb\xbf"))
    except ValueError as error:
        raise FeedTrouble("answered with broken JSON") from error
    items = feed.get("items") if isinstance(feed, dict) else None
    if not isinstance(items, list) or not _JSON_FEED.match(values.line(feed.get("version"))):
        raise FeedTrouble("answered with JSON that is no feed")
    return [_json_entry(item, feed) for item in items[:ENTRIES_LIMIT] if isinstance(item, dict)]


def _json_entry(item: Mapping[str, Any], feed: Mapping[str, Any]) -> Entry:
    plain, marked = item.get("content_text"), item.get("content_html") or item.get("summary")
    body = plain if isinstance(plain, str) and plain.strip() else from_html(marked)
    title, link = values.line(item.get("title")), values.link(item.get("url") or item.get("external_url"))
    author = values.found_at(item, "authors.0.name") or values.found_at(item, "author.name")
    return Entry(
        id=_id(item.get("id"), link, title, body),
        text=_text(title, body),
        author=values.handle(author or values.found_at(feed, "authors.0.name") or feed.get("title")),
        url=link,
        at=item.get("date_published") or item.get("date_modified"),
        lang=values.lang(item.get("language") or feed.get("language")),
        photos=_pictures([item.get("image"), *_list(item.get("attachments"))], kind="mime_type", address="url"),
    )


def _from_xml(body: bytes, content_type: str, base: str) -> list[Entry]:
    import feedparser  # noqa: PLC0415 - 20 MiB that only those who read such feeds should pay

    root = _PROLOG.search(body)
    # Without NUL, so that two-byte encodings cannot hide it; entities have no place in a feed.
    if b"<!ENTITY" in body[: root.start() if root else None].replace(b"\0", b""):
        raise FeedTrouble("answered with XML that declares entities, which is not read")
    if b"\0" not in body:
        body = _BARE_AND.sub(b"&amp;", body)
    # Without "content-location": ids would be joined with an address that may change.
    told = {"content-type": content_type or "application/xml"}
    feed = feedparser.parse(io.BytesIO(body), response_headers=told, sanitize_html=False, resolve_relative_uris=False)
    if not feed.get("version"):
        raise FeedTrouble("answered with a page that is no feed")
    about = feed.get("feed", {})
    return [_xml_entry(entry, about, base) for entry in feed.entries[:ENTRIES_LIMIT]]


def _xml_entry(entry: Mapping[str, Any], feed: Mapping[str, Any], base: str) -> Entry:
    title, link = from_html(entry.get("title")), values.line(entry.get("link"))
    body = from_html(values.found_at(entry, "content.0.value") or entry.get("summary"))
    return Entry(
        id=_id(entry.get("id"), link, title, body),
        text=_text(title, body),
        author=_author(values.name(entry.get("author"))) or values.name(feed.get("title")),
        url=values.link(_joined(base, link)),
        at=_epoch(entry.get("published_parsed") or entry.get("updated_parsed")),
        lang=values.lang(feed.get("language")),
        photos=_pictures([*_list(entry.get("enclosures")), *_list(entry.get("media_content"))]),
    )


def _pictures(told: Sequence[Any], *, kind: str = "type", address: str = "href") -> tuple[str, ...]:
    """Return the addresses of what is a picture: a bare address, or one whose type says so."""
    found = [one if isinstance(one, str) else _picture(one, kind, address) for one in told]
    return values.links([one for one in found if one])


def _picture(told: Any, kind: str, address: str) -> Any:
    if not isinstance(told, dict):
        return None
    said = [values.line(told.get(kind)).lower().partition("/")[0], values.line(told.get("medium")).lower()]
    return told.get(address) or told.get("url") if "image" in said else None


def _list(told: Any) -> list[Any]:
    return told if isinstance(told, list) else []


def _id(guid: Any, link: str, title: str, body: str) -> str:
    """Return the same id for the same entry at every look, whatever it lacks."""
    return values.ident(guid) or values.ident(link) or sha256(f"{title}\0{body}".encode()).hexdigest()


def _text(title: str, body: str) -> str:
    return values.text(body if body.startswith(title) else f"{title}\n{body}")


def _joined(base: str, link: str) -> str:
    try:
        return urljoin(base, link) if link else ""
    except ValueError:  # half an IPv6 address, for instance
        return ""


def _author(written: str) -> str:
    """Return the name out of ``mail@host (Name)``, as RSS wants its authors; other words as they are."""
    return parseaddr(written)[0] or written.partition("@")[0] if "@" in written else written


def _epoch(parsed: Any) -> int | None:
    return calendar.timegm(parsed) if isinstance(parsed, time.struct_time) else None
