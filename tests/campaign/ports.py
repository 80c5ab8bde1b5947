"""The ports of a bot in a simulation: Slack and its feed, without a thread or a socket."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from types import SimpleNamespace
from typing import Any, Final

import aiohttp
import orjson

from bot.domain.mention import Author, Mention, ReplyMode, Terms, Visibility
from bot.errors import FeedBusy, FeedTrouble, SendDoubtful, SendLater
from bot.feeds.base import Outgoing, Page, Parent, Receipt, Said
from bot.sandbox.api import Call, Method
from bot.sandbox.args import Args
from bot.sandbox.channels import Channels
from bot.sandbox.chat import Chat
from bot.sandbox.clock import Clock
from bot.sandbox.errors import Refused
from bot.sandbox.keep import Keep
from bot.sandbox.manifest import read
from bot.sandbox.people import People
from bot.sandbox.views import ViewMethods
from bot.sandbox.world import World
from bot.slack.manifest import manifest
from tests.campaign.hourglass import Hourglass
from tests.campaign.network import Fallen, Life, Network
from tests.campaign.square import Applied, Square

#: Seconds between two looks at the platform, and within which a late reply is applied there (bot.cases.courier.SETTLE).
LOOK_S: Final = 4.0
LATEST_REPLY_S: Final = 4.5


class _Turned(Clock):
    """The sandbox's clock, turned by the glass."""

    def __init__(self, loop: Hourglass) -> None:
        super().__init__()
        self._loop = loop

    def now(self) -> float:
        return self._loop.now().timestamp()


class Slack:
    """The far side: the sandbox's own rooms, without its door."""

    def __init__(self, loop: Hourglass) -> None:
        self._world = world = World(read(manifest(look_back=True)), Keep(None), _Turned(loop))
        rooms = (People(world), Channels(world), Chat(world), ViewMethods(world))
        self._methods: dict[str, Method] = {name: one for room in rooms for name, one in room.methods().items()}

    def answer(self, method: str, given: dict[str, Any]) -> dict[str, Any]:
        """Apply one call, and give Slack's answer."""
        call = Call(method, Args(given), self._world.app.scopes, "slack.example")
        try:
            call.needs(*self._methods[method].scopes)
            return {"ok": True, **self._methods[method].run(call)}
        except Refused as refused:
            return refused.answer()


class Session:
    """In the place of aiohttp's: all that is said to Slack is cut where it would be written to a socket."""

    closed = False

    def __init__(self, network: Network, slack: Slack, life: Life) -> None:
        self._network, self._slack, self._life = network, slack, life

    @contextlib.asynccontextmanager
    async def request(self, verb: str, url: str, **sent: Any) -> AsyncIterator[_Heard]:
        """Call a method of the Web API."""
        del verb
        method = url.rsplit("/", 1)[1]
        given = orjson.loads(orjson.dumps(sent.get("json") or sent.get("params") or sent.get("data") or {}))
        key = ((given.get("metadata") or {}).get("event_payload") or {}).get("key") or given.get("ts") or ""
        what = f"{method} {given.get('channel', '')} {key}".strip()
        try:
            said = await self._network.carry(self._life, what, lambda: self._slack.answer(method, given), to="slack")
        except Fallen as fallen:
            yield _fallen(fallen.kind)
        else:
            yield _Heard(200, said)

    @contextlib.asynccontextmanager
    async def post(self, url: str, *, json: Any) -> AsyncIterator[_Heard]:
        """Answer by response URL; nobody counts these."""
        del json
        try:
            await self._network.carry(self._life, f"answer {url}", lambda: None, to="slack")
        except Fallen as fallen:
            yield _fallen(fallen.kind)
        else:
            yield _Heard(200)


