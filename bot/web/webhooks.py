"""Signed deliveries from outside, health and figures."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Final

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from bot.errors import DeliveryRefused
from bot.feeds.webhook import BODY_LIMIT, Webhook
from bot.intake.pipeline import Pipeline

#: Seconds in which a delivery must have come in whole.
BODY_S: Final = 10.0


def build(feeds: Mapping[str, Webhook], pipeline: Pipeline, *, body_s: float = BODY_S) -> Starlette:
    """Return the app: ``/hooks/NAME`` for each feed that receives, ``/healthz`` and ``/metrics``."""

    async def hook(request: Request) -> Response:
        feed = feeds.get(request.path_params["name"])
        if feed is None:
            return _said("There is no such webhook here.", 404)
        try:
            delivery = feed.parse(await _whole(request, body_s), dict(request.headers))
        except DeliveryRefused as refusal:
            return _said(str(refusal), refusal.status)
        taken = await pipeline.receive(delivery.page, feed=feed.name, delivery=delivery.delivery_id)
        counts = {"stored": taken.stored, "known": taken.twins, "flagged": taken.flagged}
        counts |= {"edited": taken.edited, "deleted": taken.deleted}
        rejected = sum(delivery.page.rejected.values())
        return JSONResponse({**counts, "rejected": rejected, "examples": list(delivery.page.examples)})

    return Starlette(
        routes=[
            Route("/hooks/{name}", hook, methods=["POST"]),
            Route("/healthz", _healthy),
            Route("/metrics", _metrics),
        ]
    )


async def _whole(request: Request, seconds: float) -> bytes:
    """Read the body in time.

    Raises:
        DeliveryRefused: it is too slow, broke off, or is too large.
    """
    try:
        async with asyncio.timeout(seconds):
            return await _body(request)
    except TimeoutError as error:
        raise DeliveryRefused(f"A delivery must come in whole within {seconds:g} seconds.", status=408) from error
    except ClientDisconnect as error:
        raise DeliveryRefused("The delivery broke off.", status=400) from error


async def _body(request: Request) -> bytes:
    """Read the body up to the limit, whatever its headers claim.

    Raises:
        DeliveryRefused: it is larger.
    """
    read = bytearray()
    async for chunk in request.stream():
        read += chunk
        if len(read) > BODY_LIMIT:
            raise DeliveryRefused(f"A delivery may have {BODY_LIMIT:,} bytes. Send less at once.", status=413)
    return bytes(read)


async def _healthy(request: Request) -> Response:
    del request
    return PlainTextResponse("ok\n")


async def _metrics(request: Request) -> Response:
    del request
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)


def _said(sentence: str, status: int) -> Response:
    return JSONResponse({"error": sentence}, status_code=status)
