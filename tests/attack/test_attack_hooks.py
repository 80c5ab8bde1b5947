"""Senders that never finish: their time is bounded, and nothing of it looks like a fault of ours."""

from __future__ import annotations

import asyncio
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from bot.clock import SystemClock
from bot.feeds.webhook import Webhook
from bot.sections import WebhookFeedSettings
from bot.settings import only
from bot.web.server import bind, serving
from bot.web.webhooks import build
from tests.stories.stage import Stage, stage

HALF = b"POST /hooks/shop HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nhalf"


def door(scene: Stage):
    secrets = only(secrets={"shop": "a-secret-of-the-shop"}).secrets["shop"]
    hook = Webhook(WebhookFeedSettings(kind="webhook", name="shop"), SystemClock(), secrets=secrets)
    return serving(build({"shop": hook}, scene.goshawk.pipeline, body_s=0.2), bind(0))


async def test_a_slow_delivery_is_sent_away(tmp_path: Path):
    async with stage(tmp_path) as scene, door(scene) as url:
        reader, writer = await asyncio.open_connection("127.0.0.1", urlsplit(url).port)
        writer.write(HALF)

        answer = await asyncio.wait_for(reader.read(4_096), 5)

        writer.close()
        await writer.wait_closed()
        assert b" 408 " in answer.splitlines()[0]


async def test_a_delivery_that_breaks_off_is_no_fault(tmp_path: Path, caplog: pytest.LogCaptureFixture):
    async with stage(tmp_path) as scene, door(scene) as url:
        _, writer = await asyncio.open_connection("127.0.0.1", urlsplit(url).port)
        writer.write(HALF)
        await writer.drain()
        await asyncio.sleep(0.05)
        writer.close()
        await writer.wait_closed()
        await asyncio.sleep(0.1)

        assert not [one for one in caplog.records if one.exc_info]
