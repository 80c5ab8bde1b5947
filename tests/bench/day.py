"""Plays a day on the desk: ``python -m tests.bench day [--data DIR] [--staff N]``.

Six people in shifts, customers who write back, an hour in which the platform is
out, one person who goes home without releasing, and two who may do nothing and
press everything. They act only as people in Slack can: typing, pressing,
reacting, filling in windows, through the sandbox over HTTP. The bot is the real
one with the settings it comes with, except that nothing is paced: neither its own
gap between two messages of a channel, nor Slack's limits.

Method. There is one time. The bot's clock, the sleeping of its feeds, the
sandbox's clock, customers and staff all go by ``shift.hours.Hours``. It is turned
only when everybody sleeps, no job is due and no call is under way; and then to
the next moment at which somebody wakes, fifteen seconds later at most, since that
is how often the feed looks. So a day has the same order of events on any machine.
What people do in the same second they do at once, over real sockets; who of them
wins is left to chance, and is the only thing that two runs with the same seed may
differ in.

After midnight the clock goes on for 26 hours without anybody at the desk: what
nobody answered must have rung by then, or it was forgotten.

Without ``--data`` the day is written for the project (its own posts, and a rhythm
with 168 in the busiest hour); with it, the local day around the busiest hour of
``airline.csv.gz``, at its real spacing.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
from sqlalchemy import and_, or_, select

from bot import log
from bot.domain.job import WIDTH, JobState
from bot.store.outbox import job
from bot.store.unit import Unit
from tests.bench.shift import figures
from tests.bench.shift.eyes import Eyes
from tests.bench.shift.figures import Figure
from tests.bench.shift.hours import Hours
from tests.bench.shift.office import Office, Tally
from tests.bench.shift.parts import Ledger, Wait
from tests.bench.shift.posts import Written, by_hour, own_day, peak, real_day
from tests.bench.shift.record import Record
from tests.bench.shift.roster import FORGETFUL, Shift, rests, shifts
from tests.bench.shift.staff import Person
from tests.bench.shift.strangers import PEOPLE, Stranger
from tests.bench.shift.town import BusyTown
from tests.stories.stage import ANA, BEN, CARE, CLEO, PRIVATE, Stage, stage

#: Seconds between two looks of the feed.
LOOK_S = 15
#: So many looks in a row must find the bot still.
CALM = 2
#: Longest that the bot may take to be still, in real seconds.
STILL_S = 120


@dataclass(frozen=True)
class Plan:
    """What happens on the day."""

    posts: Sequence[Written]
    midnight: datetime
    ends: datetime
    outage: tuple[datetime, datetime]
    people: Sequence[Shift]
    seed: int = 1


@dataclass
class Played:
    """What came of it."""

    figures: list[Figure]
    told: list[str]
    tables: list[str]
    waits: list[Wait]


class Day:
    """One day being played."""

    def __init__(self, plan: Plan, hours: Hours, scene: Stage) -> None:
        self._plan = plan
        self._hours = hours
        self._scene = scene
        self._world = scene.sandbox._world
        self._calls = 0
        self.office = Office(scene, hours, Eyes(scene.sandbox), Tally())
        self.people = [self._person(one, rest) for one, rest in zip(plan.people, rests(plan.people), strict=True)]
        self.strangers = [Stranger(self.office, one, ends=plan.ends, seed=plan.seed) for one in PEOPLE]

    def _person(self, shift: Shift, rest: datetime | None) -> Person:
        return Person(
            office=self.office,
            id=shift.who,
            name=shift.name,
            begins=shift.begins,
            ends=shift.ends,
            breaks=[rest] if rest else [],
            channels=(CARE, PRIVATE) if shift.private else (CARE,),
            forgets=shift.name == FORGETFUL,
            seed=self._plan.seed,
        )

    async def play(self) -> None:
        """Play until midnight, and say nothing until everybody went home."""
        self._hours.begin(self._customers())
        self._hours.begin(self._scene.town.be_out(*self._plan.outage))
        for one in [*self.people, *self.strangers]:
            self._hours.begin(one.live())
        await self._still()
        while (moment := self._hours.next_moment()) and moment < self._plan.ends:
            await self._turn_to(moment)
        await self._turn_to(self._plan.ends)

    async def wait(self, span: timedelta, *, step: timedelta) -> None:
        """Let time pass with nobody at the desk."""
        until = self._hours.now() + span
        while self._hours.now() < until:
            await self._turn_to(self._hours.now() + step)

    async def _customers(self) -> None:
        for written in self._plan.posts:
            await self._hours.until(written.at)
            self._scene.town.post(written.text, by=written.handle, **written.given)

    async def _turn_to(self, moment: datetime) -> None:
        self._hours.turn_to(moment)
        self._world.clock.advance(max(0.0, moment.timestamp() - self._world.clock.now()))
        await self._still()
        if self._world.ledger.call_count != self._calls:
            self._calls = self._world.ledger.call_count
            self._hours.tell_news()
            await self._still()

    async def _still(self) -> None:
        """Wait until everybody sleeps and the bot has done what is due."""
        self._scene.goshawk.runner.wake()
        calm, begun = 0, time.monotonic()
        while calm < (CALM if self._hours.asleep <= 0 else 10 * CALM):
            await asyncio.sleep(0.001)
            calm = calm + 1 if await self._is_still() else 0
            if time.monotonic() - begun > STILL_S:
                raise TimeoutError(f"The bot is not still at {self._hours.now()}.")

    async def _is_still(self) -> bool:
        world, now = self._world, self._hours.now()
        under_way = world.delivery.waiting or world.ledger.in_flight or self._scene.sandbox._events.looking
        asleep = self._hours.asleep
        if under_way or asleep < 0:
            return False
        running, due = await self._scene.goshawk.store.read(lambda unit: _jobs(unit, at=now))
        lane_is_full = asleep >= WIDTH  # what is due waits for those who sleep
        return running == asleep and (not due or lane_is_full)


def _jobs(unit: Unit, *, at: datetime) -> tuple[int, int]:
    """Count the jobs that run, and those that are due and do not run yet."""
    late = and_(job.c.state == JobState.READY, job.c.due <= at)
    query = select(job.c.state).where(or_(job.c.state == JobState.RUNNING, late))
    states = list(unit.jobs._connection.execute(query).scalars())
    return states.count(JobState.RUNNING), states.count(JobState.READY)


@contextlib.asynccontextmanager
async def begun(plan: Plan, folder: Path) -> AsyncIterator[Day]:
    """Set the stage for a day."""
    hours = Hours(plan.midnight, listeners=1)
    town = BusyTown(hours, seed=plan.seed)
    settings = {"undo_s": 15, "undo_p1_s": 5, "oncall": "@social-leads"}
    async with stage(folder, clock=hours, sleep=hours.sleep, town=town, staff=7, look_s=LOOK_S, **settings) as scene:
        async with _line(scene) as scene.http:
            day = Day(plan, hours, scene)
            try:
                yield day
            finally:
                await hours.close()


def _line(scene: Stage) -> httpx.AsyncClient:
    """Return people's line to the sandbox; it hangs up long before the sandbox does, which may be mid-request."""
    limits = httpx.Limits(keepalive_expiry=1)
    return httpx.AsyncClient(base_url=scene.url, headers=scene.http.headers, timeout=20, limits=limits)


