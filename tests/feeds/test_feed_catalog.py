"""The catalogue builds what is configured."""

import pytest

from bot.errors import Misconfigured
from bot.feeds import catalog
from bot.feeds.demo import DemoFeed
from bot.feeds.rss import Rss
from bot.feeds.webhook import Webhook
from bot.settings import Settings

DEMO = {"kind": "demo", "name": "square", "url": "http://127.0.0.1:9"}
BLOG = {"kind": "rss", "name": "gull-blog", "url": "https://blog.example/feed"}
SHOP = {"kind": "webhook", "name": "web-shop"}


async def test_every_configured_feed_is_built(clock):
    settings = Settings(feeds=(DEMO, BLOG, SHOP), secrets={"web_shop": "s3cret"})

    feeds = catalog.build(settings, clock)

    assert {name: type(feed) for name, feed in feeds.items()} == {
        "square": DemoFeed,
        "gull-blog": Rss,
        "web-shop": Webhook,
    }
    for feed in feeds.values():
        await feed.aclose()


def test_a_secret_that_is_missing_is_named(clock):
    with pytest.raises(Misconfigured, match="Set GOSHAWK_SECRETS__WEB_SHOP"):
        catalog.build(Settings(feeds=(SHOP,)), clock)


def test_a_token_is_not_sent_readable_through_the_network(clock):
    with pytest.raises(Misconfigured, match="https://"):
        catalog.build(Settings(feeds=({**DEMO, "url": "http://demo.example"},)), clock)
