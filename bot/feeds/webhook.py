"""Any sender that signs a JSON POST: a monitoring tool, a form, a shop's own script."""

from __future__ import annotations

import asyncio
import hmac
import re
import shlex
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from typing import Any, Final

from pydantic import SecretStr

from bot.clock import Clock
from bot.domain.mention import Author, Mention, ReplyMode, Terms, Visibility
from bot.errors import DeliveryRefused, Misconfigured
from bot.feeds import values
from bot.feeds.base import Page, ReadOnly
from bot.feeds.tally import Tally
from bot.sections import WebhookFeedSettings

#: Bytes of one delivery. Whoever reads it from the wire stops here, too.
BODY_LIMIT: Final = 1024 * 1024
#: Mentions in one delivery.
MENTIONS_LIMIT: Final = 500
#: Seconds that a delivery's time may differ from ours: what was overheard is worth nothing later.
WINDOW_S: Final = 300

TIMESTAMP, SIGNATURE, DELIVERY = "X-Goshawk-Timestamp", "X-Goshawk-Signature", "X-Goshawk-Delivery"

#: Our flat schema. Only ``text``, ``author`` and one of ``id`` and ``url`` are required.
FIELDS: Final = (
    "id",
    "text",
    "author",
    "posted_at",
    "edited_at",
    "url",
    "platform",
    "thread",
    "answers",
    "lang",
    "tagged",
    "visibility",
    "followers",
    "likes",
    "reposts",
    "photos",
    "own",
    "deleted",
)

_DIGITS: Final = re.compile(r"[0-9]{1,12}")
_SIGNED: Final = re.compile(r"v1=([0-9a-fA-F]{64})")
_DELIVERY_ID: Final = re.compile(r"[\x21-\x7e]{1,200}")


@dataclass(frozen=True, slots=True)
class Delivery:
    """One accepted POST."""

    page: Page
    delivery_id: str
    """The same when the sender delivers again; the sender's own id, or a hash of the signature."""


