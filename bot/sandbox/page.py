"""What the page sees: one state for each person, pushed over a WebSocket whenever it changed.

``/page/live?user=U..`` sends ``{"kind": "state", "state": STATE}`` at once and again after each change that this person
can see, at most ten times a second; changes in between are folded into one push. STATE holds the newest 200 messages of
each channel that the person is in (and the parents of those that are replies), so its size stays bounded.
``POST /page/<verb>`` takes the bodies of ``/sim/<verb>`` without a token: Guard lets only this page in. A ``window=``
of the feed and a ``window`` in the bodies name the browser window: a modal is shown in the one that caused it.
"""

import asyncio
import contextlib
import functools
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from bot.sandbox.sim import Verb, answer, perform
from bot.sandbox.tricks import Tricks
from bot.sandbox.workspace import BOT_ID, BOT_USER, TEAM_ID, TEAM_NAME, Channel, User
from bot.sandbox.world import World

#: Messages of one channel that the page is given.
SHOWN: Final = 200

#: Seconds between two pushes to one window.
PACE_S: Final = 0.1

_STATIC: Final = Path(__file__).parent / "static"
_TYPES: Final = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
}

Json = dict[str, Any]


@dataclass(slots=True)
class Page:
    """The routes of the page."""

    world: World
    verbs: Mapping[str, Verb]
    tricks: Tricks
    connect: str

    def routes(self) -> list[BaseRoute]:
        """Return the page, its files, its live feed and its acts."""
        acts = [Route(f"/page/{name}", _act(verb), methods=["POST"]) for name, verb in self.verbs.items()]
        return [
            Route("/", _file, methods=["GET"]),
            Route("/static/{name:path}", _file, methods=["GET"]),
            Route("/page/connect", self.manifest, methods=["GET"]),
            WebSocketRoute("/page/live", self.live),
            *acts,
        ]

    async def manifest(self, _request: Request) -> Response:
        """Give the manifest for a workspace of the reader's own."""
        return answer({"ok": True, "manifest": self.connect})

    async def live(self, socket: WebSocket) -> None:
        """Push this person's state until the window is closed."""
        user = self.world.users.get(socket.query_params.get("user", ""))
        if user is None or user.is_bot:
            await socket.close(4404)
            return
        await socket.accept()
        rung = self.world.bell.listen()
        pusher = asyncio.create_task(self._push(socket, user, rung))
        try:
            while (await socket.receive())["type"] != "websocket.disconnect":
                continue
        finally:
            self.world.bell.leave(rung)
            pusher.cancel()
            await asyncio.wait([pusher])

    async def _push(self, socket: WebSocket, user: User, rung: asyncio.Event) -> None:
        with contextlib.suppress(WebSocketDisconnect, RuntimeError):
            last, window = b"", socket.query_params.get("window", "")
            while True:
                rung.clear()
                shown = state(self.world, user, window) | {"tricks": self.tricks.to_page()}
                push = orjson.dumps({"kind": "state", "state": shown})
                if push != last:
                    await socket.send_text(push.decode())
                    last = push
                await asyncio.sleep(PACE_S)
                await rung.wait()


def _act(verb: Verb) -> Callable[[Request], Awaitable[Response]]:
    async def act(request: Request) -> Response:
        kind = request.headers.get("content-type", "").partition(";")[0]
        if kind != "application/json":
            return answer({"ok": False, "error": "the body must be application/json"}, 415)
        return await perform(verb, request)

    return act


@functools.cache
def _files() -> dict[str, Path]:
    """Return the files of the static folder by name; nothing else can be asked for."""
    found = (path for path in _STATIC.rglob("*") if path.suffix in _TYPES and path.is_file())
    return {path.relative_to(_STATIC).as_posix(): path for path in found}


async def _file(request: Request) -> Response:
    path = _files().get(request.path_params.get("name", "index.html"))
    if path is None:
        return answer({"ok": False, "error": "not_found"}, 404)
    return Response(path.read_bytes(), media_type=_TYPES[path.suffix])


def state(world: World, user: User, window: str) -> Json:
    """Return STATE as ``user`` sees it in this browser window; ready for orjson."""
    rooms = [room for room in world.channels.values() if user.id in room.members]
    home = world.views.homes.get(user.id)
    return {
        "team": {"id": TEAM_ID, "name": TEAM_NAME},
        "me": user.id,
        "bot": {
            "user": BOT_USER,
            "bot_id": BOT_ID,
            "name": world.app.bot_name,
            "home": world.app.home_tab,
            "hears": world.app.messages_tab and not world.app.messages_read_only,
        },
        "users": [_person(one) for one in world.users.values()],
        "usergroups": [
            {"id": group.id, "handle": group.handle, "users": list(group.users)} for group in world.groups.values()
        ],
        "channels": [_room(world, room, user) for room in rooms],
        "messages": {
            room.id: [message.to_view() for message in world.messages.newest(room.id, SHOWN, user.id)] for room in rooms
        },
        "views": [view.to_page() for view in world.views.shown(user.id, window)],
        "home": home.to_page() if home else None,
        "commands": [
            {"command": one.command, "description": one.description, "usage_hint": one.usage_hint}
            for one in world.app.commands.values()
        ],
        "shortcuts": [asdict(one) for one in world.app.shortcuts],
        "notices": list(world.notices.get(user.id, ())),
        "connections": world.delivery.ways,
        "keep_failure": world.keep.failure,
    }


def _person(user: User) -> Json:
    return {
        "id": user.id,
        "name": user.name,
        "real_name": user.real_name,
        "is_bot": user.is_bot,
        "title": user.title,
        "guest": user.is_restricted or user.is_stranger,
    }


def _room(world: World, room: Channel, user: User) -> Json:
    unread, mentions = world.unread.of(user.id, room.id)
    return {
        "id": room.id,
        "name": room.name or world.app.bot_name,
        "kind": room.kind,
        "topic": room.topic,
        "members": room.members,
        "unread": unread,
        "mentions": mentions,
    }
