"""A blog is asked politely; nothing is lost, nothing is doubled, and an outage page is not "no news"."""

import gzip
import json
from contextlib import aclosing
from datetime import timedelta
from email.utils import format_datetime

import httpx
import pytest

from bot.domain.mention import ReplyMode
from bot.errors import FeedBusy, FeedTrouble, Misconfigured, SendRefused
from bot.feeds.rss import Rss
from bot.settings import RssFeedSettings


@pytest.fixture
def settings(platform):
    return RssFeedSettings(kind="rss", name="blog", url=f"{platform.url}/feed", every_s=60)


@pytest.fixture
async def feed(settings, clock):
    feed = Rss(settings, clock, sleep=clock.sleep)
    yield feed
    await feed.aclose()


def entry(clock, number, *, hours=1.0, **changed):
    told = {
        "guid": f"g{number}",
        "title": f"Title {number}",
        "description": f"&lt;p&gt;Body {number}&lt;/p&gt;",
        "link": f"https://blog.example/{number}",
        "pubDate": format_datetime(clock.now() - timedelta(hours=hours)),
        **changed,
    }
    return "<item>" + "".join(f"<{name}>{text}</{name}>" for name, text in told.items() if text) + "</item>"


def rss(*entries):
    return f'<rss version="2.0"><channel><title>Gull</title>{"".join(entries)}</channel></rss>'.encode()


async def look(feed, since="", *, pages=1):
    async with aclosing(feed.listen(since)) as listening:
        return [await anext(listening) for _ in range(pages)]


def ids(pages):
    return [mention.post_id for page in pages for mention in page.mentions]


@pytest.fixture
async def known(feed, platform, clock):
    """The cursor after a first look at one entry."""
    platform.will_answer(200, rss(entry(clock, 1)), etag='"v1"', last_modified="Sat, 21 Nov 2026 08:00:00 GMT")
    return (await look(feed))[0].cursor


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


@pytest.mark.parametrize(
    "target",
    [
        "http://10.0.0.1/",
        "http://169.254.169.254/latest/meta-data",
        "http://192.168.1.1/",
        "http://[fd00::1]/",
        "http://0.0.0.0/",
        "ftp://example.com/feed",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "http://",
    ],
)
async def test_a_redirect_into_a_private_network_is_not_followed(feed, platform, target):
    platform.will_answer(302, location=target)

    with pytest.raises(FeedTrouble):
        await look(feed)


class Internet(httpx.AsyncBaseTransport):
    """Names and pages far away, in memory; it notes which machine was called under which name."""

    def __init__(self, clock, names):
        self.clock, self.names, self.called = clock, names, []

    async def resolve(self, host, _port):
        return self.names[host]

    async def handle_async_request(self, request):
        self.called.append((request.url.host, request.headers["host"], request.extensions["sni_hostname"]))
        if request.headers["host"] == "moved.example":
            return httpx.Response(301, headers={"location": "//inside.example/"}, stream=httpx.ByteStream(b""))
        return httpx.Response(200, stream=httpx.ByteStream(rss(entry(self.clock, 1))))


async def far_away(url, clock, names):
    net = Internet(clock, names)
    feed = Rss(RssFeedSettings(kind="rss", name="blog", url=url), clock, resolve=net.resolve, transport=net)
    return feed, net


async def test_the_address_that_was_checked_is_the_one_that_is_called(clock):
    feed, net = await far_away("https://blog.example/feed", clock, {"blog.example": ["93.184.215.14"]})

    assert ids(await look(feed)) == ["g1"]
    assert net.called == [("93.184.215.14", "blog.example", "blog.example")]


@pytest.mark.parametrize(
    "inside", ["127.0.0.1", "10.1.2.3", "::1", "fe80::1%eth0", "::ffff:10.0.0.1", "64:ff9b::a00:1"]
)
async def test_a_name_that_leads_inside_is_not_followed(clock, inside):
    names = {"moved.example": ["93.184.215.14"], "inside.example": ["93.184.215.15", inside]}
    feed, net = await far_away("https://moved.example/feed", clock, names)

    with pytest.raises(FeedTrouble, match="private network"):
        await look(feed)

    assert len(net.called) == 1


async def test_a_name_that_is_not_known_is_said(clock):
    async def nowhere(host, port):
        raise OSError("no such name")

    feed = Rss(RssFeedSettings(kind="rss", name="blog", url="https://x.example"), clock, resolve=nowhere)

    with pytest.raises(FeedTrouble, match=r"x\.example cannot be found"):
        await look(feed)