class Webhook(ReadOnly):
    """One sender. Its pages come in by the web, through ``parse``."""

    def __init__(self, settings: WebhookFeedSettings, clock: Clock, *, secrets: SecretStr) -> None:
        """Prepare for one sender; ``secrets`` are the valid signing secrets, separated by spaces.

        Raises:
            Misconfigured: there is no secret, or the mapping names a field that we do not have.
        """
        self.name = settings.name
        self._settings = settings
        self._clock = clock
        self._secrets = [secret.encode() for secret in secrets.get_secret_value().split()]
        if not self._secrets:
            raise Misconfigured(f"The webhook {self.name} has no secret. Set {secret_name(self.name)}.")
        if strange := sorted(set(settings.fields) - set(FIELDS)):
            raise Misconfigured(
                f"The webhook {self.name} maps {strange[0]!r}, which is none of our fields: {', '.join(FIELDS)}."
            )

    async def listen(self, since: str) -> AsyncIterator[Page]:
        """Wait for ever: nothing is asked here, all is delivered."""
        await asyncio.Event().wait()
        yield Page(mentions=(), cursor=since)

    def parse(self, body: bytes, headers: Mapping[str, str]) -> Delivery:
        """Return what a POST brings, after proving who sent it.

        Raises:
            DeliveryRefused: too large (413), not proven (401) or not understood (400).
        """
        if len(body) > BODY_LIMIT:
            raise DeliveryRefused(f"A delivery may have {BODY_LIMIT:,} bytes. Send less at once.", status=413)
        given = {name.lower(): value.strip() for name, value in headers.items()}
        signature = self._proven(body, given)
        delivery_id = given.get(DELIVERY.lower()) or sha256(signature.encode()).hexdigest()
        if not _DELIVERY_ID.fullmatch(delivery_id):
            raise DeliveryRefused(f"{DELIVERY} must be 1 to 200 ASCII characters without blanks.", status=400)
        return Delivery(self._page(_items(body)), delivery_id)

    def _proven(self, body: bytes, given: Mapping[str, str]) -> str:
        """Return the signature once it proves to be made with one of our secrets, a moment ago."""
        stamp, signed = given.get(TIMESTAMP.lower(), ""), _SIGNED.fullmatch(given.get(SIGNATURE.lower(), ""))
        if not _DIGITS.fullmatch(stamp):
            raise DeliveryRefused(f"{TIMESTAMP} must be the time in whole seconds since 1970.", status=401)
        if abs(self._clock.now().timestamp() - int(stamp)) > WINDOW_S:
            raise DeliveryRefused(f"{TIMESTAMP} is more than {WINDOW_S} seconds away from our clock.", status=401)
        if not signed:
            raise DeliveryRefused(f"{SIGNATURE} must be v1= and 64 hexadecimal digits.", status=401)
        shown = bytes.fromhex(signed[1])
        # A list, not a generator: every secret is tried, so that time tells nothing.
        matches = [hmac.compare_digest(_seal(secret, stamp, body), shown) for secret in self._secrets]
        if not any(matches):
            raise DeliveryRefused("The signature does not fit the body and our secret.", status=401)
        return signed[1].lower()

    def _page(self, items: list[Any]) -> Page:
        tally, now = Tally(), self._clock.now()
        gone, stands = [], []
        for number, item in enumerate(items, 1):
            # Each is asked by itself: comparing what strangers nested a thousand times ends in RecursionError.
            if self._is_gone(item):
                gone.append(self._id(item))
            else:
                stands.append((item, f"Item {number}"))
        read = [self._mention(item, tally, now=now, where=where) for item, where in stands]
        page = tally.page((mention for mention in read if mention), cursor="")
        page = replace(page, gone=tuple(gone))
        if items and not page.mentions and not page.gone:
            raise DeliveryRefused(f"No mention could be read from it. {page.examples[0]}", status=400)
        return page

    def _is_gone(self, item: Any) -> bool:
        """Return whether an item says that its author deleted it; that needs no more than its id or address."""
        named = self._settings.fields.get("deleted", "deleted")
        return bool(values.flag(values.found_at(item, named)) and self._id(item))

    def _id(self, item: Any) -> str:
        """Return the id of an item; a hash of its address where it has none."""
        told = {name: values.found_at(item, self._settings.fields.get(name, name)) for name in ("id", "url")}
        url = values.link(told["url"])
        return values.ident(told["id"]) or (sha256(url.encode()).hexdigest() if url else "")

    def _mention(self, item: Any, tally: Tally, *, now: datetime, where: str) -> Mention | None:
        """Make a mention of one item; None when it cannot be understood, which is counted."""
        field = {name: values.found_at(item, self._settings.fields.get(name, name)) for name in FIELDS}
        url, words, handle = values.link(field["url"]), values.text(field["text"]), values.handle(field["author"])
        post_id = self._id(item)
        needed = (("id or url", post_id), ("text", words), ("author", handle))
        if missing := [name for name, value in needed if not value]:
            tally.reject(f"no {missing[0]}", where=where)
            return None
        photos = values.links(field["photos"])
        return Mention(
            feed=self.name,
            platform=values.network(field["platform"]) or self._settings.platform or "Webhook",
            post_id=post_id,
            author=Author(handle=handle, followers=values.known_count(field["followers"])),
            text=words,
            posted_at=tally.moment(field["posted_at"], now=now),
            seen_at=now,
            url=url,
            thread=values.ident(field["thread"]),
            answers=values.ident(field["answers"]),
            lang=values.lang(field["lang"]),
            tagged=values.flag(field["tagged"]),
            visibility=values.visibility(field["visibility"], missing=Visibility(self._settings.visibility)),
            likes=values.count(field["likes"]),
            reposts=values.count(field["reposts"]),
            photos=len(photos),
            photo_urls=photos,
            own=values.flag(field["own"]),
            revised_at=values.revision(field["edited_at"], now=now),
            terms=Terms(mode=ReplyMode.OPEN_IN_PLATFORM) if url else Terms(why="it came without a link"),
        )


def secret_name(feed: str) -> str:
    """Return the environment variable that holds the secrets of a feed."""
    return f"GOSHAWK_SECRETS__{feed.upper().replace('-', '_')}"


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """Return what a sender writes into ``X-Goshawk-Signature``."""
    return f"v1={_seal(secret.encode(), timestamp, body).hex()}"


def curl_example(name: str, url: str) -> str:
    """Return shell lines that deliver one mention to the webhook ``name`` of the Goshawk at ``url``."""
    body = (
        '{"id": "1", "platform": "Reviews", "author": "mira", "text": "My cabin was sold twice and nobody answers.", '
        '"url": "https://reviews.example/1", "visibility": "public"}'
    )
    return f"""\
BODY={shlex.quote(body)}
TIME=$(date +%s)
SIGNATURE=$(printf '%s.%s' "$TIME" "$BODY" | openssl dgst -sha256 -hmac "${secret_name(name)}" -r | cut -d' ' -f1)
curl -sS {shlex.quote(f"{url.rstrip('/')}/hooks/{name}")} \\
  -H 'Content-Type: application/json' \\
  -H "{TIMESTAMP}: $TIME" \\
  -H "{SIGNATURE}: v1=$SIGNATURE" \\
  -H "{DELIVERY}: $TIME-$$" \\
  --data-binary "$BODY"
"""


def _seal(secret: bytes, timestamp: str, body: bytes) -> bytes:
    return hmac.digest(secret, timestamp.encode() + b"." + body, "sha256")


def _items(body: bytes) -> list[Any]:
    try:
        told = values.from_json(body)
    except ValueError as error:
        raise DeliveryRefused("The body is no JSON.", status=400) from error
    items = told if isinstance(told, list) else [told]
    if len(items) > MENTIONS_LIMIT:
        raise DeliveryRefused(f"A delivery may hold {MENTIONS_LIMIT} mentions. Send less at once.", status=413)
    return items
