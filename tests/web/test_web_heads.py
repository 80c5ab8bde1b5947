"""Heads of any length, or without an end, over real sockets: nobody needs a secret to send them."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from urllib.parse import urlsplit

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from bot.web.heads import FIELDS, HEAD_LIMIT, LARGE, Bounded
from bot.web.server import bind, serving

POST = b"POST / HTTP/1.1\r\nHost: x\r\n"
CHUNKED = POST + b"Transfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n"


class Hasty(Bounded):
    """Waits no longer than a test."""

    whole_s = 0.2


@contextlib.asynccontextmanager
async def house(connection: type[Bounded] = Bounded) -> AsyncIterator[int]:
    """Serve an app that reads the whole body, then says it; give its port."""

    async def said(request: Request) -> PlainTextResponse:
        return PlainTextResponse(await request.body())

    app = Starlette(routes=[Route("/", said, methods=["POST"])])
    async with serving(app, bind(0), connection=connection) as url:
        yield urlsplit(url).port or 0


async def answer_to(port: int, sent: bytes, *, ends: bytes = b"") -> bytes:
    """Send something and read until the server hangs up, or until ``ends`` stands there."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    answer = bytearray()
    try:
        with contextlib.suppress(ConnectionError):
            writer.write(sent)
            await writer.drain()
        async with asyncio.timeout(20):
            with contextlib.suppress(ConnectionError):
                while not (ends and ends in answer) and (some := await reader.read(65_536)):
                    answer += some
        return bytes(answer)
    finally:
        writer.close()
        with contextlib.suppress(ConnectionError):
            await writer.wait_closed()


@pytest.mark.parametrize(
    "sent",
    [
        POST + b"".join(b"X-%d: y\r\n" % number for number in range(FIELDS)) + b"\r\n",
        POST + b"X: " + b"y" * HEAD_LIMIT + b"\r\n\r\n",
        POST + b"X: " + b"y" * (HEAD_LIMIT + 1),
        b"POST /?" + b"y" * (HEAD_LIMIT + 1),
        CHUNKED + b"X: y\r\n" * FIELDS,
    ],
    ids=["fields", "one large field", "a field without an end", "an address without an end", "behind the body"],
)
async def test_a_head_that_is_too_large_is_refused_in_a_sentence(sent: bytes):
    async with house() as port:
        answer = await answer_to(port, sent)

        assert b" 400 " in answer.splitlines()[0]
        assert answer.endswith(LARGE.encode())


async def test_large_bodies_and_many_requests_are_no_large_head():
    body = b"z" * HEAD_LIMIT * 4
    parts = b"".join(b"1\r\nz\r\n" for _ in range(HEAD_LIMIT))
    whole = POST + b"Content-Length: %d\r\n\r\n" % len(body) + body
    chunked = POST + b"Transfer-Encoding: chunked\r\n\r\n" + parts + b"3\r\nend\r\n0\r\n\r\n"

    async with house() as port:
        answer = await answer_to(port, whole + whole + chunked, ends=b"zend")

    assert answer.count(b"HTTP/1.1 200 OK") == 3


@pytest.mark.parametrize(
    "sent",
    [b"POST / HT", POST, b"\r\n", POST + b"Content-Length: 9\r\n\r\n", CHUNKED],
    ids=["address", "fields", "blank", "body", "trailer"],
)
async def test_who_never_ends_is_hung_up_on(sent: bytes):
    async with house(Hasty) as port:
        assert b" 200 " not in await answer_to(port, sent)


async def test_a_body_that_nobody_reads_ends_too():
    async with house(Hasty) as port:
        answer = await answer_to(port, b"POST /nowhere HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n")

        assert b" 404 " in answer.splitlines()[0]
