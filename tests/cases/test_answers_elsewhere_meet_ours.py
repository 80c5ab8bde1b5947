"""An answer on the platform itself meets one of ours that has not left yet: the customer is answered once."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.approval import ApprovalRule
from bot.domain.case import Resolution
from bot.domain.event import Happening
from bot.domain.mention import Author
from bot.domain.reply import ReplyState
from bot.domain.role import Grant, Role
from bot.domain.verdict import Kind, Verdict
from bot.errors import NotAllowed
from tests.fakes.feed import Outcome, applied_and_lost, busy, lost
from tests.fakes.office import Office
from tests.fakes.people import ANA, BEN
from tests.fakes.posts import complaint, mention

NATIVE = "Please come to the harbour office."
SAID = "@harbourline answered on Square itself."
MINUTE = timedelta(minutes=1)


async def opened(office: Office, **given):
    post = mention(at=office.clock.now(), **given)
    case = await office.case_of((post, complaint()))
    office.clock.advance(MINUTE)
    return case, post


async def answers_there(office: Office, text: str = NATIVE, **given) -> None:
    post = mention(text, at=office.clock.now(), author=Author(handle="harbourline"), own=True, **given)
    await office.receive((post, Verdict(kind=Kind.NOISE, score=0.0)))


async def replies_of(office: Office, case):
    return await office.store.read(lambda unit: unit.replies.of_case(case.id))


async def happened(office: Office, case) -> list[Happening]:
    return [one.what for one in (await office.board.timeline(case.id)).events]


def four_eyes(office: Office) -> Office:
    lead = Grant(role=Role.APPROVER, who=frozenset({BEN.id}), names=("Ben",))
    team = Grant(role=Role.RESPONDER, who=frozenset({ANA.id}), names=("Ana",))
    policy = replace(office.policy, grants=(lead, team), approval=ApprovalRule(routes=frozenset({"cases"})))
    return Office(office.store, office.clock, policy)


async def test_what_is_in_its_undo_window_stays_here_and_its_writer_is_asked_once(office: Office):
    case, post = await opened(office)
    queued = await office.answer(case.id)

    await answers_there(office, answers=post.post_id)
    await answers_there(office, "And ask for Ole.", answers=post.post_id)
    await office.pass_time(MINUTE)

    assert office.feed.texts == []
    assert (await office.board.reply(queued.id)).state is ReplyState.UNDONE
    draft = await office.store.read(lambda unit: unit.replies.draft_of(case.id, ANA.id))
    assert draft is not None and (draft.text, draft.trouble) == ("We found it.", SAID)
    assert office.lines.count(f"{case.id}:held:{queued.id}") == 1
    assert [line.split(":")[1] for line in office.lines].count("held") == 1
    (undone,) = [one for one in (await office.board.timeline(case.id)).events if one.what is Happening.UNDONE]
    assert (undone.by, undone.detail) == (None, f"{queued.id}: {SAID}")


async def test_the_writer_may_send_it_anyway(office: Office):
    case, post = await opened(office)
    await office.answer(case.id)
    await answers_there(office, answers=post.post_id, post_id="n1")

    desktop = await office.drafts.begin(case.id, by=ANA)
    assert (desktop.draft.text, desktop.draft.trouble) == ("We found it.", SAID)
    await office.answer(case.id, desktop.draft.text)
    await answers_there(office, answers=post.post_id, post_id="n1")
    await office.pass_time(MINUTE)

    assert office.feed.texts == ["We found it."]


async def test_what_waits_for_approval_goes_back_to_its_writer(office: Office):
    office = four_eyes(office)
    case, post = await opened(office)
    asked = await office.answer(case.id)

    await answers_there(office, answers=post.post_id)
    await office.work()

    assert (await office.board.sheet(case.id)).waiting == ()
    assert f"{case.id}:held:{asked.id}" in office.lines
    with pytest.raises(NotAllowed, match=f"{SAID} Nothing was done."):
        await office.approvals.approve(asked.id, by=BEN, shown=asked.text_hash)
    assert (await office.drafts.begin(case.id, by=ANA)).draft.text == "We found it."


async def test_an_answer_to_what_was_written_later_goes_on(office: Office):
    case, _ = await opened(office, thread="t1")
    early = office.clock.now()
    office.clock.advance(MINUTE)
    await office.receive((mention("And now?", at=office.clock.now(), thread="t1"), complaint()))
    await office.answer(case.id)

    post = mention(NATIVE, at=early, author=Author(handle="harbourline"), own=True, thread="t1")
    await office.receive((post, Verdict(kind=Kind.NOISE, score=0.0)))
    await office.pass_time(MINUTE)

    assert office.feed.texts == ["We found it."]


async def test_what_we_write_to_a_bystander_holds_nothing(office: Office):
    case, _ = await opened(office, thread="t1")
    bystander = mention("Same here.", by="jon", at=office.clock.now(), thread="t1")
    await office.receive((bystander, Verdict(kind=Kind.NOISE, score=0.0)))
    await office.answer(case.id)

    await answers_there(office, answers=bystander.post_id, thread="t1")
    await office.pass_time(MINUTE)

    assert office.feed.texts == ["We found it."]


async def test_it_is_held_on_a_case_that_is_over_as_well(office: Office):
    case, post = await opened(office)
    queued = await office.answer(case.id)
    await office.desk.resolve(case.id, by=ANA, resolution=Resolution.HANDED_OVER)

    await answers_there(office, answers=post.post_id)
    await office.pass_time(MINUTE)

    assert office.feed.texts == [] and f"{case.id}:held:{queued.id}" in office.lines


@pytest.mark.parametrize("first", [lost, busy], ids=["lost", "busy"])
async def test_an_answer_there_keeps_a_reply_from_its_second_try(office: Office, first: Outcome):
    case, post = await opened(office)
    reply = await office.answer(case.id)
    office.feed.will(first)
    await office.pass_time(timedelta(seconds=16))

    await answers_there(office, answers=post.post_id)
    await office.pass_time(MINUTE)

    assert office.feed.texts == []
    ended = await office.board.reply(reply.id)
    assert ended.state in {ReplyState.REFUSED, ReplyState.UNDONE} and ended.trouble == SAID
    assert (await office.drafts.begin(case.id, by=ANA)).draft.text == "We found it."
    assert len([line for line in office.lines if line.split(":")[1] in {"held", "refused"}]) == 1


async def test_an_answer_in_the_very_moment_of_a_try_that_failed_keeps_it_from_the_next(office: Office):
    case, post = await opened(office)
    reply = await office.answer(case.id)
    office.clock.advance(timedelta(seconds=16))
    sending = replace(reply, state=ReplyState.SENDING, tried_at=office.clock.now())
    await office.store.transact(lambda unit: unit.replies.save(reply, sending))
    await answers_there(office, answers=post.post_id)
    await office.store.transact(lambda unit: unit.replies.save(sending, replace(sending, state=ReplyState.QUEUED)))

    await office.pass_time(MINUTE)

    assert office.feed.texts == []
    assert f"{case.id}:held:{reply.id}" in office.lines


async def test_another_text_while_ours_leaves_is_an_answer_of_its_own(office: Office):
    case, post = await opened(office)
    await office.answer(case.id)
    office.feed.will(applied_and_lost)
    await office.pass_time(timedelta(seconds=16))
    assert [one.state for one in await replies_of(office, case)] == [ReplyState.SENDING]

    await answers_there(office, answers=post.post_id)
    await office.pass_time(timedelta(seconds=20))

    assert [one.state for one in await replies_of(office, case)] == [ReplyState.SENT, ReplyState.SENT]
    assert (await happened(office, case)).count(Happening.ELSEWHERE) == 1


async def test_the_same_text_to_another_post_is_no_echo(office: Office):
    case, post = await opened(office, thread="t1")
    office.clock.advance(MINUTE)
    await office.receive((mention("Hello?", at=office.clock.now(), thread="t1"), complaint()))
    await office.answer(case.id)
    office.feed.will(applied_and_lost)
    await office.pass_time(timedelta(seconds=16))

    await answers_there(office, "We found it.", answers=post.post_id, thread="t1")

    assert (await happened(office, case)).count(Happening.ELSEWHERE) == 1


async def test_an_echo_that_the_network_rewrote_closes_nothing_twice(office: Office):
    case, post = await opened(office)
    await office.answer(case.id, "Read harbourline.example/lost/luggage/today", resolves=True)
    office.feed.will(applied_and_lost)
    await office.pass_time(timedelta(seconds=16))
    await answers_there(office, "Read s.example/x7", answers=post.post_id, post_id="r1")
    await office.pass_time(timedelta(seconds=20))

    ours, echo = await replies_of(office, case)
    assert (ours.state, ours.remote_id) == (ReplyState.SENT, "r1")
    assert (echo.state, echo.remote_id) == (ReplyState.UNDONE, "")
    assert [line.split(":")[1] for line in office.lines] == ["elsewhere"]
    assert (await happened(office, case)).count(Happening.RESOLVED) == 1
