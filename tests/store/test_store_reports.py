"""What the database counts: a day's figures, quiet claims, open windows; the same on both engines."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.cases.board import Pile
from bot.cases.overview import Overview
from bot.domain.case import State
from bot.domain.ids import CaseId
from bot.domain.mention import Visibility
from tests.fakes.office import POLICY, Office
from tests.fakes.people import ANA, BEN, CLEO
from tests.fakes.posts import complaint, mention, praise

MINUTE = timedelta(minutes=1)


@pytest.fixture
def office(store, clock):
    return Office(store, clock, replace(POLICY, tiers=(), undo=timedelta(), undo_p1=timedelta()))


@pytest.fixture
def overview(office):
    return Overview(office.store, office.clock, office.policy)


async def test_a_days_figures_count_the_day_and_nothing_before(office, overview):
    await office.case_of(by="old")
    await office.receive((mention(by="kind", at=office.clock.now()), praise()))
    await office.pass_time(timedelta(days=1))
    first, second = [(await office.case_of(by=name)).id for name in ("mara", "nils")]
    await office.pass_time(20 * MINUTE)
    await office.answer(first, by=ANA)
    await office.work()
    await office.pass_time(30 * MINUTE)
    await office.answer(second, by=BEN)
    await office.desk.claim((await office.case_of(by="olga")).id, by=BEN)
    await office.work()

    report = await overview.report()

    told = report.figures
    assert (told.received, told.flagged, told.answered, told.soon) == (3, 3, 2, 1)
    assert [(one.name, one.claimed, one.answered) for one in told.staff] == [("Ben", 2, 1), ("Ana", 1, 1)]
    assert (told.open_now[State.OPEN], told.open_now[State.CLAIMED]) == (1, 3)
    assert [line.case.author for line in report.oldest] == ["old", "olga"]
    assert (await overview.report(days=2)).figures.received == 5


async def test_who_is_late_without_an_answer_is_counted_until_it_is_over(office, overview):
    case = await office.case_of()
    await office.pass_time(121 * MINUTE)

    assert (await overview.report()).figures.late_unanswered == 1
    await office.answer(case.id)
    await office.work()
    told = (await overview.report()).figures

    assert (told.late_unanswered, told.late(POLICY.promises)) == (0, 1)


async def test_a_home_is_one_look_at_everything(office, overview):
    mine, asleep = await office.case_of(by="mara"), await office.case_of(by="nils")
    await office.pass_time(22 * MINUTE)
    free = await office.case_of(by="olga")
    await office.desk.claim(mine.id, by=ANA)
    await office.desk.claim(asleep.id, by=ANA)
    await office.desk.snooze(asleep.id, by=ANA, span=timedelta(hours=3))

    desk = await overview.home(ANA.id)

    assert [[line.case.id for line in part.lines] for part in (desk.mine, desk.asleep, desk.team)] == [
        [mine.id],
        [asleep.id],
        [free.id],
    ]
    assert desk.oldest_at == mine.posted_at and not desk.is_new
    assert (await overview.home(CLEO.id)).is_new


async def test_pages_of_a_pile_follow_each_other_and_know_their_number(office, overview):
    for number in range(23):
        await office.case_of(by=f"guest{number}")

    pages = [await overview.pile(Pile.TEAM, skip=skip) for skip in (0, 10, 20, 30)]

    assert [(len(page.lines), page.total, page.rest) for page in pages] == [
        (10, 23, 13),
        (10, 23, 3),
        (3, 23, 0),
        (0, 23, 0),
    ]
    assert len({line.case.id for page in pages for line in page.lines}) == 23


async def test_somebody_sees_only_what_their_role_covers(office, overview):
    await office.case_of(by="mara")
    await office.case_of((mention(by="nils", at=office.clock.now(), visibility=Visibility.PRIVATE), complaint()))

    page = await overview.pile(Pile.TEAM, sight=lambda place: not place.private)

    assert [line.case.author for line in page.lines] == ["mara"] and page.total == 1


async def test_open_windows_are_found_by_case(office, overview):
    case = await office.case_of()
    desktop = await office.drafts.begin(case.id, by=ANA)
    await office.attention.enter(desktop.draft.id, by=ANA)
    await office.pass_time(2 * MINUTE)

    (line,) = (await overview.pile()).lines

    assert line.writing and line.writing.sentence(at=line.at) == "Ana has been writing for 2 min."
    assert await office.attention.colleague(case.id, by=BEN) == "Ana has been writing for 2 min."
    assert await office.attention.colleague(case.id, by=ANA) == ""
    await office.attention.leave(desktop.draft.id, by=BEN)
    assert (await overview.pile()).lines[0].writing
    await office.attention.leave(desktop.draft.id, by=ANA)
    assert (await overview.pile()).lines[0].writing is None


async def test_a_claim_knows_the_last_act_of_a_person(office):
    case = await office.case_of()
    await office.desk.claim(case.id, by=ANA)
    await office.pass_time(5 * MINUTE)
    await office.desk.note(case.id, by=BEN, text="She called.")
    noted_at = office.clock.now()
    await office.pass_time(5 * MINUTE)

    (claim,) = await office.store.read(lambda unit: unit.attention.claims())

    assert (claim.case.id, claim.acted_at, claim.quiet_since) == (case.id, noted_at, noted_at)
    assert await office.store.read(lambda unit: unit.attention.claim(CaseId(case.id + 1))) is None


async def test_what_a_person_found_is_stored_once_and_joins_its_author(office):
    found = mention(feed="by hand", url="https://forum.example/t/1", by="ida")
    first, new = await office.reception.track(found, complaint(), by=ANA)
    again, second_new = await office.reception.track(replace(found, platform="Forum"), complaint(), by=BEN)
    other = mention(feed="by hand", url="https://forum.example/t/2", by="ida")
    joined, third_new = await office.reception.track(other, complaint(), by=BEN)

    assert (first, new) == (again, True) and not second_new
    assert (joined, third_new) == (first, True)
    assert (await office.case(first)).mentions == 2


async def test_tracking_what_a_feed_left_aside_opens_a_case_for_it(office):
    aside = mention(url="https://square.example/p77")
    await office.receive((aside, praise()))

    case_id, new = await office.reception.track(replace(aside, feed="by hand", platform="By mail"), complaint(), by=ANA)

    assert new and (await office.board.sheet(case_id)).kept.mention.platform == "Square"
