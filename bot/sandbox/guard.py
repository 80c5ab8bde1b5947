"""Keeps strangers out: loopback names only, own pages only, and a strict policy on every answer.

A page of another site may find the port and may even resolve its own name to 127.0.0.1 (DNS rebinding); both show
in Host and Origin, so these two decide.
"""

import re
from collections.abc import Callable
from typing import Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

#: The names by which loopback may be called.
LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})

#: A Host that is nothing else: it comes back in the addresses that the app is given.
_HOST: Final = re.compile(r"(?:127\.0\.0\.1|localhost|\[::1\])(?::[0-9]{1,5})?", re.IGNORECASE)

POLICY: Final = "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; object-src 'none'"


class Guard:
    """ASGI middleware: refuses foreign Hosts and Origins, adds the security headers.

    Args:
        app: What is guarded.
        heard: Told the Host and the path of each request that is let through.
    """

    def __init__(self, app: ASGIApp, heard: Callable[[str, str], None]) -> None:
        self._app = app
        self._heard = heard

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or answer 403 (a socket is closed with 4403)."""
        if scope["type"] not in {"http", "websocket"}:
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        if _is_ours(headers.get("host", ""), headers.get("origin")) and not _is_foreign(headers):
            self._heard(headers["host"], scope["path"])
            await self._app(scope, receive, _with_policy(send))
        elif scope["type"] == "http":
            refusal = JSONResponse({"ok": False, "error": "forbidden_host_or_origin"}, status_code=403)
            await refusal(scope, receive, send)
        else:
            await receive()
            await send({"type": "websocket.close", "code": 4403})


def _is_ours(host: str, origin: str | None) -> bool:
    return _HOST.fullmatch(host) is not None and origin in {None, f"http://{host}"}


def _is_foreign(headers: Headers) -> bool:
    """Say whether a page of another site asks, as an image would: that sends no Origin. A link may lead here."""
    return headers.get("sec-fetch-site") == "cross-site" and headers.get("sec-fetch-mode") != "navigate"


def _with_policy(send: Send) -> Send:
    async def guarded(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            headers["content-security-policy"] = POLICY
            headers["x-content-type-options"] = "nosniff"
            headers["referrer-policy"] = "no-referrer"
            headers["cache-control"] = "no-store"
        await send(message)

    return guarded
