"""A Goshawk that receives: ``goshawk run``'s own parts against the sandbox, and a sender that signs."""

from __future__ import annotations

import contextlib
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import orjson
import pytest

from bot.app import Goshawk
from bot.cli.run import receiving
from bot.feeds.webhook import signature
from bot.web.server import bind, serving
from tests.stories.stage import Stage, stage

OLD, NEW = "an-old-secret-that-still-counts", "the-new-secret"
COMPLAINT = {"id": "7", "author": "mira", "text": "My cabin was sold twice and nobody answers!", "platform": "Reviews"}


@dataclass
class Sender:
    """Somebody's server that delivers to ours."""

    http: httpx.AsyncClient
    goshawk: Goshawk
    scene: Stage
    url: str

    async def deliver(
        self,
        body: Any = COMPLAINT,
        *,
        secret: str = NEW,
        at: float | None = None,
        hook: str = "shop",
        **headers: str,
    ) -> httpx.Response:
        raw = body if isinstance(body, bytes) else orjson.dumps(body)
        stamp = str(int(time.time() if at is None else at))
        signed = {"X-Goshawk-Timestamp": stamp, "X-Goshawk-Signature": signature(secret, stamp, raw)}
        given = {**signed, **{f"X-Goshawk-{name.title()}": value for name, value in headers.items()}}
        return await self.http.post(f"/hooks/{hook}", content=raw, headers=given)

    async def stored(self) -> int:
        return await self.goshawk.store.read(lambda unit: unit.mentions.last_id())


@pytest.fixture
async def sender(tmp_path: Path) -> AsyncIterator[Sender]:
    feeds = [
        {"kind": "webhook", "name": "shop", "visibility": "public"},
        {"kind": "webhook", "name": "forms", "fields": {"text": "data.body"}},
    ]
    async with contextlib.AsyncExitStack() as stack:
        secrets = {"shop": f"{OLD} {NEW}", "forms": "of-the-forms"}
        scene = await stack.enter_async_context(stage(tmp_path, feeds=feeds, secrets=secrets))
        url = await stack.enter_async_context(serving(receiving(scene.goshawk), bind(0)))
        http = await stack.enter_async_context(httpx.AsyncClient(base_url=url, timeout=20))
        yield Sender(http, scene.goshawk, scene, url)
