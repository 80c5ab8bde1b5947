"""Turns and allowances in the database, on both engines: one winner each, however many ask at once."""

import asyncio
from datetime import timedelta

from bot.store.engine import Store
from tests.fakes.posts import START

SECOND = timedelta(seconds=1)


async def take(store: Store, lane: str = "C1", *, at=START, gap=SECOND, burst: int = 1, urgent: int = 0):
    return await store.transact(lambda unit: unit.paces.take(lane, at=at, gap=gap, burst=burst, urgent=urgent))


async def bid(store: Store, *, urgent: int) -> None:
    await store.transact(lambda unit: unit.paces.bid("C1", urgent=urgent))


async def test_turns_of_a_lane_are_a_gap_apart_and_lanes_do_not_wait_for_each_other(store):
    assert await take(store) is None
    assert await take(store, "C2") is None
    assert await take(store, at=START + SECOND / 2) == START + SECOND
    assert await take(store, at=START + SECOND) is None
    assert await take(store, at=START + SECOND) == START + 2 * SECOND


async def test_a_lane_that_rested_gives_several_turns_at_once_and_keeps_its_rate(store):
    taken = [await take(store, burst=3) for _ in range(5)]

    assert taken == [None, None, None, START + SECOND, START + SECOND]
    assert await take(store, at=START + SECOND, burst=3) is None
    assert await take(store, at=START + SECOND, burst=3) == START + 2 * SECOND


async def test_a_lane_that_was_pushed_gives_no_turn_before_then_and_is_never_pulled_back(store):
    for seconds in (30, 10):
        until = START + seconds * SECOND
        await store.transact(lambda unit, until=until: unit.paces.push("C1", until=until))

    assert await take(store) == START + 30 * SECOND
    assert await take(store, at=START + 30 * SECOND) is None


async def test_a_turn_goes_to_the_most_urgent_of_all_who_bid_for_it(store):
    await take(store)
    for urgent in (3, 2, 4):
        await bid(store, urgent=urgent)

    assert await take(store, at=START + SECOND, urgent=3) == START + 1.5 * SECOND
    assert await take(store, at=START + SECOND, urgent=2) is None
    assert await take(store, at=START + 2 * SECOND, urgent=4) is None


async def test_who_bids_and_does_not_come_holds_a_turn_for_half_a_gap(store):
    await take(store)
    await bid(store, urgent=2)

    assert await take(store, at=START + 1.4 * SECOND, urgent=3) == START + 1.5 * SECOND
    assert await take(store, at=START + 1.5 * SECOND, urgent=3) is None


async def test_a_bid_in_a_lane_of_several_turns_holds_when_these_are_used_up(store):
    for _ in range(3):
        await take(store, burst=3)
    await bid(store, urgent=2)

    assert await take(store, at=START + SECOND, burst=3, urgent=3) == START + 1.5 * SECOND
    assert await take(store, at=START + SECOND, burst=3, urgent=1) is None
    assert await take(store, at=START + 2 * SECOND, burst=3, urgent=3) is None


async def test_many_processes_that_ask_at_once_get_one_turn(store_url):
    stores = [Store(store_url) for _ in range(3)]
    for store in stores:
        store.open()

    taken = await asyncio.gather(*[take(store) for store in stores * 7])
    for store in stores:
        store.close()

    assert taken.count(None) == 1


async def test_a_days_allowance_is_used_up_exactly(store):
    used = await asyncio.gather(*[store.transact(lambda unit: unit.quotas.take("day", cap=5)) for _ in range(12)])

    assert sorted(one for one in used if one) == [1, 2, 3, 4, 5]
    assert used.count(None) == 7
    assert await store.read(lambda unit: unit.quotas.used("day")) == 5
    assert await store.read(lambda unit: unit.quotas.used("another day")) == 0


async def test_what_was_not_spent_is_given_back_and_a_cap_of_nothing_gives_nothing(store):
    await store.transact(lambda unit: unit.quotas.take("day", cap=1))
    await store.transact(lambda unit: unit.quotas.give_back("day"))
    await store.transact(lambda unit: unit.quotas.give_back("day"))

    assert await store.transact(lambda unit: unit.quotas.take("day", cap=1)) == 1
    assert await store.transact(lambda unit: unit.quotas.take("never", cap=0)) is None
