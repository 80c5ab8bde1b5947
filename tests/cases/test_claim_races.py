"""Many hands at once: exactly one of them wins, and everybody else reads who did."""

import asyncio
from itertools import permutations

import pytest

from bot.domain.case import Resolution, State
from bot.domain.event import Happening
from bot.domain.ids import StaffId
from bot.domain.reply import ReplyState
from bot.domain.staff import Staff
from bot.errors import NotAllowed
from tests.fakes.people import ANA, BEN

TEAM = [Staff(StaffId(f"U{number:09}"), f"Colleague {number}") for number in range(50)]


async def test_fifty_claim_at_once_and_one_has_it(office):
    case = await office.case_of()

    presses = [office.desk.claim(case.id, by=colleague) for colleague in TEAM]
    answers = await asyncio.gather(*presses, return_exceptions=True)

    held = await office.case(case.id)
    refusals = [answer for answer in answers if isinstance(answer, NotAllowed)]
    assert [answer for answer in answers if not isinstance(answer, NotAllowed)] == [held]
    assert len(refusals) == 49
    assert all(str(refusal).startswith(f"{held.assignee_name} already has this (just now).") for refusal in refusals)
    claims = [event for event in (await office.board.timeline(case.id)).events if event.what is Happening.CLAIMED]
    assert [claim.by for claim in claims] == [held.assignee]
    assert held.version == case.version + 1


async def test_fifty_take_the_next_case_and_no_case_is_taken_twice(office):
    for number in range(10):
        await office.case_of(by=f"author {number}")

    presses = [office.desk.claim_next(by=colleague) for colleague in TEAM[:15]]
    answers = await asyncio.gather(*presses, return_exceptions=True)

    taken = [answer for answer in answers if not isinstance(answer, NotAllowed)]
    nothing_left = [str(answer) for answer in answers if isinstance(answer, NotAllowed)]
    assert sorted(case.id for case in taken) == [case.id for case in await office.cases()]
    assert nothing_left == ["Nothing is unclaimed. Well done."] * 5


async def test_one_person_who_presses_claim_five_times_claims_once(office):
    case = await office.case_of()

    await asyncio.gather(*[office.desk.claim(case.id, by=ANA) for _ in range(5)])

    timeline = await office.board.timeline(case.id)
    assert [event.what for event in timeline.events].count(Happening.CLAIMED) == 1


@pytest.mark.parametrize("order", list(permutations(["claim", "release", "resolve"])), ids="-".join)
async def test_claim_release_and_resolve_at_once_end_as_if_in_some_order(office, order):
    case = await office.case_of()
    held = await office.desk.claim(case.id, by=ANA)
    acts = {
        "claim": lambda: office.desk.claim(case.id, by=BEN),
        "release": lambda: office.desk.release(case.id, by=ANA),
        "resolve": lambda: office.desk.resolve(case.id, by=ANA, resolution=Resolution.NO_ACTION, note="done"),
    }

    answers = await asyncio.gather(*[acts[name]() for name in order], return_exceptions=True)

    after = await office.case(case.id)
    done = [answer for answer in answers if not isinstance(answer, BaseException)]
    assert {type(answer) for answer in answers} <= {type(after), NotAllowed}
    assert after.version == held.version + len(done)
    assert after.state is State.RESOLVED
    assert not after.waits
    events = (await office.board.timeline(case.id)).events
    assert len(events) == 2 + len(done)


async def test_one_of_two_resolutions_counts(office):
    case = await office.case_of()

    answers = await asyncio.gather(
        office.desk.resolve(case.id, by=ANA, resolution=Resolution.SPAM),
        office.desk.resolve(case.id, by=BEN, resolution=Resolution.NO_ACTION),
        return_exceptions=True,
    )

    after = await office.case(case.id)
    [refusal] = [answer for answer in answers if isinstance(answer, NotAllowed)]
    assert f"was resolved by {after.resolved_by} ({after.resolution})" in str(refusal)


async def test_a_reply_sent_twice_at_once_is_queued_once(office):
    case = await office.case_of()
    desktop = await office.drafts.begin(case.id, by=ANA)

    def send():
        wishes = {"text": "We found it.", "resolves": False, "drawn": desktop.case.version}
        return office.sending.send(desktop.draft.id, by=ANA, **wishes)

    answers = await asyncio.gather(*[send() for _ in range(5)], return_exceptions=True)

    assert [type(answer) for answer in answers].count(NotAllowed) == 4
    await office.pass_time(office.policy.undo)
    assert office.feed.texts == ["We found it."]


async def test_two_drafts_of_one_case_never_both_leave(office):
    case = await office.case_of()
    first = await office.drafts.begin(case.id, by=ANA)
    twin = await office.store.transact(lambda unit: unit.replies.add(first.draft))

    def send(draft):
        wishes = {"text": f"Draft {draft.id}", "resolves": False, "drawn": first.case.version}
        return office.sending.send(draft.id, by=ANA, **wishes)

    answers = await asyncio.gather(send(first.draft), send(twin), return_exceptions=True)

    assert [type(answer) for answer in answers].count(NotAllowed) == 1
    await office.pass_time(office.policy.undo)
    assert len(office.feed.texts) == 1


async def test_undo_and_the_courier_at_once_leave_one_truth(office):
    case = await office.case_of()
    reply = await office.answer(case.id)
    office.clock.advance(office.policy.undo)

    answers = await asyncio.gather(office.work(), office.sending.undo(case.id, by=ANA), return_exceptions=True)

    undone = not isinstance(answers[1], NotAllowed)
    state = (await office.board.reply(reply.id)).state
    assert (state is ReplyState.UNDONE) is undone
    assert office.feed.texts == ([] if undone else ["We found it."])
