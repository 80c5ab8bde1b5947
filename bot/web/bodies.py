"""Reading what a stranger sends: never more than a limit, never longer than a while."""

from __future__ import annotations

import asyncio

from starlette.requests import ClientDisconnect, Request

from bot.errors import DeliveryRefused


async def whole(request: Request, *, limit: int, seconds: float) -> bytes:
    """Read a body of at most ``limit`` bytes within ``seconds``, whatever its headers claim.

    Raises:
        DeliveryRefused: it is too slow, broke off, or is too large.
    """
    try:
        async with asyncio.timeout(seconds):
            return await _read(request, limit)
    except TimeoutError as error:
        raise DeliveryRefused(f"A delivery must come in whole within {seconds:g} seconds.", status=408) from error
    except ClientDisconnect as error:
        raise DeliveryRefused("The delivery broke off.", status=400) from error


async def _read(request: Request, limit: int) -> bytes:
    read = bytearray()
    async for chunk in request.stream():
        read += chunk
        if len(read) > limit:
            raise DeliveryRefused(f"A delivery may have {limit:,} bytes. Send less at once.", status=413)
    return bytes(read)
