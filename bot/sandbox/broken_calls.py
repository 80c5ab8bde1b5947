"""One fault, and what an app sees whose call runs into it: refused, cut, late, or answered with nonsense."""

import asyncio
import contextlib
import math
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import orjson
from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.types import Receive, Scope, Send

#: Faults of one call, and those that every call runs into while they last.
CALLS: Final = (
    "status",
    "html",
    "reset_before",
    "reset_after",
    "slow",
    "slow_answer",
    "lost",
    "late",
    "ratelimited",
    "error",
)
STANDING: Final = ("slack_down", "token_revoked")

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

    async def answer(self) -> Response:
        """Return what the app sees; see :mod:`bot.sandbox.faults` for what each kind means."""
        kind = self.fault.kind
        match kind:
            case "reset_before" | "reset_after" | "lost":
                if kind != "reset_before":
                    await self._served()
                if kind == "lost":
                    await self._silence()
                return Cut()
            case "slow":
                await self.sleep(self.fault.seconds)
                return await self._served()
            case "slow_answer":
                answer = await self._served()
                await self.sleep(self.fault.seconds)
                return answer
            case "late":
                await self.request.body()
                return HTMLResponse(PAGE, 503, background=BackgroundTask(self._applied_later))
            case "error" if self.fault.applied:
                await self._served()
        return self._refusal()

    def _refusal(self) -> Response:
        """Answer at once; a revoked token takes the app's own with it, which is void rather than revoked."""
        match self.fault.kind:
            case "html":
                return HTMLResponse(PAGE)
            case "error":
                return _json(self.fault.error)
            case "ratelimited":
                return _json("ratelimited", 429, {"Retry-After": str(max(1, math.ceil(self.fault.seconds)))})
            case "token_revoked":
                is_app = self.request.path_params.get("method") == "apps.connections.open"
                return _json("invalid_auth" if is_app else "token_revoked")
        return HTMLResponse(PAGE, self.fault.status)

    async def _served(self) -> Response:
        self.was_served = True
        return await self.serve(self.request)

    async def _applied_later(self) -> None:
        await self.sleep(self.fault.seconds)
        await self.serve(self.request)

    async def _silence(self) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(LOST_S):
                await _end_of(self.request.receive)


class Cut(Response):
    """No answer: the TCP connection ends.

    ASGI has no word for that, so the transport is found behind uvicorn's ``receive``. Under another server the answer
    is an empty 502 that closes the connection.
    """

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """End the connection, and wait until the server knows."""
        transport = getattr(getattr(receive, "__self__", None), "transport", None)
        if transport is None:
            await Response(status_code=502, headers={"connection": "close"})(scope, receive, send)
            return
        transport.abort()
        await _end_of(receive)


async def _end_of(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        continue


def _json(error: str, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    body = orjson.dumps({"ok": False, "error": error})
    return Response(body, status, headers, "application/json; charset=utf-8")
