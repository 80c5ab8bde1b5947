"""A wire between two programs on loopback that can be cut, or go dead without a word."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field


@dataclass
class Strand:
    """One connection through the wire."""

    opening: bytes = b""
    """What its caller said first."""
    dead: asyncio.Event = field(default_factory=asyncio.Event)
    """Set: nothing passes any more, and nobody is told (half open)."""
    writers: list[asyncio.StreamWriter] = field(default_factory=list)

    def cut(self) -> None:
        """End it with a reset, as a broken network does."""
        for writer in self.writers:
            writer.transport.abort()


class Wire:
    """Carries bytes to one port."""

    def __init__(self, port: int) -> None:
        self._port = port
        self.strands: list[Strand] = []
        self.url = ""

    def those(self, opening: bytes) -> list[Strand]:
        """Return the connections whose caller began like this, oldest first."""
        return [strand for strand in self.strands if strand.opening.startswith(opening)]

    async def carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Carry one connection until either side ends it."""
        strand = Strand()
        there, back = await asyncio.open_connection("127.0.0.1", self._port)
        strand.writers = [writer, back]
        self.strands.append(strand)
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._pass_on(strand, reader, back, first=True))
                group.create_task(self._pass_on(strand, there, writer))
        except* (ConnectionError, OSError):
            pass
        finally:
            self.strands.remove(strand)
            strand.cut()

    async def _pass_on(
        self, strand: Strand, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, first: bool = False
    ) -> None:
        while data := await reader.read(65_536):
            if first and not strand.opening:
                strand.opening = data[:200]
            if not strand.dead.is_set():
                writer.write(data)
                await writer.drain()
        raise ConnectionResetError


@contextlib.asynccontextmanager
async def wired(url: str) -> AsyncIterator[Wire]:
    """Lay a wire to a server on this machine."""
    wire = Wire(int(url.rpartition(":")[2]))
    server = await asyncio.start_server(wire.carry, "127.0.0.1", 0)
    wire.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield wire
    finally:
        for strand in wire.strands:
            strand.cut()
        server.close()
