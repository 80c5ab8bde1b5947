"""A public reply goes out once: whatever the platform says, and wherever the process dies."""

import time
from datetime import timedelta

import pytest

from bot.cases import promises
from bot.cases.courier import PATIENCE, SETTLE, Courier
from bot.domain.case import Resolution, State
from bot.domain.event import Happening
from bot.domain.reply import ReplyState
from bot.errors import LeaseLost, NotAllowed, SendDoubtful, SendLater
from bot.jobs import lease
from bot.jobs.lease import Lease
from bot.jobs.runner import LEASE
from tests.fakes import feed as platform
from tests.fakes.people import ANA, BEN
from tests.fakes.posts import complaint, mention

UNDO = timedelta(seconds=15)
HALF_A_MINUTE = timedelta(seconds=30)


async def states(office, case) -> list[ReplyState]:
    return [reply.state for reply in (await office.board.timeline(case.id)).replies]


async def happenings(office, case) -> list[Happening]:
    return [event.what for event in (await office.board.timeline(case.id)).events]


async def test_a_reply_leaves_once_when_its_undo_window_ends(office):
    case = await office.case_of()
    reply = await office.answer(case.id)

    await office.pass_time(UNDO - timedelta(seconds=1))
    assert office.feed.texts == []
    await office.pass_time(timedelta(seconds=1))
    await office.pass_time(LEASE * 2)

    sent = await office.board.reply(reply.id)
    assert office.feed.texts == ["We found it."]
    assert (sent.state, sent.remote_id, sent.remote_url) == (ReplyState.SENT, "r1", "https://square.example/r1")
    assert sent.sent_at == (await office.case(case.id)).first_reply_at
    assert f"{case.id}:sent:{reply.id}" in office.lines


async def test_an_answered_customer_waits_no_more(office):
    case = await office.case_of()
    await office.answer(case.id)
    await office.pass_time(UNDO)

    answered = await office.case(case.id)

    assert (answered.state, answered.waits, answered.alarm_at) == (State.CLAIMED, False, None)


async def test_a_reply_may_end_the_case(office):
    case = await office.case_of()
    await office.answer(case.id, resolves=True)
    await office.pass_time(UNDO)

    over = await office.case(case.id)

    assert (over.state, over.resolution, over.resolved_by) == (State.RESOLVED, Resolution.ANSWERED, "Ana")
    assert await happenings(office, case) == [
        Happening.OPENED,
        Happening.CLAIMED,
        Happening.QUEUED,
        Happening.SENT,
        Happening.RESOLVED,
    ]


async def test_a_refusal_keeps_the_text_as_a_new_draft(office):
    office.feed.will(platform.refused)
    case = await office.case_of()
    await office.answer(case.id)

    await office.pass_time(UNDO)

    replies = (await office.board.timeline(case.id)).replies
    assert [(reply.state, reply.text) for reply in replies] == [
        (ReplyState.REFUSED, "We found it."),
        (ReplyState.DRAFT, "We found it."),
    ]
    assert replies[0].trouble == "The post was deleted."
    assert (await office.case(case.id)).waits
    assert f"{case.id}:refused:{replies[0].id}" in office.lines
    assert (await office.drafts.begin(case.id, by=ANA)).draft.id == replies[1].id


async def test_a_busy_platform_is_tried_again_when_it_said(office):
    office.feed.will(platform.busy)
    case = await office.case_of()
    reply = await office.answer(case.id)

    await office.pass_time(UNDO)
    waiting = await office.board.reply(reply.id)
    await office.pass_time(HALF_A_MINUTE)

    assert (waiting.state, waiting.trouble) == (ReplyState.QUEUED, "Too many posts.")
    assert office.feed.calls == ["reply", "reply"]
    assert await states(office, case) == [ReplyState.SENT]


async def test_what_waits_for_a_busy_platform_can_still_be_undone(office):
    office.feed.will(platform.busy)
    case = await office.case_of()
    await office.answer(case.id)
    await office.pass_time(UNDO)

    draft = await office.sending.undo(case.id, by=ANA)
    await office.pass_time(HALF_A_MINUTE)

    assert office.feed.texts == []
    assert draft.text == "We found it."


async def test_after_an_hour_of_busy_the_text_goes_back_to_its_writer(office):
    office.feed.will(*[platform.busy] * 200)
    case = await office.case_of()
    await office.answer(case.id)

    for _ in range(int((PATIENCE + UNDO) / HALF_A_MINUTE) + 2):
        await office.pass_time(HALF_A_MINUTE)

    assert await states(office, case) == [ReplyState.REFUSED, ReplyState.DRAFT]
    assert office.feed.texts == []


