"""What a mention answers: read once, for cases only, and never more than its readers may see."""

from __future__ import annotations

from bot.domain.mention import Visibility
from bot.errors import FeedTrouble
from bot.feeds.base import Parent
from tests.fakes.office import Office
from tests.fakes.posts import complaint, mention, praise

NEWS = Parent(handle="harbourline", text="New route to\nArdmore  from May!", public=True)


async def parent_of(office: Office) -> str:
    return (await office.store.read(lambda unit: unit.mentions.of_case((unit.cases.queue())[0].id)))[0].mention.parent


async def test_the_parent_of_the_first_mention_is_read_once(office: Office):
    office.feed.parents["n1"] = NEWS

    await office.receive((mention(answers="n1", at=office.clock.now()), complaint()))
    await office.receive((mention("And again.", answers="n1", at=office.clock.now()), complaint()))
    await office.work()

    assert await parent_of(office) == "@harbourline: New route to Ardmore from May!"
    assert office.feed.calls == ["parent"]


async def test_nothing_is_read_for_what_answers_nobody_or_becomes_no_case(office: Office):
    await office.receive((mention(at=office.clock.now()), complaint()))
    await office.receive((mention("Lovely.", by="jon", answers="n1"), praise()))
    await office.work()

    assert office.feed.calls == []


async def test_a_parent_that_is_gone_or_cannot_be_read_costs_a_line(office: Office):
    office.feed.parents["n1"] = FeedTrouble("The platform is silent.")

    await office.receive((mention(answers="n1", at=office.clock.now()), complaint()))
    await office.receive((mention("No.", by="jon", answers="gone", at=office.clock.now()), complaint()))
    await office.work()

    assert await parent_of(office) == ""
    assert office.feed.calls == ["parent", "parent"] and await office.jobs("case.context") == []


async def test_nothing_is_kept_for_a_mention_that_was_deleted_meanwhile(office: Office):
    post = mention(answers="n1", at=office.clock.now())
    office.feed.parents["n1"] = NEWS
    await office.receive((post, complaint()))

    await office.reception.receive([], feed="square", gone=[post.post_id])
    await office.work()

    assert await parent_of(office) == ""


async def test_a_private_parent_is_kept_for_a_private_mention_only(office: Office):
    office.feed.parents["n1"] = Parent(handle="ole", text="My number is 4711.", public=False)

    await office.receive((mention(answers="n1", at=office.clock.now()), complaint()))
    await office.work()
    assert await parent_of(office) == ""

    hidden = mention("Here.", by="ole", answers="n1", visibility=Visibility.PRIVATE, at=office.clock.now())
    case = await office.case_of((hidden, complaint()))
    await office.work()

    kept = await office.store.read(lambda unit: unit.mentions.first_of(case.id))
    assert kept is not None and "4711" in kept.mention.parent
