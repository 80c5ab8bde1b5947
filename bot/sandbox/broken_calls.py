"""One fault, and what an app sees whose call runs into it: refused, cut, late, or answered with nonsense."""

import asyncio
import contextlib
import math
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final

import orjson
from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.types import Receive, Scope, Send

Serve = Callable[[Request], Awaitable[Response]]

#: So long a lost answer keeps an app waiting that does not hang up by itself, in seconds.
LOST_S: Final = 120

PAGE: Final = "<!DOCTYPE html><title>Slack</title><h1>Something went wrong</h1><p>Your request was not processed.</p>"


@dataclass(slots=True, kw_only=True)
class Fault:
    """One fault, armed or played; what a kind does not need stays as it is here."""

    kind: str
    method: str = "*"
    times: int = 1
    seconds: float = 5.0
    status: int = 503
    error: str = "internal_error"
    applied: bool = False
    channel: str = ""
    ts: str = ""
    played: int = 0
    until: float = math.inf

    def is_met_by(self, method: str, now: float) -> bool:
        """Say whether a call of ``method`` runs into it."""
        if self.kind in STANDING:
            return now < self.until and (self.kind == "slack_down" or method != "response_url")
        return self.kind in CALLS and self.method in {"*", method} and self.played < self.times

    def shown(self, now: float) -> dict[str, Any]:
        """Return it with what is left of it: times, or None while it stands."""
        left = None if self.kind in STANDING and now < self.until else max(0, self.times - self.played)
        where = {"channel": self.channel} if self.channel else {}
        return {"kind": self.kind, "method": self.method, "left": left, "played": self.played, **where}


@dataclass(slots=True)
class BrokenCall:
    """A call that runs into a fault; ``serve`` would answer it as if nothing were wrong."""

    fault: Fault
    request: Request
    serve: Serve
    sleep: Callable[[float], Awaitable[None]]
    was_served: bool = False

    async def status(self) -> Response:
        """Answer as a proxy does whose server is gone."""
        return HTMLResponse(PAGE, self.fault.status)

    async def html(self) -> Response:
        """Answer with a page, and as if that were fine."""
        return HTMLResponse(PAGE)

    async def reset_before(self) -> Response:
        """Cut the connection."""
        return Cut()

    async def reset_after(self) -> Response:
        """Apply the call and cut the connection."""
        await self._served()
        return Cut()

    async def slow(self) -> Response:
        """Apply and answer after a while."""
        await self.sleep(self.fault.seconds)
        return await self._served()

    async def slow_answer(self) -> Response:
        """Apply at once, answer after a while."""
        answer = await self._served()
        await self.sleep(self.fault.seconds)
        return answer

    async def lost(self) -> Response:
        """Apply and keep silent until the app hangs up."""
        await self._served()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(LOST_S):
                await _end_of(self.request.receive)
        return Cut()

    async def late(self) -> Response:
        """Answer that it failed, and apply it after a while."""
        await self.request.body()
        return HTMLResponse(PAGE, HTTPStatus.SERVICE_UNAVAILABLE, background=BackgroundTask(self.slow))

    async def ratelimited(self) -> Response:
        """Answer that it was one call too many."""
        return _json("ratelimited", HTTPStatus.TOO_MANY_REQUESTS, {"Retry-After": str(math.ceil(self.fault.seconds))})

    async def error(self) -> Response:
        """Answer with an error of Slack's, whether it is true or not."""
        if self.fault.applied:
            await self._served()
        return _json(self.fault.error)

    async def revoked(self) -> Response:
        """Answer that the token counts no more; the app's own is not revoked but void."""
        is_app = self.request.path_params.get("method") == "apps.connections.open"
        return _json("invalid_auth" if is_app else "token_revoked")

    async def _served(self) -> Response:
        self.was_served = True
        return await self.serve(self.request)


#: What a call sees, by the kind of the fault.
CALLS: Final = {
    "status": BrokenCall.status,
    "html": BrokenCall.html,
    "reset_before": BrokenCall.reset_before,
    "reset_after": BrokenCall.reset_after,
    "slow": BrokenCall.slow,
    "slow_answer": BrokenCall.slow_answer,
    "lost": BrokenCall.lost,
    "late": BrokenCall.late,
    "ratelimited": BrokenCall.ratelimited,
    "error": BrokenCall.error,
    "slack_down": BrokenCall.status,
    "token_revoked": BrokenCall.revoked,
}

#: Those that every call runs into while they last.
STANDING: Final = frozenset({"slack_down", "token_revoked"})


class Cut(Response):
    """No answer: the TCP connection ends.

    ASGI has no word for that, so the transport is found behind uvicorn's ``receive``. Under another server the answer
    is an empty 502 that closes the connection.
    """

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """End the connection, and wait until the server knows."""
        transport = getattr(getattr(receive, "__self__", None), "transport", None)
        if transport is None:
            await Response(status_code=HTTPStatus.BAD_GATEWAY, headers={"connection": "close"})(scope, receive, send)
            return
        transport.abort()
        await _end_of(receive)


async def _end_of(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        continue


def _json(error: str, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    body = orjson.dumps({"ok": False, "error": error})
    return Response(body, status, headers, "application/json; charset=utf-8")