async def test_in_doubt_the_platform_is_looked_at_before_any_second_try(office):
    office.feed.will(platform.applied_and_lost)
    case = await office.case_of()
    reply = await office.answer(case.id)

    await office.pass_time(UNDO)
    assert (await office.board.reply(reply.id)).state is ReplyState.SENDING
    await office.pass_time(SETTLE - timedelta(seconds=1))
    assert office.feed.calls == ["reply"]
    await office.pass_time(timedelta(seconds=1))

    found = await office.board.reply(reply.id)
    assert office.feed.calls == ["reply", "find"]
    assert (found.state, found.remote_id, found.trouble) == (ReplyState.SENT, "r1", "")
    assert office.feed.texts == ["We found it."]


async def test_what_surely_did_not_arrive_is_sent_under_the_same_key(office):
    office.feed.will(platform.lost)
    case = await office.case_of()
    reply = await office.answer(case.id)

    await office.pass_time(UNDO)
    await office.pass_time(SETTLE)

    assert office.feed.calls == ["reply", "find", "reply"]
    assert [outgoing.key for outgoing in office.feed.ledger] == [reply.key]
    assert await states(office, case) == [ReplyState.SENT]


async def test_a_platform_that_cannot_tell_leaves_it_to_a_person(office):
    office.feed.will(platform.lost)
    office.feed.will_not_tell(SendDoubtful("This platform has no look-up."))
    case = await office.case_of()
    reply = await office.answer(case.id)

    await office.pass_time(UNDO)
    await office.pass_time(SETTLE)
    for _ in range(5):
        await office.pass_time(LEASE)

    assert office.feed.calls == ["reply", "find"]
    assert await states(office, case) == [ReplyState.UNKNOWN]
    assert f"{case.id}:unknown:{reply.id}" in office.lines
    assert Happening.DOUBTED in await happenings(office, case)
    with pytest.raises(NotAllowed, match="on its way"):
        await office.drafts.begin(case.id, by=ANA)


@pytest.mark.parametrize(
    ("arrived", "expected"),
    [(True, [ReplyState.SENT]), (False, [ReplyState.REFUSED, ReplyState.DRAFT])],
)
async def test_a_person_settles_a_doubt(office, arrived, expected):
    office.feed.will(platform.lost)
    office.feed.will_not_tell(SendDoubtful("This platform has no look-up."))
    case = await office.case_of()
    reply = await office.answer(case.id, resolves=True)
    await office.pass_time(UNDO)
    await office.pass_time(SETTLE)

    await office.sending.settle(reply.id, by=BEN, arrived=arrived)

    assert await states(office, case) == expected
    assert (await office.case(case.id)).state is (State.RESOLVED if arrived else State.CLAIMED)
    with pytest.raises(NotAllowed, match="not in doubt any more"):
        await office.sending.settle(reply.id, by=BEN, arrived=arrived)


async def test_an_unreachable_platform_is_looked_at_again_and_given_to_a_person_after_an_hour(office):
    office.feed.will(platform.lost)
    office.feed.will_not_tell(*[SendLater("Unreachable.", retry_after_s=60)] * 100)
    case = await office.case_of()
    await office.answer(case.id)

    await office.pass_time(UNDO)
    for _ in range(61):
        await office.pass_time(timedelta(minutes=1))

    assert office.feed.calls.count("reply") == 1
    assert office.feed.calls.count("find") > 50
    assert await states(office, case) == [ReplyState.UNKNOWN]


async def test_two_doubts_in_a_row_are_a_persons_business(office):
    office.feed.will(platform.lost, platform.applied_and_lost)
    case = await office.case_of()
    await office.answer(case.id)

    await office.pass_time(UNDO)
    await office.pass_time(SETTLE)
    await office.pass_time(SETTLE)

    assert office.feed.calls == ["reply", "find", "reply"]
    assert await states(office, case) == [ReplyState.UNKNOWN]


@pytest.mark.parametrize(
    ("death", "calls"),
    [(platform.killed_before, ["reply", "find", "reply"]), (platform.killed_after, ["reply", "find"])],
)
async def test_a_process_that_dies_while_sending_leaves_one_reply(office, death, calls):
    office.feed.will(death)
    case = await office.case_of()
    await office.answer(case.id)

    await office.pass_time(UNDO)
    assert await states(office, case) == [ReplyState.SENDING]
    await office.pass_time(LEASE)

    assert office.feed.calls == calls
    assert office.feed.texts == ["We found it."]
    assert await states(office, case) == [ReplyState.SENT]


