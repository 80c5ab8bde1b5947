"""Colleagues' own words: masked where they are written down, and kept from who may not read what is private."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.cases.approvals import Approvals
from bot.domain.approval import ApprovalRule
from bot.domain.case import Case, Resolution
from bot.domain.event import Event, Happening
from bot.domain.mention import Visibility
from bot.domain.reply import ReplyState
from bot.privacy.veil import ON_ITS_CARD, WITHHELD
from bot.store.engine import Store
from tests.fakes.clock import TurnableClock
from tests.fakes.office import POLICY, Office
from tests.fakes.people import ANA, BEN, CLEO
from tests.fakes.posts import complaint, mention

CARD, MAIL = "4111 1111 1111 1111", "mara@post.example"
TYPED, KEPT = f"ask {MAIL} about {CARD}", "ask [e-mail] about [card ••11]"

Deed = Callable[[Office, Case], Awaitable[object]]


async def asked(office: Office, case: Case, *, changes: bool) -> None:
    desktop = await office.drafts.begin(case.id, by=ANA)
    wishes = {"resolves": False, "drawn": desktop.case.version}
    reply = await office.sending.send(desktop.draft.id, by=ANA, text="A refund.", **wishes)
    verb = Approvals.request_changes if changes else Approvals.reject
    await verb(office.approvals, reply.id, by=CLEO, shown=reply.text_hash, words=TYPED)


#: Every verb that takes words of staff, and what its event is called.
DEEDS: dict[Happening, Deed] = {
    Happening.NOTED: lambda office, case: office.desk.note(case.id, by=ANA, text=TYPED),
    Happening.ESCALATED: lambda office, case: office.desk.escalate(case.id, by=ANA, reason=TYPED),
    Happening.ASSIGNED: lambda office, case: office.desk.assign(case.id, to=BEN, by=ANA, note=TYPED),
    Happening.SNOOZED: lambda office, case: office.desk.snooze(case.id, by=ANA, span=timedelta(hours=1), note=TYPED),
    Happening.RESOLVED: lambda office, case: office.desk.resolve(
        case.id, by=ANA, resolution=Resolution.SPAM, note=TYPED
    ),
    Happening.CHANGES: lambda office, case: asked(office, case, changes=True),
    Happening.REJECTED: lambda office, case: asked(office, case, changes=False),
}


@pytest.fixture
def office(store: Store, clock: TurnableClock) -> Office:
    return Office(store, clock, replace(POLICY, approval=ApprovalRule(words=("refund",))))


async def stored(office: Office, case: Case, what: Happening) -> Event:
    events = await office.store.read(lambda unit: unit.events.of_case(case.id))
    return next(one for one in events if one.what is what)


async def drawn(office: Office, case: Case, what: Happening, *, closed: bool) -> str:
    events = (await office.board.timeline(case.id, closed=closed)).events
    return next(one.detail for one in events if one.what is what)


@pytest.mark.parametrize("what", DEEDS)
async def test_what_staff_type_is_written_down_masked(office: Office, what: Happening):
    case = await office.case_of()

    await DEEDS[what](office, case)

    assert (await stored(office, case, what)).detail.endswith(KEPT)
    told = await office.board.timeline(case.id)
    assert CARD not in repr(told) and MAIL not in repr(told)
    for up in await office.store.read(lambda unit: unit.escalations.of_case(case.id)):
        assert up.reason == KEPT


@pytest.mark.parametrize("what", DEEDS)
async def test_about_a_private_case_it_is_read_by_those_only_who_may_read_the_case(office: Office, what: Happening):
    case = await office.case_of(visibility=Visibility.PRIVATE)

    await DEEDS[what](office, case)

    assert (await drawn(office, case, what, closed=True)).endswith(KEPT)
    outside = await drawn(office, case, what, closed=False)
    whole = (await stored(office, case, what)).detail
    assert outside == whole.removesuffix(KEPT) + ON_ITS_CARD
    sheet = await office.board.sheet(case.id)
    assert sheet.escalation is None or sheet.escalation.reason == ON_ITS_CARD


async def test_what_nobody_typed_is_read_by_all(office: Office):
    case = await office.case_of(visibility=Visibility.PRIVATE)
    await office.desk.assign(case.id, to=BEN, by=ANA)
    await office.desk.resolve(case.id, by=BEN, resolution=Resolution.SPAM)

    told = (await office.board.timeline(case.id)).events

    assert [one.detail for one in told if one.what in {Happening.ASSIGNED, Happening.RESOLVED}] == ["Ben", "spam"]


async def test_a_reason_to_freeze_is_masked_before_it_is_cut(office: Office):
    freeze = await office.gate.freeze(by=ANA, reason="x" * 489 + " " + TYPED)

    assert freeze.reason.endswith("x ask [e-mai")
    (told,) = (one.reason for one in await office.gate.active())
    assert told == freeze.reason


@pytest.mark.parametrize("state", [ReplyState.QUEUED, ReplyState.SENT, ReplyState.UNKNOWN])
async def test_an_answer_of_ours_is_shown_masked_and_kept_exact(office: Office, state: ReplyState):
    case = await office.case_of()
    reply = await office.answer(case.id, TYPED)
    await office.store.transact(lambda unit: unit.replies.save(reply, replace(reply, state=state)))

    (shown,) = (await office.board.timeline(case.id)).replies

    assert shown.text == KEPT
    assert (await office.board.reply(reply.id)).text == TYPED
    card = (await office.board.sheet(case.id, closed=True)).reply
    assert card is not None and card.text == KEPT


async def test_what_waits_for_approval_is_shown_exactly(office: Office):
    case = await office.case_of()
    await office.answer(case.id, f"A refund to {CARD}")

    (waiting,) = (await office.board.sheet(case.id)).waiting

    assert waiting.text == f"A refund to {CARD}"


async def test_what_was_written_before_a_case_turned_private_is_private_with_it(office: Office):
    post = mention(at=office.clock.now())
    case = await office.case_of((post, complaint()))
    await office.answer(case.id, "A refund for your cabin.")
    now_private = (replace(post, visibility=Visibility.PRIVATE), complaint())
    await office.reception.receive([], feed="square", edited=[now_private])

    told, (waiting,) = await office.board.timeline(case.id), (await office.board.sheet(case.id)).waiting

    assert "cabin" not in repr(told) and waiting.text == WITHHELD
    assert "cabin" in repr(await office.board.timeline(case.id, closed=True))


async def test_what_leaves_is_exact(office: Office):
    case = await office.case_of()
    await office.answer(case.id, TYPED)

    await office.pass_time(timedelta(seconds=20))

    assert office.feed.texts == [TYPED]
