"""Four eyes: a reply that needs approval leaves only after a second person agreed to its exact text."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.cases import promises
from bot.domain.approval import ApprovalRule
from bot.domain.case import Resolution, State
from bot.domain.event import Happening
from bot.domain.reply import ReplyState
from bot.domain.role import Grant, Role
from bot.domain.sla import Priority
from bot.errors import NotAllowed
from tests.fakes.office import POLICY, Office
from tests.fakes.people import ANA, BEN, CLEO, GUEST, STRANGER
from tests.fakes.posts import complaint, mention

LEADS = Grant(role=Role.APPROVER, who=frozenset({BEN.id, CLEO.id}), names=("Ben", "Cleo"))
TEAM = Grant(role=Role.RESPONDER, who=frozenset({ANA.id}), names=("@social-care",))
RULE = ApprovalRule(words=("found",), box=True)


@pytest.fixture
def office(store, clock) -> Office:
    """An office in which the word "found" needs a second pair of eyes."""
    return Office(store, clock, replace(POLICY, grants=(LEADS, TEAM), approval=RULE))


def other_rule(office: Office, **rule) -> Office:
    return Office(office.store, office.clock, replace(office.policy, approval=ApprovalRule(**rule)))


async def state_of(office, reply):
    return (await office.board.reply(reply.id)).state


async def happened(office, case) -> list[Happening]:
    return [event.what for event in (await office.board.timeline(case.id)).events]


async def two_that_wait(office):
    """Ana asked, then the case was handed to Cleo, who asked as well."""
    case = await office.case_of()
    first = await office.answer(case.id)
    await office.desk.assign(case.id, to=CLEO, by=BEN)
    second = await office.answer(case.id, "We found it, and a taxi brings it.", by=CLEO)
    return case, first, second


async def test_a_reply_waits_until_somebody_else_agrees_and_then_its_undo_window_begins(office):
    case = await office.case_of()
    asked = await office.answer(case.id, resolves=True)
    await office.pass_time(timedelta(minutes=5))
    assert (asked.state, asked.asked_for, office.feed.texts) == (ReplyState.AWAITING, "the word “found”", [])

    approved = await office.approvals.approve(asked.id, by=BEN, shown=asked.text_hash[:16])

    assert (approved.approver_name, approved.send_at) == ("Ben", office.clock.now() + office.policy.undo)
    await office.work()
    assert office.feed.texts == []
    await office.pass_time(office.policy.undo)
    assert office.feed.texts == ["We found it."]
    assert (await office.case(case.id)).state is State.RESOLVED
    assert (await happened(office, case))[1:] == [
        Happening.CLAIMED, Happening.APPROVAL_ASKED, Happening.APPROVED, Happening.SENT, Happening.RESOLVED,
    ]  # fmt: skip


async def test_the_writer_cannot_approve_and_reads_whom_to_ask(office):
    case = await office.case_of()
    asked = await office.answer(case.id, by=BEN)

    with pytest.raises(NotAllowed, match=r"You wrote this, so somebody else has to approve it\. Ask Cleo\."):
        await office.approvals.approve(asked.id, by=BEN, shown=asked.text_hash)
    with pytest.raises(NotAllowed, match=f"/social undo {case.id}` takes it back"):
        await office.approvals.reject(asked.id, by=BEN, shown=asked.text_hash)
    with pytest.raises(NotAllowed, match="You wrote this"):
        await office.approvals.waiting(case.id, by=BEN, verb="approve")


@pytest.mark.parametrize("by", [ANA, GUEST, STRANGER], ids=lambda by: by.name)
async def test_whoever_is_no_approver_decides_nothing(office, by):
    asked = await office.answer((await office.case_of()).id, by=BEN)
    ways = [
        lambda: office.approvals.approve(asked.id, by=by, shown=asked.text_hash),
        lambda: office.approvals.reject(asked.id, by=by, shown=asked.text_hash),
        lambda: office.approvals.request_changes(asked.id, by=by, shown=asked.text_hash, words="Shorter."),
        lambda: office.approvals.beside(asked.id, by=by, verb="approve"),
    ]

    for way in ways:
        with pytest.raises(NotAllowed, match="You can't"):
            await way()

    assert await state_of(office, asked) is ReplyState.AWAITING


async def test_an_approval_is_of_the_text_that_was_shown(office):
    case = await office.case_of()
    asked = await office.answer(case.id)

    for shown in ("0123456789abcdef", ""):
        for verb in (office.approvals.approve, office.approvals.reject):
            with pytest.raises(NotAllowed, match="The text changed since this was shown"):
                await verb(asked.id, by=BEN, shown=shown)
        with pytest.raises(NotAllowed, match="The text changed since this was shown"):
            await office.approvals.request_changes(asked.id, by=BEN, shown=shown, words="Shorter.")


async def test_a_text_that_was_changed_behind_the_approvers_back_never_leaves(office):
    asked = await office.answer((await office.case_of()).id)
    await office.store.transact(lambda unit: unit.replies.save(asked, replace(asked, text="We found nothing.")))

    with pytest.raises(NotAllowed, match="This is not what Ana asked about any more"):
        await office.approvals.approve(asked.id, by=BEN, shown=asked.text_hash)


async def test_a_text_that_was_changed_after_the_approval_is_stopped_at_the_door(office):
    case = await office.case_of()
    asked = await office.answer(case.id)
    approved = await office.approvals.approve(asked.id, by=BEN, shown=asked.text_hash)
    await office.store.transact(lambda unit: unit.replies.save(approved, replace(approved, text="We found nothing.")))

    await office.pass_time(office.policy.undo)

    assert office.feed.texts == []
    refused = await office.board.reply(asked.id)
    assert (refused.state, refused.trouble) == (
        ReplyState.REFUSED,
        "This is not what Ben approved any more. Nothing was sent.",
    )


async def test_a_changed_text_is_asked_for_again_and_the_older_request_ends(office):
    case = await office.case_of()
    first = await office.answer(case.id)
    desktop = await office.drafts.begin(case.id, by=ANA)
    assert desktop.draft.text == "We found it."

    second = await office.answer(case.id, "We found it in Ormsea.")

    assert [reply.id for reply in (await office.board.sheet(case.id)).waiting] == [second.id]
    with pytest.raises(NotAllowed, match="Ana took this back"):
        await office.approvals.approve(first.id, by=BEN, shown=first.text_hash)


async def test_changes_go_back_to_the_writer_with_the_words_and_need_a_new_approval(office):
    case = await office.case_of()
    asked = await office.answer(case.id)

    await office.approvals.request_changes(asked.id, by=BEN, shown=asked.text_hash, words=" Name the boat. ")

    await office.work()
    desktop = await office.drafts.begin(case.id, by=ANA)
    assert (desktop.draft.text, desktop.draft.trouble) == ("We found it.", "Ben: Name the boat.")
    assert f"{case.id}:changes requested:{asked.id}" in office.lines
    assert await state_of(office, asked) is ReplyState.REJECTED
    again = await office.answer(case.id, "The Osprey: we found it there.")
    assert (again.state, again.trouble) == (ReplyState.AWAITING, "")


async def test_changes_need_words_and_a_rejection_does_not(office):
    case = await office.case_of()
    asked = await office.answer(case.id)

    with pytest.raises(NotAllowed, match="Say what should be different"):
        await office.approvals.request_changes(asked.id, by=BEN, shown=asked.text_hash, words="  ")
    await office.approvals.reject(asked.id, by=BEN, shown=asked.text_hash)

    assert (await office.drafts.begin(case.id, by=ANA)).draft.trouble == "Ben did not approve this."
    assert (await happened(office, case))[-1] is Happening.REJECTED


async def test_what_was_decided_is_not_decided_again(office):
    asked = await office.answer((await office.case_of()).id)
    await office.approvals.approve(asked.id, by=BEN, shown=asked.text_hash)

    for verb in (office.approvals.approve, office.approvals.reject):
        with pytest.raises(NotAllowed, match="Ben approved this already"):
            await verb(asked.id, by=CLEO, shown=asked.text_hash)
    with pytest.raises(NotAllowed, match="Ben approved this already"):
        await office.approvals.beside(asked.id, by=CLEO, verb="approve")
    with pytest.raises(NotAllowed, match="Nothing waits for approval"):
        await office.approvals.waiting(asked.case_id, by=CLEO, verb="approve")


@pytest.mark.parametrize("by", [ANA, BEN], ids=lambda by: by.name)
async def test_an_approved_reply_is_taken_back_and_needs_approval_again(office, by):
    case = await office.case_of()
    asked = await office.answer(case.id)
    await office.approvals.approve(asked.id, by=BEN, shown=asked.text_hash)

    await office.sending.undo(case.id, by=by)

    await office.pass_time(timedelta(minutes=1))
    assert office.feed.texts == []
    assert (await office.answer(case.id)).state is ReplyState.AWAITING


async def test_only_its_writer_takes_a_request_back(office):
    case = await office.case_of()
    asked = await office.answer(case.id)

    with pytest.raises(NotAllowed, match="Only Ana can take this request back"):
        await office.sending.undo(case.id, by=BEN)
    draft = await office.sending.undo(case.id, by=ANA)

    assert (await state_of(office, asked), draft.text) == (ReplyState.UNDONE, "We found it.")
    with pytest.raises(NotAllowed, match="Too late to undo"):
        await office.sending.undo(case.id, by=ANA)


async def test_two_that_wait_are_shown_and_one_is_chosen(office):
    case, first, second = await two_that_wait(office)
    assert [reply.id for reply in (await office.board.sheet(case.id)).waiting] == [first.id, second.id]

    with pytest.raises(NotAllowed, match=f"Several replies wait on case {case.id}"):
        await office.approvals.approve(first.id, by=BEN, shown=first.text_hash)
    await office.approvals.approve(first.id, by=BEN, shown=first.text_hash, seen=[second.id], rejects=True)

    await office.pass_time(office.policy.undo)
    assert office.feed.texts == ["We found it."]
    assert await state_of(office, second) is ReplyState.REJECTED
    draft = await office.store.read(lambda unit: unit.replies.draft_of(case.id, CLEO.id))
    assert (draft.text, draft.trouble) == (second.text, "Ben: Ana's reply was chosen instead.")
    assert f"{case.id}:reply rejected:{second.id}" in office.lines


async def test_the_other_may_go_on_waiting_and_is_outdated_by_the_answer(office):
    case, first, second = await two_that_wait(office)

    await office.approvals.approve(second.id, by=BEN, shown=second.text_hash, seen=[first.id])

    with pytest.raises(NotAllowed, match="Another reply to this case is on its way"):
        await office.approvals.approve(first.id, by=BEN, shown=first.text_hash)
    await office.pass_time(office.policy.undo)
    assert office.feed.texts == [second.text]
    sheet = await office.board.sheet(case.id)
    assert [reply.id for reply in sheet.waiting] == [first.id]
    with pytest.raises(NotAllowed, match="The customer was answered since Ana wrote this"):
        await office.approvals.approve(first.id, by=BEN, shown=first.text_hash)


async def test_a_request_keeps_nobody_from_answering_without_one(office):
    case = await office.case_of()
    asked = await office.answer(case.id)
    await office.desk.assign(case.id, to=CLEO, by=BEN)

    await office.answer(case.id, "It is on the next boat.", by=CLEO)

    await office.pass_time(office.policy.undo)
    assert office.feed.texts == ["It is on the next boat."]
    assert await state_of(office, asked) is ReplyState.AWAITING


async def test_a_customer_who_writes_again_is_read_before_anything_leaves(office):
    case = await office.case_of(thread="t1")
    asked = await office.answer(case.id)
    office.clock.advance(timedelta(minutes=1))
    await office.receive((mention("Forget it!", thread="t1", at=office.clock.now()), complaint()))

    with pytest.raises(NotAllowed, match="The customer wrote again since Ana wrote this"):
        await office.approvals.approve(asked.id, by=BEN, shown=asked.text_hash)
    await office.approvals.request_changes(asked.id, by=BEN, shown=asked.text_hash, words="Read the new one.")

    assert (await office.drafts.begin(case.id, by=ANA)).draft.text == "We found it."


async def test_nothing_is_approved_while_sending_is_frozen(office):
    case = await office.case_of()
    asked = await office.answer(case.id)
    await office.gate.freeze(by=BEN, reason="statement in preparation")

    with pytest.raises(NotAllowed, match="statement in preparation"):
        await office.approvals.approve(asked.id, by=CLEO, shown=asked.text_hash)
    await office.gate.unfreeze(by=BEN)
    await office.approvals.approve(asked.id, by=CLEO, shown=asked.text_hash)

    await office.pass_time(office.policy.undo)
    assert office.feed.texts == ["We found it."]


async def test_a_case_that_is_resolved_ends_the_request_and_its_writer_hears_of_it(office):
    case = await office.case_of()
    asked = await office.answer(case.id)

    await office.desk.resolve(case.id, by=BEN, resolution=Resolution.NO_ACTION, note="They rang")

    await office.work()
    assert await state_of(office, asked) is ReplyState.UNDONE
    assert f"{case.id}:withdrawn:{asked.id}" in office.lines
    await office.desk.reopen(case.id, by=ANA)
    assert (await office.drafts.begin(case.id, by=ANA)).draft.text == "We found it."


async def test_who_resolves_their_own_case_is_not_told_about_themselves(office):
    case = await office.case_of()
    await office.answer(case.id)

    await office.desk.resolve(case.id, by=ANA, resolution=Resolution.NO_ACTION)

    await office.work()
    assert not [line for line in office.lines if "withdrawn" in line]


async def test_an_answer_that_resolves_the_case_ends_what_still_waits(office):
    case, first, _ = await two_that_wait(office)
    await office.sending.undo(case.id, by=CLEO)
    await office.answer(case.id, "It is on the next boat.", by=CLEO, resolves=True)

    await office.pass_time(office.policy.undo)

    assert (await office.case(case.id)).state is State.RESOLVED
    assert await state_of(office, first) is ReplyState.UNDONE


async def test_release_and_assign_leave_the_request_to_its_approvers(office):
    case = await office.case_of()
    asked = await office.answer(case.id)
    await office.desk.release(case.id, by=ANA)

    await office.approvals.approve(asked.id, by=BEN, shown=asked.text_hash)

    await office.pass_time(office.policy.undo)
    assert office.feed.texts == ["We found it."]


async def test_approvers_are_called_once_and_again_ever_more_seldom(office):
    case = await office.case_of()
    asked = await office.answer(case.id)
    await office.work()
    assert [line for line in office.lines if "approv" in line or "asked" in line] == [f"{case.id}:asked:{asked.id}"]

    await office.pass_time(timedelta(minutes=10))
    await office.pass_time(timedelta(minutes=19))
    once = office.lines.count(f"{case.id}:unapproved:{asked.id}")
    await office.pass_time(timedelta(minutes=1))
    twice = office.lines.count(f"{case.id}:unapproved:{asked.id}")
    await office.approvals.reject(asked.id, by=BEN, shown=asked.text_hash)
    await office.pass_time(timedelta(hours=1))

    assert (once, twice, office.lines.count(f"{case.id}:unapproved:{asked.id}")) == (1, 2, 2)


async def test_the_calls_end_at_last(office):
    case = await office.case_of()
    asked = await office.answer(case.id)
    for _ in range(12):
        await office.pass_time(timedelta(days=1))

    assert office.lines.count(f"{case.id}:unapproved:{asked.id}") == 8


async def test_the_promise_to_the_customer_runs_on_while_a_reply_waits(office):
    office = other_rule(office, priorities={Priority.P2, Priority.P1, Priority.P3})
    case = await office.case_of()
    urgent = await office.case(case.id)
    asked = await office.answer(case.id)

    await office.pass_time(office.policy.promises[urgent.priority] + timedelta(seconds=1))

    assert (await office.case(case.id)).late_at == office.clock.now()
    assert f"{case.id}:ping" in " ".join(office.lines)
    assert await state_of(office, asked) is ReplyState.AWAITING


async def test_new_staff_are_read_until_so_many_of_theirs_were_sent(office):
    office = other_rule(office, new_staff_replies=1)
    first = await office.case_of(by="mara")
    asked = await office.answer(first.id)
    assert asked.asked_for == "Ana has sent 0 of the first 1 replies"
    await office.approvals.approve(asked.id, by=BEN, shown=asked.text_hash)
    await office.pass_time(office.policy.undo)

    second = await office.case_of(by="tove")
    desktop = await office.drafts.begin(second.id, by=ANA)

    assert desktop.before == ""
    assert (await office.answer(second.id)).state is ReplyState.QUEUED


async def test_the_window_knows_beforehand_and_the_check_knows_the_text(office):
    case = await office.case_of()
    desktop = await office.drafts.begin(case.id, by=ANA, text="We found it.")
    look = await office.drafts.look(desktop.draft.id, by=ANA, eyes=True)
    always = await other_rule(office, routes={"cases"}, box=True).drafts.begin(case.id, by=ANA)

    assert (desktop.before, desktop.why, desktop.box) == ("", "the word “found”", True)
    assert look.why == "the word “found”; Ana wants a second pair of eyes"
    assert (always.before, always.box) == ("public case", False)


async def test_a_second_pair_of_eyes_is_asked_for_by_a_box(office):
    asked = await office.answer((await office.case_of()).id, "On its way.", eyes=True)

    assert (asked.state, asked.asked_for) == (ReplyState.AWAITING, "Ana wants a second pair of eyes")


async def test_two_who_approve_at_once_queue_one_reply(office):
    asked = await office.answer((await office.case_of()).id)

    answers = await asyncio.gather(
        *[office.approvals.approve(asked.id, by=by, shown=asked.text_hash) for by in (BEN, CLEO, BEN, CLEO)],
        return_exceptions=True,
    )

    assert [type(answer) for answer in answers].count(NotAllowed) == 3
    await office.pass_time(office.policy.undo)
    assert office.feed.texts == ["We found it."]


async def test_two_replies_approved_at_once_never_both_leave(office):
    case, first, second = await two_that_wait(office)

    answers = await asyncio.gather(
        office.approvals.approve(first.id, by=BEN, shown=first.text_hash, seen=[second.id]),
        office.approvals.approve(second.id, by=BEN, shown=second.text_hash, seen=[first.id]),
        return_exceptions=True,
    )

    assert [type(answer) for answer in answers].count(NotAllowed) == 1
    await office.pass_time(office.policy.undo)
    assert len(office.feed.texts) == 1
    assert (await happened(office, case)).count(Happening.APPROVED) == 1


async def test_an_approval_and_a_rejection_at_once_leave_one_truth(office):
    asked = await office.answer((await office.case_of()).id)

    approved, rejected = await asyncio.gather(
        office.approvals.approve(asked.id, by=BEN, shown=asked.text_hash),
        office.approvals.reject(asked.id, by=CLEO, shown=asked.text_hash),
        return_exceptions=True,
    )

    assert isinstance(approved, NotAllowed) is not isinstance(rejected, NotAllowed)
    await office.pass_time(office.policy.undo)
    assert office.feed.texts == ([] if isinstance(approved, NotAllowed) else ["We found it."])


async def test_an_approval_and_an_undo_at_once_lose_no_word(office):
    case = await office.case_of()
    asked = await office.answer(case.id)

    await asyncio.gather(
        office.approvals.approve(asked.id, by=BEN, shown=asked.text_hash),
        office.sending.undo(case.id, by=ANA),
        return_exceptions=True,
    )

    await office.pass_time(office.policy.undo)
    assert office.feed.texts == []
    assert (await office.drafts.begin(case.id, by=ANA)).draft.text == "We found it."


async def test_an_approval_and_a_resolve_at_once_leave_one_truth(office):
    case = await office.case_of()
    asked = await office.answer(case.id)

    approved, _ = await asyncio.gather(
        office.approvals.approve(asked.id, by=BEN, shown=asked.text_hash),
        office.desk.resolve(case.id, by=CLEO, resolution=Resolution.NO_ACTION),
        return_exceptions=True,
    )

    await office.pass_time(office.policy.undo)
    ended = await state_of(office, asked)
    assert ended in ({ReplyState.UNDONE} if isinstance(approved, NotAllowed) else {ReplyState.SENT})


async def test_a_reminder_that_a_death_repeats_calls_once_and_stands_in_the_timeline_once(office):
    case = await office.case_of()
    asked = await office.answer(case.id)
    await office.pass_time(office.policy.approval.remind)

    await office.approvals.remind(promises.remind(asked, 1, due=office.clock.now()))
    await office.pass_time(timedelta())

    assert (await happened(office, case)).count(Happening.REMINDED) == 1
    assert office.lines.count(f"{case.id}:unapproved:{asked.id}") == 1
