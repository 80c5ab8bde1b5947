"""Whether this process lives, and whether it is ready to be given work; each reason is a sentence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from bot.jobs.vitals import Check, ailing

#: Programs of this machine; they are told every detail, and others none: a reason may name a server.
HERE: Final = frozenset({"127.0.0.1", "::1"})
_ELSEWHERE: Final = "Ask from this machine, or read its log."


class Health:
    """Answers whoever sends work to this process, or starts it anew."""

    def __init__(self, checks: Mapping[str, Check]) -> None:
        """Take what must be well, by name."""
        self._checks = checks
        self.draining = False
        """Whether it was told to stop: no new work, please."""

    def routes(self) -> list[Route]:
        """Return the routes to be served."""
        return [Route("/healthz", self.living), Route("/readyz", self.ready)]

    async def living(self, request: Request) -> Response:
        """Answer: whoever does not for a while hangs, and should be started anew."""
        del request
        return PlainTextResponse("ok\n")

    async def ready(self, request: Request) -> Response:
        """Say whether work is welcome, and why not."""
        reasons = await self.reasons()
        if request.client is None or request.client.host not in HERE:
            reasons = dict.fromkeys(reasons, _ELSEWHERE)
        return JSONResponse({"ready": not reasons, "reasons": reasons}, status_code=503 if reasons else 200)

    async def reasons(self) -> dict[str, str]:
        """Return what is wrong, by name."""
        if self.draining:
            return {"draining": "It was told to stop, and finishes what runs."}
        return await ailing(self._checks)