async def test_a_process_that_dies_in_its_second_try_is_counted_from_that_one(office):
    office.feed.will(platform.lost, platform.killed_after)
    case = await office.case_of()
    reply = await office.answer(case.id)
    await office.pass_time(UNDO)
    await office.pass_time(SETTLE)

    tried_at = (await office.board.reply(reply.id)).tried_at

    assert tried_at == office.clock.now()
    await office.store.recover(office.clock.now())
    await office.work()
    assert office.feed.calls == ["reply", "find", "reply"]  # too early to look
    await office.pass_time(LEASE)
    assert office.feed.texts == ["We found it."]
    assert await states(office, case) == [ReplyState.SENT]


async def test_a_reply_whose_feed_is_gone_goes_back_to_its_writer(office):
    case = await office.case_of()
    await office.answer(case.id)
    office._handlers[promises.SEND] = Courier(office.store, office.clock, {}).deliver

    await office.pass_time(UNDO)

    assert await states(office, case) == [ReplyState.REFUSED, ReplyState.DRAFT]


async def test_a_doubtful_reply_whose_feed_is_gone_is_a_persons_business(office):
    office.feed.will(platform.applied_and_lost)
    case = await office.case_of()
    await office.answer(case.id)
    await office.pass_time(UNDO)
    office._handlers[promises.SEND] = Courier(office.store, office.clock, {}).deliver

    await office.pass_time(SETTLE)

    assert await states(office, case) == [ReplyState.UNKNOWN]


async def test_undo_in_time_sends_nothing_and_keeps_the_words(office):
    case = await office.case_of()
    await office.answer(case.id)

    draft = await office.sending.undo(case.id, by=BEN)
    await office.pass_time(UNDO)

    assert office.feed.calls == []
    assert (draft.by, draft.text, draft.state) == (ANA.id, "We found it.", ReplyState.DRAFT)
    assert await states(office, case) == [ReplyState.UNDONE, ReplyState.DRAFT]


@pytest.mark.parametrize("outcome", [platform.taken, platform.killed_before])
async def test_undo_after_the_call_began_is_refused_and_changes_nothing(office, outcome):
    office.feed.will(outcome)
    case = await office.case_of()
    await office.answer(case.id)
    await office.pass_time(UNDO)
    before = await states(office, case)

    with pytest.raises(NotAllowed, match="Too late to undo"):
        await office.sending.undo(case.id, by=ANA)

    assert await states(office, case) == before


async def test_a_customer_who_writes_while_the_reply_is_under_way_goes_on_waiting(office):
    case = await office.case_of()
    await office.answer(case.id, resolves=True)
    await office.receive((mention("And now the other bag too!", at=office.clock.now()), complaint()))

    await office.pass_time(UNDO)

    after = await office.case(case.id)
    assert office.feed.texts == ["We found it."]
    assert after.state is State.CLAIMED
    assert after.waits
    assert after.first_reply_at == office.clock.now()


async def test_a_customer_who_writes_before_send_is_read_first(office):
    case = await office.case_of()
    desktop = await office.drafts.begin(case.id, by=ANA)
    await office.receive((mention("And now the other bag too!", at=office.clock.now()), complaint()))

    with pytest.raises(NotAllowed, match="The customer wrote again"):
        await office.sending.send(
            desktop.draft.id, by=ANA, text="We found it.", resolves=False, drawn=desktop.case.version
        )
    assert await states(office, case) == [ReplyState.DRAFT]


async def test_a_reply_to_a_case_that_was_resolved_meanwhile_still_counts_as_an_answer(office):
    case = await office.case_of()
    await office.answer(case.id)
    await office.desk.resolve(case.id, by=BEN, resolution=Resolution.ANSWERED, note="They rang")

    await office.pass_time(UNDO)

    over = await office.case(case.id)
    assert (over.state, over.resolved_by, over.first_reply_at) == (State.RESOLVED, "Ben", office.clock.now())


async def test_who_slept_through_the_lease_hands_nothing_over_and_the_next_looks_first(office):
    case = await office.case_of()
    reply = await office.answer(case.id)
    office.clock.advance(UNDO)
    now = office.clock.now()
    [job] = await office.store.transact(lambda unit: unit.jobs.claim([promises.SEND], at=now, lease=LEASE, limit=1))

    slept = lease.current.set(Lease(job, ends=time.monotonic()))
    with pytest.raises(LeaseLost):
        await office.courier.deliver(job)
    lease.current.reset(slept)
    assert office.feed.texts == []
    await office.pass_time(LEASE)

    assert office.feed.texts == ["We found it."]
    assert (await office.board.reply(reply.id)).state is ReplyState.SENT
