"""A person is erased: every word of theirs, our answers and notes; nobody else's."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.cases.erasure import Erasures
from bot.domain.case import State
from bot.domain.event import DESK, Happening
from bot.domain.removed import NOBODY, Copy, CopyOf, Removed
from bot.domain.reply import ReplyState
from bot.domain.role import Grant, Role
from bot.domain.staff import Staff
from bot.errors import NotAllowed
from tests.fakes.office import POLICY
from tests.fakes.people import ANA, BEN
from tests.fakes.posts import START, complaint, mention, praise

BOSS = Staff(ANA.id, ANA.name, is_owner=True)


@pytest.fixture
def erasures(office):
    return Erasures(office.store, office.clock, POLICY)


async def erase(erasures, handle="mara", platform=""):
    traces = await erasures.find(handle, platform, by=BOSS)
    return await erasures.erase(traces.person.newest, by=BOSS)


async def test_only_admins_may(erasures, office):
    await office.case_of()

    with pytest.raises(NotAllowed, match="You can't erase people: that needs the role admin"):
        await erasures.find("mara", by=BEN)


async def test_nobody_of_that_name_is_said(erasures, office):
    with pytest.raises(NotAllowed, match="I know nobody called mara on X"):
        await erasures.find("@mara", "X", by=BOSS)


async def test_the_same_name_on_two_networks_is_two_people(erasures, office):
    await office.receive((mention(by="mara"), praise()), (mention(by="mara", platform="Forum"), praise()))

    with pytest.raises(NotAllowed, match="several people: mara on Forum, mara on Square"):
        await erasures.find("mara", by=BOSS)
    erased = await erase(erasures, "MARA", "forum")

    assert erased.mentions == 1
    assert {one.mention.author.handle for one in await office.board.unflagged()} == {"mara", NOBODY}


async def test_words_names_answers_and_notes_go_and_the_case_ends(erasures, office):
    case = await office.case_of((mention("My bag is lost.", by="mara"), complaint()))
    await office.answer(case.id, "We found it, Mara.")
    await office.pass_time(timedelta(minutes=1))
    await office.desk.note(case.id, by=BEN, text="mara called")
    await office.desk.escalate(case.id, by=ANA, reason="mara is upset")

    erased = await erase(erasures)

    told = await office.board.timeline(case.id, closed=True)
    assert (erased.mentions, erased.cases) == (1, 1)
    assert (told.sheet.case.state, told.sheet.case.removed) == (State.RESOLVED, Removed.ERASED)
    everything = repr([told, await office.store.read(lambda unit: unit.events.of_case(DESK)), await office.jobs()])
    assert [word for word in ("mara", "Mara", "bag", "upset", "called") if word in everything] == []
    (event,) = await office.store.read(lambda unit: unit.events.of_case(DESK))
    assert (event.what, event.by) == (Happening.ERASED, ANA.id)
    searched = "Every text was searched for the handle: nothing names this person"
    assert event.detail == f"1 mentions, 1 cases, 0 Slack messages. {searched}"


async def test_a_case_of_others_stays_without_them(erasures, office):
    first = mention("My bag is lost.", by="nils", thread="t1")
    second = mention("Mine too!", by="mara", thread="t1")
    case = await office.case_of((first, complaint()), (second, complaint()))
    await office.desk.note(case.id, by=ANA, text="mara and nils sat together")
    await office.desk.note(case.id, by=ANA, text="the bags are in Lisbon")

    await erase(erasures)

    told = await office.board.timeline(case.id, closed=True)
    assert (told.sheet.case.state, told.sheet.case.author, told.sheet.case.removed) == (State.OPEN, "nils", None)
    assert [kept.mention.text for kept in told.mentions] == ["My bag is lost.", "(Erased on request.)"]
    assert [one.detail for one in told.events if one.what is Happening.NOTED] == ["", "the bags are in Lisbon"]


async def test_a_case_that_somebody_began_goes_on_for_the_others(erasures, office):
    first = mention("My bag is lost.", by="mara", thread="t1")
    second = mention("Mine too!", by="nils", thread="t1")
    case = await office.case_of((first, complaint()), (second, complaint()))

    await erase(erasures)

    sheet = await office.board.sheet(case.id)
    assert (sheet.case.state, sheet.case.author, sheet.kept.mention.text) == (State.OPEN, "nils", "Mine too!")


async def test_queued_answers_do_not_leave(erasures, office):
    case = await office.case_of((mention("My bag is lost.", by="mara"), complaint()))
    reply = await office.answer(case.id)

    await erase(erasures)
    await office.pass_time(timedelta(minutes=5))

    assert office.feed.calls == []
    assert (await office.board.reply(reply.id)).state is ReplyState.UNDONE


async def test_an_answer_that_is_leaving_is_waited_for(erasures, office):
    case = await office.case_of((mention("My bag is lost.", by="mara"), complaint()))
    reply = await office.answer(case.id)
    sending = {"state": ReplyState.SENDING}

    def leaving(unit):
        unit.replies.save(reply, replace(reply, **sending))

    await office.store.transact(leaving)

    with pytest.raises(NotAllowed, match=r"A reply to them is leaving at this moment \(case \d+\)"):
        await erase(erasures)
    assert (await office.board.sheet(case.id)).kept.mention.text == "My bag is lost."


async def test_erasing_twice_is_told(erasures, office):
    await office.case_of((mention(by="mara"), complaint()))
    traces = await erasures.find("mara", by=BOSS)
    await erasures.erase(traces.person.newest, by=BOSS)

    with pytest.raises(NotAllowed, match="That was done already"):
        await erasures.erase(traces.person.newest, by=BOSS)


async def test_what_they_post_next_comes_in_as_usual(erasures, office):
    one = mention("My bag is lost.", by="mara")
    await office.case_of((one, complaint()))
    await erase(erasures)

    taken = await office.receive((one, complaint()), (mention("Still lost!", by="mara"), complaint()))

    assert (taken.stored, taken.twins, taken.opened) == (1, 1, 1)


async def test_progress_counts_what_slack_refused(erasures, office):
    case = await office.case_of((mention(by="mara"), complaint()))
    copies = [Copy(channel="C1", ts=f"1.{n}", what=CopyOf.LINE, at=START, case_id=case.id, line="sent") for n in "123"]
    await office.store.transact(lambda unit: unit.copies.add(copies))

    erased = await erase(erasures)
    await office.bulletin.copies.redrawn("C1", "1.1")
    await office.bulletin.copies.redrawn("C1", "1.2", trouble="is_archived")

    progress = await erasures.progress(erased.id)
    assert (erased.messages, progress.waiting, progress.refused) == (3, 1, {"is_archived": 1})


async def test_an_admin_of_some_accounts_erases_nobody(office):
    some = Grant(role=Role.ADMIN, who=frozenset({BEN.id}), accounts=frozenset({"harbourline"}))
    erasures = Erasures(office.store, office.clock, replace(POLICY, grants=(some,)))
    await office.case_of()

    with pytest.raises(NotAllowed, match="needs the role admin"):
        await erasures.find("mara", by=BEN)
