"""Dead letters: told once for many, tried again or dropped by a person; a reply among them is a person's to settle."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.cases import promises
from bot.cases.letters import BURST, FOLD, Letters
from bot.domain.event import Happening
from bot.domain.job import Job
from bot.domain.reply import ReplyState
from bot.errors import NotAllowed
from bot.jobs.runner import LEASE
from tests.fakes.people import ANA, CLEO

UNDO = timedelta(seconds=15)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def letters(office) -> Letters:
    return Letters(office.store, office.clock, office.policy)


async def die(office, letters: Letters, *kinds: str, key: str = "") -> list[Job]:
    """Give up what is due of some kinds, as the runner does."""
    now = office.clock.now()

    def work(unit) -> list[Job]:
        dead = [job for job in unit.jobs.claim(kinds, at=now, lease=LEASE, limit=99) if key in job.key]
        for job in dead:
            unit.jobs.bury(job, at=now, trouble="It broke.")
            letters.given_up(unit, job)
        return dead

    return await office.store.transact(work)


async def told(office) -> list[Job]:
    return await office.jobs(promises.DEAD)


async def test_many_that_die_together_are_told_in_one_message_a_moment_later(office, letters):
    for number in range(3):
        await office.case_of(by=f"author {number}")
    dead = await die(office, letters, promises.REDRAW)

    [tell] = await told(office)
    letter = await letters.letter(int(tell.subject))

    assert tell.due == office.clock.now() + FOLD
    assert {job.key for job in letter.dead} == {job.key for job in dead} and len(dead) == 3
    assert {job.trouble for job in letter.dead} == {"It broke."}


async def test_what_dies_much_later_is_told_in_a_message_of_its_own(office, letters):
    await office.case_of(by="mara")
    await die(office, letters, promises.REDRAW)
    office.clock.advance(BURST + MINUTE)
    await office.case_of(by="nils")
    await die(office, letters, promises.REDRAW)

    assert len({job.subject for job in await told(office)}) == 2


async def test_an_admin_has_them_tried_again_from_the_beginning(office, letters):
    await office.case_of()
    [dead] = await die(office, letters, promises.REDRAW)
    [tell] = await told(office)

    with pytest.raises(NotAllowed, match="have jobs tried again"):
        await letters.retry(int(tell.subject), by=ANA)
    assert await letters.retry(int(tell.subject), by=CLEO) == 1
    assert await letters.retry(int(tell.subject), by=CLEO) == 0

    [again] = await office.jobs(promises.REDRAW)
    assert (again.key, again.tries, again.faults, again.dead_at) == (dead.key, 0, 0, None)
    assert (await letters.letter(int(tell.subject))).dead == ()
    assert (await letters.letter(int(tell.subject))).burst.ended_by_name == CLEO.name
    assert await office.store.read(lambda unit: unit.jobs.count_dead()) == 0


async def test_an_admin_drops_them_for_good(office, letters):
    await office.case_of()
    await die(office, letters, promises.REDRAW)
    [tell] = await told(office)

    with pytest.raises(NotAllowed, match="drop jobs"):
        await letters.drop(int(tell.subject), by=ANA)
    assert await letters.drop(int(tell.subject), by=CLEO) == 1

    assert await office.jobs(promises.REDRAW) == []
    assert await office.store.read(lambda unit: unit.jobs.dead()) == []


async def test_a_reply_that_may_have_arrived_is_unknown_and_a_person_is_asked(office, letters):
    case = await office.case_of()
    reply = await office.answer(case.id)
    office.clock.advance(UNDO)
    await put_in_the_middle(office, reply.id)

    await die(office, letters, promises.SEND)

    [said] = (await office.board.timeline(case.id)).replies
    assert said.state is ReplyState.UNKNOWN
    assert Happening.DOUBTED in [event.what for event in (await office.board.timeline(case.id)).events]
    assert f"{case.id}:unknown:{reply.id}" in [job.subject for job in await office.jobs(promises.LINE)]
    assert await office.jobs(promises.REDRAW)


async def put_in_the_middle(office, reply_id) -> None:
    """Leave a reply as a process does that died during the call."""
    now = office.clock.now()

    def work(unit) -> None:
        reply = unit.replies.get(reply_id)
        unit.replies.save(reply, replace(reply, state=ReplyState.SENDING, tried_at=now))

    await office.store.transact(work)


async def test_trying_a_dead_replys_job_again_sends_nothing(office, letters):
    case = await office.case_of()
    reply = await office.answer(case.id)
    office.clock.advance(UNDO)
    await put_in_the_middle(office, reply.id)
    await die(office, letters, promises.SEND)
    [tell] = await told(office)

    await letters.retry(int(tell.subject), by=CLEO)
    await office.work()

    assert office.feed.texts == []
    assert (await office.board.reply(reply.id)).state is ReplyState.UNKNOWN


async def test_a_reply_that_never_left_goes_back_to_its_writer(office, letters):
    case = await office.case_of()
    reply = await office.answer(case.id, "We found it.")
    office.clock.advance(UNDO)

    await die(office, letters, promises.SEND)

    replies = (await office.board.timeline(case.id)).replies
    assert (await office.board.reply(reply.id)).state is ReplyState.REFUSED
    assert [one.text for one in replies if one.state is ReplyState.DRAFT] == ["We found it."]


async def test_that_nobody_could_be_told_is_told_to_nobody(office, letters):
    await office.case_of()
    await die(office, letters, promises.REDRAW)
    office.clock.advance(FOLD)

    await die(office, letters, promises.DEAD)

    assert await told(office) == []
