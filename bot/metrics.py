"""Every figure that is exported, named once."""

from __future__ import annotations

from typing import Final

from prometheus_client import Counter, Gauge, Histogram

MENTIONS: Final = Counter("goshawk_mentions_ingested_total", "Mentions stored", ["feed"])
DROPPED: Final = Counter("goshawk_mentions_dropped_total", "Mentions not stored, by reason", ["reason"])
CARD_SECONDS: Final = Histogram(
    "goshawk_card_latency_seconds", "From first sight to a card in Slack", buckets=(0.5, 1, 2, 5, 10, 30, 60, 300)
)
SENDS: Final = Counter("goshawk_send_attempts_total", "Public replies tried, by outcome", ["outcome"])
SLACK_BUSY: Final = Counter("goshawk_slack_rate_limited_total", "Calls that Slack answered with 429")
COPIES: Final = Counter("goshawk_slack_redactions_total", "Messages in Slack emptied of words, by outcome", ["outcome"])
JOBS: Final = Counter("goshawk_jobs_total", "Jobs run, by kind and outcome", ["kind", "outcome"])
FEED_UP: Final = Gauge("goshawk_feed_up", "1 while a feed answers", ["feed"])
