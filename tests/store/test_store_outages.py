"""What part of Slack is closed to us: one row each, told once, begun again after its end."""

from __future__ import annotations

from datetime import timedelta

from bot.cases import promises
from bot.cases.outages import LOOK, Outages
from bot.domain.job import Job


async def promised(store, *kinds: str) -> list[Job]:
    return await store.read(lambda unit: unit.jobs.open(kinds))


async def test_a_closed_channel_is_told_once_and_looked_after(store, clock):
    outages = Outages(store, clock)

    began = await outages.shut("C1", "is archived")
    clock.advance(timedelta(seconds=30))
    again = await outages.shut("C1", "is archived")

    assert began == again == clock.now() - timedelta(seconds=30)
    assert await outages.closed() == {"C1"}
    [told] = await promised(store, promises.OUTAGE)
    [look] = await promised(store, promises.WATCH)
    assert told.subject == look.subject == "channel:C1"
    assert look.due == began + LOOK


async def test_what_is_over_and_begins_again_is_a_new_outage(store, clock):
    outages = Outages(store, clock)
    await outages.shut("C1", "is archived")
    await outages.told("channel:C1", channel="C9", ts="1.0")
    clock.advance(timedelta(hours=1))

    assert await outages.over("channel:C1")
    assert not await outages.over("channel:C1")
    assert await outages.closed() == frozenset()
    await outages.shut("C1", "is gone, or I am not in it")

    begun = await outages.get("channel:C1")
    assert begun is not None
    assert (begun.since, begun.ts, begun.over_at) == (clock.now(), "", None)


async def test_another_reason_changes_the_one_message(store, clock):
    outages = Outages(store, clock)
    began = await outages.shut("C1", "does not have me in it")
    await outages.told("channel:C1", channel="C9", ts="1.0")

    await outages.shut("C1", "is archived")

    changed = await outages.get("channel:C1")
    assert changed is not None
    assert (changed.why, changed.ts, changed.since) == ("is archived", "1.0", began)


async def test_a_missing_right_closes_no_channel(store, clock):
    outages = Outages(store, clock)

    await outages.missing("im:write")
    await outages.exposed("C2", "is public")

    assert await outages.closed() == frozenset()
    assert [job.subject for job in await promised(store, promises.WATCH)] == ["room:C2"]
