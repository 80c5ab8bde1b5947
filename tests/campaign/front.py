"""What stands before several web processes: each request goes to one that lives, as a load balancer does it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

#: Where Slack knocks.
PATH: Final = "/slack/events"
#: Headers that belong to one connection.
_OURS: Final = frozenset({b"host", b"connection", b"content-length"})


class Front:
    """Passes requests on, to one door after the other; whoever is killed meanwhile gives no answer."""

    def __init__(self, doors: Callable[[], list[str]]) -> None:
        """Prepare; ``doors`` tells the addresses of those who live."""
        self._doors = doors
        self._turn = 0
        self.asgi = Starlette(routes=[Route(PATH, self._pass, methods=["POST"])])

    async def _pass(self, request: Request) -> Response:
        doors = self._doors()
        if not doors:
            return Response("nobody is at home", 503)
        self._turn += 1
        body = await request.body()
        given = [(name, value) for name, value in request.headers.raw if name not in _OURS]
        async with httpx.AsyncClient(timeout=30, trust_env=False) as client:
            try:
                url = f"{doors[self._turn % len(doors)]}{PATH}"
                answer = await client.post(url, content=body, headers=given)
            except httpx.HTTPError:
                return Response("it died", 502)
        return Response(answer.content, answer.status_code, {"content-type": answer.headers.get("content-type", "")})
