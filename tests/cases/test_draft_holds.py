"""Who answers whom: the author in a crowd, a case that was let go, a mention that two people flag at once."""

import asyncio

import pytest
from sqlalchemy import delete

from bot.domain.event import Happening
from bot.domain.ids import MentionId
from bot.errors import NotAllowed
from bot.store.tables import mention as mentions
from tests.fakes.people import ANA, BEN
from tests.fakes.posts import mention, praise


async def test_the_author_is_answered_however_many_others_wrote(office):
    case = await office.case_of(thread="t1")
    await office.receive(*[(mention("Same here!", by=f"other{n}", thread="t1"), praise()) for n in range(60)])

    desktop = await office.drafts.begin(case.id, by=ANA)

    assert desktop.kept.mention.author.handle == case.author


async def test_who_sends_what_was_let_go_meanwhile_has_claimed_it_again(office):
    case = await office.case_of()
    desktop = await office.drafts.begin(case.id, by=ANA)
    await office.desk.release(case.id, by=ANA)

    await office.sending.send(desktop.draft.id, by=ANA, text="Found it.", resolves=False, drawn=desktop.case.version)

    timeline = await office.board.timeline(case.id)
    assert timeline.sheet.case.assignee == ANA.id
    assert [event.what for event in timeline.events][-3:] == [Happening.RELEASED, Happening.CLAIMED, Happening.QUEUED]


async def test_an_erased_mention_is_named_as_the_reason(office):
    case = await office.case_of()
    desktop = await office.drafts.begin(case.id, by=ANA)
    await office.store.transact(lambda unit: unit.mentions._connection.execute(delete(mentions)).rowcount)

    with pytest.raises(NotAllowed, match="The mention was erased"):
        await office.sending.send(desktop.draft.id, by=ANA, text="Hello", resolves=False, drawn=desktop.case.version)


async def test_two_who_flag_one_mention_open_one_case(office):
    await office.receive((mention("Well, thank you very much."), praise()))
    flagging = [office.reception.flag(MentionId(1), by=staff) for staff in (ANA, BEN)]

    opened = await asyncio.gather(*flagging)

    assert opened[0] == opened[1]
    assert len(await office.cases()) == 1
