"""The catalogue of feeds: the only place that names platforms."""

from __future__ import annotations

from bot.clock import Clock
from bot.feeds.base import Feed
from bot.feeds.demo import DemoFeed
from bot.settings import DemoFeedSettings, Settings


def build(settings: Settings, clock: Clock) -> dict[str, Feed]:
    """Return every configured feed by name."""
    feeds: dict[str, Feed] = {}
    for one in settings.feeds:
        if isinstance(one, DemoFeedSettings):
            feeds[one.name] = DemoFeed(one, clock, token=settings.secrets[one.name].get_secret_value())
    return feeds