async def played(plan: Plan, folder: Path) -> Played:
    """Play a day and read what came of it."""
    async with begun(plan, folder) as day:
        scene, office = day._scene, day.office
        started = time.monotonic()
        await day.play()
        record = await Record(scene).read()
        there = {person.id: (person.begins, person.ends) for person in day.people}
        found = [
            *figures.answers(record, day.people),
            *figures.wrongs(record, office.tally, day.strangers),
            *figures.noise(record, until=plan.ends, on_duty=lambda who, at: _is_there(there.get(who), at)),
            *figures.presses(office.tally),
        ]
        took = time.monotonic() - started
        told = _told(record, plan, scene, took)
        ledger = Ledger(record, day.people, office.tally.hands, plan.outage)
        tables = [*ledger.table(), "", *ledger.by_hour(plan.midnight)]
        await day.wait(timedelta(hours=26), step=timedelta(minutes=30))
        later = await Record(scene).read()
        dead = await scene.goshawk.store.read(lambda unit: unit.jobs.count_dead())
        told.append(f"jobs given up: {dead}; protocol errors: {dict(day._world.ledger.error_counts) or 'none'}")
        return Played([figures.forgotten(later), *found], told, tables, ledger.waits())


def _told(record: Record, plan: Plan, scene: Stage, took: float) -> list[str]:
    flagged = sum(kept.verdict.flagged for kept in record.stored)
    waiting = sum(case.waits for case in record.cases.values())
    vain = f"{scene.town.reads_in_vain} reads and {scene.town.sends_in_vain} sends in vain"
    mentions = f"{len(plan.posts)} posts, {peak(plan.posts)} in the busiest hour; {len(record.stored)} mentions stored"
    return [
        f"{mentions}, {flagged} flagged, {len(record.cases)} cases, {waiting} waiting at the end",
        f"{len(record.said)} replies published; over the outage {vain}",
        f"played in {took:.0f} s at load {os.getloadavg()[0]:.0f}",
    ]