@pytest.mark.parametrize("url", ["blog.example/feed", "ftp://blog.example", "https://", "http://a:port/", ""])
async def test_an_address_that_is_none_is_refused_at_once(clock, url):
    with pytest.raises(Misconfigured, match="url of the feed blog"):
        Rss(RssFeedSettings(kind="rss", name="blog", url=url), clock)


# Documents in any state


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"   \n",
        b"<!DOCTYPE html><html><body>We are down for maintenance</body></html>",
        b"/etc/passwd",
        b"https://blog.example/feed",
        b"{}",
        b"{broken",
        b'{"version": "https://jsonfeed.org/version/1.1"}',
        b"\x00\x01\x02",
        rss()[:-90],
    ],
)
async def test_an_outage_page_is_not_no_news(feed, platform, known, body):
    platform.will_answer(200, body)

    with pytest.raises(FeedTrouble, match="blog answered with"):
        await look(feed, known)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
async def test_a_document_that_declares_entities_is_refused(feed, platform, tmp_path, encoding):
    (tmp_path / "secret").write_text("canary")
    bomb = f'<!DOCTYPE rss [<!ENTITY a SYSTEM "file://{tmp_path}/secret">]><rss version="2.0"><channel><item><title>&a;'
    platform.will_answer(200, f"{bomb}</title></item></channel></rss>".encode(encoding))

    with pytest.raises(FeedTrouble):
        await look(feed)


async def test_broken_xml_still_gives_its_entries(feed, platform, clock):
    broken = rss(entry(clock, 1, title="Salt &amp; pepper AT&T <b>"), entry(clock, 2)).replace(b"</channel>", b"")
    platform.will_answer(200, broken)

    (page,) = await look(feed)

    assert set(ids([page])) == {"g1", "g2"}
    assert "Salt & pepper AT&T" in {mention.text.split("\n")[0] for mention in page.mentions}


async def test_atom_is_read(feed, platform, clock):
    at = (clock.now() - timedelta(minutes=5)).isoformat()
    platform.will_answer(
        200,
        f"""<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="de"><title>Gull</title><entry><id>urn:1</id>
        <title type="html">Sch&amp;ouml;n</title><link href="/posts/1"/><updated>{at}</updated>
        <author><name>Mira</name></author><content type="html">&lt;p&gt;Eins&lt;/p&gt;&lt;script&gt;x()&lt;/script&gt;
        Zwei</content></entry></feed>""".encode(),
        content_type="application/atom+xml",
    )

    (mention,) = (await look(feed))[0].mentions

    assert (mention.post_id, mention.text, mention.author.handle) == ("urn:1", "Schön\nEins\nZwei", "Mira")
    assert mention.url == f"{platform.url}/posts/1"


async def test_json_feed_is_read(feed, platform, clock):
    told = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "Gull",
        "language": "en-GB",
        "items": [
            {
                "id": "1",
                "url": "https://b.example/1",
                "content_html": "<p>Hi <b>there</b>",
                "authors": [{"name": "Mira"}],
                "date_published": (clock.now() - timedelta(hours=2)).isoformat(),
            },
            {"id": 2, "title": "Two", "content_text": "plain <3", "date_published": clock.now().isoformat()},
            "no item",
        ],
    }
    platform.will_answer(200, json.dumps(told).encode())

    first, second = (await look(feed))[0].mentions

    assert (first.text, first.author.handle, first.lang) == ("Hi there", "Mira", "en")
    assert (second.post_id, second.text, second.author.handle) == ("2", "Two\nplain <3", "Gull")
    assert second.terms.mode is ReplyMode.NONE


async def test_a_packed_document_is_read(feed, platform, clock):
    platform.will_answer(200, gzip.compress(rss(entry(clock, 1))), content_encoding="gzip")

    assert ids(await look(feed)) == ["g1"]


async def test_a_document_in_another_encoding_is_read(feed, platform, clock):
    body = rss(entry(clock, 1, title="Größe")).decode().encode("latin-1")
    platform.will_answer(200, body, content_type="application/rss+xml; charset=iso-8859-1")

    assert (await look(feed))[0].mentions[0].text.startswith("Größe")


@pytest.mark.parametrize("cursor", ["nonsense", "[]", "{}", '{"home": "https://other.example", "seen": ["x"]}', "\x00"])
async def test_a_cursor_that_is_not_ours_begins_anew(feed, platform, clock, cursor):
    platform.will_answer(200, rss(entry(clock, 1), entry(clock, 2, hours=30)))

    assert ids(await look(feed, cursor)) == ["g1"]


async def test_a_blog_is_answered_on_the_site(feed, outgoing):
    with pytest.raises(SendRefused, match="on the site itself"):
        await feed.reply(outgoing)

    assert await feed.find(outgoing) is None
