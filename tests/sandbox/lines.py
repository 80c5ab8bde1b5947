"""A connection without the SDK, to misbehave on."""

from contextlib import asynccontextmanager

import aiohttp


@asynccontextmanager
async def raw(stage):
    """Connect without the SDK, to misbehave; hello has been read."""
    opened = await stage.web.apps_connections_open(app_token=stage.sandbox.app_token)
    async with aiohttp.ClientSession() as session, session.ws_connect(opened["url"]) as socket:
        socket.hello = await socket.receive_json()
        yield socket


async def kinds(stage):
    return [error["kind"] for error in (await stage.state())["protocol_errors"]]
