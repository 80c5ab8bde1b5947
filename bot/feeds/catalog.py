"""The catalogue of feeds: the only place that names platforms. Only those that are configured are loaded."""

from __future__ import annotations

import asyncio

from pydantic import SecretStr

from bot.clock import Clock
from bot.feeds.base import Feed
from bot.feeds.http import Sleep
from bot.sections import DemoFeedSettings, FeedSettings, RssFeedSettings, WebhookFeedSettings
from bot.settings import Settings

# ruff: noqa: PLC0415 - see the top


def build(settings: Settings, clock: Clock, sleep: Sleep = asyncio.sleep) -> dict[str, Feed]:
    """Return every configured feed by name; they ``sleep`` between two looks.

    Raises:
        Misconfigured: a feed lacks its secret, or its address cannot be right.
    """
    return {one.name: _feed(one, _secret(settings, one.name), clock, sleep) for one in settings.feeds}


def _feed(one: FeedSettings, secret: SecretStr, clock: Clock, sleep: Sleep) -> Feed:
    match one:
        case DemoFeedSettings():
            from bot.feeds.demo import TOKEN, DemoFeed

            return DemoFeed(one, clock, token=secret.get_secret_value() or TOKEN, sleep=sleep)
        case RssFeedSettings():
            from bot.feeds.rss import Rss

            return Rss(one, clock, sleep=sleep)
        case WebhookFeedSettings():
            from bot.feeds.webhook import Webhook

            return Webhook(one, clock, secrets=secret)


def _secret(settings: Settings, name: str) -> SecretStr:
    """Return a feed's secret; names of environment variables hold no dashes, so an underline stands for one."""
    known = {key.lower().replace("_", "-"): secret for key, secret in settings.secrets.items()}
    return known.get(name, SecretStr(""))
