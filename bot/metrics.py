"""Every figure that is exported, named once."""

from __future__ import annotations

from typing import Final

from prometheus_client import Counter, Gauge, Histogram, Info

MENTIONS: Final = Counter("goshawk_mentions_ingested_total", "Mentions stored", ["feed"])
DROPPED: Final = Counter("goshawk_mentions_dropped_total", "Mentions not stored, by reason", ["reason"])
CARD_SECONDS: Final = Histogram(
    "goshawk_card_latency_seconds", "From first sight to a card in Slack", buckets=(0.5, 1, 2, 5, 10, 30, 60, 300)
)
SENDS: Final = Counter("goshawk_send_attempts_total", "Public replies tried, by outcome", ["outcome"])
SLACK_BUSY: Final = Counter("goshawk_slack_rate_limited_total", "Calls that Slack answered with 429")
SLACK_TOKEN: Final = Gauge("goshawk_slack_token_works", "0 while Slack does not take our token")
LOOKS: Final = Counter("goshawk_reconcile_total", "Looks for a message after a doubt, by result", ["result"])
UNPROVEN: Final = Counter("goshawk_unproven_posts_total", "Messages posted again although nobody could look first")
SPARES: Final = Counter("goshawk_duplicates_removed_total", "Messages that stood twice and were removed", ["seen_by"])
COPIES: Final = Counter("goshawk_slack_redactions_total", "Messages in Slack emptied of words, by outcome", ["outcome"])
JOBS: Final = Counter("goshawk_jobs_total", "Jobs run, by kind and outcome", ["kind", "outcome"])
REFUSED: Final = Counter("goshawk_signature_rejected_total", "Requests refused at a door, by endpoint", ["endpoint"])
SOCKETS: Final = Gauge("goshawk_socket_connected", "Connections of Socket Mode that stood at the last look")
FEED_UP: Final = Gauge("goshawk_feed_up", "1 while a feed answers", ["feed"])
PENDING: Final = Gauge("goshawk_outbox_pending", "Jobs that are due, by kind", ["kind"])
OLDEST: Final = Gauge("goshawk_outbox_oldest_age_seconds", "How long the oldest due job has been due", ["kind"])
DEAD: Final = Gauge("goshawk_dead_letters", "Jobs that were given up")
UNKNOWN: Final = Gauge("goshawk_outbox_unknown", "Replies that a person has to settle, by feed", ["feed"])
UNCLAIMED: Final = Gauge("goshawk_cases_unclaimed", "Cases that nobody has")
FEED_READ: Final = Gauge("goshawk_source_last_success_timestamp_seconds", "When a feed last answered", ["feed"])
FIRST_REPLY: Final = Gauge("goshawk_first_reply_seconds", "Median of a day, from first sight to the first reply")
FIRST_CLAIM: Final = Gauge("goshawk_first_claim_seconds", "Median of a day, from first sight to the claim")
LAG: Final = Histogram(
    "goshawk_ingest_lag_seconds", "From the post to our database", ["feed"], buckets=(1, 5, 15, 60, 300, 3_600, 86_400)
)
ACK: Final = Histogram(
    "goshawk_slack_ack_seconds", "From a delivery of Slack's to its ack", buckets=(0.005, 0.01, 0.05, 0.1, 0.5, 1, 2.5)
)
COMMIT: Final = Histogram(
    "goshawk_db_commit_seconds", "From the wish to commit to its end", buckets=(0.001, 0.005, 0.02, 0.1, 0.5, 2, 10)
)
DENIED: Final = Counter("goshawk_auth_denied_total", "Acts refused because of who asked, by act", ["action"])
LEFT: Final = Gauge("goshawk_platform_writes_remaining", "Replies that may still leave today, by account", ["account"])
BUILD: Final = Info("goshawk_build", "The version that runs")
