"""Slack's rate limits: a bucket of tokens for each method, and one more for each channel that is posted to.

A bucket holds as many tokens as may go in one burst and fills up evenly, on the sandbox's clock. A call that finds one
of its buckets empty is answered 429 with ``Retry-After`` and takes nothing, so whoever waits that long is served.
"""

import math
from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from http import HTTPStatus
from typing import Any, Final

from bot.sandbox.clock import Clock
from bot.sandbox.errors import NotPossible, Refused

#: So many buckets are kept; the oldest is forgotten first.
REMEMBERED: Final = 1_000


@dataclass(frozen=True, slots=True)
class Rate:
    """So many calls a minute, and so many of them at once."""

    per_minute: float
    burst: float

    def tight(self) -> "Rate":
        """Return a quarter of it: what a busy or shared workspace may feel like."""
        return Rate(self.per_minute / 4, max(1.0, self.burst // 4))


#: Calls a minute that Slack promises by tier ("1+", "20+", "50+", "100+"); all of them may come at once.
#: Source: Slack docs, "Rate limits", read 2026-11-21.
TIERS: Final = {tier: Rate(calls, calls) for tier, calls in ((1, 1), (2, 20), (3, 50), (4, 100))}

#: Methods whose page says "special" and no figure, and answers by response URL: the figure is ours, and generous.
SPECIAL: Final = Rate(600, 600)

#: Messages to one channel: one a second, "short bursts" tolerated. Source: "Rate limits", same day; the 4 is ours.
CHANNEL: Final = Rate(60, 4)

#: Messages of the whole workspace: "several hundred a minute". Source: the same page; the figure is ours.
WORKSPACE: Final = Rate(300, 300)

#: The tier of each method. Source: the page of each in a machine-readable copy of 2026-05-26, read 2026-11-21;
#: chat.scheduledMessages.list from memory. apps.connections.open was Tier 1 on an older page.
METHODS: Final = {
    2: """conversations.list reactions.remove usergroups.list usergroups.users.list users.list""",
    3: """apps.connections.open chat.delete chat.deleteScheduledMessage chat.scheduleMessage
        chat.scheduledMessages.list chat.update conversations.history conversations.info conversations.open
        conversations.replies files.delete reactions.add reactions.get""",
    4: """api.test chat.postEphemeral conversations.members files.completeUploadExternal files.getUploadURLExternal
        files.info users.info views.open views.publish views.push views.update""",
}

#: The rate of each method, and of answers by response URL.
RATES: Final = {
    **{name: TIERS[tier] for tier, names in METHODS.items() for name in names.split()},
    **dict.fromkeys(("auth.test", "blocks.validate", "chat.getPermalink", "response_url"), SPECIAL),
    "chat.postMessage": WORKSPACE,
}


class Tightness(StrEnum):
    """How far Slack's limits are enforced."""

    REAL = "real"
    OFF = "off"
    TIGHT = "tight"


class TooFast(Refused):
    """Slack would answer 429; ``Retry-After`` says after how many seconds the call is served."""

    status = HTTPStatus.TOO_MANY_REQUESTS

    def __init__(self, retry_after_s: float) -> None:
        super().__init__("ratelimited")
        self.headers = {"Retry-After": str(max(1, math.ceil(retry_after_s)))}


@dataclass(slots=True)
class Bucket:
    """What is left of a rate."""

    rate: Rate
    tokens: float
    at: float

    def wait_s(self, now: float) -> float:
        """Fill up to ``now``; return the seconds until there is a token, 0 when there is one."""
        per_s = self.rate.per_minute / 60
        self.tokens = min(self.rate.burst, self.tokens + max(0.0, now - self.at) * per_s)
        self.at = now
        # A clock is no exact thing: who waited as long as told is not sent away for a microsecond.
        wait_s = (1 - self.tokens) / per_s
        return wait_s if wait_s > 0.001 else 0.0


class Limits:
    """Counts calls, and refuses those that are too many."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._buckets: dict[tuple[str, str], Bucket] = {}
        self._refused: Counter[str] = Counter()
        self._tightness = Tightness.REAL

    def tighten(self, tightness: str) -> None:
        """Enforce differently from now on, with all buckets full.

        Raises:
            NotPossible: there is no such tightness.
        """
        if tightness not in list(Tightness):
            raise NotPossible(f"tightness must be one of {', '.join(Tightness)}")
        self._tightness = Tightness(tightness)
        self._buckets.clear()

    def take(self, method: str, channel: str = "") -> None:
        """Count one call.

        Raises:
            TooFast: one of its buckets is empty.
        """
        if self._tightness is Tightness.OFF:
            return
        keys = [(method, "")] + ([(method, channel)] if method == "chat.postMessage" and channel else [])
        buckets, now = [self._bucket(key) for key in keys], self._clock.now()
        wait_s, key = max(zip((bucket.wait_s(now) for bucket in buckets), keys, strict=True))
        if wait_s:
            self._refused[" ".join(key).strip()] += 1
            raise TooFast(wait_s)
        for bucket in buckets:
            bucket.tokens -= 1

    def shown(self) -> dict[str, Any]:
        """Return how tight it is, how many calls were refused, and how many could come at once right now."""
        now = self._clock.now()
        for bucket in self._buckets.values():
            bucket.wait_s(now)
        left = {" ".join(key).strip(): int(bucket.tokens) for key, bucket in self._buckets.items()}
        return {"tightness": self._tightness, "refused": dict(self._refused), "left": left}

    def _bucket(self, key: tuple[str, str]) -> Bucket:
        method, channel = key
        if key not in self._buckets:
            rate = CHANNEL if channel else RATES[method]
            rate = rate.tight() if self._tightness is Tightness.TIGHT else rate
            self._buckets[key] = Bucket(rate, rate.burst, self._clock.now())
            if len(self._buckets) > REMEMBERED:
                del self._buckets[next(iter(self._buckets))]
        return self._buckets[key]
