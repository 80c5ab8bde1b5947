"""Serving an ASGI app on a socket of our own: a busy port is a sentence, and signals stay ours."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import socket
from collections.abc import AsyncIterator, Iterator

import uvicorn
from starlette.types import ASGIApp

from bot.errors import Unusable
from bot.web.heads import Bounded

#: Seconds that open connections get to finish.
GRACE_S = 2
#: Seconds that an idle connection is kept: longer than a proxy keeps it, so that it is the proxy that hangs up. Who is
#: hung up on while a request is on its way cannot tell whether it was taken, and Slack sends no press again.
#: Source: nginx docs, ngx_http_upstream_module, "keepalive_timeout", 60 s by default, read 2026-11-22.
IDLE_S = 75


class _Server(uvicorn.Server):
    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave SIGTERM and SIGINT to whoever runs the loop."""
        yield


def bind(port: int, host: str = "127.0.0.1") -> socket.socket:
    """Return a listening socket; port 0 takes any free one.

    Raises:
        Unusable: the port is taken or forbidden, or the address is another machine's.
    """
    # asyncio turns Nagle's delay off only for sockets that say TCP.
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except OSError as error:
        listening.close()
        if isinstance(error, socket.gaierror) or error.errno == errno.EADDRNOTAVAIL:
            raise Unusable(
                f"{host} is no address of this machine. Write --host 127.0.0.1, or 0.0.0.0 for all."
            ) from error
        taken = error.errno == errno.EADDRINUSE
        why = "is in use by another program" if taken else f"cannot be used ({error.strerror})"
        raise Unusable(f"Port {port} {why}. Choose another with --port.") from error
    listening.listen(128)
    listening.setblocking(False)
    return listening


@contextlib.asynccontextmanager
async def serving(app: ASGIApp, listening: socket.socket, *, connection: type[Bounded] = Bounded) -> AsyncIterator[str]:
    """Serve ``app`` until the block ends; gives its address, ready to be called."""
    config = uvicorn.Config(
        app,
        http=connection,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=GRACE_S,
        timeout_keep_alive=IDLE_S,
        ws="websockets-sansio",
    )
    server = _Server(config)
    task = asyncio.create_task(server.serve(sockets=[listening]))
    try:
        while not server.started and not task.done():  # noqa: ASYNC110 - uvicorn offers no event
            await asyncio.sleep(0.005)
        if task.done():
            await task
            raise Unusable("The web server did not start; the lines above say why.")
        host, port = listening.getsockname()[:2]
        yield f"http://{host}:{port}"
    finally:
        server.should_exit = True
        await task
        listening.close()
