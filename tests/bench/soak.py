"""Looks for what grows: ``python -m tests.bench.soak [--minutes M] [--speed N] [--stored N]``. Linux only.

``goshawk run`` on a database with a month behind it, between a platform and the
sandbox with Slack's own limits. At speed 1 somebody posts once a minute (about a
day on the desk of tests/bench/shift); 30 % are complaints, one post in seven is a
further one of an earlier guest. Three people claim, answer, dismiss and read
lists as fast as it comes in. Every few seconds all that could grow is read; after
the warm-up a line is laid through the means of each minute by least squares, and
its slope is told with twice its standard error.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import signal
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from bot.store.schema import ensure
from tests.bench.footprint import fill
from tests.bench.rig.children import machine
from tests.bench.rush.crowd import FLAGGED, Crowd
from tests.bench.rush.watch import ANA, CARE, Rush, rush
from tests.bench.shift.eyes import Eyes, Seen

#: Posts a second at speed 1.
PACE: Final = 1 / 60
#: Seconds between two looks.
LOOK_S: Final = 5.0
#: Share of the time that is left out as warm-up.
WARM: Final = 0.25
#: Seconds in which the queue has to be empty after the last post.
DRAIN_S: Final = 300
#: One post in so many is by a guest who wrote that many posts before.
AGAIN: Final = 7
PEOPLE: Final = (ANA, "U0BEN00001", "U0CLEO0001")
#: What is read beside the work, one after the other.
LISTS: Final = ("queue", "mine", "status", "report today", "queue late", "report 7", "queue unflagged")


class Square(Crowd):
    """A crowd whose platform takes replies, and whose guests write again."""

    def __init__(self, number: int, per_second: float) -> None:
        super().__init__(number, per_second)
        self.replies: dict[str, dict[str, str]] = {}
        self.asgi.router.routes += [
            Route("/api/posts/{id}/replies", self._replied, methods=["POST"]),
            Route("/api/posts/{id}/replies", self._found, methods=["GET"]),
        ]

    def is_flagged(self, one: int) -> bool:
        """Whether a post is a complaint: never many in a row, which would be a storm and no cards."""
        return one * 3 % 10 < 10 * FLAGGED / 1_000

    def _post(self, one: int) -> dict[str, Any]:
        first = one - AGAIN * 5 if one % AGAIN == 0 and one >= AGAIN * 5 else one
        return {**super()._post(one), "author": super()._post(first)["author"], "thread": f"p{first}"}

    async def _replied(self, request: Request) -> JSONResponse:
        key, post = request.headers["idempotency-key"], request.path_params["id"]
        number = f"r{len(self.replies) + 1}"
        made = {"id": number, "post": post, "key": key, "url": f"https://square.example/{number}"}
        return JSONResponse(self.replies.setdefault(key, made), 201)

    async def _found(self, request: Request) -> JSONResponse:
        found = [one for one in self.replies.values() if one["post"] == request.path_params["id"]]
        return JSONResponse({"replies": found})


@dataclass
class Desk:
    """Three people who work on one case after the other."""

    seen: Rush
    eyes: Eyes
    done: Counter[str] = field(default_factory=Counter)

    async def work(self, each_s: float) -> None:
        """Take a case every so many seconds until cancelled, and read something beside it."""
        number = 0
        while True:
            number += 1
            person = PEOPLE[number % len(PEOPLE)]
            waiting = [card for card in self.eyes.cards(CARE) if card.is_free and not card.was_answered]
            if waiting:
                await self._take(person, waiting[0], number)
            await self._do("command", person, command="/social", text=LISTS[number % len(LISTS)], channel=CARE)
            if number % 5 == 0:
                await self._do("home", person)
            await asyncio.sleep(each_s)

    async def _take(self, person: str, card: Seen, number: int) -> None:
        if number % 5 == 1:
            await self._window(person, card, "case.resolve", resolution="no action")
            return
        if number % 5 == 2:
            await self._press(person, card, "case.claim")
        elif number % 5 == 3:
            await self._do("reaction", person, name="eyes", message_ts=card.ts, channel=card.channel)
        text = f"We are sorry. We look into case {card.case} and write to you ({number})."
        await self._window(person, card, "case.reply", text=text, options=["resolve"])

    async def _window(self, person: str, card: Seen, action: str, **values: Any) -> None:
        """Fill in what a press opens, and what may stand above it then; close what is left."""
        await self._press(person, card, action)
        for filled in (values, {}):
            if windows := self.eyes.windows(person):
                await self._do("submit", person, view_id=windows[-1].id, values=filled)
        if self.eyes.windows(person):
            self.done["not let through"] += 1
            await self._do("close", person, all=True)

    async def _press(self, person: str, card: Seen, action: str) -> None:
        await self._do("action", person, action_id=action, message_ts=card.ts, channel=card.channel)

    async def _do(self, what: str, person: str, **more: Any) -> None:
        answer = (await self.seen.http.post(f"/sim/{what}", json={"user": person, **more})).json()
        self.done[what if answer["ok"] else f"{what}: {answer.get('error')}"] += 1


@dataclass(frozen=True)
class Look:
    """What the bot held at one moment."""

    at: float
    figures: dict[str, float]


async def look(seen: Rush, counts: Path) -> Look:
    """Read all that could grow."""
    os.kill(seen.process.pid, signal.SIGUSR1)
    await asyncio.sleep(0.3)
    tasks, blocks = map(int, counts.read_text().split())
    log, due = seen.folder / "goshawk.db-wal", time.time_ns() // 1_000
    figures = {
        "RSS, MiB": seen.rss,
        "Python's objects, 1,000 blocks": blocks / 1_000,
        "tasks": tasks,
        "descriptors": len(list(Path(f"/proc/{seen.process.pid}/fd").iterdir())),
        "threads": len(list(Path(f"/proc/{seen.process.pid}/task").iterdir())),
        "WAL, MiB": log.stat().st_size / 1024**2 if log.exists() else 0.0,
        "jobs that are due": seen.asked(f"SELECT count(*) FROM job WHERE state = 'ready' AND due <= {due}")[0][0],  # noqa: S608 - a number
    }
    return Look(time.monotonic(), figures)


def slope(points: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """Return the slope of the least squares through ``points``, and twice its standard error."""
    if len(points) < 3:
        return float("nan"), float("nan")
    xs, ys = zip(*points, strict=True)
    found = statistics.linear_regression(xs, ys)
    left = sum((y - found.slope * x - found.intercept) ** 2 for x, y in points)
    spread = sum((x - statistics.mean(xs)) ** 2 for x in xs)
    return found.slope, 2 * (left / (len(points) - 2) / spread) ** 0.5


def minutes(looks: Sequence[Look], name: str) -> list[tuple[float, float]]:
    """Return the mean of each minute, by the hour: neighbours are too much alike to count as so many witnesses."""
    kept: dict[int, list[float]] = {}
    for one in looks:
        kept.setdefault(int((one.at - looks[0].at) // 60), []).append(one.figures[name])
    return [((minute + 0.5) / 60, statistics.mean(found)) for minute, found in kept.items()]


def told(looks: Sequence[Look], end: Look) -> str:
    """Return a line for each figure."""
    rows = []
    for name in end.figures:
        values = [one.figures[name] for one in looks]
        rise, error = slope(minutes(looks, name))
        rows.append(
            f"{name:<32} first {values[0]:8.1f}  median {statistics.median(values):8.1f}  most {max(values):8.1f}  "
            f"at rest {end.figures[name]:8.1f}  slope {rise:+.2f} ± {error:.2f} an hour"
        )
    return "\n".join(rows)


async def soaked(length_s: float, speed: float, stored: int) -> str:
    """Run it all and return what came of it."""
    rate = PACE * speed
    square = Square(int(length_s * rate), rate)
    with tempfile.TemporaryDirectory() as place:
        folder, counts = Path(place), Path(place) / "counts"
        url = f"sqlite:///{folder / 'goshawk.db'}"
        ensure(url)
        await fill(url, stored)
        async with rush(folder, square, by="tests.bench.rush.counted", BENCH_COUNTS=str(counts)) as seen:
            looks, desk = [], Desk(seen, Eyes(seen.sandbox))
            square.let_loose()
            work = asyncio.create_task(desk.work(0.5 / (rate * FLAGGED / 1_000)))
            ends = time.monotonic() + length_s
            while time.monotonic() < ends and not work.done():
                looks.append(await look(seen, counts))
                await asyncio.sleep(LOOK_S)
            work.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await work
            end = await _drained(seen, counts)
            warm = [one for one in looks if one.at - looks[0].at >= WARM * length_s]
            did = ", ".join(f"{count} x {what}" for what, count in desk.done.most_common())
            return (
                f"{seen.stored - stored:,} of {square.number:,} posts stored, {len(square.replies):,} replies "
                f"published; nothing due {end.at - ends:.0f} s after the last post\n{did}\n"
                f"after {WARM:.0%} of the time as warm-up ({machine()}):\n{told(warm, end)}\n"
                f"RSS by the minute: {' '.join(f'{mean:.1f}' for _, mean in minutes(looks, 'RSS, MiB'))}"
            )


async def _drained(seen: Rush, counts: Path) -> Look:
    """Wait until nothing is due any more."""
    last = time.monotonic() + DRAIN_S
    while True:
        now = await look(seen, counts)
        if not now.figures["jobs that are due"] or now.at > last:
            return now
        await asyncio.sleep(1)


def main(argv: Sequence[str] | None = None) -> None:
    """Print what was held, and how fast it grew."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench soak", description=__doc__)
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--speed", type=float, default=60.0, help="times one post a minute")
    parser.add_argument("--stored", type=int, default=50_000, help="mentions that are there before")
    options = parser.parse_args(argv)
    print(asyncio.run(soaked(options.minutes * 60, options.speed, options.stored)))  # noqa: T201 - a benchmark speaks


if __name__ == "__main__":
    main()
