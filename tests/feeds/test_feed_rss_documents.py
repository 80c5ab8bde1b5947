"""Documents in any state: an outage page is not "no news"."""

import gzip
import json
from datetime import timedelta

import pytest

from bot.domain.mention import ReplyMode
from bot.errors import FeedTrouble, SendRefused
from tests.feeds.blog import entry, ids, look, rss

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


async def test_pictures_that_are_enclosed_are_photos(feed, platform, clock):
    enclosed = (
        '<enclosure url="https://b.example/1.jpg" type="image/jpeg" length="1"/>'
        '<enclosure url="https://b.example/talk.mp3" type="audio/mpeg" length="1"/>'
    )
    platform.will_answer(200, rss(entry(clock, 1).replace("</item>", f"{enclosed}</item>")))

    (mention,) = (await look(feed))[0].mentions

    assert mention.photo_urls == ("https://b.example/1.jpg",)


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
                "image": "https://b.example/1.jpg",
                "attachments": [
                    {"url": "https://b.example/2.png", "mime_type": "image/png"},
                    {"url": "https://b.example/talk.mp3", "mime_type": "audio/mpeg"},
                ],
            },
            {"id": 2, "title": "Two", "content_text": "plain <3", "date_published": clock.now().isoformat()},
            "no item",
        ],
    }
    platform.will_answer(200, json.dumps(told).encode())

    first, second = (await look(feed))[0].mentions

    assert (first.text, first.author.handle, first.lang) == ("Hi there", "Mira", "en")
    assert first.photo_urls == ("https://b.example/1.jpg", "https://b.example/2.png") and first.photos == 2
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
