"""Claims that go quiet: asked about once, returned when nobody answers, left alone when somebody works."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.cases import promises
from bot.domain.case import Resolution, State
from bot.domain.event import Happening
from bot.errors import GoshawkError, NotAllowed
from bot.store.engine import Store
from tests.fakes.office import POLICY, Office
from tests.fakes.people import ANA, BEN, CLEO
from tests.fakes.posts import complaint, mention

MINUTE = timedelta(minutes=1)
#: What the clock may write into a timeline about a quiet claim.
CALLS = (Happening.ASKED, Happening.RETURNED, Happening.REMINDED)


@pytest.fixture
async def office(store, clock):
    office = Office(store, clock, replace(POLICY, tiers=()))
    await office.attention.begin()
    await office.work()
    return office


async def claimed(office, *, by=ANA, **given):
    case = await office.case_of(**given)
    await office.desk.claim(case.id, by=by)
    return case.id


async def calls(office, case_id):
    events = (await office.board.timeline(case_id)).events
    return [event.what for event in events if event.what in CALLS]


async def minutes(office, number):
    """Let time pass as it does: a minute at a time."""
    for _ in range(number):
        await office.pass_time(MINUTE)


async def test_an_assignee_who_did_nothing_for_half_an_hour_is_asked_once(office):
    case_id = await claimed(office)

    await minutes(office, 29)
    assert await calls(office, case_id) == []
    await minutes(office, 2)

    assert await calls(office, case_id) == [Happening.ASKED]
    assert [line for line in office.lines if ":stale:" in line] == [
        f"{case_id}:stale:{int((office.clock.now() + 14 * MINUTE).timestamp())}"
    ]


async def test_silence_returns_the_case_to_the_queue(office):
    case_id = await claimed(office)

    await minutes(office, 44)
    assert (await office.case(case_id)).assignee == ANA.id
    await minutes(office, 1)

    case = await office.case(case_id)
    assert (case.state, case.assignee) == (State.OPEN, None)
    assert await calls(office, case_id) == [Happening.ASKED, Happening.RETURNED]
    assert office.lines[-1].startswith(f"{case_id}:returned:")
    assert case.alarm_at and case.waits


async def test_still_on_it_begins_anew(office):
    case_id = await claimed(office)
    await minutes(office, 35)

    again = await office.attention.stay(case_id, by=ANA)

    assert again == office.clock.now() + 30 * MINUTE
    await minutes(office, 29)
    assert await calls(office, case_id) == [Happening.ASKED]
    await minutes(office, 1)
    assert await calls(office, case_id) == [Happening.ASKED] * 2
    assert (await office.case(case_id)).assignee == ANA.id


async def test_an_answer_in_the_very_moment_of_the_question_counts(office):
    case_id = await claimed(office)
    await minutes(office, 30)

    await office.attention.stay(case_id, by=ANA)
    await minutes(office, 16)

    assert (await office.case(case_id)).assignee == ANA.id


async def test_only_the_assignee_can_say_that_they_are_still_on_it(office):
    case_id = await claimed(office)

    with pytest.raises(NotAllowed, match="Ana has case"):
        await office.attention.stay(case_id, by=BEN)
    await office.desk.release(case_id, by=ANA)
    with pytest.raises(NotAllowed, match="Nobody has case"):
        await office.attention.stay(case_id, by=ANA)


async def note(office, case_id):
    await office.desk.note(case_id, by=ANA, text="I ask the port.")


async def assign(office, case_id):
    await office.desk.assign(case_id, to=ANA, by=ANA, note="I keep it")


async def write(office, case_id):
    desktop = await office.drafts.begin(case_id, by=ANA)
    await office.attention.enter(desktop.draft.id, by=ANA)
    await office.attention.leave(desktop.draft.id, by=ANA)


@pytest.mark.parametrize("act", [note, assign, write])
async def test_any_act_begins_the_clock_anew(office, act):
    case_id = await claimed(office)
    await minutes(office, 20)

    await act(office, case_id)
    await minutes(office, 29)
    assert await calls(office, case_id) == []
    await minutes(office, 2)

    assert await calls(office, case_id) == [Happening.ASKED]


async def test_an_act_after_the_question_keeps_the_case(office):
    case_id = await claimed(office)
    await minutes(office, 35)

    await note(office, case_id)
    await minutes(office, 25)

    assert (await office.case(case_id)).assignee == ANA.id
    assert await calls(office, case_id) == [Happening.ASKED]


async def answer(office, case_id):
    await office.answer(case_id)


async def snooze(office, case_id):
    await office.desk.snooze(case_id, by=ANA, span=timedelta(hours=5))


async def resolve(office, case_id):
    await office.desk.resolve(case_id, by=ANA, resolution=Resolution.SPAM)


async def release(office, case_id):
    await office.desk.release(case_id, by=ANA)


@pytest.mark.parametrize("act", [answer, snooze, resolve, release])
async def test_nobody_is_asked_about_a_case_that_does_not_wait_for_them(office, act):
    case_id = await claimed(office)

    await act(office, case_id)
    await minutes(office, 70)

    assert await calls(office, case_id) == []


async def test_a_reply_on_its_way_keeps_the_case_where_it_is(store, clock):
    office = Office(store, clock, replace(POLICY, tiers=(), undo=timedelta(hours=3)))
    await office.attention.begin()
    case_id = await claimed(office)

    await office.answer(case_id)
    await minutes(office, 60)

    assert Happening.ASKED not in await calls(office, case_id)


async def test_whoever_sits_before_the_open_window_is_not_asked(office):
    case_id = await claimed(office)
    await minutes(office, 25)
    desktop = await office.drafts.begin(case_id, by=ANA)
    await office.attention.enter(desktop.draft.id, by=ANA)

    await minutes(office, 10)

    assert await calls(office, case_id) == []


async def test_who_wakes_up_a_case_has_the_whole_time(office):
    case_id = await claimed(office)
    await office.desk.snooze(case_id, by=ANA, span=60 * MINUTE)

    await minutes(office, 61 + 28)
    assert Happening.ASKED not in await calls(office, case_id)
    await minutes(office, 2)

    assert Happening.ASKED in await calls(office, case_id)


async def test_who_hears_from_the_customer_again_has_the_whole_time(office):
    case_id = await claimed(office, by=ANA)
    await office.answer(case_id)
    await minutes(office, 60)

    await office.receive((mention(at=office.clock.now()), complaint()))
    await minutes(office, 28)
    assert await calls(office, case_id) == []
    await minutes(office, 3)

    assert await calls(office, case_id) == [Happening.ASKED]


async def test_a_late_answer_and_a_quiet_claim_call_once(office):
    """A claim of P3 is asked about at 1:50; the alarm of 2:00 does not ask a second time."""
    case_id = (await office.case_of()).id
    await minutes(office, 80)
    await office.desk.claim(case_id, by=ANA)

    await minutes(office, 46)

    said = [line.split(":")[1] for line in office.lines]
    assert said.count("ping") == 0
    assert (await office.case(case_id)).assignee is None


async def test_the_alarms_ping_gives_the_whole_time_before_the_question(office):
    case_id = (await office.case_of()).id
    await minutes(office, 100)
    await office.desk.claim(case_id, by=ANA)

    await minutes(office, 21)
    assert office.lines[-1].split(":")[1] == "ping"
    await minutes(office, 28)
    assert office.lines[-1].split(":")[1] == "ping"
    await minutes(office, 3)

    assert office.lines[-1].split(":")[1] == "stale"


async def test_zero_minutes_ask_nobody(store, clock):
    office = Office(store, clock, replace(POLICY, stale_claim=timedelta()))
    await office.attention.begin()
    case_id = await claimed(office)

    await minutes(office, 80)

    assert Happening.ASKED not in await calls(office, case_id)
    assert await office.jobs(promises.LOOK) == []


async def test_a_restart_forgets_no_claim(store_url, clock):
    before = Store(store_url)
    before.open()
    case_id = await claimed(Office(before, clock, replace(POLICY, tiers=())))
    before.close()

    after = Store(store_url)
    after.open()
    office = Office(after, clock, replace(POLICY, tiers=()))
    await office.attention.begin()
    await minutes(office, 46)

    assert (await calls(office, case_id)) == [Happening.ASKED, Happening.RETURNED]
    after.close()


ACTS = st.sampled_from(["claim", "release", "assign", "note", "stay", "snooze", "resolve", "reopen", "answer", "wait"])


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.tuples(ACTS, st.sampled_from([ANA, BEN, CLEO]), st.integers(0, 40)), max_size=12))
async def test_only_a_waiting_customer_and_a_silent_assignee_make_it_ask(tmp_path_factory, clock, steps):
    store = Store(f"sqlite:///{tmp_path_factory.mktemp('walk') / 'walk.db'}")
    from bot.store.schema import upgrade  # noqa: PLC0415 - only here a database is made by hand

    upgrade(str(store._url))
    store.open()
    office = Office(store, clock, replace(POLICY, tiers=()))
    await office.attention.begin()
    case = await office.case_of()
    for act, who, span in steps:
        before = await office.case(case.id)
        asked = len(await calls(office, case.id))
        await office.pass_time(span * MINUTE)
        if len(await calls(office, case.id)) > asked:
            assert before.state is not State.RESOLVED
            assert before.assignee
        try:
            await _do(office, case.id, act, who)
        except GoshawkError:
            continue
    await minutes(office, 130)
    after = await office.case(case.id)
    assert not (after.state is State.CLAIMED and after.waits)
    store.close()


async def _do(office, case_id, act, who):
    match act:
        case "claim" | "release" | "reopen":
            await getattr(office.desk, act)(case_id, by=who)
        case "assign":
            await office.desk.assign(case_id, to=who, by=ANA, note="you know them")
        case "note":
            await office.desk.note(case_id, by=who, text="noted")
        case "stay":
            await office.attention.stay(case_id, by=who)
        case "snooze":
            await office.desk.snooze(case_id, by=who, span=20 * MINUTE)
        case "resolve":
            await office.desk.resolve(case_id, by=who, resolution=Resolution.SPAM)
        case "answer":
            await office.answer(case_id, by=who)
