"""A blog is asked politely; nothing is lost and nothing is doubled."""

import json
from datetime import timedelta

import pytest

from bot.domain.mention import ReplyMode
from bot.errors import FeedBusy, FeedTrouble
from tests.feeds.blog import entry, ids, look, rss

# What an entry becomes


async def test_an_entry_becomes_a_mention(feed, platform, clock):
    platform.will_answer(200, rss(entry(clock, 1, author="m@x.example (Mira)")))

    (page,) = await look(feed)

    (mention,) = page.mentions
    assert (mention.feed, mention.platform, mention.post_id) == ("blog", "Blog", "g1")
    assert (mention.text, mention.author.handle) == ("Title 1\nBody 1", "Mira")
    assert mention.posted_at == clock.now() - timedelta(hours=1)
    assert mention.url == "https://blog.example/1" and not mention.private
    assert mention.terms.mode is ReplyMode.OPEN_IN_PLATFORM


async def test_a_second_look_brings_only_what_is_new(feed, platform, clock):
    platform.will_answer(200, rss(entry(clock, 1)))
    platform.will_answer(200, rss(entry(clock, 2), entry(clock, 1)))
    began = clock.now()

    pages = await look(feed, pages=2)

    assert ids(pages) == ["g1", "g2"]
    assert clock.now() - began == timedelta(seconds=60)


async def test_an_entry_that_says_something_else_is_an_edit(feed, platform, clock):
    platform.will_answer(200, rss(entry(clock, 1), entry(clock, 2, hours=100)))
    platform.will_answer(200, rss(entry(clock, 1, description="It burns!"), entry(clock, 2, hours=100)))
    platform.will_answer(200, rss(entry(clock, 1, description="It  burns!")))

    first, second, third = await look(feed, pages=3)

    assert (ids([first]), first.edited) == (["g1"], ())
    assert [(one.post_id, one.text) for one in second.edited] == [("g1", "Title 1\nIt burns!")]
    assert [one.revised_at for one in second.edited] == [one.seen_at for one in second.edited]
    assert (second.mentions, third.mentions, third.edited, third.gone) == ((), (), (), ())


async def test_the_first_look_remembers_old_entries_without_a_flood(feed, platform, clock):
    platform.will_answer(200, rss(entry(clock, 1), entry(clock, 2, hours=25), entry(clock, 3, pubDate="")))
    platform.will_answer(200, rss(entry(clock, 2, hours=25), entry(clock, 3, pubDate=""), entry(clock, 4, pubDate="")))

    first, second = await look(feed, pages=2)

    assert ids([first]) == ["g1"]
    assert first.skipped == {"older than a day at the first look": 1, "without a date at the first look": 1}
    assert ids([second]) == ["g4"]
    assert second.mentions[0].posted_at == clock.now()
    assert second.notes == {"no date": 1}


async def test_a_late_entry_with_an_old_date_is_news_after_the_first_look(feed, platform, clock, known):
    platform.will_answer(200, rss(entry(clock, 1), entry(clock, 2, hours=100)))

    assert ids(await look(feed, known)) == ["g2"]


async def test_entries_come_oldest_first(feed, platform, clock):
    platform.will_answer(200, rss(*(entry(clock, number, hours=number) for number in (1, 3, 2))))

    assert ids(await look(feed)) == ["g3", "g2", "g1"]


async def test_a_stale_copy_does_not_bring_entries_back(feed, platform, clock, known):
    for shown in ((1, 2), (1,), (2, 1)):
        platform.will_answer(200, rss(*(entry(clock, number) for number in shown)))

    assert ids(await look(feed, known, pages=3)) == ["g2"]


@pytest.mark.parametrize(
    ("changed", "post_id"), [({"guid": ""}, "https://blog.example/1"), ({"guid": "", "link": ""}, None)]
)
async def test_an_entry_without_a_guid_has_the_same_id_at_every_look(feed, platform, clock, changed, post_id):
    for _ in range(2):
        platform.will_answer(200, rss(entry(clock, 1, **changed)))

    first, second = await look(feed, pages=2)

    assert first.mentions[0].post_id == post_id or len(first.mentions[0].post_id) == 64
    assert not second.mentions


async def test_an_entry_without_words_is_counted_once(feed, platform, clock):
    for _ in range(2):
        platform.will_answer(200, rss(entry(clock, 1, title="", description="&lt;img src='x'&gt;")))

    first, second = await look(feed, pages=2)

    assert (first.rejected, second.rejected) == ({"no text": 1}, {})


# Asking politely


async def test_asks_only_for_what_changed(feed, platform, known):
    platform.will_answer(304)

    (page,) = await look(feed, known)

    assert platform.heard[-1].headers["if-none-match"] == '"v1"'
    assert platform.heard[-1].headers["if-modified-since"] == "Sat, 21 Nov 2026 08:00:00 GMT"
    assert (page.mentions, page.cursor) == ((), known)


async def test_a_crash_between_two_pages_does_not_lose_the_rest(feed, platform, clock, known):
    many = rss(*(entry(clock, number, hours=0.5 - number / 10_000) for number in range(2, 452)))
    platform.will_answer(200, many, etag='"v2"')
    pages = await look(feed, known, pages=3)
    platform.will_answer(200, many, etag='"v2"')

    rest = await look(feed, pages[0].cursor, pages=2)

    assert [len(page.mentions) for page in pages] == [200, 200, 50]
    assert platform.heard[-1].headers["if-none-match"] == '"v1"'
    assert ids(rest) == ids(pages[1:])
    assert json.loads(pages[2].cursor)["etag"] == '"v2"'


async def test_a_move_for_good_is_kept(feed, platform, clock):
    platform.will_answer(301, location="/new")
    platform.will_answer(302, location="/today")
    platform.will_answer(200, rss(entry(clock, 1)))
    platform.will_answer(200, rss(entry(clock, 1)))

    await look(feed, pages=2)

    assert platform.asked == ["/feed", "/new", "/today", "/new"]


async def test_a_move_for_a_while_is_not_kept(feed, platform, clock):
    platform.will_answer(302, location="/today")
    platform.will_answer(200, rss(entry(clock, 1)))
    platform.will_answer(304)

    await look(feed, pages=2)

    assert platform.asked == ["/feed", "/today", "/feed"]


async def test_a_feed_that_is_gone_is_not_asked_again(feed, platform):
    platform.will_answer(410)

    for _ in range(2):
        with pytest.raises(FeedTrouble, match="gone for good"):
            await look(feed)

    assert platform.asked == ["/feed"]


async def test_a_busy_blog_is_left_alone(feed, platform):
    platform.will_answer(503, retry_after="1200")

    with pytest.raises(FeedBusy) as busy:
        await look(feed)

    assert busy.value.retry_after_s == 1200


async def test_redirects_without_end_are_trouble(feed, platform):
    for _ in range(6):
        platform.will_answer(302, location="/feed")

    with pytest.raises(FeedTrouble, match="more than 5 times"):
        await look(feed)
