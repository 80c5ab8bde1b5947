"""From a feed's page to the desk: judged, stored, counted; a failing judge shows the post, a failing feed says so."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.cases import promises
from bot.cases.reception import Reception
from bot.cases.taking import Taken
from bot.domain.health import FeedHealth, Pulse
from bot.domain.verdict import Kind
from bot.errors import FeedBusy
from bot.feeds.base import Outgoing, Page
from bot.intake.listener import LONGEST_PAUSE_S, PATIENCE, Listener
from bot.intake.pipeline import Pipeline
from bot.store.engine import Store
from tests.fakes.clock import TurnableClock
from tests.fakes.feed import WrittenFeed, silence
from tests.fakes.office import POLICY
from tests.fakes.posts import complaint, mention, praise


def judge(one):
    """Judge by one word; an odd text is more than it can bear."""
    if "odd" in one.text:
        raise ZeroDivisionError
    return complaint() if "lost" in one.text else praise()


def page(*texts: str, cursor: str = "1", by: str = "", **given) -> Page:
    posts = tuple(mention(text, by=by or f"author of {text}") for text in texts)
    return Page(mentions=posts, cursor=cursor, **given)


@pytest.fixture
def pipeline(store, clock) -> Pipeline:
    return Pipeline(Reception(store, clock, POLICY), judge)


class Desk:
    """One feed with its listener, whose pauses turn the clock instead of lasting."""

    def __init__(self, store: Store, clock: TurnableClock, pipeline: Pipeline) -> None:
        self.store, self.clock = store, clock
        self.feed = WrittenFeed()
        self.pauses: list[float] = []
        self.healths: list[Pulse] = []
        self.listener = Listener(self.feed, pipeline, store, clock, self.sleep)

    async def sleep(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.healths.append((await self.health()).pulse)
        await self.clock.sleep(seconds)

    async def health(self) -> FeedHealth:
        return await self.store.read(lambda unit: unit.feeds.health("square"))

    async def texts(self) -> list[str]:
        return [one.mention.text for one in await self.store.read(lambda unit: unit.mentions.unflagged(limit=99))]

    async def notices(self) -> int:
        return len(await self.store.read(lambda unit: unit.jobs.open([promises.FEED_NOTICE])))


@pytest.fixture
def desk(store, clock, pipeline) -> Desk:
    return Desk(store, clock, pipeline)


async def test_a_page_is_judged_and_stored_and_its_sums_agree(pipeline, store):
    twice = page("lost bag", "lovely", skipped={"own": 2}, rejected={"no text": 1})

    taken = await pipeline.receive(replace(twice, mentions=(*twice.mentions, twice.mentions[0])), feed="square")

    assert taken == Taken(stored=2, twins=1, flagged=1, opened=1)
    assert twice.read == 5
    assert await store.read(lambda unit: unit.feeds.cursor("square")) == "1"


async def test_a_post_that_breaks_the_judge_is_shown_to_a_person(pipeline, store, log_lines):
    taken = await pipeline.receive(page("an odd text", "lovely"), feed="square")

    kept = (await store.read(lambda unit: unit.mentions.get(1))).verdict
    assert (taken.stored, taken.opened) == (2, 1)
    assert kept.kind is Kind.UNSURE
    assert kept.reasons[0].words == "triage failed on this text"
    logged = log_lines()
    assert logged.count("triage failed") == 1
    assert "an odd text" not in logged


async def test_a_push_that_is_repeated_is_taken_once(pipeline):
    first = await pipeline.receive(page("lost bag"), feed="square", delivery="d1")
    again = await pipeline.receive(page("lost coat"), feed="square", delivery="d1")

    assert (first.stored, again.stored, again.twins) == (1, 0, 1)


async def test_a_listener_goes_on_where_it_stopped(desk):
    desk.feed.pages.extend([page("one", cursor="1"), page("two", cursor="2")])
    await desk.listener.run()

    desk.feed.pages.append(page("three", cursor="3"))
    await desk.listener.run()

    assert desk.feed.heard_since == ["", "2"]
    assert await desk.texts() == ["three", "two", "one"]
    assert (await desk.health()).pulse is Pulse.ENDED


async def test_a_page_that_is_read_again_after_a_crash_adds_nothing(desk):
    same = page("one", cursor="1")
    desk.feed.pages.extend([same, silence(), same])

    await desk.listener.run()

    assert await desk.texts() == ["one"]
    assert desk.feed.heard_since == ["", "1"]


async def test_one_missed_look_is_no_outage(desk):
    desk.feed.pages.extend([page("one"), *[silence()] * (PATIENCE - 1), page("two")])

    await desk.listener.run()

    assert Pulse.FAILING not in desk.healths
    assert await desk.notices() == 0


async def test_a_silent_feed_is_said_once_and_its_return_too(desk):
    desk.feed.pages.extend([page("one"), *[silence()] * (PATIENCE + 2)])
    await desk.listener.run()
    notices_while_silent = await desk.notices()

    assert desk.healths[PATIENCE - 2 :] == [Pulse.LISTENING, *[Pulse.FAILING] * 3]
    assert notices_while_silent == 1


async def test_a_failing_feed_keeps_its_last_good_look_and_its_reason(desk):
    desk.feed.pages.append(page("one"))
    await desk.listener.run()
    read_at = (await desk.health()).last_read_at
    desk.clock.advance(timedelta(hours=1))
    seen: list[FeedHealth] = []

    async def sleep(_seconds: float) -> None:
        seen.append(await desk.health())

    desk.listener._sleep = sleep
    desk.feed.pages.extend([silence()] * PATIENCE)
    await desk.listener.run()

    assert (seen[-1].pulse, seen[-1].trouble) == (Pulse.FAILING, "The platform is silent.")
    assert seen[-1].last_read_at == read_at
    assert seen[-1].since == desk.clock.now()


async def test_pauses_grow_to_a_minute_and_a_platform_that_names_one_is_obeyed(desk):
    desk.feed.pages.extend([*[silence()] * 9, FeedBusy("Come back later.", retry_after_s=321.0)])

    await desk.listener.run()

    grown = [min(LONGEST_PAUSE_S, 2.0**failures / 2) for failures in (1, 2, 3, 4, 5, 6, 6, 6, 6)]
    assert all(0.8 * wanted <= pause <= 1.2 * wanted for wanted, pause in zip(grown, desk.pauses[:-1], strict=True))
    assert desk.pauses[-1] == 321.0


async def test_a_good_page_forgives_earlier_failures(desk):
    desk.feed.pages.extend([silence(), silence(), page("one"), silence(), silence(), page("two")])

    await desk.listener.run()

    assert Pulse.FAILING not in desk.healths
    assert desk.pauses[2] < 2


async def test_an_unforeseen_fault_is_logged_and_the_feed_goes_on(desk, log_lines):
    desk.feed.pages.extend([ZeroDivisionError("odd"), page("one")])

    await desk.listener.run()

    assert await desk.texts() == ["one"]
    assert log_lines().count("a feed broke") == 1


async def test_one_failing_feed_never_stops_another(desk, store, clock, pipeline):
    other = Desk(store, clock, pipeline)
    other.feed = WrittenFeed("forum")
    other.listener = Listener(other.feed, pipeline, store, clock, desk.clock.sleep)
    desk.feed.pages.extend([ZeroDivisionError("odd")] * 5)
    other.feed.pages.extend([page(f"post {number}", cursor=str(number)) for number in range(5)])

    await asyncio.gather(desk.listener.run(), other.listener.run())

    assert len(await desk.texts()) == 5
    assert await store.read(lambda unit: unit.feeds.cursor("forum")) == "4"


async def test_a_quiet_feed_is_noted_every_few_seconds_and_not_at_every_look(desk):
    noted = []
    desk.feed.pages.extend([page(cursor=str(number)) for number in range(4)])

    def look(_page, _taken) -> None:
        noted.append(desk.clock.now())
        desk.clock.advance(timedelta(seconds=2))

    await desk.listener.read(look)

    health = await desk.health()
    assert len(noted) == 4
    assert health.last_read_at == noted[3]
    assert health.last_mention_at is None


async def test_what_is_ended_says_when_it_was_last_read(desk):
    desk.feed.pages.append(page("one", cursor="9"))

    await desk.listener.read()

    health = await desk.health()
    assert (health.pulse, health.trouble) == (Pulse.ENDED, "")
    assert health.last_mention_at is not None


async def test_a_locked_database_does_not_end_a_listener(desk):
    def lock(words):
        return lambda unit: unit.jobs._connection.exec_driver_sql(words).all()

    if desk.store._lite:
        await desk.store.transact(lock("PRAGMA max_page_count=1"))  # as good as a full disk
    desk.feed.pages.extend([page("lost bag " * 2_000, by="mara")] * (PATIENCE + 1))

    await desk.listener.run()

    assert len(desk.pauses) == (PATIENCE + 1 if desk.store._lite else 0)


def test_the_written_feed_keeps_a_ledger():
    feed, one = WrittenFeed(), Outgoing(key="k", text="Hi", answers=mention(), closed=False)

    receipt = asyncio.run(feed.reply(one))

    assert asyncio.run(feed.find(one)) == receipt
    assert asyncio.run(feed.find(replace(one, key="other"))) is None
