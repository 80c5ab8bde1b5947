"""Many jobs and several processes: who waits for a turn keeps nobody else waiting, and the pace is one for all."""

import asyncio
from contextlib import AsyncExitStack
from datetime import timedelta
from time import monotonic

from bot.clock import SystemClock
from bot.domain.job import PACED, Job
from bot.jobs.pace import Pace
from bot.jobs.runner import Runner
from bot.store.engine import Store
from tests.jobs.conftest import until

GAP = timedelta(seconds=0.25)
BACKLOG = 2_000
ROOM, OTHER = f"{PACED}cases", f"{PACED}private"


async def promised(store: Store, clock, kind: str, lane: str, *names: str, urgent: int = 4) -> None:
    now = clock.now()

    def work(unit) -> None:
        for name in names:
            unit.jobs.add(Job(kind=kind, key=f"{kind}:{name}", subject=name, due=now, lane=lane, urgent=urgent))

    await store.transact(work)


class Desk:
    """A runner over a database, whose cards take turns in their lane and whose timers only ring."""

    def __init__(self, store: Store, clock, posted: list[str], gap: timedelta = GAP) -> None:
        self.posted = posted
        self.tries = 0
        self._pace = Pace(store, clock, gap)
        self.runner = Runner(store, clock, {"card": self._post, "timer": self._ring})
        store.on_promise = self.runner.wake

    async def _post(self, job: Job) -> None:
        self.tries += 1
        await self._pace.take(f"post:{job.lane}")
        self.posted.append(job.subject)

    async def _ring(self, job: Job) -> None:
        self.posted.append(job.subject)


class Crowded(Desk):
    """A desk whose cards and lines stand in the same channel."""

    def __init__(self, store: Store, clock, posted: list[str]) -> None:
        super().__init__(store, clock, posted, gap=timedelta(seconds=1))
        self.runner = Runner(store, clock, {"card": self._draw, "line": self._say})
        store.on_promise = self.runner.wake

    async def _draw(self, job: Job) -> None:
        await asyncio.sleep(0.1)
        await self._say(job)

    async def _say(self, job: Job) -> None:
        await self._pace.take("post:C1")
        self.posted.append(job.subject)


async def at_work(stack: AsyncExitStack, desk: Desk) -> None:
    task = asyncio.create_task(desk.runner.run())

    async def end() -> None:
        task.cancel()
        await asyncio.wait([task])

    stack.push_async_callback(end)


async def test_a_backlog_in_one_channel_delays_neither_another_channel_nor_a_timer(store):
    clock, posted = SystemClock(), []
    await promised(store, clock, "card", ROOM, *(f"old {number}" for number in range(BACKLOG)))
    async with AsyncExitStack() as stack:
        desk = Desk(store, clock, posted, gap=timedelta(seconds=5))
        await at_work(stack, desk)
        await until(lambda: posted)

        began = monotonic()
        await promised(store, clock, "card", OTHER, "private")
        await promised(store, clock, "timer", "timers", "timer")
        await until(lambda: {"private", "timer"} <= set(posted))
        waited = monotonic() - began

    assert waited < 4  # the next turn of the crowded channel is five seconds off
    assert len(posted) == 3
    assert desk.tries < 20  # the others of the backlog were not even claimed


async def test_who_is_most_urgent_gets_the_next_turn(store):
    clock, posted = SystemClock(), []
    await promised(store, clock, "card", ROOM, *(f"calm {number}" for number in range(20)))
    async with AsyncExitStack() as stack:
        await at_work(stack, Desk(store, clock, posted, gap=timedelta(seconds=1)))
        await until(lambda: posted)

        await promised(store, clock, "card", ROOM, "urgent", urgent=2)
        await until(lambda: "urgent" in posted)

    assert posted.index("urgent") <= 2


async def test_the_more_urgent_goes_first_where_two_lanes_post_to_one_channel(store):
    """A card is drawn before it asks for its turn, so that a backlog of thread lines would always be quicker."""
    clock, posted = SystemClock(), []
    await promised(store, clock, "line", f"{PACED}lines", *(f"line {number}" for number in range(15)), urgent=3)
    async with AsyncExitStack() as stack:
        await at_work(stack, Crowded(store, clock, posted))
        await until(lambda: posted)

        await promised(store, clock, "card", ROOM, "critical", urgent=2)
        await until(lambda: "critical" in posted)

    assert posted.index("critical") < 8  # of 15; on a machine with nothing else to do it is the next one


async def test_two_processes_keep_one_pace_and_post_each_once(store_url):
    clock, posted, names = SystemClock(), [], [str(number) for number in range(8)]
    stores = [Store(store_url), Store(store_url)]
    async with AsyncExitStack() as stack:
        for store in stores:
            store.open()
            stack.callback(store.close)
        await promised(stores[0], clock, "card", ROOM, *names)
        began = monotonic()
        for store in stores:
            await at_work(stack, Desk(store, clock, posted))
        await until(lambda: len(posted) >= len(names))
        waited = monotonic() - began

    assert sorted(posted) == names
    assert waited >= (len(names) - 1) * GAP.total_seconds()