class _Heard:
    """An answer as aiohttp gives it; without a body that is JSON it is a page for people."""

    content_type = "application/json"

    def __init__(self, status: int, body: dict[str, Any] | None = None, headers: dict[str, str] | None = None) -> None:
        self.status, self.headers = status, headers or {}
        self._body = body

    async def json(self) -> dict[str, Any]:
        if self._body is None:
            raise aiohttp.ContentTypeError(SimpleNamespace(real_url="https://slack.example"), ())  # type: ignore[arg-type]
        return orjson.loads(orjson.dumps(self._body))  # type: ignore[no-any-return]


def _fallen(kind: str) -> _Heard:
    match kind:
        case "busy":
            return _Heard(429, {"ok": False, "error": "ratelimited"}, {"Retry-After": "3"})
        case "failed":
            return _Heard(503)
        case "html":
            return _Heard(200)
        case "unreached":
            raise aiohttp.ConnectionTimeoutError
        case _:
            raise aiohttp.ServerDisconnectedError


class Town:
    """The feed of the square, at the port of every feed."""

    name = "square"

    def __init__(self, network: Network, square: Square, life: Life, now: Callable[[], Any]) -> None:
        self._network, self._square, self._life, self._now = network, square, life, now

    async def listen(self, since: str) -> AsyncIterator[Page]:
        while True:
            at = int(since or 0)
            shown = await self._asked(f"reads {at}", lambda at=at: self._square.listed[at : at + 20])
            since = str(at + len(shown))
            gone = tuple(str(one["id"]) for one in shown if one.get("deleted"))
            posts = tuple(self._mention(one) for one in shown if not one.get("deleted"))
            yield Page(mentions=posts, cursor=since, gone=gone)
            if len(shown) < 20:
                await asyncio.sleep(LOOK_S)

    async def _asked(self, what: str, apply: Callable[[], Any]) -> Any:
        try:
            return await self._network.carry(self._life, what, apply, to="square")
        except Fallen as fallen:
            if fallen.kind == "busy":
                raise FeedBusy("The square asks to wait.", retry_after_s=3) from fallen
            raise FeedTrouble(f"The square did not answer: {fallen}.") from fallen

    async def parent(self, post_id: str) -> Parent | None:
        await self._asked(f"parent {post_id}", lambda: None)
        return None

    async def reply(self, outgoing: Outgoing) -> Receipt:
        applied = Applied(outgoing.key, outgoing.post_id, outgoing.text, "direct" if outgoing.private else "public")

        def put() -> Receipt:
            self._square.ledger.append(applied)
            return _receipt(len(self._square.ledger))

        try:
            what = f"reply {outgoing.key}"
            return await self._network.carry(self._life, what, put, to="square", latest_s=LATEST_REPLY_S)
        except Fallen as fallen:
            if fallen.kind in {"busy", "unreached"}:
                raise SendLater(f"The square was not reached: {fallen}.", retry_after_s=3) from fallen
            raise SendDoubtful(f"The square did not answer: {fallen}.") from fallen

    async def find(self, said: Said) -> Receipt | None:
        def look() -> Receipt | None:
            keys = [one.key for one in self._square.ledger]
            return _receipt(keys.index(said.key) + 1) if said.key in keys else None

        try:
            return await self._asked(f"find {said.key}", look)
        except FeedTrouble as trouble:
            raise SendLater(f"Nobody can look now. {trouble}", retry_after_s=3) from trouble

    async def aclose(self) -> None:
        """Close nothing."""

    def _mention(self, post: dict[str, Any]) -> Mention:
        author, now = post["author"], self._now()
        return Mention(
            feed=self.name,
            platform="Mastodon",
            post_id=post["id"],
            author=Author(handle=author["handle"], name=author["name"], followers=author["followers"]),
            text=post["text"],
            posted_at=min(now, now.fromisoformat(post["posted_at"])),
            seen_at=now,
            url=post["url"],
            thread=post["thread"],
            tagged=True,
            visibility=Visibility(post["visibility"]),
            terms=Terms(mode=ReplyMode.API, account="harbourline", limit=500),
        )


def _receipt(number: int) -> Receipt:
    return Receipt(f"r{number}", f"https://square.example/r{number}")
