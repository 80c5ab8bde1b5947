"""The demo platform: five networks in one, with posts to read and customers who answer."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, Final
from urllib.parse import quote

from bot.clock import Clock
from bot.domain.mention import Author, Mention, ReplyMode, Terms, Visibility
from bot.errors import FeedBusy, FeedTrouble, Misconfigured, SendDoubtful, SendLater
from bot.feeds import values
from bot.feeds.addresses import on_this_machine
from bot.feeds.base import Outgoing, Page, Parent, Receipt, Said
from bot.feeds.http import BUSY_S, Answer, Sleep, Wire
from bot.feeds.tally import OWN, Tally
from bot.sections import DemoFeedSettings

#: What the demo platform expects when it was not told otherwise; it opens a toy on loopback, nothing else.
TOKEN: Final = "demo-token"  # noqa: S105 - see above
#: The brand's account on every network of the demo platform.
ACCOUNT: Final = "harbourline"
#: Posts in one page.
PAGE: Final = 50
#: Longest reply on a network that the platform did not tell about, in characters.
LIMIT: Final = 280

_LABELS: Final = {"x": "X", "mastodon": "Mastodon", "bluesky": "Bluesky", "blog": "Blog", "forum": "Forum"}


class DemoFeed:
    """Listens to one demo platform and answers there."""

    def __init__(
        self, settings: DemoFeedSettings, clock: Clock, *, token: str = TOKEN, sleep: Sleep = asyncio.sleep
    ) -> None:
        """Prepare to talk to one platform.

        Raises:
            Misconfigured: its address would send the token readable through the network.
        """
        self.name = settings.name
        if not (settings.url.startswith("https://") or on_this_machine(settings.url)):
            raise Misconfigured(f"The url of the feed {self.name} must begin with https://, or be on this machine.")
        self._settings = settings
        self._clock = clock
        self._sleep = sleep
        self._base = settings.url.rstrip("/")
        self._tally = Tally()
        self._wire = Wire(
            name="The demo platform",
            clock=clock,
            headers={"Authorization": f"Bearer {token}"},
            direct=True,
            # Two looks a second apart: it is near, and who shuts it down wants to see that said in seconds.
            tries=2,
            sleep=sleep,
        )

    async def listen(self, since: str) -> AsyncIterator[Page]:
        """Yield pages after the cursor ``since`` for ever, asking again every ``every_s`` seconds."""
        limits = await self._limits()
        while True:
            posts, cursor = await self._posts(since)
            yield self._page(posts, cursor, limits)
            if len(posts) < PAGE or cursor == since:
                await self._sleep(self._settings.every_s)
            since = cursor

    async def parent(self, post_id: str) -> Parent | None:
        """Read one post."""
        answer = await self._wire.read(f"{self._base}/api/posts/{quote(post_id, safe='')}", also={404})
        told = answer.json() if answer.status != 404 else None
        post = told if isinstance(told, dict) else {}
        handle, words = values.handle(post.get("author")), values.text(post.get("text"))
        if not handle or not words:
            return None
        seen_by = values.visibility(post.get("visibility"), missing=Visibility.UNKNOWN)
        return Parent(handle=handle, text=words, public=seen_by is Visibility.PUBLIC)

    async def reply(self, outgoing: Outgoing) -> Receipt:
        """Put one answer under its post; the key makes a second try harmless."""
        answer = await self._wire.send(
            self._replies(outgoing),
            json={"text": outgoing.text, "visibility": "private" if outgoing.private else "public"},
            headers={"Idempotency-Key": outgoing.key},
        )
        if receipt := _receipt(answer.json()):
            return receipt
        raise SendDoubtful("The demo platform took the reply but did not say under which id.")

    async def find(self, said: Said) -> Receipt | None:
        """Look for our key among the replies to the post."""
        try:
            answer = await self._wire.read(self._replies(said), also={404})
            if answer.status == 404:
                return None
            replies = _listed(answer, "replies")
        except FeedTrouble as trouble:
            wait_s = trouble.retry_after_s if isinstance(trouble, FeedBusy) else BUSY_S
            why = f"Whether the reply stands cannot be seen now. {trouble}"
            raise SendLater(why, retry_after_s=wait_s) from trouble
        ours = (each for each in replies if isinstance(each, dict) and each.get("key") == said.key)
        return next((receipt for each in ours if (receipt := _receipt(each))), None)

    async def aclose(self) -> None:
        """Close the connections."""
        await self._wire.aclose()

    def _replies(self, said: Said) -> str:
        return f"{self._base}/api/posts/{quote(said.post_id, safe='')}/replies"

    async def _limits(self) -> Mapping[str, int]:
        told = (await self._wire.read(f"{self._base}/api/limits")).json()
        found = {network: values.count(limit) for network, limit in told.items()} if isinstance(told, dict) else {}
        return {network: limit for network, limit in found.items() if limit}

    async def _posts(self, since: str) -> tuple[list[Any], str]:
        answer = await self._wire.read(f"{self._base}/api/posts", params={"since": since, "limit": PAGE})
        posts = _listed(answer, "posts")
        cursor = answer.json().get("cursor")
        if not isinstance(cursor, str):
            raise FeedTrouble("The demo platform gave a page without a cursor.")
        return posts, cursor or since

    def _page(self, posts: list[Any], cursor: str, limits: Mapping[str, int]) -> Page:
        now = self._clock.now()
        gone = [post for post in posts if isinstance(post, dict) and values.flag(post.get("deleted"))]
        read = [self._mention(post, now=now, limits=limits) for post in posts if post not in gone]
        page = self._tally.page((mention for mention in read if mention), cursor=cursor)
        return replace(page, gone=tuple(values.ident(post.get("id")) for post in gone))

    def _mention(self, post: Any, *, now: datetime, limits: Mapping[str, int]) -> Mention | None:
        """Make a mention of one post; None when it is our own and answers nobody, or cannot be understood."""
        post = post if isinstance(post, dict) else {}
        author = post.get("author") if isinstance(post.get("author"), dict) else {}
        post_id, network = values.ident(post.get("id")), values.network(post.get("network"))
        words, handle = values.text(post.get("text")), values.handle(author.get("handle"))
        if missing := [name for name, value in (("id", post_id), ("text", words), ("author", handle)) if not value]:
            self._tally.reject(f"no {missing[0]}", where=f"Post {post_id or 'without id'}")
            return None
        own = bool(values.line(post.get("account")))
        if own and not values.ident(post.get("answers")):
            self._tally.skip(OWN)
            return None
        named = post.get("mentions") if isinstance(post.get("mentions"), list) else []
        return Mention(
            feed=self.name,
            platform=_LABELS.get(network) or self._settings.platform or network.capitalize() or "Demo",
            post_id=post_id,
            author=Author(
                handle=handle,
                name=values.name(author.get("name")),
                followers=values.known_count(author.get("followers")),
                verified=values.flag(author.get("verified")),
            ),
            text=words,
            posted_at=self._tally.moment(post.get("posted_at"), now=now),
            seen_at=now,
            url=values.link(post.get("url")),
            thread=values.ident(post.get("thread")),
            answers=values.ident(post.get("answers")),
            lang=values.lang(post.get("lang")),
            tagged=any(values.handle(name).lower() == ACCOUNT for name in named),
            visibility=values.visibility(post.get("visibility"), missing=Visibility.UNKNOWN),
            likes=values.count(post.get("likes")),
            reposts=values.count(post.get("reposts")),
            photos=values.count(post.get("photos")),
            photo_urls=values.links(post.get("photo_urls")),
            own=own,
            revised_at=values.revision(post.get("edited_at"), now=now),
            terms=Terms(mode=ReplyMode.API, why="", account=ACCOUNT, limit=limits.get(network, LIMIT)),
        )


def _listed(answer: Answer, name: str) -> list[Any]:
    told = answer.json()
    found = told.get(name) if isinstance(told, dict) else None
    if not isinstance(found, list):
        raise FeedTrouble(f"The demo platform answered without {name}.")
    return found


def _receipt(told: Any) -> Receipt | None:
    remote_id = values.line(told.get("id")) if isinstance(told, dict) else ""
    return Receipt(remote_id, values.link(told.get("url"))) if remote_id else None
