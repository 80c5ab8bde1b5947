"""What staff do to a case, what they read when it is refused, and what is promised with it."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.cases import promises
from bot.cases.board import Pile
from bot.domain.card import Card
from bot.domain.case import Resolution, State
from bot.domain.event import Happening
from bot.domain.ids import CaseId, MentionId, ReplyId
from bot.domain.job import Job
from bot.domain.mention import ReplyMode, Terms, Visibility
from bot.domain.policy import Policy
from bot.domain.reply import ReplyState
from bot.domain.route import Routes
from bot.domain.verdict import Urgency
from bot.errors import CaseGone, NotAllowed
from bot.store.engine import Store
from tests.fakes.office import Office
from tests.fakes.people import ANA, BEN, CLEO, GUEST, ROBOT, STRANGER
from tests.fakes.posts import complaint, mention, praise

HOUR = timedelta(hours=1)


async def events(office, case) -> list[tuple[Happening, str, str]]:
    timeline = await office.board.timeline(case.id)
    return [(event.what, event.by_name, event.detail) for event in timeline.events]


async def test_a_verb_saves_remembers_and_promises_in_one_go(office):
    case = await office.case_of()
    await office.work()

    held = await office.desk.claim(case.id, by=ANA)

    assert (await office.case(case.id)) == held
    assert (await events(office, case))[-1] == (Happening.CLAIMED, "Ana", "")
    assert {job.kind for job in await office.jobs()} == {promises.REDRAW, promises.ALARM}


async def test_a_refused_verb_writes_nothing(office):
    case = await office.case_of()
    await office.desk.claim(case.id, by=ANA)
    await office.work()

    with pytest.raises(NotAllowed):
        await office.desk.claim(case.id, by=BEN)

    assert len(await events(office, case)) == 2
    assert await office.jobs(promises.REDRAW) == []


@pytest.mark.parametrize("person", [GUEST, STRANGER, ROBOT], ids=lambda person: person.standing)
@pytest.mark.parametrize(
    "verb",
    [
        lambda office, by: office.desk.claim(CaseId(1), by=by),
        lambda office, by: office.desk.claim_next(by=by),
        lambda office, by: office.desk.release(CaseId(1), by=by),
        lambda office, by: office.desk.assign(CaseId(1), to=ANA, by=by),
        lambda office, by: office.desk.escalate(CaseId(1), by=by, reason="angry"),
        lambda office, by: office.desk.snooze(CaseId(1), by=by),
        lambda office, by: office.desk.resolve(CaseId(1), by=by, resolution=Resolution.SPAM),
        lambda office, by: office.desk.reopen(CaseId(1), by=by),
        lambda office, by: office.desk.note(CaseId(1), by=by, text="Hm."),
        lambda office, by: office.drafts.begin(CaseId(1), by=by),
        lambda office, by: office.sending.send(ReplyId(1), by=by, text="Hi", resolves=False, drawn=1),
        lambda office, by: office.sending.undo(CaseId(1), by=by),
        lambda office, by: office.sending.settle(ReplyId(1), by=by, arrived=True),
        lambda office, by: office.sending.answered_there(CaseId(1), by=by),
        lambda office, by: office.reception.flag(MentionId(1), by=by),
    ],
    ids=[
        *["claim", "next", "release", "assign", "escalate", "snooze", "resolve", "reopen", "note"],
        *["reply", "send", "undo", "settle", "there", "flag"],
    ],
)
async def test_only_full_members_act_for_the_brand(new_file, clock, person, verb):
    store = Store(new_file())
    store.open()
    office = Office(store, clock)
    case = await office.case_of()

    with pytest.raises(NotAllowed, match=r"not act for the brand|cannot act for the brand"):
        await verb(office, person)

    assert await office.case(case.id) == case
    store.close()


async def test_a_case_is_given_to_full_members_only(office):
    case = await office.case_of()

    with pytest.raises(NotAllowed, match="Gus"):
        await office.desk.assign(case.id, to=GUEST, by=ANA)


async def test_who_is_handed_a_case_is_told_unless_they_took_it_themselves(office):
    case = await office.case_of()

    await office.desk.assign(case.id, to=ANA, by=ANA)
    await office.work()
    assert office.lines == []
    handed = await office.desk.assign(case.id, to=BEN, by=ANA, note="knows the harbour")
    await office.work()

    (line,) = office.lines
    assert line.startswith(f"{case.id}:handed:{BEN.id}--") and line.endswith(f"-{handed.version}")
    assert (await events(office, case))[-1] == (Happening.ASSIGNED, "Ana", "Ben: knows the harbour")


async def test_the_next_case_is_the_most_urgent_one(office):
    await office.receive((mention(by="mara"), complaint()))
    await office.receive((mention(by="nils"), complaint([Urgency.SAFETY])))

    first = await office.desk.claim_next(by=ANA)
    second = await office.desk.claim_next(by=ANA)

    assert (first.author, second.author) == ("nils", "mara")
    with pytest.raises(NotAllowed, match="Nothing is unclaimed"):
        await office.desk.claim_next(by=ANA)


@pytest.mark.parametrize(
    ("tier", "reason", "sentence"),
    [
        ("", "  ", "Say why"),
        ("boss", "angry", "I know no tier boss. There are: lead, pr."),
    ],
)
async def test_an_escalation_needs_a_reason_and_a_tier(office, tier, reason, sentence):
    case = await office.case_of()

    with pytest.raises(NotAllowed, match=sentence):
        await office.desk.escalate(case.id, by=ANA, reason=reason, tier=tier)
    assert await office.jobs(promises.TELL) == []


async def test_escalations_go_up_step_by_step_to_the_top(office):
    case = await office.case_of()

    await office.desk.escalate(case.id, by=ANA, reason="angry")
    await office.desk.escalate(case.id, by=ANA, reason="angrier")
    with pytest.raises(NotAllowed, match=r"at the top already. Name a tier to tell it again: lead, pr\."):
        await office.desk.escalate(case.id, by=ANA, reason="furious")
    await office.desk.escalate(case.id, by=ANA, reason="again", tier="LEAD")
    await office.work()

    assert [(tier, cases) for _, tier, cases in office.calls] == [(1, [case.id, case.id]), (2, [case.id])]
    assert (await office.case(case.id)).tier == 2


async def test_without_tiers_an_escalation_says_how_to_set_one_up(store, clock):
    office = Office(store, clock, Policy(routes=Routes("C0CARE0001")))
    case = await office.case_of()

    with pytest.raises(NotAllowed, match=r"Add \[\[tiers\]\] to goshawk.toml"):
        await office.desk.escalate(case.id, by=ANA, reason="angry")


async def test_a_snooze_lasts_until_the_next_business_morning_unless_a_span_is_given(office):
    case = await office.case_of()  # on a Saturday

    asleep = await office.desk.snooze(case.id, by=ANA)
    again = await office.desk.snooze(case.id, by=ANA, span=2 * HOUR)

    assert asleep.snoozed_until == datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
    assert again.snoozed_until == office.clock.now() + 2 * HOUR
    assert (await events(office, case))[-1][2] == again.snoozed_until.isoformat()
    assert [job.due for job in await office.jobs(promises.WAKE)] == [again.snoozed_until]


async def test_resolving_refuses_when_the_customer_wrote_since_the_drawing(office):
    case = await office.case_of()
    await office.receive((mention("Hello?", at=office.clock.now()), complaint()))

    with pytest.raises(NotAllowed, match=f"wrote again on case {case.id} since you looked"):
        await office.desk.resolve(case.id, by=ANA, resolution=Resolution.ANSWERED, drawn=case.version)
    now_drawn = (await office.case(case.id)).version
    over = await office.desk.resolve(case.id, by=ANA, resolution=Resolution.SPAM, drawn=now_drawn, note="a bot")

    assert over.state is State.RESOLVED
    assert (await events(office, case))[-1] == (Happening.RESOLVED, "Ana", "spam: a bot")


async def test_what_was_resolved_by_mistake_waits_again_when_reopened(office):
    case = await office.case_of()
    await office.desk.resolve(case.id, by=ANA, resolution=Resolution.SPAM)
    office.clock.advance(3 * HOUR)

    again = await office.desk.reopen(case.id, by=ANA)

    assert again.due_at == case.due_at
    assert again.alarm_at == office.clock.now() + 2 * HOUR
    assert [job.due for job in await office.jobs(promises.ALARM)] == [again.alarm_at]


async def test_who_was_answered_does_not_wait_when_the_case_is_reopened(office):
    case = await office.case_of()
    await office.answer(case.id, resolves=True)
    await office.pass_time(office.policy.undo)

    assert not (await office.desk.reopen(case.id, by=ANA)).waits


async def test_who_wrote_again_after_our_answer_waits_again_when_the_case_is_reopened(office):
    case = await office.case_of(thread="t1")
    await office.answer(case.id)
    await office.pass_time(office.policy.undo)
    office.clock.advance(HOUR)
    await office.receive((mention("And my coat?", thread="t1", at=office.clock.now()), complaint()))
    await office.desk.resolve(case.id, by=ANA, resolution=Resolution.SPAM)

    again = await office.desk.reopen(case.id, by=ANA)

    assert again.waits
    assert [job.due for job in await office.jobs(promises.ALARM)] == [again.alarm_at]


async def test_a_note_stays_in_the_house(office):
    case = await office.case_of()

    await office.desk.note(case.id, by=ANA, text=" Called her. ")
    with pytest.raises(NotAllowed, match="Write the note"):
        await office.desk.note(case.id, by=ANA, text="  ")

    assert (await events(office, case))[-1] == (Happening.NOTED, "Ana", "Called her.")


async def test_a_case_that_does_not_exist_is_said_with_its_neighbours(office):
    with pytest.raises(CaseGone, match=r"I know no case 7\.$"):
        await office.board.sheet(CaseId(7))
    await office.case_of()

    with pytest.raises(CaseGone, match=r"Did you mean 1 \(mara on Square\)\?"):
        await office.board.sheet(CaseId(7))
    with pytest.raises(CaseGone, match="Did you mean 1"):
        await office.desk.claim(CaseId(7), by=ANA)


# --- replies until they leave


async def test_reply_claims_a_free_case_and_keeps_one_draft(office):
    case = await office.case_of()

    first = await office.drafts.begin(case.id, by=ANA, text="We are")
    await office.drafts.keep(first.draft.id, by=ANA, text="We are on it")
    await office.drafts.keep(first.draft.id, by=BEN, text="not mine")
    again = await office.drafts.begin(case.id, by=ANA)

    assert first.case.assignee == ANA.id
    assert (again.draft.id, again.draft.text) == (first.draft.id, "We are on it")
    assert (await office.drafts.look(first.draft.id, by=ANA)).draft.text == "We are on it"


async def test_a_draft_answers_the_authors_newest_post(office):
    case = await office.case_of(thread="t1")
    await office.drafts.begin(case.id, by=ANA)
    await office.receive((mention("And my coat", thread="t1"), complaint()))
    await office.receive((mention("Same here", by="nils", thread="t1"), praise()))

    desktop = await office.drafts.begin(case.id, by=ANA)

    assert desktop.kept.mention.text == "And my coat"
    assert desktop.draft.mention_id == desktop.kept.id


async def test_a_platform_without_answers_says_where_to_answer(office):
    there = Terms(mode=ReplyMode.OPEN_IN_PLATFORM, why="this blog takes no answers from us")
    case = await office.case_of(terms=there, url="https://blog.example/1")

    with pytest.raises(NotAllowed, match=r"this blog takes no answers from us. Answer there: https://blog.example/1"):
        await office.drafts.begin(case.id, by=ANA)
    answered = await office.sending.answered_there(case.id, by=ANA)

    assert (answered.assignee, answered.waits) == (ANA.id, False)


async def test_who_wrote_again_is_not_answered_by_a_press_on_an_older_card(office):
    case = await office.case_of(thread="t1")
    await office.receive((mention("And my coat?", thread="t1", at=office.clock.now()), complaint()))

    with pytest.raises(NotAllowed, match="The customer wrote again"):
        await office.sending.answered_there(case.id, by=ANA, drawn=case.version)

    assert (await office.case(case.id)).waits


async def test_a_private_post_is_answered_in_private(office):
    case = await office.case_of(visibility=Visibility.PRIVATE)

    reply = await office.answer(case.id)
    await office.pass_time(office.policy.undo)

    assert reply.private
    assert [outgoing.private for outgoing in office.feed.ledger] == [True]


@pytest.mark.parametrize(
    ("by", "text", "sentence"),
    [
        (BEN, "Hello", "Ana wrote this draft"),
        (ANA, " ", "Write the reply first"),
        (ANA, "x" * 281, "1 characters too long"),
    ],
)
async def test_send_refuses_what_must_not_leave(office, by, text, sentence):
    case = await office.case_of()
    desktop = await office.drafts.begin(case.id, by=ANA)

    with pytest.raises(NotAllowed, match=sentence):
        await office.sending.send(desktop.draft.id, by=by, text=text, resolves=False, drawn=desktop.case.version)
    assert await office.jobs(promises.SEND) == []


async def test_who_sends_after_releasing_has_the_case_again_unless_somebody_took_it(office):
    case = await office.case_of()
    desktop = await office.drafts.begin(case.id, by=ANA)
    released = await office.desk.release(case.id, by=ANA)

    wishes = {"text": "We found it.", "resolves": False, "drawn": released.version}
    await office.sending.send(desktop.draft.id, by=ANA, **wishes)

    assert (await office.case(case.id)).assignee == ANA.id
    await office.sending.undo(case.id, by=ANA)
    await office.desk.assign(case.id, to=BEN, by=CLEO)
    with pytest.raises(NotAllowed, match="Ben already has this"):
        await office.drafts.begin(case.id, by=ANA)


async def test_a_p1_reply_leaves_sooner(office):
    await office.receive((mention(), complaint([Urgency.SAFETY])))
    reply = await office.answer(CaseId(1))

    assert reply.send_at == office.clock.now() + office.policy.undo_p1


# --- what Slack draws and reports back


async def test_the_piles_of_the_queue(office):
    for author in ("mara", "nils", "olga"):
        await office.case_of(by=author)
    await office.desk.claim(CaseId(1), by=ANA)
    await office.desk.claim(CaseId(2), by=BEN)
    await office.desk.snooze(CaseId(2), by=BEN, span=9 * HOUR)
    await office.answer(CaseId(1))
    await office.pass_time(office.policy.undo)
    await office.pass_time(3 * HOUR)

    piles = {pile: [line.case.author for line in await office.board.queue(pile, by=BEN.id)] for pile in Pile}

    assert piles == {
        Pile.TEAM: ["olga", "mara"],
        Pile.MINE: ["nils"],
        Pile.UNANSWERED: ["nils", "olga"],
        Pile.LATE: ["olga"],
    }
    assert [line.case.author for line in await office.board.unclaimed()] == ["olga"]
    assert [line.kept.mention.author.handle for line in await office.board.queue()] == ["olga", "mara"]


async def test_a_sheet_shows_the_newest_of_everything(office):
    case = await office.case_of()
    await office.desk.escalate(case.id, by=ANA, reason="angry")
    await office.drafts.begin(case.id, by=ANA, text="not yet")
    card = Card(case_id=case.id, channel="C1", ts="1.1", drawn_version=1, carded_at=office.clock.now())
    await office.bulletin.carded(card)

    sheet = await office.board.sheet(case.id)

    assert (sheet.reply, sheet.escalation.reason, sheet.cards) == (None, "angry", (card,))
    assert await office.board.case_of_card("C1", "1.1") == case.id
    assert await office.board.case_of_card("C1", "9.9") is None
    await office.bulletin.lost(card)
    assert (await office.board.sheet(case.id)).cards == ()


async def test_the_summary_counts_cases_mentions_and_dead_jobs(office):
    await office.case_of()
    await office.receive((mention("Lovely!", by="nils"), praise()))

    def bury(unit):
        unit.jobs.add(Job(kind="test", key="dead", due=office.clock.now()))
        unit.flush()
        [job] = unit.jobs.claim(["test"], at=office.clock.now(), lease=HOUR, limit=1)
        unit.jobs.bury(job, at=office.clock.now(), trouble="no")

    await office.store.transact(bury)
    summary = await office.board.summary()

    assert summary.counts == {State.OPEN: 1}
    assert summary.dead_jobs == 1


async def test_a_delivery_of_slack_is_taken_once(office):
    assert await office.bulletin.first_time("Ev1")
    assert not await office.bulletin.first_time("Ev1")


async def test_a_roll_up_begins_behind_the_last_one(office):
    await office.receive((mention("Lovely!", by="nils"), praise()))
    await office.bulletin.begin_rollups()
    await office.bulletin.begin_rollups()
    for number in range(3):
        await office.receive((mention(f"Lovely {number}!", by="olga"), praise()))

    [job] = await office.jobs(promises.ROLLUP)
    found = await office.bulletin.rollup(int(job.subject), shown=2)
    await office.bulletin.rolled_up(found.upto)

    assert job.due == office.clock.now() + office.policy.rollup
    assert (found.total, [one.mention.text for one in found.shown]) == (3, ["Lovely 2!", "Lovely 1!"])
    assert [job.subject for job in await office.jobs(promises.ROLLUP)] == [str(found.upto)]


async def test_erased_mentions_are_said(office):
    case = await office.case_of()
    desktop = await office.drafts.begin(case.id, by=ANA)
    erase = "DELETE FROM mention"
    await office.store.transact(lambda unit: unit.jobs._connection.exec_driver_sql(erase))

    with pytest.raises(NotAllowed, match="were erased"):
        await office.board.sheet(case.id)
    with pytest.raises(NotAllowed, match=r"was erased\. Nothing was sent"):
        await office.drafts.look(desktop.draft.id, by=ANA)
    assert (await office.board.reply(desktop.draft.id)).state is ReplyState.DRAFT
