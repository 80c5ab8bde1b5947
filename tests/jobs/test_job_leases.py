"""Leases and attempts while a handler works; what ends a job for good, and how a lane waits."""

import asyncio
from datetime import timedelta

import pytest

from bot.domain.job import Job
from bot.errors import FeedTrouble, SlackBusy, SlackDoubtful, SlackRefused
from bot.jobs import lease as leases
from bot.jobs.attempts import Attempts
from bot.jobs.pace import Pace
from bot.jobs.runner import FAULTS, LEASE, SETTLE
from bot.store.engine import Store
from tests.fakes.clock import TurnableClock
from tests.fakes.posts import START
from tests.jobs.conftest import MINUTE, job_of, other, running, spent, until


async def test_a_lease_is_renewed_while_a_handler_works(store, clock, promised):
    begun: list[int] = []

    async def work(job: Job) -> None:
        begun.append(job.fence)
        for _ in range(4):  # longer than the lease, by either clock
            await asyncio.sleep(0.9)
            clock.advance(timedelta(seconds=0.9))
            leases.check()

    async with running(store, clock, {"card": work}, lease=timedelta(seconds=3)) as runner:
        await promised("1")
        await until(lambda: begun)  # else the other may be the first
        while job := await job_of(store, "1"):
            assert await other(store, clock) == []
            await asyncio.sleep(0.01)
        await runner.settled()

    assert (begun, job) == ([1], None)


async def test_a_handler_whose_lease_is_lost_is_cut_off_and_its_result_dropped(store, clock, promised, log_lines):
    begun, ended = asyncio.Event(), asyncio.Event()

    async def hang(_job: Job) -> None:
        begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    async with running(store, clock, {"card": hang}, lease=timedelta(seconds=0.3)):
        await promised("1")
        await begun.wait()
        clock.advance(MINUTE)
        [taken] = await other(store, clock)
        await ended.wait()
        await asyncio.sleep(0.05)

    assert taken.fence == 2
    assert await store.transact(lambda unit: unit.jobs.finish(taken))
    assert log_lines().count("a job was lost") == 1


async def test_a_process_does_not_take_its_own_job_twice_when_the_clock_leaps(store, clock, promised):
    begun, go_on = [], asyncio.Event()

    async def work(job: Job) -> None:
        begun.append(job.fence)
        await go_on.wait()

    async with running(store, clock, {"card": work}) as runner:
        await promised("1")
        await until(lambda: begun)
        clock.advance(60 * MINUTE)
        await promised("2")
        await until(lambda: len(begun) == 2)
        go_on.set()
        await runner.settled()

    assert begun == [1, 1]


async def test_a_fault_that_nobody_foresaw_is_tried_five_times(store, clock, promised):
    async def handle(_job: Job) -> None:
        raise ValueError("A stranger wrote this.")

    async with running(store, clock, {"card": handle}) as runner:
        await promised("1")
        await spent(store, clock, runner)

    [dead] = await store.read(lambda unit: unit.jobs.dead())
    assert (dead.tries, dead.faults + 1, dead.dead_at) == (FAULTS, FAULTS, clock.now())
    assert dead.trouble.startswith("ValueError in test_job_leases.py, line ")


async def test_troubles_do_not_count_as_faults(store, clock, promised):
    faults = 0

    async def handle(job: Job) -> None:
        nonlocal faults
        if job.tries <= FAULTS:
            raise FeedTrouble("The platform is down.")
        faults += 1
        raise ValueError

    async with running(store, clock, {"card": handle}) as runner:
        await promised("1")
        await spent(store, clock, runner)

    assert faults == FAULTS


async def test_whoever_gives_a_job_up_says_so_in_the_same_transaction(store, clock, promised):
    def tell(unit, job: Job) -> None:
        unit.jobs.add(Job(kind="told", key="told", subject=f"{job.key}: {job.trouble}", due=clock.now() + MINUTE))

    async def handle(_job: Job) -> None:
        raise FeedTrouble("No.")

    async with running(store, clock, {"card": handle}, on_dead=tell) as runner:
        await promised("1")
        await spent(store, clock, runner)

    assert (await job_of(store, "told")).subject == "1: No."


