"""Measures what Goshawk takes: ``python -m tests.bench footprint [--mentions N] [--times N]``. Linux only.

``goshawk run``, ``web`` and ``worker``, each alone on a database that is up to
date: seconds from the command to ready (``/readyz`` says so; of a worker, its
line) and its memory at rest. Then ``goshawk run`` on a database with so many
mentions, one in ten with a case that is over, and with complaints that came in
while nobody ran: seconds from the command to the first card of these, and memory
after a day's work in a few seconds (deliveries, and every list that people read).
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import statistics
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final
from urllib.parse import urlencode

from bot.cases.reception import Reception
from bot.clock import SystemClock
from bot.domain.card import Card
from bot.domain.case import Case, Resolution, State
from bot.domain.ids import CaseId
from bot.domain.mention import Author, Mention
from bot.domain.policy import Policy
from bot.domain.route import Routes
from bot.domain.sla import Priority
from bot.domain.verdict import Kind, Verdict
from bot.store.engine import Store
from bot.store.schema import ensure
from bot.store.unit import Unit
from bot.triage.scorer import judge
from tests.bench.memory import mebibytes
from tests.bench.rig import children
from tests.bench.rig.children import PATIENCE_S, Child
from tests.bench.rig.sender import COMPLAINT, NOISE, Sender, by_slack, real_texts, single
from tests.bench.rig.slack import CHANNEL, PERSON
from tests.bench.scale import cpu_s
from tests.cli.terminal import Process, started
from tests.fakes.posts import mention

#: Seconds that a process is left alone before its memory at rest is read.
REST_S: Final = 5
#: Complaints that wait for their cards at a restart.
BACKLOG: Final = 50
#: Mentions in one transaction while the database is filled, and one in so many has a case.
PAGE, CASES = 1_000, 10
#: What people read all day; each is asked for ``ASKED`` times, several at once.
LISTS: Final = ("queue", "queue late", "queue unflagged", "mine", "report 7", "report today", "status", "show 1")
ASKED: Final = 20
#: Deliveries of one post each, one in twenty a complaint.
DELIVERIES: Final = 2_000


@dataclass(frozen=True)
class Taken:
    """What one process took, in MiB and seconds."""

    rss: float
    pss: float
    ready_s: float
    cpu_s: float
    """Processor time until then."""
    card_s: float = 0.0
    most_rss: float = 0.0


@contextlib.contextmanager
def running(part: str, slack: Child, cwd: Path) -> Iterator[tuple[Process, float, float]]:
    """Run one part; give it, the seconds until it was ready, and those of a processor."""
    begun = time.monotonic()
    one = started(part, cwd=cwd, env=children.settings_of(slack.url, cwd))
    try:
        said = one.line()
        one.url = said.rpartition(" ")[2] if "http://" in said else ""
        assert said, one.handle.communicate(timeout=PATIENCE_S)[1]
        while one.url and not _is_ready(one.url):
            time.sleep(0.01)
        yield one, time.monotonic() - begun, cpu_s(one.handle.pid)
        one.stopped()
    finally:
        one.handle.kill()


def _is_ready(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/readyz", timeout=PATIENCE_S) as answer:  # noqa: S310 - loopback
            return bool(answer.status == 200)
    except urllib.error.HTTPError:
        return False


def at_rest(part: str, slack: Child, cwd: Path) -> Taken:
    """Measure one part that has nothing to do."""
    with running(part, slack, cwd) as (one, ready_s, spent_s):
        time.sleep(REST_S)
        return Taken(mebibytes(one.handle.pid, "Rss"), mebibytes(one.handle.pid, "Pss"), ready_s, spent_s)


async def fill(url: str, number: int, *, backlog: int = 0) -> None:
    """Store so many mentions of the last month as if they had been answered, and complaints that nobody saw yet."""
    store = Store(url)
    store.open()
    now, texts = SystemClock().now(), real_texts()
    try:
        for first in range(0, number, PAGE):
            page = [_told(one, number, texts, now) for one in range(first, min(first + PAGE, number))]
            await store.transact(lambda unit, page=page: _stored(unit, page))  # type: ignore[misc]
        reception = Reception(store, SystemClock(), Policy(routes=Routes(CHANNEL)))
        late = [mention(COMPLAINT, by=f"late{one}-{now:%H%M%S}", at=now, seen_at=now) for one in range(backlog)]
        await reception.receive([(one, judge(one)) for one in late], feed="bench")
    finally:
        store.close()


def _told(one: int, number: int, texts: Sequence[str], now: datetime) -> Mention:
    at = now - timedelta(days=30) * (1 - one / number) - timedelta(hours=1)
    author = Author(handle=f"person{one}", name=f"Person {one}", followers=one % 9_000)
    told = mention(texts[one % len(texts)], at=at, post_id=f"stored{one}", feed="bench", platform="Reviews")
    return replace(told, author=author, seen_at=at, url=f"https://reviews.example/stored{one}")


def _stored(unit: Unit, page: Sequence[Mention]) -> None:
    quiet = Verdict(kind=Kind.NOISE, score=-1.0)
    unit.mentions.add_all([(one, quiet, None) for place, one in enumerate(page) if place % CASES])
    for one in page[::CASES]:
        case = unit.cases.add(_over(one))
        unit.mentions.add(one, replace(quiet, kind=Kind.COMPLAINT), case_id=case.id)
        unit.cards.put(
            Card(
                case_id=case.id,
                channel=CHANNEL,
                ts=f"1600000000.{case.id:06}",
                drawn_version=case.version,
                carded_at=one.seen_at,
            )
        )


def _over(told: Mention) -> Case:
    ended = told.seen_at + timedelta(minutes=20)
    return Case(
        id=CaseId(0),
        state=State.RESOLVED,
        priority=Priority.P3,
        feed=told.feed,
        platform=told.platform,
        author=told.author.handle,
        thread=told.post_id,
        posted_at=told.posted_at,
        seen_at=told.seen_at,
        due_at=None,
        alarm_at=None,
        claimed_at=told.seen_at + timedelta(minutes=2),
        first_reply_at=ended,
        last_reply_at=ended,
        resolved_at=ended,
        resolved_by="Ana",
        resolution=Resolution.ANSWERED,
    )


def filled(number: int, slack: Child, cwd: Path) -> Taken:
    """Measure the whole with so many mentions stored."""
    slack.asked("/forget", "POST")
    begun = time.monotonic()
    with running("run", slack, cwd) as (one, ready_s, spent_s):
        while not (seen := slack.asked("/seen")):
            assert time.monotonic() - begun < PATIENCE_S, "no card"
            time.sleep(0.02)
        card_s = seen[0][0] - begun
        most = asyncio.run(_worked(int(one.url.rpartition(":")[2]), one.handle.pid, number))
        time.sleep(REST_S)
        pid = one.handle.pid
        return Taken(mebibytes(pid, "Rss"), mebibytes(pid, "Pss"), ready_s, spent_s, card_s, most)


async def _worked(port: int, pid: int, number: int) -> float:
    """Deliver and read as on a long day; return the most memory seen meanwhile."""
    sender, most = Sender(port), 0.0
    try:
        numbers = range(number, number + DELIVERIES)
        await sender.at_once(single(lambda one: NOISE if one % 20 else COMPLAINT), numbers, lines=8)
        for words in LISTS:
            heard = await sender.at_once(lambda one, words=words: _typed(words, one), range(ASKED), lines=4)  # type: ignore[misc]
            assert not heard.wrong, f"{words}: {heard.wrong} of {ASKED} were not answered"
            most = max(most, mebibytes(pid, "Rss"))
    finally:
        sender.close()
    return most


def _typed(words: str, one: int) -> bytes:
    told = {"command": "/social", "text": words, "user_id": PERSON, "channel_id": CHANNEL, "team_id": "T0BENCH001"}
    return by_slack(urlencode({**told, "trigger_id": f"{words}{one}", "response_url": "http://127.0.0.1:9/"}).encode())


def _rest(times: int) -> None:
    for part in ("run", "web", "worker"):
        found = []
        for _ in range(times):
            with children.folder() as cwd, children.slack(cwd) as slack:
                (cwd / "kept").mkdir()
                ensure(f"sqlite:///{cwd / 'kept' / 'goshawk.db'}")
                found.append(at_rest(part, slack, cwd))
        _say(f"{part}, at rest", found, "goal RSS 110, ready 1.5 s" if part == "run" else "")


def _stored_much(number: int, times: int) -> None:
    found = []
    with children.folder() as cwd, children.slack(cwd) as slack:
        file = cwd / "kept" / "goshawk.db"
        file.parent.mkdir()
        ensure(f"sqlite:///{file}")
        for turn in range(times):
            asyncio.run(fill(f"sqlite:///{file}", number if turn == 0 else 0, backlog=BACKLOG))
            found.append(filled(number + turn * DELIVERIES, slack, cwd))
        size = file.stat().st_size / 1024**2
    _say(f"run, {number:,} stored", found, f"goal RSS 150, first card 3 s; {size:,.0f} MiB of database")


def _say(name: str, found: Sequence[Taken], more: str) -> None:
    rss, pss, ready, cpu, card, most = (
        statistics.median(getattr(one, what) for one in found)
        for what in ("rss", "pss", "ready_s", "cpu_s", "card_s", "most_rss")
    )
    first = f"  first card {card:.2f} s  most while working RSS {most:.0f} MiB" if card else ""
    print(  # noqa: T201 - a benchmark speaks to a terminal
        f"{name:<24} RSS {rss:.0f} MiB  PSS {pss:.0f} MiB  ready {ready:.2f} s (CPU {cpu:.2f}){first}  "
        f"({more + '; ' if more else ''}median of {len(found)}, {children.machine()})",
        flush=True,
    )


def main(argv: Sequence[str] | None = None) -> None:
    """Print medians."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench footprint", description=__doc__)
    parser.add_argument("--mentions", type=int, default=100_000, help="stored before; 1000000 for the goal's million")
    parser.add_argument("--times", type=int, default=3)
    options = parser.parse_args(argv)
    _rest(options.times)
    _stored_much(options.mentions, options.times)


if __name__ == "__main__":
    main()
