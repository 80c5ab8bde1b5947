"""Files of posts as tests write and read them."""

import json
from collections import Counter
from contextlib import aclosing

from bot.feeds.replay import Replay
from tests.fakes.clock import TurnableClock

HEADER = "id,text,author,posted_at\n"


def record(number=1, **fields):
    at = f"2026-11-{number % 20 + 1:02}T08:00:00Z"
    return {"id": str(number), "text": f"Post {number}", "author": f"a{number}", "posted_at": at, **fields}


def json_lines(*records):
    return b"".join(json.dumps(each).encode() + b"\n" for each in records)


async def read(path, since="", **options):
    clock = options.pop("clock", TurnableClock())
    replay = Replay(path=path, clock=clock, sleep=clock.sleep, **options)
    async with aclosing(replay.listen(since)) as pages:
        return [page async for page in pages]


def mentions(pages):
    return [mention for page in pages for mention in page.mentions]


def counted(pages, name):
    return dict(sum((Counter(getattr(page, name)) for page in pages), Counter()))
