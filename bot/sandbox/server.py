"""The sandbox as one ASGI application: a small, strict Slack on loopback.

It speaks Slack's Web API, Socket Mode and response URLs to the app, serves a chat page to people, and a JSON interface
to tests. Give it the app's manifest and serve ``asgi`` with uvicorn.
"""

import contextlib
from collections.abc import AsyncIterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import orjson
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route, WebSocketRoute

from bot.sandbox.api import APP_TOKEN, BOT_TOKEN, SIGNING_SECRET, Door, Method
from bot.sandbox.args import json_object
from bot.sandbox.channels import Channels
from bot.sandbox.chat import Chat
from bot.sandbox.errors import Refused
from bot.sandbox.events import Events
from bot.sandbox.faults import Faults
from bot.sandbox.files import Files
from bot.sandbox.guard import Guard
from bot.sandbox.http_delivery import HttpDelivery
from bot.sandbox.inspector import Inspector
from bot.sandbox.interactions import Interactions
from bot.sandbox.keep import Keep
from bot.sandbox.limits import Limits
from bot.sandbox.manifest import read
from bot.sandbox.page import Page
from bot.sandbox.people import People
from bot.sandbox.reactions import Reactions
from bot.sandbox.responses import respond
from bot.sandbox.scheduled import Scheduled
from bot.sandbox.sim import Sim, answer, verbs
from bot.sandbox.submissions import Submissions
from bot.sandbox.tricks import Trick, Tricks
from bot.sandbox.views import ViewMethods
from bot.sandbox.world import World

#: How an answer by response URL is refused, by error; bad content is 400.
_URL_STATUS: Final = {"expired_url": 404, "used_url": 404, "invalid_url": 404, "ratelimited": 429}


class Sandbox:
    """A workspace with one installed app.

    Args:
        manifest: The app's manifest (v1): commands, events and scopes that it lacks do not exist here.
        keep: An SQLite file for messages, channels, files, plans, Homes and unread counts; None forgets them at exit.
        sim_token: What ``X-Sim-Token`` must say to use ``/sim``; empty keeps ``/sim`` closed.
        request_url: Where the app takes payloads by signed HTTP, on this machine; empty: it connects by Socket Mode.
        tricks: What the page offers to play.
        connect: The manifest that the page offers to copy for a real workspace; empty: ``manifest``.
    """

    bot_token: str = BOT_TOKEN
    app_token: str = APP_TOKEN
    signing_secret: str = SIGNING_SECRET

    def __init__(
        self,
        manifest: Mapping[str, Any],
        *,
        keep: Path | None = None,
        sim_token: str = "",
        request_url: str = "",
        tricks: Sequence[Trick] = (),
        connect: str = "",
    ) -> None:
        self._keep = Keep(keep)
        self._world = world = World(read(manifest), self._keep)
        if request_url:
            world.delivery.http = HttpDelivery(request_url, SIGNING_SECRET, world.ledger, world.clock)
        self._events = Events(self._world)
        self.limits = Limits(world.clock)
        interactions = Interactions(self._world, self._events)
        played = Tricks(tricks, changed=world.bell.ring)
        self._scheduled, files = Scheduled(self._world), Files(self._world)
        methods = self._methods(files)
        door = Door(self._world, self.limits, methods)
        faults = Faults(self._world, self._events, methods)
        acts = faults.over(verbs(interactions, Submissions(self._world, interactions)))
        acts["trick"] = played.trick
        self.asgi = Starlette(
            routes=[
                Route("/api/{method}", faults.around(door.enter), methods=["GET", "POST"]),
                Route("/respond/{url_id}", faults.around(self._respond), methods=["POST"]),
                *files.routes(),
                WebSocketRoute("/socket", self._world.sockets.serve),
                *Sim(self._world, self._events, acts, sim_token, faults, self.limits).routes(),
                *Page(self._world, acts, played, connect or orjson.dumps(manifest).decode()).routes(),
                *Inspector(self._world).routes(),
            ],
            middleware=[Middleware(Guard, heard=self._world.sockets.heard)],
            lifespan=self._life,
        )

    def _methods(self, files: Files) -> dict[str, Method]:
        return {
            **People(self._world).methods(),
            **Channels(self._world).methods(),
            **Chat(self._world).methods(),
            **Reactions(self._world, self._events).methods(),
            **self._scheduled.methods(),
            **files.methods(),
            **ViewMethods(self._world).methods(),
        }

    @contextlib.asynccontextmanager
    async def _life(self, _app: Starlette) -> AsyncIterator[None]:
        self._keep.start()
        self._scheduled.start()
        try:
            yield
        finally:
            await self._scheduled.close()
            await self._events.close()
            await self._world.delivery.close()
            self._keep.close()

    async def _respond(self, request: Request) -> Response:
        """Take an answer by response URL; it counts as use even when the body is refused."""
        url_id = request.path_params["url_id"]
        body: dict[str, Any] = {}
        try:
            self.limits.take("response_url")
            url = self._world.grants.use(url_id)
            body = json_object(await request.body())
            respond(self._world, url, body)
        except Refused as refused:
            self._world.ledger.called("response_url", body, refused.answer())
            return answer(refused.answer(), _URL_STATUS.get(refused.error, 400), refused.headers)
        self._world.ledger.called("response_url", body, {"ok": True})
        return PlainTextResponse("ok")
