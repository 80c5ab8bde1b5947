"""An app's request URL: takes what the sandbox posts, remembers it, and answers as a test says or as bolt does."""

import contextlib
from collections import deque
from collections.abc import AsyncIterator

import orjson
from slack_bolt.adapter.starlette.async_handler import AsyncSlackRequestHandler
from slack_bolt.async_app import AsyncApp
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import Receive, Scope, Send

from tests.sandbox.stage import Stage, served, staged


class Heard:
    """One request: its headers and its raw body."""

    def __init__(self, request: Request, body: bytes) -> None:
        self.headers, self.body, self.path = dict(request.headers), body, request.url.path
        is_json = self.headers["content-type"] == "application/json"
        self.json = orjson.loads(body) if is_json else {}


class Receiver:
    """Answers with what was queued, else as bolt does, else with an empty 200."""

    def __init__(self) -> None:
        self.heard: list[Heard] = []
        self.answers: deque[Response] = deque()
        self.proof: str | None = None
        """What to answer to the challenge; None: the challenge."""
        self.url = ""
        self.app: AsyncApp | None = None
        self.delay = None
        """Awaited before each answer, when it is set."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        request = Request(scope, receive)
        one = Heard(request, await request.body())
        await (await self.answer(request, one))(scope, receive, send)

    async def answer(self, request: Request, one: Heard) -> Response:
        if one.json.get("type") == "url_verification" and self.app is None:
            return PlainTextResponse(one.json["challenge"] if self.proof is None else self.proof)
        self.heard.append(one)
        if self.delay:
            await self.delay()
        if self.answers:
            return self.answers.popleft()
        return await AsyncSlackRequestHandler(self.app).handle(request) if self.app else Response()


@contextlib.asynccontextmanager
async def receiving() -> AsyncIterator[tuple[Stage, Receiver]]:
    """Stage a sandbox that posts to a receiver."""
    receiver = Receiver()
    async with served(receiver) as url:
        receiver.url = url
        async with staged(request_url=f"{url}/slack/events") as stage:
            yield stage, receiver