def _is_there(span: tuple[datetime, datetime] | None, at: datetime) -> bool:
    return span is None or span[0] <= at < span[1]


def planned(data: Path | None, *, seed: int, staff: int = 6) -> Plan:
    """Return the plan of a whole day: a Monday to come, since the sandbox's clock only goes on."""
    now = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    midnight = now + timedelta(days=8 - now.isoweekday())
    posts = real_day(data / "airline.csv.gz", midnight) if data else own_day(midnight, seed=seed)
    hour = [midnight + timedelta(hours=number) for number in range(25)]
    people = shifts(midnight, staff=staff, rhythm=by_hour(posts))
    return Plan(posts, midnight, hour[24], (hour[17], hour[18]), people, seed)


def one_hour(*, seed: int = 1) -> Plan:
    """Return a plan of one hour with few posts, for a test: two people, ten minutes of outage, one forgets."""
    now = datetime.now(UTC).replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    posts = own_day(now, seed=seed, rhythm=(16,))
    minute = [now + timedelta(minutes=number) for number in range(76)]
    people = [
        Shift(ANA, "ana", minute[0], minute[60], private=True),
        Shift(BEN, "ben", minute[0], minute[40], private=True),
        Shift(CLEO, "cleo", minute[5], minute[75], private=True),
    ]
    return Plan(posts, now, minute[75], (minute[20], minute[30]), people, seed)


def main(argv: Sequence[str] | None = None) -> None:
    """Play a day and print its figures."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench day", description=__doc__.split("\n")[0])
    parser.add_argument("--data", type=lambda given: Path(given).resolve(), help="folder that holds airline.csv.gz")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--staff", type=int, default=6, choices=range(1, 11), metavar="N", help="how many work, 6 if unsaid"
    )
    options = parser.parse_args(argv)
    log.configure("ERROR")
    with tempfile.TemporaryDirectory() as folder:
        done = asyncio.run(played(planned(options.data, seed=options.seed, staff=options.staff), Path(folder)))
    for line in [*done.told, "", *(figure.line() for figure in done.figures), "", *done.tables]:
        print(line)  # noqa: T201 - a benchmark speaks to a terminal
    missed = [figure.name for figure in done.figures if figure.is_missed]
    print(f"\nmissed: {'; '.join(missed) or 'nothing'}")  # noqa: T201 - the same


if __name__ == "__main__":
    main()
