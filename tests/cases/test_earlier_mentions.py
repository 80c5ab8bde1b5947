"""What an author wrote before: counted for the card, listed in Details, and private ones only in private."""

from __future__ import annotations

from datetime import timedelta

from bot.domain.case import Case, Resolution
from bot.domain.history import History
from bot.domain.mention import Visibility
from bot.domain.removed import NOBODY
from tests.fakes.office import Office
from tests.fakes.people import ANA
from tests.fakes.posts import START, complaint, mention, praise

MONTHS = timedelta(days=8)


async def over(office: Office, *, why: Resolution = Resolution.ANSWERED, **given) -> Case:
    """Open a case, end it, and let it lie so long that nothing joins it any more."""
    await office.receive((mention(at=office.clock.now(), **given), complaint()))
    case = (await office.cases())[-1]
    await office.desk.resolve(case.id, by=ANA, resolution=why)
    office.clock.advance(MONTHS)
    return case


async def history(office: Office, *, closed: bool = False, **given) -> History | None:
    case = await office.case_of(**given)
    return (await office.board.sheet(case.id, closed=closed)).history


async def test_a_first_mention_has_no_history(office: Office):
    await over(office, by="jon")

    assert await history(office) is None


async def test_earlier_mentions_are_counted_with_those_that_nobody_answered(office: Office):
    await over(office)
    case = await office.case_of()
    await office.answer(case.id, resolves=True)
    await office.pass_time(timedelta(minutes=1))
    office.clock.advance(MONTHS)
    await over(office, why=Resolution.NOT_ABOUT_US)

    assert await history(office) == History(earlier=3, since=START, unanswered=1)


async def test_the_cases_own_mentions_are_no_history(office: Office):
    case = await office.case_of()

    await office.receive((mention("And now?", at=office.clock.now()), complaint()))

    assert (await office.board.sheet(case.id)).history is None


async def test_what_was_no_complaint_counts_but_waits_for_nothing(office: Office):
    await office.receive((mention("Lovely.", at=office.clock.now()), praise()))
    office.clock.advance(timedelta(days=1))

    assert await history(office) == History(earlier=1, since=START, unanswered=0)


async def test_what_lies_too_far_back_and_other_feeds_do_not_count(office: Office):
    await over(office, feed="other")
    await over(office)
    office.clock.advance(timedelta(days=31))

    assert await history(office) is None


async def test_people_who_were_removed_share_no_history(office: Office):
    for by in (NOBODY, NOBODY):
        case = await over(office, by=by)

    assert (await office.board.sheet(case.id)).history is None


async def test_what_came_later_is_no_history_of_an_old_card(office: Office):
    old = await over(office)

    await office.case_of()

    assert (await office.board.sheet(old.id)).history is None


async def test_private_mentions_count_in_the_private_channel_only(office: Office):
    await over(office, visibility=Visibility.PRIVATE)
    await over(office)

    public = await office.case_of(visibility=Visibility.PUBLIC)
    hidden = await office.case_of(visibility=Visibility.PRIVATE)

    histories = [
        (await office.board.sheet(case.id, closed=closed)).history
        for case in (public, hidden)
        for closed in (False, True)
    ]
    assert [found and found.earlier for found in histories] == [1, 1, None, 3]


async def test_details_list_the_newest_with_their_cases(office: Office):
    cases = [await over(office, text=f"Number {number}, mail me@example.com") for number in range(3)]
    now = await office.case_of()

    timeline = await office.board.timeline(now.id)

    assert [one.kept.case_id for one in timeline.earlier] == [case.id for case in reversed(cases)]
    assert not any(one.answered for one in timeline.earlier)
    assert "example.com" not in timeline.earlier[0].kept.mention.text
