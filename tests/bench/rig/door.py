"""The process that Slack knocks at over HTTP: ``goshawk web``, as installed, with cases to be claimed.

``python -m tests.bench.rig.door CASES``: opens so many cases first. Cards are drawn
by another process, ``worker``, which does not run here.
"""

from __future__ import annotations

import asyncio
import os
import sys
from datetime import datetime

from bot.app import Goshawk, Part, running
from bot.domain.mention import Author, Mention, Visibility
from bot.feeds.base import Page
from bot.settings import load
from tests.bench.rig.sender import COMPLAINT


async def _fill(cases: int) -> None:
    async with running(load(), part=Part.WEB) as goshawk:
        for first in range(0, cases, 100):
            await _open(goshawk, range(first, min(first + 100, cases)))


async def _open(goshawk: Goshawk, numbers: range) -> None:
    now = goshawk.clock.now()
    page = Page(mentions=tuple(_complaint(number, now) for number in numbers), cursor="")
    await goshawk.pipeline.receive(page, feed="bench", delivery=f"fill{numbers[0]}")


def _complaint(number: int, now: datetime) -> Mention:
    return Mention(
        feed="bench",
        platform="Reviews",
        post_id=f"p{number}",
        author=Author(handle=f"guest{number}"),
        text=COMPLAINT,
        posted_at=now,
        seen_at=now,
        visibility=Visibility.PUBLIC,
    )


if __name__ == "__main__":
    asyncio.run(_fill(int(sys.argv[1])))
    os.execv(sys.executable, [sys.executable, "-m", "bot", "web"])  # noqa: S606 - our own command
