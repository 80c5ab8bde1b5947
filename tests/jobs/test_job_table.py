"""Promises in the database: leases, fences, wishes and keys, on both databases."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.job import Job, JobState
from bot.store.engine import Store
from bot.store.outbox import job as table
from tests.fakes.posts import START

LEASE = timedelta(seconds=90)
MINUTE = timedelta(minutes=1)


def promise(key: str = "card:1", **given) -> Job:
    return Job(**{"kind": "card", "key": key, "due": START, "subject": "1", **given})


async def add(store: Store, *jobs: Job) -> None:
    def work(unit) -> None:
        for job in jobs:
            unit.jobs.add(job)

    await store.transact(work)


async def claim(store: Store, *, at=START, limit: int = 10, kinds=("card",)) -> list[Job]:
    return await store.transact(lambda unit: unit.jobs.claim(kinds, at=at, lease=LEASE, limit=limit))


async def state_of(store: Store, key: str = "card:1") -> tuple[JobState, object]:
    rows = await store.read(
        lambda unit: unit.jobs._connection.execute(table.select().where(table.c.key == key)).mappings().all()
    )
    return rows[0]["state"], rows[0]["due"]


async def test_a_claimed_job_is_nobody_elses_before_its_lease_ends(store):
    await add(store, promise())

    [first] = await claim(store)

    assert await claim(store, at=START + LEASE - MINUTE) == []
    [second] = await claim(store, at=START + LEASE)
    assert (second.fence, second.tries) == (first.fence + 1, 2)


async def test_who_lost_the_lease_can_neither_finish_nor_put_back_nor_bury(store):
    await add(store, promise())
    [slow] = await claim(store)
    [quick] = await claim(store, at=START + LEASE)

    assert not await store.transact(lambda unit: unit.jobs.finish(slow))
    assert not await store.transact(lambda unit: unit.jobs.put_back(slow, due=START, trouble="", counted=True))
    assert not await store.transact(lambda unit: unit.jobs.bury(slow, at=START, trouble="no"))
    assert (await state_of(store))[0] is JobState.RUNNING
    assert await store.transact(lambda unit: unit.jobs.finish(quick))
    assert (await state_of(store))[0] is JobState.DONE


async def test_many_wishes_become_one_job(store):
    await add(store, promise(), promise(due=START + MINUTE))
    await add(store, promise(due=START + 2 * MINUTE, subject="2", urgent=1))

    [job] = await claim(store, at=START + 2 * MINUTE)

    assert (job.subject, job.urgent) == ("2", 1)
    assert await claim(store, at=START + 2 * MINUTE) == []


async def test_a_new_wish_moves_a_waiting_job(store):
    await add(store, promise(due=START + MINUTE))
    await add(store, promise(due=START))

    assert len(await claim(store)) == 1


async def test_a_job_wished_for_while_it_runs_runs_again(store):
    await add(store, promise())
    [job] = await claim(store)

    await add(store, promise(due=START + MINUTE))
    await store.transact(lambda unit: unit.jobs.finish(job))

    assert await state_of(store) == (JobState.READY, START + MINUTE)


async def test_a_job_re_armed_by_its_own_handler_waits_for_the_later_moment(store):
    await add(store, promise())
    [job] = await claim(store)

    await add(store, promise(due=START + MINUTE))
    await add(store, promise(due=START + 2 * MINUTE))
    assert (await state_of(store)) == (JobState.RUNNING, START + LEASE)
    await store.transact(lambda unit: unit.jobs.finish(job))

    assert await claim(store, at=START + MINUTE) == []
    assert len(await claim(store, at=START + 2 * MINUTE)) == 1


async def test_a_finished_job_can_be_wished_for_again(store):
    await add(store, promise())
    [job] = await claim(store)
    await store.transact(lambda unit: unit.jobs.finish(job))

    await add(store, promise(due=START + MINUTE))

    [again] = await claim(store, at=START + MINUTE)
    assert again.tries == 1


async def test_a_final_key_is_kept_once_for_ever(store):
    once = promise("reply:1", final=True)
    await add(store, once)
    [job] = await claim(store)
    await add(store, replace(once, due=START + MINUTE))
    await store.transact(lambda unit: unit.jobs.finish(job))

    await add(store, once)

    assert await claim(store, at=START + 2 * LEASE) == []
    assert await store.read(lambda unit: unit.jobs.pending("reply:1")) is None


async def test_what_is_put_back_waits_and_may_count(store):
    await add(store, promise())
    [job] = await claim(store)
    later = START + MINUTE

    await store.transact(lambda unit: unit.jobs.put_back(job, due=later, trouble="busy", counted=False))
    assert await claim(store) == []
    [uncounted] = await claim(store, at=later)
    await store.transact(lambda unit: unit.jobs.put_back(uncounted, due=later, trouble="broken", counted=True))
    [counted] = await claim(store, at=later)

    assert (job.tries, uncounted.tries, counted.tries) == (1, 1, 2)


async def test_a_wish_made_while_it_runs_is_not_put_off_by_its_being_put_back(store):
    await add(store, promise())
    [job] = await claim(store)

    await add(store, promise(due=START + MINUTE))
    later = START + 9 * MINUTE
    await store.transact(lambda unit: unit.jobs.put_back(job, due=later, trouble="held", counted=False))

    [again] = await claim(store, at=START + MINUTE)
    assert again.tries == 1


async def test_a_buried_job_is_listed_and_rises_with_a_new_wish(store):
    await add(store, promise())
    [job] = await claim(store)
    await store.transact(lambda unit: unit.jobs.bury(job, at=START, trouble="broken"))

    assert [dead.key for dead in await store.read(lambda unit: unit.jobs.dead())] == ["card:1"]
    assert await claim(store, at=START + 9 * LEASE) == []
    await add(store, promise())
    [risen] = await claim(store)
    assert risen.tries == 1


async def test_a_wish_made_during_the_last_try_is_not_buried_with_it(store):
    await add(store, promise())
    [job] = await claim(store)

    await add(store, promise(due=START + MINUTE))
    await store.transact(lambda unit: unit.jobs.bury(job, at=START, trouble="broken"))

    assert await state_of(store) == (JobState.READY, START + MINUTE)


async def test_urgent_jobs_go_first_then_the_oldest(store):
    await add(
        store,
        promise("slow", urgent=7),
        promise("young", urgent=1, due=START + MINUTE),
        promise("old", urgent=1),
        promise("not yet", urgent=0, due=START + 2 * MINUTE),
        promise("foreign", kind="digest", urgent=0),
    )

    first = await claim(store, at=START + MINUTE, limit=2)
    rest = await claim(store, at=START + MINUTE)

    assert [job.key for job in first] == ["old", "young"]
    assert [job.key for job in rest] == ["slow"]


async def test_two_engines_never_take_the_same_job(store_url):
    first, second = Store(store_url), Store(store_url)
    first.open()
    second.open()
    await add(first, *[promise(f"card:{number}") for number in range(40)])

    taken = await asyncio.gather(*[claim(store, limit=4) for store in (first, second) * 8])
    taken.append(await claim(first, limit=40))
    first.close()
    second.close()

    keys = [job.key for jobs in taken for job in jobs]
    assert sorted(keys) == sorted({f"card:{number}" for number in range(40)})


async def test_the_same_promises_made_at_once_in_any_order_end_well(store):
    names = [f"card:{number}" for number in range(30)]

    await asyncio.gather(*[add(store, *[promise(key) for key in order]) for order in (names, names[::-1]) * 5])

    assert len(await store.read(lambda unit: unit.jobs.open())) == 30


@pytest.mark.parametrize(("at", "due"), [(START - MINUTE, False), (START, True)])
async def test_whether_anything_is_due_is_known(store, at, due):
    await add(store, promise())

    assert await store.read(lambda unit: unit.jobs.any_due(at=at)) is due
