"""Whose turn it is among lanes, on both databases; and that a backlog makes no claim dearer."""

from collections import Counter
from datetime import timedelta
from statistics import median
from time import perf_counter

from bot.domain.job import PACED, WIDTH, Job
from bot.store.engine import Store
from tests.fakes.posts import START

MINUTE = timedelta(minutes=1)
SECOND = timedelta(seconds=1)
BACKLOG = 3_000


async def promised(store: Store, lane: str, count: int = 1, **given) -> None:
    plain = {"kind": "card", "due": START, "lane": lane}
    jobs = [Job(**{"key": f"{lane}:{given}:{number}", **plain, **given}) for number in range(count)]

    def work(unit) -> None:
        for job in jobs:
            unit.jobs.add(job)

    await store.transact(work)


async def claim(store: Store, *, at=START, limit: int = 100, held=(), kinds=("card",)) -> list[Job]:
    return await store.transact(lambda unit: unit.jobs.claim(kinds, at=at, lease=MINUTE, limit=limit, held=held))


async def test_a_backlog_in_one_lane_leaves_room_for_every_other(store):
    await promised(store, "cards of one", BACKLOG, urgent=0)
    await promised(store, "cards of two", 2, urgent=9)
    await promised(store, "timers", 1, urgent=5)

    taken = Counter(job.lane for job in await claim(store))

    assert taken == {"cards of one": WIDTH, "cards of two": 2, "timers": 1}


async def test_lanes_are_served_in_turns_when_there_is_room_for_few(store):
    await promised(store, "loud", 50, urgent=1)
    await promised(store, "quiet", 1, urgent=7)
    await promised(store, "calm", 50, urgent=3)

    taken = [job.lane for job in await claim(store, limit=5)]

    assert Counter(taken) == {"loud": 2, "calm": 2, "quiet": 1}


async def test_what_runs_here_counts_in_its_lane(store):
    await promised(store, "cards", 2 * WIDTH)
    first = await claim(store, limit=WIDTH - 1)

    second = await claim(store, held=first)

    assert len(second) == 1


async def test_the_most_urgent_of_a_lane_goes_first_and_the_oldest_of_those(store):
    await promised(store, "cards", 3, urgent=4, due=START - MINUTE)
    await promised(store, "cards", 1, urgent=2, due=START)
    await promised(store, "cards", 1, urgent=2, due=START - SECOND)
    await promised(store, "cards", 1, urgent=1, due=START + MINUTE)

    taken = await claim(store, limit=3)

    assert [job.urgent for job in taken] == [2, 2, 4]
    assert str(START - SECOND) not in taken[1].key and taken[0].id > taken[1].id


async def test_work_that_nobody_here_knows_does_not_hide_what_stands_behind_it(store):
    await promised(store, "cards", 5, kind="of the next release", urgent=0)
    await promised(store, "cards", 1, urgent=0, due=START)

    assert [job.kind for job in await claim(store)] == ["card"]


async def test_a_lane_that_rests_gives_nothing_and_then_goes_on_in_single_file(store):
    room = f"{PACED}cases"
    await promised(store, room, 5)
    await promised(store, "timers", 1)
    await store.transact(lambda unit: unit.paces.push(room, until=START + SECOND))

    assert [job.lane for job in await claim(store)] == ["timers"]
    assert len(await claim(store, at=START + SECOND)) == 1
    assert len(await claim(store, at=START + 10 * SECOND)) == 4


async def test_a_backlog_makes_no_claim_dearer(store):
    """Thirty thousand were measured by hand; here a tenth of it shows a walk through all of them as well."""
    await promised(store, "few", 60)
    alone = await spent(store)
    await promised(store, "cards", BACKLOG, urgent=4)
    await promised(store, "timers", BACKLOG, urgent=1, due=START + MINUTE)

    assert await spent(store) < 5 * alone + 0.01


async def spent(store: Store) -> float:
    """Return what a claim costs, in seconds: the usual one of fifteen."""
    spans = []
    for _ in range(15):
        began = perf_counter()
        taken = await claim(store, limit=2)
        spans.append(perf_counter() - began)
        assert taken
    return median(spans)
