"""Slack over HTTP: a door in front of Bolt that lets through what Slack signed just now, and only once.

Bolt reads a body before it checks who signed it, answers odd headers with 500,
writes a refused body into the log and runs a repeated request again
(facts measured on 1.30). So size, moment and signature are looked at here, over
the raw bytes, before anything is parsed, and what passes is worked on under its
mark, by which a repetition is refused; Bolt's own check is off.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import timedelta
from typing import Final, Protocol

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot import metrics
from bot.clock import Clock
from bot.errors import DeliveryRefused, Repeated, Unusable
from bot.log import get
from bot.web.bodies import whole

#: Largest request that is read, in bytes: the largest window has a tenth of it.
BODY_LIMIT: Final = 1_000_000
#: Seconds in which a request must have come in whole: Slack waits three for its answer.
BODY_S: Final = 3.0
#: How old a request may be. Source: Slack docs, "Verifying requests from Slack", read 2026-11-21.
WINDOW: Final = timedelta(minutes=5)

_STAMP: Final = re.compile(r"[0-9]{1,12}")

_log = get(__name__)


Dispatch = Callable[[str, Mapping[str, str]], Awaitable[tuple[int, str, dict[str, str]]]]
"""Works on one proven request, given as body and headers; gives status, body and headers of the answer."""


class Mark(Protocol):
    """A request while it is worked on."""

    failed: bool
    """Whether it could not be: then its repetition is welcome."""


class Seen(Protocol):
    """Remembers requests in the database, so that each process refuses what another one has taken."""

    def once(self, key: str) -> AbstractAsyncContextManager[Mark]:
        """Work on a request that was never seen; it is remembered together with what it changes.

        The block or its end raises Repeated for any other, and nothing is changed.
        """


class Door:
    """Where Slack knocks: commands, presses, windows and events come to one address."""

    def __init__(self, dispatch: Dispatch, seen: Seen, secrets: Sequence[str], clock: Clock) -> None:
        """Take signing ``secrets``, the newest and, for as long as they are being replaced, older ones."""
        self._dispatch = dispatch
        self._seen = seen
        self._secrets = [secret.encode() for secret in secrets]
        self._clock = clock

    def route(self) -> Route:
        """Return the route to be served."""
        return Route("/slack/events", self.knock, methods=["POST"])

    async def knock(self, request: Request) -> Response:
        """Refuse a request, or let it be worked on."""
        try:
            body = await whole(request, limit=BODY_LIMIT, seconds=BODY_S)
            signature = self._proven(body, request.headers)
            words = _words(body)
        except DeliveryRefused as refusal:
            metrics.REFUSED.labels("slack").inc()
            _log.warning("a request to the Slack door was refused", status=refusal.status, why=str(refusal))
            return PlainTextResponse(str(refusal), status_code=refusal.status)
        return await self._once(signature, words, request.headers)

    async def _once(self, signature: str, words: str, headers: Mapping[str, str]) -> Response:
        """Have a proven request worked on, unless it was already."""
        answer: Response = PlainTextResponse("It could not be stored.", status_code=503)
        try:
            async with self._seen.once(signature) as mark:
                status, text, given = await self._dispatch(words, dict(headers))
                answer, mark.failed = Response(text, status_code=status, headers=given), status >= 500
        except Repeated as refusal:
            metrics.REFUSED.labels("slack").inc()
            return PlainTextResponse(str(refusal), status_code=409)
        except Unusable as trouble:
            # What is not remembered has changed nothing, and whoever pressed reads why in the answer.
            _log.error("a request of Slack's could not be stored", trouble=str(trouble))
        return answer

    def _proven(self, body: bytes, headers: Mapping[str, str]) -> str:
        """Return the signature of a request that Slack made within the window.

        Raises:
            DeliveryRefused: it did not, or nobody can tell.
        """
        stamp = headers.get("x-slack-request-timestamp", "")
        given = headers.get("x-slack-signature", "")
        if not _STAMP.fullmatch(stamp) or not given.isascii():
            raise DeliveryRefused("Only Slack may knock here.", status=401)
        if abs(self._clock.now().timestamp() - int(stamp)) > WINDOW.total_seconds():
            raise DeliveryRefused("This request is too old, or a clock is wrong.", status=401)
        base = b"v0:" + stamp.encode() + b":" + body
        wanted = [b"v0=" + hmac.new(secret, base, hashlib.sha256).hexdigest().encode() for secret in self._secrets]
        # Each is compared, so that the time taken does not tell which of them it is.
        if not sum(hmac.compare_digest(given.encode(), one) for one in wanted):
            raise DeliveryRefused("Only Slack may knock here.", status=401)
        return given


def _words(body: bytes) -> str:
    try:
        return body.decode()
    except UnicodeDecodeError as error:
        raise DeliveryRefused("The body is no UTF-8.", status=400) from error
