"""A Slack that answers every call at once and writes down when each message came: a process of its own.

``GET /seen`` gives ``[moment, marks]`` of each message; a mark is a word ``qx....``
that the sender wrote into a post, by which its card is recognised. Moments are
of the machine's monotonic clock, which all processes share.
"""

from __future__ import annotations

import itertools
import re
import time
from typing import Any, Final

from aiohttp import WSMsgType, web

from tests.bench.rig.children import free_port

CHANNEL, PERSON = "C0BENCH001", "U0BENCH001"
_MARK: Final = re.compile(rb"qx[a-z]{5}")
_ANSWERS: Final[dict[str, dict[str, Any]]] = {
    "auth.test": {"team_id": "T0BENCH001", "user_id": "U0GOSHAWK1", "bot_id": "B0GOSHAWK1", "team": "b", "user": "g"},
    "users.list": {
        "members": [{"id": PERSON, "team_id": "T0BENCH001", "name": "ana", "real_name": "Ana", "profile": {}}]
    },
    "users.info": {"user": {"id": PERSON, "team_id": "T0BENCH001", "name": "ana", "real_name": "Ana", "profile": {}}},
    "usergroups.list": {"usergroups": []},
    "conversations.list": {
        "channels": [{"id": CHANNEL, "name": "care", "is_channel": True, "is_member": True, "is_private": False}]
    },
    "conversations.info": {"channel": {"id": CHANNEL, "name": "care", "is_member": True, "is_private": False}},
    "conversations.members": {"members": [PERSON]},
    "conversations.history": {"messages": []},
}


class Slack:
    """Its routes, and what it heard."""

    def __init__(self) -> None:
        self.seen: list[tuple[float, list[str]]] = []
        self._numbers = itertools.count(1)

    async def call(self, request: web.Request) -> web.Response:
        """Answer one call of the Web API."""
        method, body = request.match_info["method"], await request.read()
        answer = {"ok": True, **_ANSWERS.get(method, {})}
        if method == "chat.postMessage":
            self.seen.append((time.monotonic(), [mark.decode() for mark in dict.fromkeys(_MARK.findall(body))]))
            answer |= {"channel": CHANNEL, "ts": f"1700000000.{next(self._numbers):06}"}
        if method == "apps.connections.open":
            answer["url"] = f"ws://{request.host}/socket"
        return web.json_response(answer)

    async def socket(self, request: web.Request) -> web.WebSocketResponse:
        """Keep a Socket Mode connection open; nobody presses here."""
        line = web.WebSocketResponse()
        await line.prepare(request)
        await line.send_json({"type": "hello", "num_connections": 1, "connection_info": {"app_id": "A0"}})
        async for said in line:
            if said.type == WSMsgType.ERROR:
                break
        return line

    async def told(self, _request: web.Request) -> web.Response:
        """Give every message so far."""
        return web.json_response(self.seen)

    async def forget(self, _request: web.Request) -> web.Response:
        """Forget every message."""
        self.seen.clear()
        return web.json_response({})


def main() -> None:
    """Serve on any free port and print the address."""
    slack = Slack()
    app = web.Application(client_max_size=1 << 24)
    app.router.add_route("*", "/api/{method}", slack.call)
    app.router.add_get("/socket", slack.socket)
    app.router.add_get("/seen", slack.told)
    app.router.add_post("/forget", slack.forget)
    port = free_port()
    print(f"http://127.0.0.1:{port}", flush=True)  # noqa: T201 - the driver reads it
    web.run_app(app, host="127.0.0.1", port=port, access_log=None, print=None)


if __name__ == "__main__":
    main()
