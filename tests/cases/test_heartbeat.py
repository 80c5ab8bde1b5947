"""Somebody outside hears of us once a minute while all is well, and only then."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.cases import promises
from bot.cases.heartbeat import EVERY, FIRST, Heartbeat, beating
from bot.cases.lookout import LATE, STUCK, Lookout
from bot.domain.health import FeedHealth, Pulse
from bot.domain.job import Job
from bot.domain.outage import Outage
from bot.errors import SlackRefused, Unusable
from bot.jobs.runner import Runner
from bot.settings import only
from bot.store.engine import Store
from tests.fakes.clock import TurnableClock
from tests.fakes.disk import files_end_at
from tests.fakes.platform import Platform


@pytest.fixture
async def watcher() -> AsyncIterator[Platform]:
    """Give a service that waits for our word."""
    async with Platform() as platform:
        yield platform


class Slack:
    """Answers, or is away."""

    def __init__(self) -> None:
        self.is_away = False

    async def check(self) -> str:
        if self.is_away:
            raise SlackRefused("Slack refused: account_inactive.", code="account_inactive")
        return ""


class Desk:
    """What speaks, and the runner that has it spoken."""

    heartbeat: Heartbeat

    def __init__(self, store: Store, clock: TurnableClock) -> None:
        self.store, self.clock = store, clock
        self.slack = Slack()
        self.lookout = Lookout(store, clock, {"town": timedelta(seconds=1)})
        self.checks = {"slack": self.slack.check, "work": self.lookout.stuck, "feeds": self.lookout.unread}

    async def minute(self) -> None:
        """Turn the clock on by a minute, read the town, and keep the promise as the runner does."""
        self.clock.advance(EVERY)
        await self.read()
        await self.keep()

    async def read(self, pulse: Pulse = Pulse.LISTENING) -> None:
        now = self.clock.now()
        health = FeedHealth(feed="town", pulse=pulse, since=now, last_read_at=now)
        await self.store.transact(lambda unit: unit.feeds.note(health))

    async def keep(self) -> None:
        now = self.clock.now()
        jobs = await self.store.transact(
            lambda unit: unit.jobs.claim([promises.HEARTBEAT], at=now, lease=timedelta(seconds=30), limit=9)
        )
        for job in jobs:
            await self.heartbeat.beat(job)
            await self.store.transact(lambda unit, job=job: unit.jobs.finish(job))

    async def promise(self, kind: str, *, urgent: int = 5) -> None:
        job = Job(kind=kind, key=f"{kind}:{urgent}", due=self.clock.now(), urgent=urgent)
        await self.store.transact(lambda unit: unit.jobs.add(job))

    async def kept(self, kind: str) -> None:
        now = self.clock.now()
        for job in await self.store.transact(
            lambda unit: unit.jobs.claim([kind], at=now, lease=timedelta(seconds=30), limit=9)
        ):
            await self.store.transact(lambda unit, job=job: unit.jobs.finish(job))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "heartbeat"


@pytest.fixture
async def desk(store: Store, clock: TurnableClock, watcher: Platform, file: Path) -> AsyncIterator[Desk]:
    for _ in range(9):
        watcher.will_answer(200, b"OK")
    given = only(heartbeat_url=f"{watcher.url}/ping/a-secret-place", heartbeat_file=str(file))
    desk = Desk(store, clock)
    async with beating(store, clock, given, desk.checks) as desk.heartbeat:
        await desk.heartbeat.begin()
        yield desk


async def test_while_all_is_well_it_is_said_once_a_minute_by_call_and_file(desk: Desk, watcher: Platform, file: Path):
    for _ in range(3):
        await desk.minute()
        await desk.keep()

    assert watcher.asked == ["/ping/a-secret-place"] * 3
    assert json.loads(file.read_text()) == {
        "at": "2026-11-21T09:03:00+00:00",
        "checked": ["slack", "work", "feeds"],
    }
    assert [one.name for one in file.parent.iterdir() if "heartbeat" in one.name] == ["heartbeat"]


async def test_while_slack_is_away_nothing_is_said_and_it_is_logged_once(desk: Desk, watcher: Platform, log_lines):
    await desk.minute()
    desk.slack.is_away = True
    for _ in range(3):
        await desk.minute()
    silent = len(watcher.asked)
    desk.slack.is_away = False
    await desk.minute()

    assert (silent, len(watcher.asked)) == (1, 2)
    assert log_lines().count("nobody outside is told otherwise") == 1
    assert log_lines().count("all is well again") == 1


async def test_while_promises_are_not_kept_nothing_is_said(desk: Desk, watcher: Platform):
    await desk.promise("card.redraw")
    await desk.promise(promises.COPY)  # old words in Slack may wait for hours
    await desk.promise(promises.REDRAW, urgent=8)  # as may a freeze on cards where nothing waits
    for _ in range(10):
        await desk.minute()
    waited = len(watcher.asked)
    await desk.minute()
    stuck = await desk.lookout.stuck()
    await desk.kept("card.redraw")
    for _ in range(2):
        watcher.will_answer(200, b"OK")
        await desk.minute()

    assert timedelta(minutes=10) == STUCK and waited == 10
    assert stuck == "card.redraw has been due for 660 s (1 of it wait)."
    assert len(watcher.asked) == 12


async def test_while_nobody_reads_a_feed_nothing_is_said_but_a_failing_one_is_read(desk: Desk, watcher: Platform):
    await desk.read()
    for _ in range(4):  # three looks may be missed, and one may take two minutes
        desk.clock.advance(EVERY)
        await desk.keep()
    silent = len(watcher.asked)
    await desk.read(Pulse.FAILING)
    for _ in range(4):
        desk.clock.advance(EVERY)
        await desk.keep()

    assert (silent, len(watcher.asked)) == (2, 6)


@pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)  # a full disk of ours is not the server's
async def test_a_database_that_takes_nothing_ends_the_words_and_they_come_back(desk: Desk, watcher: Platform):
    await desk.minute()
    job = Job(kind=promises.HEARTBEAT, key=promises.HEARTBEAT, due=desk.clock.now())
    with files_end_at(4_096), pytest.raises(Unusable):
        await desk.heartbeat.beat(job)
    silent = len(watcher.asked)
    await desk.minute()

    assert (silent, len(watcher.asked)) == (1, 2)


async def test_a_call_that_fails_is_logged_once_and_stops_neither_the_file_nor_the_next(
    desk: Desk, watcher: Platform, file: Path, log_lines
):
    watcher._script.clear()
    watcher.will_answer(404, b"no such check")
    watcher.will_reset()
    watcher.will_answer(302, b"", location="https://elsewhere.example/")
    watcher.will_answer(200, b"OK")
    written = []
    for _ in range(4):
        await desk.minute()
        written.append(json.loads(file.read_text())["at"][14:16])

    assert len(watcher.asked) == 4 and written == ["01", "02", "03", "04"]
    assert log_lines().count("a heartbeat did not get out") == 1
    assert "a-secret-place" not in log_lines()


async def test_a_file_that_cannot_be_written_keeps_no_call_from_leaving(
    desk: Desk, watcher: Platform, file: Path, log_lines
):
    file.mkdir()
    for _ in range(2):
        await desk.minute()

    assert len(watcher.asked) == 2
    assert log_lines().count("a heartbeat did not get out") == 1


async def test_of_several_processes_one_speaks(desk: Desk, store: Store, clock: TurnableClock):
    for _ in range(3):  # as many start, one after the other
        await desk.heartbeat.begin()
    clock.advance(EVERY)
    await desk.read()
    runners = [Runner(store, clock, {promises.HEARTBEAT: desk.heartbeat.beat}) for _ in range(3)]

    claims = [await one._claim() for one in runners]

    assert sum(len(one) for one in claims) == 1


async def test_a_process_speaks_only_after_it_has_lived_a_while(desk: Desk, watcher: Platform):
    """One that falls and is started anew again and again is not well."""
    await desk.minute()
    for _ in range(9):
        desk.clock.advance(FIRST / 2)
        await desk.read()
        await desk.heartbeat.begin()
        await desk.keep()
    restless = len(watcher.asked)
    desk.clock.advance(FIRST)
    await desk.read()
    await desk.keep()

    assert (restless, len(watcher.asked)) == (1, 2)


async def test_a_word_that_a_wrong_clock_promised_for_next_year_is_not_waited_for(desk: Desk, watcher: Platform):
    desk.clock.advance(timedelta(days=365))
    await desk.minute()
    desk.clock.advance(-timedelta(days=365))
    await desk.heartbeat.begin()
    await desk.minute()

    assert len(watcher.asked) == 2


async def test_a_word_that_is_wanted_no_more_is_not_promised_again(desk: Desk, store: Store, clock: TurnableClock):
    silent = Heartbeat(store, clock, {}, {})
    clock.advance(EVERY)
    desk.heartbeat = silent

    await silent.begin()
    await desk.keep()

    assert await store.read(lambda unit: unit.jobs.open([promises.HEARTBEAT])) == []


async def test_operators_hear_of_late_work_at_the_second_look_and_until_it_is_well_in_time(
    desk: Desk, watcher: Platform
):
    await desk.promise("card.redraw")
    desk.clock.advance(LATE)
    in_time = await desk.lookout.late()
    desk.clock.advance(timedelta(seconds=15))
    once, twice = await desk.lookout.late(), await desk.lookout.late()
    await desk.kept("card.redraw")
    await desk.promise("card.redraw")
    desk.clock.advance(LATE / 2 + timedelta(seconds=1))
    await desk.keep()
    still = await desk.lookout.late()
    await desk.kept("card.redraw")

    assert (in_time, once) == ({}, {})
    assert twice["work"].startswith("Work waits: card.redraw has been due for 75 s (1 of it wait).")
    assert "due for 31 s" in still["work"] and await desk.lookout.late() == {}


async def test_late_work_that_waits_for_a_closed_channel_is_not_told_twice(desk: Desk, watcher: Platform):
    closed = Outage(key="channel:C0CARE0001", why="is archived", since=desk.clock.now())
    await desk.store.transact(lambda unit: unit.outages.begin(closed))
    await desk.promise("card.redraw")
    desk.clock.advance(2 * LATE)

    assert [await desk.lookout.late() for _ in range(2)] == [{}, {}]
