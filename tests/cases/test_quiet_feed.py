"""A feed that answers and brings nothing: operators hear of it within three usual pauses, and when it is over."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from bot.cases.lookout import Lookout
from bot.domain.health import FeedHealth, Pulse
from tests.fakes.posts import mention, praise

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
PAUSE = 20 * MINUTE
_number: Iterator[int] = iter(range(1_000_000))


@pytest.fixture
def lookout(office) -> Lookout:
    return Lookout(office.store, office.clock, {})


async def heard(office, *, posts: int, pulse: Pulse = Pulse.LISTENING) -> None:
    """Let so many people post, one after each usual pause; the feed is read meanwhile."""
    for _ in range(posts):
        office.clock.advance(PAUSE)
        number = next(_number)
        post = mention(by=f"guest{number}", post_id=f"q{number}", at=office.clock.now())
        await office.receive((post, praise()))
        now = office.clock.now()
        health = FeedHealth(feed="square", pulse=pulse, since=now, last_read_at=now, last_mention_at=now)
        await office.store.transact(lambda unit, health=health: unit.feeds.note(health))


async def test_its_silence_is_told_within_three_usual_pauses_and_ends_by_itself(office, lookout):
    await heard(office, posts=80)
    told = []
    while not (found := await lookout.late()):
        office.clock.advance(MINUTE)
        told.append(found)

    assert len(told) * MINUTE <= 3 * PAUSE + MINUTE
    assert "never quiet for longer than 20 minutes" in found["quiet square"]
    await heard(office, posts=1)
    assert await lookout.late() == {}


async def test_a_pause_as_long_as_three_usual_ones_is_none(office, lookout):
    await heard(office, posts=80)
    office.clock.advance(3 * PAUSE)

    assert await lookout.late() == {}


async def test_the_night_before_makes_a_night_usual(office, lookout):
    await heard(office, posts=40)
    office.clock.advance(8 * HOUR)
    await heard(office, posts=40)
    office.clock.advance(20 * HOUR)

    assert await lookout.late() == {}


async def test_what_piled_up_while_it_was_away_is_no_pause(office, lookout):
    await heard(office, posts=40)
    went_at = office.clock.now()
    office.clock.advance(8 * HOUR)
    for number in range(23):
        post = mention(by=f"late{number}", post_id=f"late{number}", at=went_at + (number + 1) * PAUSE)
        await office.receive((post, praise()))
    await heard(office, posts=40)
    office.clock.advance(4 * HOUR)

    assert "quiet square" in await lookout.late()


async def test_nobody_knows_what_is_usual_in_the_first_hours(office, lookout):
    await heard(office, posts=10)
    office.clock.advance(12 * HOUR)

    assert await lookout.late() == {}


async def test_a_feed_that_fails_or_has_ended_is_not_quiet(office, lookout):
    for pulse in (Pulse.FAILING, Pulse.ENDED):
        await heard(office, posts=80, pulse=pulse)
        office.clock.advance(12 * HOUR)

        assert await lookout.late() == {}
