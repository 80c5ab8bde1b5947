"""Socket Mode: the app's connections, the envelopes sent over them, and the acks that come back.

Each envelope goes to one of the connections, in turn. An ack is late after three seconds; late, double, unknown
and misplaced acks are remembered as protocol errors.
"""

import asyncio
import contextlib
import itertools
import secrets
from dataclasses import dataclass, field
from typing import Any, Final

import orjson
from starlette.websockets import WebSocket, WebSocketDisconnect
from uvicorn.protocols.utils import ClientDisconnected

from bot.sandbox.args import read_json
from bot.sandbox.clock import Clock
from bot.sandbox.envelopes import Ack, Envelope
from bot.sandbox.ledger import Ledger
from bot.sandbox.workspace import APP_ID

#: Connections of one app at a time. Source: Slack docs, "Using Socket Mode", read 2026-11-21.
CONNECTION_LIMIT: Final = 10

#: Seconds for which the URL of a new connection is good: ours; Slack says only that it is for one use, and soon.
TICKET_LIFE_S: Final = 30.0

#: Seconds after which Slack refreshes a connection, as its ``hello`` announces, and for how many of them it warns
#: before. Source: Slack docs, "Using Socket Mode", read 2026-11-21.
CONNECTION_LIFE_S: Final = 18_060
WARNING_S: Final = 10

#: Seconds from ``refresh_requested`` to the end of the connection: ours; Slack says only that it comes soon.
REFRESH_S: Final = 2.0

#: So many envelopes are remembered, to tell a double ack from an unknown one.
REMEMBERED: Final = 5_000


@dataclass(slots=True)
class Connection:
    """One WebSocket of the app."""

    id: int
    outbox: asyncio.Queue[dict[str, Any] | None] = field(default_factory=asyncio.Queue)
    """Frames to send; None closes the connection."""
    sent: int = 0
    acked: int = 0
    reader: asyncio.Task[None] | None = None
    """Reads what comes in; cancelled to cut the connection."""

    def disconnect(self, reason: str) -> None:
        """Announce the end as Slack does; it follows soon, except after a ``warning``."""
        self.outbox.put_nowait({"type": "disconnect", "reason": reason, "debug_info": {"host": "sandbox"}})
        if reason != "warning":
            asyncio.get_running_loop().call_later(REFRESH_S, self.outbox.put_nowait, None)


