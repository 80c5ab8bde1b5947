"""Figures for Prometheus: what this process counted, and what stands in the database when they are asked for."""

from __future__ import annotations

import hmac
from collections.abc import Awaitable, Callable, Mapping
from typing import Final

from prometheus_client import CONTENT_TYPE_LATEST, Gauge, generate_latest
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot import __version__, metrics
from bot.domain.health import Gauges, Pulse
from bot.errors import Unusable
from bot.log import get
from bot.web.health import HERE

_BRING_IT: Final = "Bring GOSHAWK_METRICS_TOKEN as `Authorization: Bearer ...`."
_FROM_HERE: Final = "Ask from this machine, or set GOSHAWK_METRICS_TOKEN and bring it as `Authorization: Bearer ...`."

_log = get(__name__)


class Figures:
    """Answers ``/metrics``."""

    def __init__(self, read: Callable[[], Awaitable[Gauges]], *, token: str = "") -> None:
        """``token``: whoever brings it as ``Authorization: Bearer`` may ask; without one only this machine may."""
        self._read = read
        self._token = token
        metrics.BUILD.info({"version": __version__})

    def route(self) -> Route:
        """Return the route to be served."""
        return Route("/metrics", self.show)

    async def show(self, request: Request) -> Response:
        """Give the figures; those of the database are missing while it does not answer."""
        if not self._may(request):
            return PlainTextResponse(_BRING_IT if self._token else _FROM_HERE, status_code=401)
        try:
            _set(await self._read())
        except Unusable as trouble:
            _log.error("the figures of the database cannot be read", trouble=str(trouble))
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

    def _may(self, request: Request) -> bool:
        if self._token:
            given = request.headers.get("authorization", "").encode("latin-1")
            return hmac.compare_digest(given, f"Bearer {self._token}".encode())
        return request.client is not None and request.client.host in HERE


def _set(gauges: Gauges) -> None:
    _all(metrics.PENDING, gauges.pending)
    _all(metrics.OLDEST, gauges.oldest_s)
    _all(metrics.UNKNOWN, gauges.unknown)
    _all(metrics.LEFT, gauges.writes_left)
    metrics.DEAD.set(gauges.dead)
    metrics.UNCLAIMED.set(gauges.unclaimed)
    metrics.FIRST_REPLY.set(gauges.first_reply_s or 0)
    metrics.FIRST_CLAIM.set(gauges.first_claim_s or 0)
    for feed in gauges.feeds:
        metrics.FEED_UP.labels(feed.feed).set(feed.pulse is not Pulse.FAILING)
        if feed.last_read_at:
            metrics.FEED_READ.labels(feed.feed).set(feed.last_read_at.timestamp())


def _all(gauge: Gauge, values: Mapping[str, float]) -> None:
    """Set every value; one that is gone is no more shown."""
    gauge.clear()
    for name, value in values.items():
        gauge.labels(name).set(value)
