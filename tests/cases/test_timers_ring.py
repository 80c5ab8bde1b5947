"""What the clock does: due moments, pings, climbing, waking, folding; and that a restart forgets nothing."""

from datetime import timedelta

import pytest

from bot.cases import promises
from bot.domain.case import Resolution, State
from bot.domain.event import Happening
from bot.domain.ids import CaseId
from bot.domain.sla import PROMISES, Priority
from bot.domain.verdict import Urgency
from bot.store.engine import Store
from tests.fakes import feed as platform
from tests.fakes.office import Office
from tests.fakes.people import ANA, BEN
from tests.fakes.posts import complaint, mention

MINUTE = timedelta(minutes=1)
P1, P2, P3 = [Urgency.SAFETY], [Urgency.MONEY], []


async def opened(office, signs, *, by="mara", age=timedelta()) -> CaseId:
    await office.receive((mention(by=by, at=office.clock.now() - age), complaint(signs)))
    return (await office.cases())[-1].id


async def alarms(office, case_id) -> list[Happening]:
    wanted = {Happening.REMINDED, Happening.ESCALATED, Happening.LATE}
    events = (await office.board.timeline(case_id)).events
    return [event.what for event in events if event.what in wanted]


@pytest.mark.parametrize(("signs", "minutes"), [(P1, 15), (P2, 30), (P3, 120)])
async def test_nothing_rings_before_the_answer_is_due(office, signs, minutes):
    case_id = await opened(office, signs)

    await office.pass_time((minutes - 1) * MINUTE)
    assert await alarms(office, case_id) == []
    await office.pass_time(MINUTE)

    assert len(await alarms(office, case_id)) == 1
    assert (await office.case(case_id)).late_at == office.clock.now()


async def test_an_unclaimed_case_climbs_at_once_and_on(office):
    case_id = await opened(office, P1)

    for _ in range(6):
        await office.pass_time(15 * MINUTE)

    assert [(tier, cases) for _, tier, cases in office.calls] == [(1, [case_id]), (2, [case_id])]
    assert await alarms(office, case_id) == [Happening.ESCALATED] * 2
    assert [job.kind for job in await office.jobs(promises.ALARM)] == []


async def test_a_claimed_case_pings_its_assignee_first_and_climbs_after_the_same_span(office):
    case_id = await opened(office, P2)
    await office.desk.claim(case_id, by=ANA)

    await office.pass_time(30 * MINUTE)
    pinged = await office.case(case_id)
    await office.pass_time(29 * MINUTE)
    assert office.calls == []
    await office.pass_time(MINUTE)

    assert office.lines == [f"{case_id}:ping:{pinged.version}"]
    assert [(tier, cases) for _, tier, cases in office.calls] == [(1, [case_id])]
    assert await alarms(office, case_id) == [Happening.REMINDED, Happening.ESCALATED]


async def test_p3_is_marked_once_and_never_climbs(office):
    case_id = await opened(office, P3)

    for _ in range(5):
        await office.pass_time(120 * MINUTE)

    assert office.calls == []
    assert await alarms(office, case_id) == [Happening.LATE]


async def test_a_late_discovery_rings_after_our_own_span_and_shows_both_ages(office):
    case_id = await opened(office, P2, age=timedelta(days=2))

    await office.pass_time(29 * MINUTE)
    assert await alarms(office, case_id) == []
    await office.pass_time(MINUTE)

    case = await office.case(case_id)
    assert await alarms(office, case_id) == [Happening.ESCALATED]
    assert case.waits and case.due_at < case.seen_at


async def test_what_is_answered_or_resolved_in_time_never_rings(office):
    answered, resolved = await opened(office, P1), await opened(office, P1, by="nils")
    await office.answer(answered)
    await office.desk.resolve(resolved, by=BEN, resolution=Resolution.NO_ACTION)

    for _ in range(4):
        await office.pass_time(15 * MINUTE)

    assert await alarms(office, answered) == await alarms(office, resolved) == []
    assert office.calls == []


async def test_a_reply_that_is_refused_stops_no_alarm(office):
    office.feed.will(platform.refused)
    case_id = await opened(office, P1)
    await office.answer(case_id)

    await office.pass_time(15 * MINUTE)

    assert await alarms(office, case_id) == [Happening.REMINDED]


