"""Pages come in: twins are dropped, follow-ups join, complaints open; nothing twice and nothing lost."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy.exc import StatementError

from bot.cases import promises
from bot.cases.taking import Taken
from bot.domain.case import Resolution, State
from bot.domain.event import Happening
from bot.domain.mention import Visibility
from bot.domain.sla import Priority
from bot.domain.verdict import Urgency, unjudged
from bot.errors import NotAllowed
from tests.fakes.people import ANA, BEN, GUEST
from tests.fakes.posts import START, complaint, mention, praise

DAY = timedelta(days=1)


async def kept(office) -> list[int | None]:
    """Return the case of each stored mention, oldest first."""
    numbers = range(1, 1 + await office.store.read(lambda unit: unit.mentions.last_id()))
    found = [await office.store.read(lambda unit, number=number: unit.mentions.get(number)) for number in numbers]
    return [one.case_id for one in found]


async def test_a_complaint_opens_a_case_with_a_promise_and_a_card_to_draw(office):
    posted = mention(at=START, thread="t1")
    office.clock.advance(timedelta(minutes=3))

    taken = await office.receive((posted, complaint([Urgency.MONEY])))

    [case] = await office.cases()
    assert taken == Taken(stored=1, twins=0, flagged=1, opened=1)
    assert (case.priority, case.thread, case.author) == (Priority.P2, "t1", "mara")
    assert (case.posted_at, case.seen_at) == (START, START + timedelta(minutes=3))
    assert case.due_at == case.alarm_at == START + timedelta(minutes=30)
    jobs = {job.kind: job.due for job in await office.jobs()}
    assert jobs == {promises.REDRAW: case.seen_at, promises.ALARM: case.due_at}


async def test_the_alarm_of_an_old_post_counts_from_our_first_sight(office):
    old = mention(at=START - 9 * DAY)

    await office.receive((old, complaint()))

    [case] = await office.cases()
    assert case.due_at == START - 9 * DAY + timedelta(hours=2)
    assert case.alarm_at == START + timedelta(hours=2)


async def test_praise_opens_nothing_and_is_kept(office):
    taken = await office.receive((mention("Lovely crossing!"), praise()))

    assert taken == Taken(stored=1, twins=0, flagged=0, opened=0)
    assert await kept(office) == [None]
    assert [one.mention.text for one in await office.board.unflagged()] == ["Lovely crossing!"]


async def test_what_nobody_could_judge_is_shown_to_a_person(office):
    await office.receive((mention("¿Dónde está mi maleta?"), unjudged("not English")))

    assert [case.priority for case in await office.cases()] == [Priority.P4]


async def test_twins_are_dropped_within_a_page_and_between_pages(office):
    one, two = mention(by="mara"), mention(by="nils")

    first = await office.receive((one, complaint()), (two, complaint()), (replace(one, likes=7), complaint()))
    again = await office.receive((two, complaint()), (one, complaint()))

    assert first == Taken(stored=2, twins=1, flagged=2, opened=2)
    assert again == Taken(stored=0, twins=2, flagged=0, opened=0)
    assert first.stored + first.twins == 3
    assert first + again == Taken(stored=2, twins=3, flagged=2, opened=2)


async def test_a_twin_is_one_by_platform_and_number_whatever_feed_brought_it(office):
    one = mention()

    await office.receive((one, complaint()))
    other_feed = await office.reception.receive([(replace(one, feed="archive"), complaint())], feed="archive")
    other_platform = await office.receive((replace(one, platform="Forum", author=mention(by="nils").author), praise()))

    assert (other_feed.twins, other_platform.stored) == (1, 1)


async def test_the_same_author_joins_wherever_they_write_on_that_feed(office):
    await office.receive((mention(thread="t1"), complaint()))

    await office.receive((mention("Still nothing!", thread="t2"), complaint()))
    await office.receive((mention("Hello?", thread="t3"), praise()))

    [case] = await office.cases()
    assert case.mentions == 3
    assert await kept(office) == [case.id] * 3


async def test_anybody_in_the_same_thread_joins(office):
    await office.receive((mention(thread="t1"), complaint()))

    await office.receive((mention("Same here!", by="nils", thread="t1"), complaint()))

    assert [case.mentions for case in await office.cases()] == [2]


async def test_an_answer_to_the_first_post_of_a_thread_joins_it_in_either_order(office):
    root = mention(by="mara")
    answer = mention("Same here!", by="nils", thread=root.post_id, answers=root.post_id)

    await office.receive((answer, complaint()))
    await office.receive((root, complaint()))

    assert [case.mentions for case in await office.cases()] == [2]


@pytest.mark.parametrize(
    "other",
    [
        {"by": "nils"},
        {"by": "mara", "visibility": Visibility.PRIVATE},
        {"by": "nils", "thread": "t1", "visibility": Visibility.UNKNOWN},
    ],
    ids=["the same words", "a private post", "perhaps private in the thread"],
)
async def test_these_open_a_case_of_their_own(office, other):
    await office.receive((mention(thread="t1"), complaint()))

    await office.receive((mention(**{"thread": "t2", **other}), complaint()))

    assert [case.mentions for case in await office.cases()] == [1, 1]


async def test_a_public_post_never_joins_a_private_case(office):
    await office.receive((mention(visibility=Visibility.PRIVATE, thread="t1"), complaint()))
    await office.receive((mention(thread="t1"), complaint()))

    private, public = await office.cases()
    assert (private.private, public.private) == (True, False)


async def test_another_feed_is_another_conversation(office):
    await office.receive((mention(thread="t1"), complaint()))
    there = mention(feed="forum", platform="Forum", thread="t1")
    await office.reception.receive([(there, complaint())], feed="forum")

    assert [case.mentions for case in await office.cases()] == [1, 1]


@pytest.mark.parametrize(("days", "cases"), [(7, 1), (8, 2)])
async def test_a_resolved_case_takes_its_author_in_for_seven_days(office, days, cases):
    case = await office.case_of()
    await office.desk.resolve(case.id, by=ANA, resolution=Resolution.ANSWERED)
    office.clock.advance(days * DAY)

    await office.receive((mention("It is lost again.", at=office.clock.now()), complaint()))

    assert len(await office.cases()) == cases
    assert (await office.cases())[-1].waits


async def test_a_customer_who_answers_reopens_the_case_for_its_assignee(office):
    case = await office.case_of()
    await office.answer(case.id, resolves=True)
    await office.pass_time(office.policy.undo)

    await office.receive((mention("Thanks, but no.", at=office.clock.now()), praise()))

    again = await office.case(case.id)
    assert (again.state, again.assignee) == (State.CLAIMED, ANA.id)
    assert again.due_at == office.clock.now() + timedelta(hours=2)
    assert [job.subject for job in await office.jobs(promises.LINE)] == [f"{case.id}:heard:2"]
    events = [event.what for event in (await office.board.timeline(case.id)).events]
    assert events[-2:] == [Happening.HEARD, Happening.REOPENED]


async def test_a_customer_who_writes_wakes_a_sleeping_case(office):
    case = await office.case_of()
    await office.desk.claim(case.id, by=ANA)
    await office.desk.snooze(case.id, by=ANA, span=DAY)

    await office.receive((mention("Hello?", at=office.clock.now()), praise()))

    awake = await office.case(case.id)
    assert (awake.state, awake.assignee, awake.snoozed_until) == (State.CLAIMED, ANA.id, None)


async def test_a_danger_in_a_second_post_presses_like_one_in_a_first(office):
    case = await office.case_of()
    office.clock.advance(timedelta(minutes=10))

    await office.receive((mention("My child cannot breathe!", at=office.clock.now()), complaint([Urgency.SAFETY])))

    pressing = await office.case(case.id)
    assert (case.priority, pressing.priority) == (Priority.P3, Priority.P1)
    assert pressing.due_at == pressing.alarm_at == office.clock.now() + timedelta(minutes=15)


async def test_a_milder_second_post_leaves_the_case_as_urgent_as_it_was(office):
    await office.receive((mention("My child cannot breathe!"), complaint([Urgency.SAFETY])))
    [case] = await office.cases()

    await office.receive((mention("And the coffee was cold.", at=START), complaint()))

    after = await office.case(case.id)
    assert (after.priority, after.due_at) == (Priority.P1, case.due_at)


async def test_a_friendly_bystander_wakes_nobody(office):
    case = await office.case_of(thread="t1")
    await office.desk.resolve(case.id, by=ANA, resolution=Resolution.ANSWERED)

    await office.receive((mention("Good for you!", by="nils", thread="t1"), praise()))

    assert (await office.case(case.id)).state is State.RESOLVED
    assert await office.jobs(promises.LINE) == []


async def test_an_open_case_is_joined_before_an_ended_one(office):
    ended = await office.case_of(visibility=Visibility.PUBLIC, thread="t1")
    await office.desk.resolve(ended.id, by=ANA, resolution=Resolution.NO_ACTION)
    office.clock.advance(8 * DAY)
    alive = await office.case_of()
    await office.desk.reopen(ended.id, by=ANA)
    await office.desk.resolve(ended.id, by=ANA, resolution=Resolution.NO_ACTION)

    await office.receive((mention("Hello?", at=office.clock.now()), complaint()))

    assert (await office.case(alive.id)).mentions == 2
    assert (await office.case(ended.id)).state is State.RESOLVED


@pytest.mark.parametrize(
    ("resolution", "priority"), [(Resolution.NO_ACTION, Priority.P2), (Resolution.SPAM, Priority.P3)]
)
async def test_who_waited_in_vain_before_is_more_urgent(office, resolution, priority):
    case = await office.case_of()
    await office.desk.resolve(case.id, by=ANA, resolution=resolution)
    office.clock.advance(8 * DAY)

    await office.case_of()

    assert [case.priority for case in await office.cases()] == [Priority.P3, priority]


async def test_who_was_answered_before_is_as_urgent_as_anybody(office):
    case = await office.case_of()
    await office.answer(case.id, resolves=True)
    await office.pass_time(office.policy.undo)
    office.clock.advance(8 * DAY)

    await office.case_of()

    assert [case.priority for case in await office.cases()] == [Priority.P3, Priority.P3]


async def test_one_page_may_open_and_join_the_same_case(office):
    page = [(mention(f"Post {number}", thread="t1"), complaint()) for number in range(5)]

    taken = await office.receive(*page)

    [case] = await office.cases()
    assert (taken.stored, taken.opened, case.mentions) == (5, 1, 5)
    assert case.due_at == START + timedelta(hours=2)


async def test_the_order_of_a_threads_posts_does_not_change_what_belongs_together(office):
    posts = [mention(f"Post {number}", by=by, thread="t1") for number, by in enumerate(["mara", "nils", "mara"])]

    await office.receive(*[(post, complaint()) for post in reversed(posts)])

    assert [case.mentions for case in await office.cases()] == [3]


async def test_the_cursor_moves_with_its_page_or_not_at_all(office):
    await office.receive((mention(), complaint()), cursor="page 1")
    unstorable = replace(mention(), posted_at=START.replace(tzinfo=None))

    with pytest.raises(StatementError, match="offset-naive"):
        await office.receive((mention(by="nils"), complaint()), (unstorable, complaint()), cursor="page 2")

    assert await office.store.read(lambda unit: unit.feeds.cursor("square")) == "page 1"
    assert len(await kept(office)) == 1


async def test_a_push_leaves_the_cursor_alone_and_its_repetition_changes_nothing(office):
    await office.receive(cursor="page 1")
    page = [(mention(), complaint())]

    first = await office.reception.receive(page, feed="square", delivery="d1")
    again = await office.reception.receive([(mention(by="nils"), complaint())], feed="square", delivery="d1")

    assert (first.stored, again) == (1, Taken(twins=1))
    assert await office.store.read(lambda unit: unit.feeds.cursor("square")) == "page 1"


async def test_pages_of_one_author_at_once_make_one_case(office):
    pages = [[(mention(f"Post {number}"), complaint())] for number in range(10)]

    await asyncio.gather(
        *[office.reception.receive(page, feed="square", delivery=str(n)) for n, page in enumerate(pages)]
    )

    assert [case.mentions for case in await office.cases()] == [10]


async def test_the_same_page_by_two_feeds_at_once_is_stored_once(office):
    page = [(mention(by=f"author {number}"), complaint()) for number in range(20)]

    taken = await asyncio.gather(*[office.reception.receive(page, feed=f"feed-{n}", cursor="1") for n in range(4)])

    assert sum((one for one in taken), Taken()) == Taken(stored=20, twins=60, flagged=20, opened=20)


async def test_a_person_flags_what_the_machine_left_aside(office):
    await office.receive((mention("Lovely, as always..."), praise()))

    case_id = await office.reception.flag(1, by=ANA)

    assert await office.reception.flag(1, by=BEN) == case_id
    assert (await office.case(case_id)).priority is Priority.P3
    assert await kept(office) == [case_id]
    with pytest.raises(NotAllowed, match="gone"):
        await office.reception.flag(99, by=ANA)
    with pytest.raises(NotAllowed, match="guests"):
        await office.reception.flag(1, by=GUEST)
