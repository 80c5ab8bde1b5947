"""F12, F13: a clock that jumps, and posts that come three times, late and in any order."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.cases.reception import Arrival
from bot.domain.case import Case
from bot.domain.event import Happening
from bot.domain.mention import Mention
from bot.domain.sla import next_business_morning
from bot.domain.verdict import Kept, Urgency
from bot.store.engine import Store
from bot.store.unit import Unit
from tests.fakes.clock import TurnableClock
from tests.fakes.office import Office
from tests.fakes.people import ANA
from tests.fakes.posts import START, complaint, mention, praise

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
#: How clocks jump: NTP steps back, a wrong zone for an hour, a leap there and back again and again.
JUMPS = {
    "an hour on": [HOUR],
    "an hour back": [-HOUR],
    "on and back": [HOUR, -HOUR],
    "back and on": [-HOUR, HOUR],
    "trembling": [MINUTE, -MINUTE] * 10,
    "over and over": [HOUR, -HOUR] * 5,
}


@pytest.fixture
def office(store: Store, clock: TurnableClock) -> Office:
    return Office(store, clock)


@pytest.mark.parametrize("jumps", JUMPS.values(), ids=JUMPS)
async def test_no_timer_rings_twice_and_none_is_forgotten_when_the_clock_jumps(office: Office, jumps: list[timedelta]):
    late = await office.case_of((mention(by="mara", at=office.clock.now()), complaint([Urgency.MONEY])))
    asleep = await office.case_of((mention(by="nils", at=office.clock.now()), complaint()))
    await office.desk.claim(asleep.id, by=ANA)
    await office.desk.snooze(asleep.id, by=ANA, span=20 * MINUTE)

    for span in [*jumps, *[15 * MINUTE] * 16]:
        await office.pass_time(span)

    rung = Counter((number, case_id) for _, number, cases in office.calls for case_id in cases)
    events = (await office.board.timeline(asleep.id)).events
    assert rung[1, late.id] == 1 and max(rung.values()) == 1
    assert [event.what for event in events].count(Happening.WOKEN) == 1


@pytest.mark.parametrize(
    ("now", "morning"),
    [
        (datetime(2026, 3, 27, 20, tzinfo=UTC), datetime(2026, 3, 30, 8, tzinfo=UTC)),
        (datetime(2026, 10, 23, 20, tzinfo=UTC), datetime(2026, 10, 26, 9, tzinfo=UTC)),
        (datetime(2028, 2, 28, 20, tzinfo=UTC), datetime(2028, 2, 29, 9, tzinfo=UTC)),
        (datetime(2038, 1, 18, 20, tzinfo=UTC), datetime(2038, 1, 19, 9, tzinfo=UTC)),
    ],
    ids=["summer begins", "summer ends", "a leap day", "the end of 32 bits"],
)
def test_the_next_morning_is_at_nine_on_the_clock_on_the_wall(now: datetime, morning: datetime):
    assert next_business_morning(now, ZoneInfo("Europe/Lisbon")) == morning


def _story() -> list:
    """Four posts of two people and a bystander: what belongs together is known by thread, author and number."""
    return [
        (mention("My bag is lost.", by="mara", post_id="a1", thread="a1"), complaint()),
        (mention("Still nothing!", by="mara", post_id="a2", thread="a1", answers="a1"), complaint()),
        (mention("Charged twice.", by="nils", post_id="b1", thread="b1"), complaint([Urgency.MONEY])),
        (mention("Lovely crew.", by="olga", post_id="c1", thread="c1"), praise()),
    ]


async def _outcome(office: Office) -> list[tuple]:
    """Return what the desk knows, in words that do not depend on the order of numbers."""
    found = []
    for case in await office.cases():
        kept = await office.store.read(lambda unit, case=case: unit.mentions.of_case(case.id))
        posts = tuple(sorted((one.mention.post_id, one.mention.text) for one in kept))
        found.append((posts, case.state, case.priority, case.author, case.mentions))
    return sorted(found)


ORDERS = list(itertools.permutations(range(4)))


@pytest.mark.parametrize("order", ORDERS, ids=["".join(map(str, one)) for one in ORDERS])
async def test_the_same_posts_in_any_order_three_times_over_end_in_the_same_cases(
    office: Office, order: tuple[int, ...]
):
    story = _story()

    for index in [*order, *reversed(order), *order]:
        await office.receive(story[index])
        office.clock.advance(timedelta(seconds=25))

    mara = (("a1", "My bag is lost."), ("a2", "Still nothing!"))
    nils = (("b1", "Charged twice."),)
    assert await _outcome(office) == [(mara, "open", "P3", "mara", 2), (nils, "open", "P2", "nils", 1)]


async def test_a_deletion_that_overtakes_its_post_takes_it_away(office: Office):
    post = mention("I take this back.", by="mara", post_id="late", at=START)
    await office.reception.receive([], feed="square", gone=["late"])

    await office.receive((post, complaint()))

    assert await office.store.read(lambda unit: unit.mentions.at(post.platform, "late")) is None
    assert await office.cases() == []


async def test_an_old_page_that_comes_again_does_not_take_an_edit_back(office: Office):
    post = mention("My bag is lost.", by="mara", post_id="p", at=START)
    changed = mention("My bag is found.", by="mara", post_id="p", at=START)

    for said in (post, changed, post, changed, post):
        await office.receive((said, complaint()))

    kept = await office.store.read(lambda unit: unit.mentions.at(post.platform, "p"))
    assert kept.mention.text == "My bag is found."


def _changed_story(feed: str) -> list[Mention | str]:
    """One post in three versions, the last of which says what the first did, and one that is taken back."""

    def said(post_id: str, text: str, *, by: str, revised_at: datetime | None = None) -> Mention:
        given = {"post_id": post_id, "thread": post_id, "revised_at": revised_at}
        return mention(text, by=by, feed=feed, platform=feed, **given)

    return [
        said("a", "My bag is lost.", by="mara"),
        said("a", "My bag and my cat are lost.", by="mara", revised_at=START + MINUTE),
        said("a", "My bag is lost.", by="mara", revised_at=START + HOUR),
        said("b", "I take this back.", by="nils"),
        "b",
    ]


def _arrival(what: Mention | str) -> Arrival:
    """Return a page of one post or, of a name alone, the page that says that it is gone."""
    return Arrival(judged=[], gone=[what]) if isinstance(what, str) else Arrival(judged=[(what, complaint())])


@pytest.mark.parametrize("together", [False, True], ids=["one by one", "in one transaction"])
@pytest.mark.parametrize("first", range(5))
async def test_versions_and_deletions_in_any_order_three_times_over_end_in_the_same_words(
    office: Office, first: int, *, together: bool
):
    for number, order in enumerate(one for one in itertools.permutations(range(5)) if one[0] == first):
        feed = f"square-{number}"
        story = _changed_story(feed)
        told = [_arrival(story[index]) for index in [*order, *reversed(order), *order]]

        for pages in [told] if together else [[one] for one in told]:
            await office.reception.receive_all(pages, feed=feed)
            office.clock.advance(timedelta(seconds=25))

        cases = [case for case in await office.cases() if case.feed == feed]
        kept = [one for case in cases for one in await office.store.read(_of(case))]
        assert [one.mention.text for one in kept if not one.removed] == ["My bag is lost."], order
        assert [case.author for case in cases if case.waits] == ["mara"], order
        assert not [one for one in kept if "back" in one.mention.text], order


def _of(case: Case) -> Callable[[Unit], list[Kept]]:
    return lambda unit: unit.mentions.of_case(case.id)
