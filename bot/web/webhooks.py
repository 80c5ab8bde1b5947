"""Signed deliveries from outside."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from bot.errors import DeliveryRefused, Unusable
from bot.feeds.webhook import BODY_LIMIT, Webhook
from bot.intake.pipeline import Pipeline
from bot.log import get
from bot.web.bodies import whole

#: Seconds in which a delivery must have come in whole.
BODY_S: Final = 10.0

_log = get(__name__)


def build(
    feeds: Mapping[str, Webhook], pipeline: Pipeline, *, more: Sequence[BaseRoute] = (), body_s: float = BODY_S
) -> Starlette:
    """Return the app: ``/hooks/NAME`` for each feed that receives, and ``more``."""

    async def hook(request: Request) -> Response:
        feed = feeds.get(request.path_params["name"])
        if feed is None:
            return _said("There is no such webhook here.", 404)
        try:
            delivery = feed.parse(await whole(request, limit=BODY_LIMIT, seconds=body_s), dict(request.headers))
        except DeliveryRefused as refusal:
            return _said(str(refusal), refusal.status)
        try:
            taken = await pipeline.receive(delivery.page, feed=feed.name, delivery=delivery.delivery_id)
        except Unusable as trouble:
            _log.error("a delivery could not be stored", feed=feed.name, trouble=str(trouble))
            return _said("It could not be stored. Deliver it again, with the same id.", 503)
        counts = {"stored": taken.stored, "known": taken.twins, "flagged": taken.flagged}
        counts |= {"edited": taken.edited, "deleted": taken.deleted}
        rejected = sum(delivery.page.rejected.values())
        return JSONResponse({**counts, "rejected": rejected, "examples": list(delivery.page.examples)})

    return Starlette(
        routes=[
            Route("/hooks/{name}", hook, methods=["POST"]),
            *more,
        ]
    )


def _said(sentence: str, status: int) -> Response:
    return JSONResponse({"error": sentence}, status_code=status)
