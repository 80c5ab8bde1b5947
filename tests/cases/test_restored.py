"""After a backup was put back: the platform and Slack know more than we do, so they are asked first."""

from __future__ import annotations

from datetime import timedelta

from bot.cases import promises, restored
from bot.cases.courier import SETTLE
from bot.domain.event import DESK, Happening
from bot.domain.reply import ReplyState
from bot.errors import SendDoubtful
from bot.feeds.base import Outgoing
from tests.fakes.people import ANA

UNDO = timedelta(seconds=15)


async def put_back(office) -> None:
    """Pretend that what stands here stood in a backup, and that much happened since."""
    office.clock.advance(timedelta(hours=3))
    now = office.clock.now()
    await office.store.transact(lambda unit: restored.settle(unit, at=now))
    office.clock.advance(timedelta(seconds=1))


async def stands_there(office, reply) -> None:
    """Let a reply stand on the platform that left after the backup was taken."""
    mention = (await office.store.read(lambda unit: unit.mentions.get(reply.mention_id))).mention
    office.feed.put(Outgoing(key=reply.key, text=reply.text, answers=mention, closed=False))


async def state_of(office, reply) -> ReplyState:
    return (await office.board.reply(reply.id)).state


async def test_what_waited_and_stands_there_is_not_sent_again(office):
    reply = await office.answer((await office.case_of()).id)
    await stands_there(office, reply)
    await put_back(office)

    await office.work()

    assert office.feed.calls == ["find"] and len(office.feed.ledger) == 1
    assert await state_of(office, reply) is ReplyState.SENT


async def test_what_waited_and_does_not_stand_there_is_sent_once(office):
    reply = await office.answer((await office.case_of()).id)
    await put_back(office)

    await office.work()
    await office.pass_time(SETTLE)

    assert office.feed.calls == ["find", "reply"] and office.feed.texts == ["We found it."]
    assert await state_of(office, reply) is ReplyState.SENT


async def test_where_nobody_can_tell_a_person_is_asked(office):
    reply = await office.answer((await office.case_of()).id)
    await put_back(office)
    office.feed.will_not_tell(SendDoubtful("The search is switched off."))

    await office.work()

    assert office.feed.ledger == []
    assert await state_of(office, reply) is ReplyState.UNKNOWN


async def test_a_draft_that_was_sent_since_is_found_when_it_is_sent_again(office):
    case = await office.case_of()
    desktop = await office.drafts.begin(case.id, by=ANA, text="We found it.")
    await stands_there(office, desktop.draft)
    await put_back(office)

    await office.answer(case.id)
    await office.pass_time(UNDO)

    assert office.feed.calls == ["find"] and len(office.feed.ledger) == 1
    assert await state_of(office, desktop.draft) is ReplyState.SENT


async def test_what_is_written_after_it_leaves_without_a_look(office):
    case = await office.case_of()
    await put_back(office)

    await office.answer(case.id)
    await office.pass_time(UNDO)

    assert office.feed.calls == ["reply"]


async def test_alarms_that_were_due_rest_for_half_an_hour(office):
    case = await office.case_of()
    await put_back(office)

    await office.work()
    assert (await office.case(case.id)).tier == 0 and office.calls == []
    await office.pass_time(restored.REST)

    assert (await office.case(case.id)).late_at or office.calls or (await office.case(case.id)).pinged


async def test_messages_are_looked_for_from_the_moment_that_the_backup_knows_of_last(office):
    await office.case_of()
    taken_at = await office.store.read(lambda unit: unit.restored.newest())

    await put_back(office)

    [redraw] = await office.jobs(promises.REDRAW)
    [told] = await office.jobs(promises.RESTORED)
    assert redraw.attempted_at == taken_at
    assert told.subject == f"{taken_at.isoformat(timespec='seconds')} 0 1 1" and told.attempted_at is None


async def test_it_is_written_down_and_new_cases_have_numbers_that_no_lost_one_had(office):
    before = await office.case_of(by="mara")

    await put_back(office)

    after = await office.case_of(by="theo")
    events = await office.store.read(lambda unit: unit.events.of_case(DESK))
    assert after.id > before.id + 9_000
    assert [one.what for one in events] == [Happening.RESTORED]
    assert await office.store.read(lambda unit: unit.restored.last_at()) == events[0].at
