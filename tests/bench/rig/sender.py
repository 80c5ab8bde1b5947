"""A sender that keeps time: requests leave at their moment, answered or not, and waiting counts from that moment.

Bare sockets kept open, so that the sender takes little of the machine that it
shares with what it measures.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

from bot.feeds.webhook import DELIVERY, SIGNATURE, TIMESTAMP, signature
from tests.bench.rig.children import ROOT, SECRET

#: A request as bytes, made when it leaves, because it is signed with the time.
Make = Callable[[int], bytes]
#: Connections at once, at most, unless somebody asks for more.
LINES: Final = 64
_LETTERS: Final = "abcdefghijklmnopqrstuvwxyz"
COMPLAINT: Final = "my suitcase never arrived and nobody answers me, this is a disgrace!"
NOISE: Final = "sailing past the lighthouse this morning with coffee"


@dataclass
class Heard:
    """What came back."""

    waits_s: list[float] = field(default_factory=list)
    sent_at: dict[int, float] = field(default_factory=dict)
    """The moment at which each request was due."""
    wrong: int = 0
    """Answers that were no 200, and connections that broke."""
    wall_s: float = 0.0


class Sender:
    """Connections to one port."""

    def __init__(self, port: int, *, lines: int = LINES) -> None:
        self._port = port
        self._free: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []
        self._lines = asyncio.Semaphore(lines)

    async def at_pace(self, make: Make, numbers: Sequence[int], *, per_s: float) -> Heard:
        """Send each at its moment, ``per_s`` a second."""
        heard, begun = Heard(), time.monotonic() + 0.05
        async with asyncio.TaskGroup() as group:
            for place, number in enumerate(numbers):
                due = begun + place / per_s
                await asyncio.sleep(max(0.0, due - time.monotonic()))
                heard.sent_at[number] = due
                group.create_task(self._one(make, number, due, heard))
        heard.wall_s = time.monotonic() - begun
        return heard

    async def at_once(self, make: Make, numbers: Sequence[int], *, lines: int) -> Heard:
        """Send as fast as the other side answers, over so many connections."""
        heard, begun, left = Heard(), time.monotonic(), iter(numbers)

        async def go() -> None:
            for number in left:
                heard.sent_at[number] = time.monotonic()
                await self._one(make, number, heard.sent_at[number], heard)

        await asyncio.gather(*(go() for _ in range(lines)))
        heard.wall_s = time.monotonic() - begun
        return heard

    async def _one(self, make: Make, number: int, due: float, heard: Heard) -> None:
        async with self._lines:
            try:
                line = self._free.pop() if self._free else await asyncio.open_connection("127.0.0.1", self._port)
                reader, writer = line
                writer.write(make(number))
                head = await reader.readuntil(b"\r\n\r\n")
                lowered = head.lower()
                at = lowered.find(b"content-length:")
                if at >= 0:
                    await reader.readexactly(int(lowered[at + 15 : lowered.index(b"\r\n", at)]))
            except (OSError, asyncio.IncompleteReadError):
                heard.wrong += 1
                return
        heard.waits_s.append(time.monotonic() - due)
        heard.wrong += not head.startswith(b"HTTP/1.1 200")
        self._free.append(line)

    def close(self) -> None:
        """Hang up."""
        for _, writer in self._free:
            writer.close()


def posted(path: str, body: bytes, headers: dict[str, str]) -> bytes:
    """Return a POST as it goes over the wire."""
    told = {"Host": "bench", "Content-Length": str(len(body)), **headers}
    lines = "".join(f"{name}: {to}\r\n" for name, to in told.items())
    return f"POST {path} HTTP/1.1\r\n{lines}\r\n".encode() + body


def by_slack(body: bytes, kind: str = "application/x-www-form-urlencoded") -> bytes:
    """Return a request that Slack signed just now."""
    stamp = str(int(time.time()))
    proof = hmac.new(SECRET.encode(), b"v0:" + stamp.encode() + b":" + body, hashlib.sha256).hexdigest()
    signed = {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": f"v0={proof}"}
    return posted("/slack/events", body, {"Content-Type": kind, **signed})


def mark(number: int) -> str:
    """Return the word by which the card of a post is recognised."""
    letters = ""
    for _ in range(5):
        number, place = divmod(number, 26)
        letters += _LETTERS[place]
    return f"qx{letters}"


def post(number: int, text: str) -> dict[str, object]:
    """Return one post of somebody who never wrote before, with its mark."""
    said = f"{mark(number)} {text}"
    return {"id": f"p{number}", "author": f"guest{number}", "text": said, "url": f"https://reviews.example/{number}"}


def delivered(body: bytes, key: str) -> bytes:
    """Return a signed delivery to the webhook."""
    stamp = str(int(time.time()))
    proof = {TIMESTAMP: stamp, SIGNATURE: signature(SECRET, stamp, body), DELIVERY: key}
    return posted("/hooks/bench", body, {"Content-Type": "application/json", **proof})


def single(text_of: Callable[[int], str]) -> Make:
    """Return a maker of deliveries of one post each."""
    return lambda number: delivered(json.dumps(post(number, text_of(number))).encode(), f"d{number}")


def real_texts() -> list[str]:
    """Return the project's labelled posts."""
    file = ROOT / "tests" / "data" / "labelled_posts.jsonl"
    return [json.loads(line)["text"] for line in file.read_text(encoding="utf-8").splitlines()]