async def test_the_next_reply_promise_starts_when_the_customer_writes_again(office):
    case_id = await opened(office, P2)
    await office.answer(case_id)
    await office.pass_time(10 * MINUTE)
    await office.receive((mention("And now?", at=office.clock.now()), complaint()))

    await office.pass_time(29 * MINUTE)
    assert await alarms(office, case_id) == []
    await office.pass_time(MINUTE)

    assert await alarms(office, case_id) == [Happening.REMINDED]


async def test_many_escalations_within_five_minutes_become_two_messages(office):
    cases = [await opened(office, P1, by="first")]
    await office.pass_time(15 * MINUTE)
    for number in range(5):
        cases.append(await opened(office, P2, by=f"author {number}"))
        await office.desk.escalate(cases[-1], by=ANA, reason="angry")
        await office.pass_time(MINUTE / 2)
    for _ in range(10):
        await office.pass_time(MINUTE / 2)

    assert [told for _, _, told in office.calls] == [cases[:1], cases[1:]]
    assert office.calls[1][0] - office.calls[0][0] == office.policy.tier_gap


async def test_what_comes_up_while_a_tier_is_told_waits_for_the_gap(office):
    first, second = await opened(office, P2), await opened(office, P2, by="nils")
    await office.desk.escalate(first, by=ANA, reason="angry")
    untold = await office.bulletin.untold(1)
    await office.desk.escalate(second, by=ANA, reason="angry too")

    await office.bulletin.told(untold)
    await office.work()
    assert office.calls == []
    await office.pass_time(office.policy.tier_gap)

    assert [told for _, _, told in office.calls] == [[second]]


async def test_a_sleeping_case_wakes_with_its_assignee_who_is_told(office):
    case_id = await opened(office, P3)
    await office.desk.claim(case_id, by=ANA)
    await office.desk.snooze(case_id, by=ANA, span=60 * MINUTE)

    await office.pass_time(59 * MINUTE)
    assert (await office.case(case_id)).state is State.SNOOZED
    await office.pass_time(MINUTE)

    awake = await office.case(case_id)
    assert (awake.state, awake.assignee) == (State.CLAIMED, ANA.id)
    assert office.lines == [f"{case_id}:woken:{awake.version}"]


async def test_an_alarm_that_fell_into_the_sleep_rings_on_waking(office):
    case_id = await opened(office, P1)
    await office.desk.snooze(case_id, by=ANA, span=60 * MINUTE)

    await office.pass_time(30 * MINUTE)
    assert await alarms(office, case_id) == []
    await office.pass_time(30 * MINUTE)

    assert await alarms(office, case_id) == [Happening.ESCALATED]


async def test_an_old_waking_does_not_cut_a_new_sleep_short(office):
    case_id = await opened(office, P3)
    await office.desk.snooze(case_id, by=ANA, span=10 * MINUTE)
    await office.desk.reopen(case_id, by=ANA)
    await office.desk.snooze(case_id, by=ANA, span=60 * MINUTE)
    early = promises.wake(await office.case(case_id))[0]

    await office.timers.wake(early)
    await office.pass_time(59 * MINUTE)

    assert (await office.case(case_id)).state is State.SNOOZED


async def test_timers_of_a_case_that_moved_on_do_nothing(office):
    case_id = await opened(office, P1)
    [alarm] = await office.jobs(promises.ALARM)
    over = await office.desk.resolve(case_id, by=ANA, resolution=Resolution.SPAM)

    office.clock.advance(60 * MINUTE)
    await office.timers.ring(alarm)
    await office.timers.wake(alarm)

    assert await office.case(case_id) == over


async def test_a_timer_that_rings_too_early_is_promised_again_for_its_moment(office):
    case_id = await opened(office, P1)
    [alarm] = await office.store.transact(
        lambda unit: unit.jobs.claim([promises.ALARM], at=office.clock.now() + 15 * MINUTE, lease=MINUTE, limit=1)
    )

    await office.timers.ring(alarm)
    await office.store.transact(lambda unit: unit.jobs.finish(alarm))
    await office.pass_time(15 * MINUTE)

    assert await alarms(office, case_id) == [Happening.ESCALATED]


async def test_timers_survive_a_restart(store_url, clock):
    store = Store(store_url)
    store.open()
    before = Office(store, clock)
    late, asleep = await opened(before, P2), await opened(before, P3, by="nils")
    await before.desk.snooze(asleep, by=ANA, span=20 * MINUTE)
    store.close()

    store = Store(store_url)
    store.open()
    after = Office(store, clock)
    await after.pass_time(PROMISES[Priority.P2])

    assert await alarms(after, late) == [Happening.ESCALATED]
    assert (await after.case(asleep)).state is State.OPEN
    store.close()
