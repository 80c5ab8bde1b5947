"""What the tests of feeds share: a scripted platform, and a clock that turns."""

from collections.abc import AsyncIterator

import pytest

from bot.feeds.base import Outgoing
from bot.feeds.rss import Rss
from bot.sections import RssFeedSettings
from tests.fakes.clock import TurnableClock
from tests.fakes.platform import Platform
from tests.fakes.posts import mention
from tests.feeds.blog import entry, look, rss


@pytest.fixture
def clock() -> TurnableClock:
    return TurnableClock()


@pytest.fixture
async def platform() -> AsyncIterator[Platform]:
    async with Platform() as playing:
        yield playing


@pytest.fixture
def outgoing() -> Outgoing:
    return Outgoing(key="k-1", text="We are on it.", answers=mention(post_id="p1", thread="p1"), closed=False)


@pytest.fixture
def file(tmp_path):
    def write(name, content):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


@pytest.fixture
def blog(platform):
    return RssFeedSettings(kind="rss", name="blog", url=f"{platform.url}/feed", every_s=60)


@pytest.fixture
async def feed(blog, clock):
    feed = Rss(blog, clock, sleep=clock.sleep)
    yield feed
    await feed.aclose()


@pytest.fixture
async def known(feed, platform, clock):
    """The cursor after a first look at one entry."""
    platform.will_answer(200, rss(entry(clock, 1)), etag='"v1"', last_modified="Sat, 21 Nov 2026 08:00:00 GMT")
    return (await look(feed))[0].cursor