@pytest.mark.parametrize(
    ("end", "kept", "pause"),
    [
        (SlackBusy("Wait.", retry_after_s=3), False, 3),
        (SlackRefused("No.", code="is_archived"), False, 1),
        (SlackDoubtful("Lost."), True, 10),
        (KeyError("bug"), True, 1),
    ],
)
async def test_an_attempt_stays_on_the_job_unless_surely_nothing_was_applied(store, clock, promised, end, kept, pause):
    async def handle(job: Job) -> None:
        await Attempts(store, clock).begin(job)
        raise end

    async with running(store, clock, {"card": handle}) as runner:
        await promised("1")
        await runner.settled()

    job = await job_of(store, "1")
    assert job.attempted_at == (clock.now() if kept else None)
    assert job.due - clock.now() >= timedelta(seconds=pause)


async def test_a_busy_look_does_not_forget_what_an_earlier_try_may_have_done(store, clock, promised):
    tried: list[object] = []

    async def handle(job: Job) -> None:
        tried.append(job.attempted_at)
        if job.attempted_at is None:
            await Attempts(store, clock).begin(job)
            raise SlackDoubtful("Lost.")
        raise SlackBusy("Wait.", retry_after_s=1)

    async with running(store, clock, {"card": handle}) as runner:
        await promised("1")
        for _ in range(3):
            await runner.settled()
            clock.advance(SETTLE)
            runner.wake()
            await asyncio.sleep(0.05)
        await runner.settled()

    assert tried[0] is None
    assert set(tried[1:]) == {START} and len(tried) > 2


async def test_nobody_looks_before_a_lost_call_has_settled(store, clock, promised):
    looked: list[object] = []

    async def handle(job: Job) -> None:
        looked.append(clock.now())

    await promised("1")
    await mark(store, clock)
    async with running(store, clock, {"card": handle}) as runner:
        await promised("1")  # wished for again while the end of the first call is not known
        await runner.settled()
        assert looked == []
        clock.advance(SETTLE)
        runner.wake()
        await until(lambda: looked)

    assert looked == [START + SETTLE]


async def mark(store: Store, clock: TurnableClock) -> None:
    """Leave the job as a process does that dies in the middle of a call."""
    now = clock.now()

    def work(unit) -> None:
        [job] = unit.jobs.claim(["card"], at=now, lease=LEASE, limit=1)
        unit.jobs.attempt(job, at=now)
        unit.jobs.release(job, at=now)

    await store.transact(work)


async def test_a_lane_without_a_turn_rests_as_one_and_keeps_its_order(store, clock, promised):
    posted: list[str] = []
    pace = Pace(store, clock, timedelta(seconds=1))

    async def post(job: Job) -> None:
        await pace.take("C1")
        posted.append(job.subject)

    await promised("late", urgent=4, lane="room:cases")
    clock.advance(timedelta(seconds=1))
    await promised("calm", urgent=4, lane="room:cases")
    await promised("urgent", urgent=2, lane="room:cases")
    async with running(store, clock, {"card": post}) as runner:
        await runner.settled()
        await promised("more urgent still", urgent=1, lane="room:cases")
        while len(posted) < 4:
            clock.advance(timedelta(seconds=1))
            runner.wake()
            await asyncio.sleep(0.05)
            await runner.settled()

    # The three that began together raced for the first turn; from then on the order is kept.
    assert posted[1:] == [name for name in ("more urgent still", "urgent", "late", "calm") if name != posted[0]]


async def test_who_stops_begins_nothing_and_leaves_what_does_not_end_in_time(store, clock, promised):
    begun = []

    async def hang(job: Job) -> None:
        begun.append(job.subject)
        await asyncio.Event().wait()

    async with running(store, clock, {"card": hang}) as runner:
        await promised("1")
        await until(lambda: begun)
        await runner.stop(within_s=0.05)
        await promised("2")
        await asyncio.sleep(0.05)

    assert begun == ["1"]
    assert [job.key for job in await other(store, clock)] == ["1"]
