"""Our own accounts on the platform itself: an answer there counts, an echo of what we sent does not."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.case import Case, Resolution
from bot.domain.event import Happening
from bot.domain.mention import Author, Mention, Visibility
from bot.domain.reply import Reply, ReplyState
from bot.domain.verdict import Kind, Verdict
from bot.errors import SendDoubtful
from tests.fakes.feed import applied_and_lost
from tests.fakes.office import Office
from tests.fakes.people import ANA
from tests.fakes.posts import complaint, mention

NOISE = Verdict(kind=Kind.NOISE, score=0.0)


def ours(office: Office, text: str = "We found it.", **given) -> tuple[Mention, Verdict]:
    post = mention(text, at=office.clock.now(), author=Author(handle="harbourline"), own=True, **given)
    return post, NOISE


async def opened(office: Office, **given) -> tuple[Case, Mention]:
    post = mention(at=office.clock.now(), **given)
    case = await office.case_of((post, complaint()))
    office.clock.advance(timedelta(minutes=1))
    return case, post


async def events_of(office: Office, case: Case) -> list[Happening]:
    return [one.what for one in (await office.board.timeline(case.id)).events]


async def replies_of(office: Office, case: Case) -> list[Reply]:
    return await office.store.read(lambda unit: unit.replies.of_case(case.id))


async def test_an_answer_on_the_platform_itself_ends_the_wait(office: Office):
    case, post = await opened(office)

    taken = await office.receive(ours(office, answers=post.post_id, post_id="n1"))
    await office.work()

    after = await office.case(case.id)
    assert (taken.own, taken.stored, taken.opened) == (1, 0, 0)
    assert not after.waits and after.last_reply_at == office.clock.now() and after.assignee is None
    assert await events_of(office, case) == [Happening.OPENED, Happening.ELSEWHERE]
    (reply,) = await replies_of(office, case)
    assert (reply.state, reply.by_name, reply.remote_id) == (ReplyState.SENT, "@harbourline", "n1")
    assert office.lines == [f"{case.id}:elsewhere:{reply.id}"]
    await office.pass_time(timedelta(days=1))
    assert office.calls == [] and len(office.lines) == 1


async def test_the_event_bears_the_text_s_print_and_the_platforms_id_and_nobody_of_the_staff(office: Office):
    case, post = await opened(office)

    await office.receive(ours(office, answers=post.post_id, post_id="n1"))

    event = (await office.board.timeline(case.id)).events[-1]
    assert (event.remote_id, event.by, event.by_name) == ("n1", None, "@harbourline")
    assert len(event.text_hash) == 64


async def test_an_answer_that_is_brought_twice_counts_once(office: Office):
    case, post = await opened(office)
    brought = ours(office, answers=post.post_id)

    await office.receive(brought)
    await office.receive(brought)

    assert len(await replies_of(office, case)) == 1


async def test_the_echo_of_what_was_sent_here_changes_nothing(office: Office):
    case, post = await opened(office)
    await office.answer(case.id)
    await office.pass_time(timedelta(seconds=20))
    before = await office.case(case.id)

    await office.receive(ours(office, answers=post.post_id, post_id="r1"))

    assert await office.case(case.id) == before
    assert Happening.ELSEWHERE not in await events_of(office, case)


async def test_an_echo_that_is_quicker_than_the_platforms_own_answer_changes_nothing(office: Office):
    case, post = await opened(office)
    await office.answer(case.id)
    office.feed.will(applied_and_lost)
    await office.pass_time(timedelta(seconds=20))
    (reply,) = await replies_of(office, case)
    assert reply.state is ReplyState.SENDING

    await office.receive(ours(office, answers=post.post_id, post_id="r1"))
    await office.pass_time(timedelta(seconds=20))

    (reply,) = await replies_of(office, case)
    assert (reply.state, reply.remote_id) == (ReplyState.SENT, "r1")
    assert (await events_of(office, case)).count(Happening.SENT) == 1
    assert Happening.ELSEWHERE not in await events_of(office, case)


async def _in_doubt(office: Office, case: Case) -> None:
    await office.answer(case.id, "It is on the next boat.")
    office.feed.will(applied_and_lost)
    office.feed.will_not_tell(SendDoubtful("Nobody can be asked."))
    await office.pass_time(timedelta(seconds=20))
    await office.pass_time(timedelta(seconds=20))
    assert (await replies_of(office, case))[-1].state is ReplyState.UNKNOWN


async def test_the_feed_settles_a_doubt_by_bringing_the_very_text(office: Office):
    case, post = await opened(office)
    await _in_doubt(office, case)

    await office.receive(ours(office, "It is on the next boat. ^AN", answers=post.post_id, post_id="r1"))
    await office.work()

    (reply,) = await replies_of(office, case)
    assert (reply.state, reply.remote_id, reply.by) == (ReplyState.SENT, "r1", ANA.id)
    assert not (await office.case(case.id)).waits
    assert (await events_of(office, case))[-1] is Happening.SENT
    assert office.lines[-1] == f"{case.id}:sent:{reply.id}"


async def test_another_text_beside_a_doubt_is_an_answer_of_its_own(office: Office):
    case, post = await opened(office)
    await _in_doubt(office, case)

    await office.receive(ours(office, "Please look at the harbour office.", answers=post.post_id))

    assert [one.state for one in await replies_of(office, case)] == [ReplyState.UNKNOWN, ReplyState.SENT]


async def test_who_wrote_again_after_it_goes_on_waiting(office: Office):
    case, post = await opened(office)
    early = ours(office, answers=post.post_id)
    office.clock.advance(timedelta(minutes=1))
    await office.receive((mention("And now?", at=office.clock.now()), complaint()))

    await office.receive(early)

    assert (await office.case(case.id)).waits


async def test_question_and_answer_may_come_in_one_page(office: Office):
    post = mention(at=office.clock.now())
    again = mention("Thank you.", at=office.clock.now() + timedelta(minutes=2))
    answer, noise = ours(office, answers=post.post_id)

    await office.receive((post, complaint()), (replace(answer, posted_at=post.posted_at), noise), (again, NOISE))

    (case,) = await office.cases()
    assert case.first_reply_at is not None and case.mentions == 2


@pytest.mark.parametrize("given", [{"answers": "p0"}, {}, {"thread": "t9"}])
async def test_what_we_write_to_others_concerns_no_case(office: Office, given: dict[str, str]):
    case, _ = await opened(office)

    await office.receive(ours(office, **given))

    assert await office.case(case.id) == case


async def test_an_answer_to_a_bystander_is_none_to_the_author(office: Office):
    case, _ = await opened(office, thread="t1")
    bystander = mention("Same here.", by="jon", at=office.clock.now(), thread="t1")
    await office.receive((bystander, NOISE))

    await office.receive(ours(office, answers=bystander.post_id, thread="t1"))

    assert (await office.case(case.id)).waits


async def test_going_on_after_our_own_reply_is_an_answer(office: Office):
    case, _ = await opened(office, thread="t1")
    await office.answer(case.id)
    await office.pass_time(timedelta(seconds=20))
    await office.receive((mention("It is not there!", at=office.clock.now(), thread="t1"), complaint()))
    assert (await office.case(case.id)).waits
    office.clock.advance(timedelta(minutes=1))

    await office.receive(ours(office, "It is now.", answers="r1", thread="t1"))

    assert not (await office.case(case.id)).waits


async def test_a_feed_that_tells_only_the_thread_is_understood(office: Office):
    case, _ = await opened(office, thread="t1")

    await office.receive(ours(office, thread="t1"))

    assert not (await office.case(case.id)).waits


async def test_a_public_word_in_the_thread_answers_no_private_case(office: Office):
    case, _ = await opened(office, thread="t1", visibility=Visibility.PRIVATE)

    await office.receive(ours(office, thread="t1"))

    assert (await office.case(case.id)).waits


async def test_a_private_answer_to_a_public_post_stays_private(office: Office):
    case, post = await opened(office)

    await office.receive(ours(office, "Your booking is AB12.", answers=post.post_id, visibility=Visibility.PRIVATE))

    sheet = await office.board.sheet(case.id)
    assert sheet.reply is not None and sheet.reply.private and "AB12" not in sheet.reply.text


async def test_a_case_that_is_over_stays_as_it_is(office: Office):
    case, post = await opened(office)
    await office.desk.resolve(case.id, by=ANA, resolution=Resolution.NO_ACTION)
    over = await office.case(case.id)

    await office.receive(ours(office, answers=post.post_id))

    assert await office.case(case.id) == over
