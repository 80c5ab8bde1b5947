"""A day's replies of one account: never more than the cap, the rest waits and says so, and operators hear in time."""

from datetime import datetime, timedelta

import pytest

from bot.cases import promises
from bot.cases.courier import Courier
from bot.cases.watching import Watching
from bot.domain.reply import ReplyState
from tests.fakes.feed import busy
from tests.fakes.office import POLICY, Office
from tests.fakes.people import ANA

UNDO = timedelta(seconds=15)
CAP = 5


@pytest.fixture
def rationed(store, clock) -> Office:
    office = Office(store, clock, POLICY)
    courier = Courier(store, clock, {office.feed.name: office.feed}, per_day=CAP)
    office._handlers[promises.SEND] = courier.deliver
    return office


async def answered(office: Office, count: int) -> list:
    """Answer so many cases, and let what may leave do so."""
    replies = []
    for number in range(count):
        case = await office.case_of(by=f"author {number} {office.clock.now()}")
        replies.append(await office.answer(case.id, f"Answer {number}."))
    await office.pass_time(UNDO)
    return [await office.board.reply(reply.id) for reply in replies]


def midnight(office: Office) -> datetime:
    return office.clock.now().replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)


async def test_at_the_cap_a_reply_waits_for_the_next_day_and_its_card_says_so(rationed):
    replies = await answered(rationed, CAP + 2)

    waiting = [reply for reply in replies if reply.state is ReplyState.QUEUED]
    assert len(rationed.feed.texts) == CAP and len(waiting) == 2
    assert {reply.send_at for reply in waiting} == {midnight(rationed)}
    assert "All 5 replies" in waiting[0].trouble

    await rationed.pass_time(midnight(rationed) - rationed.clock.now())
    assert len(rationed.feed.texts) == CAP + 2


async def test_what_waits_for_the_next_day_can_be_taken_back(rationed):
    replies = await answered(rationed, CAP + 1)
    [waiting] = [reply for reply in replies if reply.state is ReplyState.QUEUED]

    await rationed.sending.undo(waiting.case_id, by=ANA)
    await rationed.pass_time(timedelta(days=1))

    assert len(rationed.feed.texts) == CAP


async def test_the_operators_hear_at_four_fifths_and_at_the_cap(rationed):
    await answered(rationed, CAP - 2)
    assert await rationed.jobs(promises.RATION) == []

    await answered(rationed, 1)
    assert [job.subject.split("|")[:2] for job in await rationed.jobs(promises.RATION)] == [["4", "5"]]
    await answered(rationed, 3)

    told = sorted(job.subject.split("|")[0] for job in await rationed.jobs(promises.RATION))
    assert told == ["4", "5"]


async def test_who_watches_from_outside_sees_what_is_left_of_today(rationed):
    watching = Watching(rationed.store, rationed.clock, per_day=CAP)
    before = (await watching.gauges()).writes_left
    await answered(rationed, CAP - 1)
    after = (await watching.gauges()).writes_left
    rationed.clock.advance(timedelta(days=1))

    assert (before, list(after.values())) == ({}, [1])
    assert (await watching.gauges()).writes_left == {}
    assert (await Watching(rationed.store, rationed.clock).gauges()).writes_left == {}


async def test_what_surely_never_arrived_costs_nothing(rationed):
    rationed.feed.will(busy, busy, busy)
    await answered(rationed, 1)
    for _ in range(3):
        await rationed.pass_time(timedelta(minutes=1))
    await answered(rationed, CAP - 1)

    assert len(rationed.feed.texts) == CAP


async def test_without_a_cap_nothing_is_counted(office):
    assert all(reply.state is ReplyState.SENT for reply in await answered(office, CAP + 2))