class Sockets:
    """The app's connections and what is under way over them."""

    def __init__(self, ledger: Ledger, clock: Clock) -> None:
        self._ledger = ledger
        self._clock = clock
        self._tickets: dict[str, float] = {}
        """When each was issued, by the sandbox's clock."""
        self._numbers = itertools.count(1)
        self._turn = itertools.count()
        self._envelopes: dict[str, Envelope] = {}
        self._refusals = 0
        self.connections: list[Connection] = []
        self.base_url = ""
        """How the app reaches the sandbox; response URLs start with it."""
        self._app_has_called = False
        self.connected = asyncio.Event()
        """Set while there is a connection."""

    def open(self, host: str) -> str:
        """Return the URL of one new connection, usable once; ``host`` is the one the app used."""
        ticket = secrets.token_urlsafe(18)
        self._tickets[ticket] = self._clock.now()
        if len(self._tickets) > REMEMBERED:
            del self._tickets[next(iter(self._tickets))]
        return f"ws://{host}/socket?ticket={ticket}&app_id={APP_ID}"

    def heard(self, host: str, path: str) -> None:
        """Note by which host the sandbox was reached: as the app last called it, else as anybody did."""
        is_app = path.startswith("/api/")
        if is_app or not self._app_has_called:
            self.base_url = f"http://{host}"
        self._app_has_called |= is_app

    async def serve(self, socket: WebSocket) -> None:
        """Talk to one connection until either side ends it."""
        issued_at = self._tickets.pop(socket.query_params.get("ticket", ""), 0.0)
        if self._clock.now() - issued_at > TICKET_LIFE_S:
            await socket.close(4401)
            return
        if self._refusals or len(self.connections) >= CONNECTION_LIMIT:
            self._refusals = max(0, self._refusals - 1)
            await socket.accept()
            await socket.send_text('{"type":"disconnect","reason":"too_many_websockets"}')
            await socket.close()
            return
        await self._converse(socket)

    async def _converse(self, socket: WebSocket) -> None:
        """Register before the handshake ends, so that the app is reachable once it believes so."""
        connection = Connection(next(self._numbers))
        self.connections.append(connection)
        self.connected.set()
        self._ledger.touch()
        connection.outbox.put_nowait(self._hello(socket))
        try:
            await socket.accept()
            await self._relay(socket, connection)
        finally:
            self.connections.remove(connection)
            if not self.connections:
                self.connected.clear()
            self._give_up(connection)

    def _give_up(self, connection: Connection) -> None:
        """Nobody can ack any more what this connection carried."""
        for envelope in self._envelopes.values():
            if envelope.carrier == connection.id:
                envelope.settle(None)

    async def _relay(self, socket: WebSocket, connection: Connection) -> None:
        """Send and read until the connection ends; cut it when the reader was stopped from outside."""
        connection.reader = reader = asyncio.create_task(self._read(socket, connection))
        others = [asyncio.create_task(self._send(socket, connection)), asyncio.create_task(self._age(connection))]
        try:
            await asyncio.wait([reader])
        finally:
            is_cut = reader.cancelled()
            for task in (reader, *others):
                task.cancel()
            await asyncio.wait([reader, *others])
        if is_cut:
            raise ClientDisconnected
        reader.result()

    async def _age(self, connection: Connection) -> None:
        """Refresh the connection when its time has come, after a warning."""
        await self._clock.sleep(CONNECTION_LIFE_S - WARNING_S)
        connection.disconnect("warning")
        await self._clock.sleep(WARNING_S)
        connection.disconnect("refresh_requested")

    async def _read(self, socket: WebSocket, connection: Connection) -> None:
        while (frame := await socket.receive())["type"] != "websocket.disconnect":
            self._received(connection, frame.get("text"))

    def _hello(self, socket: WebSocket) -> dict[str, Any]:
        return {
            "type": "hello",
            "num_connections": len(self.connections),
            "connection_info": {"app_id": APP_ID},
            "debug_info": {"host": socket.headers.get("host", ""), "approximate_connection_time": CONNECTION_LIFE_S},
        }

    async def _send(self, socket: WebSocket, connection: Connection) -> None:
        with contextlib.suppress(WebSocketDisconnect, RuntimeError):
            while (frame := await connection.outbox.get()) is not None:
                await socket.send_text(orjson.dumps(frame).decode())
            await socket.close()

    def carry(self, envelope: Envelope) -> bool:
        """Put an envelope on its way over one connection; False when there is none."""
        if not self.connections:
            return False
        connection = self.connections[next(self._turn) % len(self.connections)]
        envelope.carrier = connection.id
        self._envelopes[envelope.id] = envelope
        if len(self._envelopes) > REMEMBERED:
            del self._envelopes[next(iter(self._envelopes))]
        connection.sent += 1
        frame: dict[str, Any] = {"envelope_id": envelope.id, "type": envelope.kind, "payload": envelope.payload}
        frame["accepts_response_payload"] = envelope.accepts_payload
        if not envelope.accepts_payload:
            frame |= {"retry_attempt": envelope.attempt, "retry_reason": envelope.reason}
        connection.outbox.put_nowait(frame)
        return True

    def abort(self) -> None:
        """Cut every connection without a close frame, as a broken network does."""
        for connection in self.connections:
            if connection.reader:
                connection.reader.cancel()

    def close_all(self) -> None:
        """End every connection with a close frame."""
        for connection in self.connections:
            connection.outbox.put_nowait(None)

    def disconnect(self, reason: str) -> None:
        """Announce the end to every connection: ``warning``, ``refresh_requested`` or ``link_disabled``."""
        for connection in self.connections:
            connection.disconnect(reason)

    def refuse_next(self, count: int) -> None:
        """Answer the next ``count`` connections with ``too_many_websockets``."""
        self._refusals = count

    def unacked(self, connection: Connection) -> int:
        """Return how many envelopes this connection holds without an ack."""
        return connection.sent - connection.acked

    def _received(self, connection: Connection, text: str | None) -> None:
        try:
            frame = read_json(text or "")
            envelope_id = str(frame["envelope_id"])
        except (ValueError, TypeError, KeyError):
            self._wrong("bad_frame", frame=(text or "")[:200])
            return
        envelope = self._envelopes.get(envelope_id)
        if envelope is None:
            self._wrong("unknown_envelope", envelope_id=envelope_id[:200])
        elif envelope.carrier != connection.id:
            self._wrong("wrong_socket", envelope_id=envelope_id, type=envelope.kind)
        else:
            self._acked(connection, envelope, frame.get("payload"))

    def _acked(self, connection: Connection, envelope: Envelope, payload: Any) -> None:
        if envelope.state == "acked":
            self._wrong("double_ack", envelope_id=envelope.id, type=envelope.kind)
            return
        connection.acked += 1
        ms = envelope.age_ms()
        if envelope.state == "late":
            self._wrong("late_ack", envelope_id=envelope.id, type=envelope.kind, ms=ms)
        elif payload and not envelope.accepts_payload:
            self._wrong("unexpected_payload", envelope_id=envelope.id, type=envelope.kind)
        envelope.state = "acked"
        envelope.settle(Ack(payload if isinstance(payload, dict) else {}, ms))

    def _wrong(self, kind: str, **details: Any) -> None:
        self._ledger.wrong(kind, self._clock.now(), **details)
