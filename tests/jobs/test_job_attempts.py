"""An attempt is written down before the call, and only while the job is ours."""

import time
from datetime import timedelta

import pytest

from bot.domain.job import Job
from bot.errors import LeaseLost, NoTurn
from bot.jobs import lease
from bot.jobs.attempts import Attempts
from bot.jobs.lease import Lease
from bot.jobs.pace import Pace
from tests.fakes.posts import START

LEASE = timedelta(seconds=30)


async def claimed(store, *, at=START) -> Job:
    [job] = await store.transact(lambda unit: unit.jobs.claim(["card"], at=at, lease=LEASE, limit=1))
    return job


@pytest.fixture
async def job(store) -> Job:
    await store.transact(lambda unit: unit.jobs.add(Job(kind="card", key="card:1", due=START)))
    return await claimed(store)


async def test_whoever_takes_a_job_over_sees_that_a_call_began(store, clock, job):
    begun = await Attempts(store, clock).begin(job)

    assert begun.attempted_at == clock.now()
    assert (await claimed(store, at=START + LEASE)).attempted_at == clock.now()


async def test_who_lost_the_job_begins_no_call(store, clock, job):
    await claimed(store, at=START + LEASE)

    with pytest.raises(LeaseLost, match="another's"):
        await Attempts(store, clock).begin(job)


async def test_who_slept_through_the_lease_sends_nothing_by_the_clock_that_nobody_turns(store, clock, job):
    now = 100.0
    held = Lease(job, ends=130.0, monotonic=lambda: now)
    lease.current.set(held)

    lease.check()
    now = 130.0

    with pytest.raises(LeaseLost, match="has ended"):
        lease.check()
    with pytest.raises(LeaseLost, match="has ended"):
        await Attempts(store, clock).begin(job)


async def test_outside_of_a_job_there_is_no_lease_to_lose():
    lease.check()


async def test_a_job_without_a_turn_is_told_when_to_come_back(store, clock, job):
    lease.current.set(Lease(job, ends=time.monotonic() + 30))
    pace = Pace(store, clock, timedelta(seconds=2))
    await pace.take("C1")

    with pytest.raises(NoTurn) as told:
        await pace.take("C1")
    await pace.push("C2", 9)
    with pytest.raises(NoTurn) as pushed:
        await pace.take("C2", gap=timedelta(0))

    assert (told.value.retry_after_s, pushed.value.retry_after_s) == (2, 9)


async def test_who_holds_no_job_waits_for_the_turn(store, clock):
    pace = Pace(store, clock, timedelta(seconds=2), sleep=clock.sleep)

    for _ in range(3):
        await pace.take("C1")

    assert clock.now() == START + timedelta(seconds=4)
