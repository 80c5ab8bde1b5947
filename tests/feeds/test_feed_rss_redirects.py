"""Neither a redirect nor a name leads a feed into a private network."""

import httpx
import pytest

from bot.errors import FeedTrouble, Misconfigured
from bot.feeds.addresses import resolve
from bot.feeds.rss import Rss
from bot.sections import RssFeedSettings
from tests.feeds.blog import entry, ids, look, rss


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
        "http://[half",
        "http://a:port/",
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


async def test_names_are_looked_up_on_this_machine():
    assert "127.0.0.1" in await resolve("localhost", 80)


async def test_a_name_without_any_address_is_said(clock):
    feed, _ = await far_away("https://blog.example/feed", clock, {"blog.example": []})

    with pytest.raises(FeedTrouble, match="has no address"):
        await look(feed)
