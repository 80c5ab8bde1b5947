"""What arrives together is stored together, and everybody hears what became of their own."""

import asyncio
from datetime import timedelta

import pytest

from bot.cases.reception import Reception
from bot.cases.taking import Taken
from bot.errors import Unusable
from bot.feeds.base import Page
from bot.intake.pipeline import AT_ONCE, Pipeline
from bot.intake.together import Together
from tests.fakes.office import POLICY
from tests.fakes.posts import START, complaint, mention, praise


class Counter:
    """A slow counter: it keeps the groups that it was given, and can be told which thing it cannot bear."""

    def __init__(self, trouble: Exception | None = None) -> None:
        self.groups: list[list[int]] = []
        self.trouble = trouble

    async def work(self, things) -> list[int]:
        self.groups.append(list(things))
        await asyncio.sleep(0)
        if self.trouble and 13 in things:
            raise self.trouble
        return [10 * thing for thing in things]


def queue_of(counter: Counter, most: int = 100) -> Together[int, int]:
    return Together(counter.work, size=lambda thing: 1 if thing < 1_000 else most + 1, most=most)


async def test_who_comes_first_goes_at_once_and_the_others_go_together_next():
    counter = Counter()
    queue = queue_of(counter)

    first = asyncio.create_task(queue.ask(1))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    answers = await asyncio.gather(queue.ask(2), queue.ask(3), queue.ask(4))

    assert (await first, answers) == (10, [20, 30, 40])
    assert counter.groups == [[1], [2, 3, 4]]


async def test_a_group_is_bounded_and_what_is_too_large_goes_alone():
    counter = Counter()
    queue = queue_of(counter, most=3)

    await asyncio.gather(*(queue.ask(thing) for thing in (1, 2, 1_000, 3, 4, 5, 6)))

    assert counter.groups == [[1, 2], [1_000], [3, 4, 5], [6]]


async def test_one_that_fails_takes_nobody_along():
    counter = Counter(ZeroDivisionError("odd"))
    queue = queue_of(counter)

    answers = await asyncio.gather(*(queue.ask(thing) for thing in (12, 13, 14)), return_exceptions=True)

    assert [answers[0], type(answers[1]), answers[2]] == [120, ZeroDivisionError, 140]


async def test_a_database_that_fails_is_told_to_all_and_not_asked_again_for_each():
    counter = Counter(Unusable("The disk is full."))
    queue = queue_of(counter)

    answers = await asyncio.gather(*(queue.ask(thing) for thing in (12, 13, 14)), return_exceptions=True)

    assert [str(answer) for answer in answers] == ["The disk is full."] * 3
    assert counter.groups == [[12, 13, 14]]


async def test_who_goes_away_is_left_out_and_the_queue_goes_on():
    counter = Counter()
    queue = queue_of(counter)
    gone = asyncio.create_task(queue.ask(1))
    await asyncio.sleep(0)
    gone.cancel()

    assert await queue.ask(2) == 20
    assert counter.groups == [[2]]


def judge(one):
    return complaint() if "lost" in one.text else praise()


@pytest.fixture
def pipeline(store, clock) -> Pipeline:
    return Pipeline(Reception(store, clock, POLICY), judge)


def page(*texts: str, by: str) -> Page:
    return Page(mentions=tuple(mention(text, by=by) for text in texts), cursor="")


async def test_deliveries_that_arrive_together_are_told_apart(pipeline, store):
    pages = {"a": page("lost bag", by="mara"), "b": page("lovely", "and kind", by="nils"), "c": page(by="olga")}

    taken = await asyncio.gather(
        *(pipeline.receive(one, feed="square", delivery=key) for key, one in pages.items()),
        pipeline.receive(pages["b"], feed="square", delivery="b"),
        pipeline.receive(pages["a"], feed="square", delivery="another id of the same post"),
    )

    assert taken == [
        Taken(stored=1, flagged=1, opened=1), Taken(stored=2), Taken(), Taken(twins=2), Taken(twins=1),
    ]  # fmt: skip
    assert await store.read(lambda unit: unit.mentions.last_id()) == 3


async def test_many_deliveries_of_one_author_at_once_make_one_case_in_their_order(pipeline, store):
    pages = [page(f"lost bag {number}", by="mara") for number in range(3 * AT_ONCE)]

    await asyncio.gather(
        *(pipeline.receive(one, feed="square", delivery=str(number)) for number, one in enumerate(pages))
    )

    [case] = await store.read(lambda unit: unit.cases.queue())
    kept = await store.read(lambda unit: unit.mentions.of_case(case.id, limit=1_000))
    assert case.mentions == len(pages)
    assert [one.mention.text for one in kept] == [one.mentions[0].text for one in pages]


async def test_a_delivery_that_cannot_be_stored_is_refused_alone(pipeline, store):
    good, odd = page("lost bag", by="mara"), mention("lost coat", by="nils", at=START.replace(tzinfo=None))

    stored, refused = await asyncio.gather(
        pipeline.receive(good, feed="square", delivery="good"),
        pipeline.receive(Page(mentions=(odd,), cursor=""), feed="square", delivery="odd"),
        return_exceptions=True,
    )

    assert stored == Taken(stored=1, flagged=1, opened=1)
    assert isinstance(refused, Exception)
    assert await store.read(lambda unit: unit.feeds.deliveries("square:")) != []
    assert await store.read(lambda unit: unit.feeds.seen("square:odd")) is False


async def test_a_feed_that_delivers_is_seen_to_listen_and_its_last_mention_stays(pipeline, store, clock):
    await pipeline.receive(page("lost bag", by="mara"), feed="square", delivery="1")
    heard_at = clock.now()
    clock.advance(timedelta(minutes=1))
    await pipeline.receive(page(by="mara"), feed="square", delivery="2")

    health = await store.read(lambda unit: unit.feeds.health("square"))
    assert (health.pulse, health.last_mention_at, health.last_read_at) == ("listening", heard_at, clock.now())
