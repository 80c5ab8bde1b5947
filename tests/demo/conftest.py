"""The demo platform on a real socket, with a clock that tests turn."""

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime, timedelta

import httpx
import pytest
import uvicorn

from bot.demo.server import Platform

TOKEN = "a-token-for-tests"


class TurnableClock:
    """Stands still until a test turns it."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def turn(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


class _Server(uvicorn.Server):
    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@asynccontextmanager
async def visiting(platform: Platform) -> AsyncIterator[httpx.AsyncClient]:
    """Serve a platform on a free port and visit it with its token."""
    # Named as TCP, so that asyncio switches Nagle's algorithm off: else each answer waits 40 ms.
    with socket.socket(proto=socket.IPPROTO_TCP) as door:
        door.bind(("127.0.0.1", 0))
        door.listen()  # so that a visitor who is early waits instead of being turned away
        base_url = f"http://127.0.0.1:{door.getsockname()[1]}"
        server = _Server(uvicorn.Config(platform.asgi, log_level="warning", ws="none", lifespan="on"))
        running = asyncio.create_task(server.serve(sockets=[door]))
        async with httpx.AsyncClient(
            base_url=base_url, headers={"Authorization": f"Bearer {TOKEN}"}, trust_env=False
        ) as client:
            await client.get("/api/limits")
            yield client
        server.should_exit = True
        await running


@pytest.fixture
def clock() -> TurnableClock:
    return TurnableClock()


@pytest.fixture
async def visitor(clock: TurnableClock) -> AsyncIterator[httpx.AsyncClient]:
    async with visiting(Platform(token=TOKEN, clock=clock)) as client:
        yield client


@pytest.fixture
def reopen(clock: TurnableClock, tmp_path):
    """Open the platform over the same file as before, as after a restart."""

    def visit(*, speed: float = 1.0):
        return visiting(Platform(keep=tmp_path / "square.sqlite3", speed=speed, token=TOKEN, clock=clock))

    return visit


@pytest.fixture
def read_all():
    """Read the list from a cursor to its end."""

    async def read(client: httpx.AsyncClient, since: str = "", limit: int = 200) -> list[dict]:
        posts: list[dict] = []
        while True:
            page = (await client.get("/api/posts", params={"since": since, "limit": limit})).json()
            if not page["posts"]:
                return posts
            posts += [post for post in page["posts"] if not post.get("deleted")]
            since = page["cursor"]

    return read


@pytest.fixture
def reply():
    """Send a reply and give the whole answer."""

    async def send(
        client: httpx.AsyncClient, post_id: str, text: str, *, key: str, visibility: str = "public"
    ) -> httpx.Response:
        return await client.post(
            f"/api/posts/{post_id}/replies",
            json={"text": text, "visibility": visibility},
            headers={"Idempotency-Key": key},
        )

    return send
