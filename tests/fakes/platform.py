"""A scripted platform: a real HTTP server on loopback that answers exactly what a test wrote down."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from http import HTTPStatus
from typing import Self


@dataclass(frozen=True, slots=True)
class Request:
    """What a client asked."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class _Line:
    """One line of the script: the bytes to send, and how to end."""

    sent: bytes = b""
    then: str = "close"


class Platform:
    """Plays the script line by line; a question beyond its end is answered with 418."""

    def __init__(self) -> None:
        self._script: deque[_Line] = deque()
        self._server: asyncio.Server | None = None
        self._held = asyncio.Event()
        self.heard: list[Request] = []

    @property
    def url(self) -> str:
        """The platform's address, without a slash at its end."""
        assert self._server is not None
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    @property
    def asked(self) -> list[str]:
        """The path of every question so far, with its query."""
        return [request.path for request in self.heard]

    def will_answer(self, status: int, body: bytes = b"", **headers: str) -> None:
        """Answer the next question; ``retry_after="1"`` becomes the header ``Retry-After``."""
        written = {"content-length": str(len(body)), **{name.replace("_", "-"): to for name, to in headers.items()}}
        phrase = HTTPStatus(status).phrase if status in set(HTTPStatus) else "Odd"
        head = "".join(f"{name}: {to}\r\n" for name, to in {"connection": "close", **written}.items())
        self._script.append(_Line(f"HTTP/1.1 {status} {phrase}\r\n{head}\r\n".encode() + body))

    def will_say(self, raw: bytes) -> None:
        """Send these very bytes and hang up."""
        self._script.append(_Line(raw))

    def will_reset(self) -> None:
        """Break the connection off without an answer."""
        self._script.append(_Line(then="reset"))

    def will_stall(self, begun: bytes = b"") -> None:
        """Send the beginning of an answer and then nothing more."""
        self._script.append(_Line(begun, then="stall"))

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        return self

    async def __aexit__(self, *_error: object) -> None:
        assert self._server is not None
        self._held.set()
        self._server.close()
        await self._server.wait_closed()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            request = await _read(reader)
            if request is None:
                return
            self.heard.append(request)
            line = self._script.popleft() if self._script else _Line(b"HTTP/1.1 418 Unscripted\r\n\r\n")
            await self._play(line, writer)
        except ConnectionError:
            pass  # the client hung up first: that is the client's good right
        finally:
            writer.close()

    async def _play(self, line: _Line, writer: asyncio.StreamWriter) -> None:
        if line.then == "reset":
            writer.transport.abort()
            return
        writer.write(line.sent)
        await writer.drain()
        if line.then == "stall":
            await self._held.wait()


async def _read(reader: asyncio.StreamReader) -> Request | None:
    try:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    except asyncio.IncompleteReadError:
        return None
    first, *lines = head.strip().split("\r\n")
    method, path, _ = first.split(" ", 2)
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    return Request(method, path, headers, await reader.readexactly(int(headers.get("content-length", "0"))))


@asynccontextmanager
async def nobody() -> AsyncIterator[str]:
    """Give the address of a port where nobody listens."""
    async with Platform() as platform:
        url = platform.url
    yield url
