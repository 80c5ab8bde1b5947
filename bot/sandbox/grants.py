"""What an interaction grants for a while: a trigger to open one modal, a URL to answer five times."""

import secrets
from dataclasses import dataclass
from typing import Final, TypeVar

from bot.sandbox.clock import Clock
from bot.sandbox.errors import Refused

#: Seconds for which a trigger may be exchanged. Source: Slack docs, "Handling user interaction", read 2026-11-21.
TRIGGER_LIFE_S: Final = 3.0

#: Seconds and uses of a response URL. Source: the same page.
RESPONSE_LIFE_S: Final = 30 * 60.0
RESPONSE_USES: Final = 5

#: So many grants of each sort are remembered; older ones count as unknown.
REMEMBERED: Final = 5_000


@dataclass(slots=True)
class Trigger:
    """The right to open one modal for ``user``."""

    user: str
    at: float
    view_id: str = ""
    """The modal in which the interaction took place; empty elsewhere."""
    window: str = ""
    """The browser window in which it took place; empty when no page said so."""
    is_spent: bool = False


@dataclass(slots=True)
class ResponseUrl:
    """The right to answer an interaction without being a member."""

    user: str
    channel: str
    at: float
    message_ts: str = ""
    """The message that carried the control; empty for a slash command."""
    uses: int = 0


_Grant = TypeVar("_Grant")


class Grants:
    """Hand out triggers and response URLs, and take them back."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._triggers: dict[str, Trigger] = {}
        self._urls: dict[str, ResponseUrl] = {}

    def trigger(self, user: str, *, view_id: str = "", window: str = "") -> str:
        """Issue a trigger id in Slack's form ``132456.7890123.abcdef``."""
        number = f"{secrets.randbelow(9 * 10**9) + 10**9}.{secrets.randbelow(9 * 10**8) + 10**8}"
        trigger_id = f"{number}.{secrets.token_hex(16)}"
        _remember(self._triggers, trigger_id, Trigger(user, self._clock.now(), view_id, window))
        return trigger_id

    def exchange(self, trigger_id: str) -> Trigger:
        """Spend a trigger.

        Raises:
            Refused: it is unknown, spent or older than three seconds.
        """
        trigger = self._triggers.get(trigger_id)
        if trigger is None:
            raise Refused("invalid_trigger_id")
        if trigger.is_spent:
            raise Refused("exchanged_trigger_id")
        trigger.is_spent = True
        if self._clock.now() - trigger.at > TRIGGER_LIFE_S:
            raise Refused("expired_trigger_id")
        return trigger

    def response_url(self, user: str, channel: str, *, message_ts: str = "") -> str:
        """Issue the id of a response URL."""
        url_id = secrets.token_urlsafe(18)
        _remember(self._urls, url_id, ResponseUrl(user, channel, self._clock.now(), message_ts))
        return url_id

    def use(self, url_id: str) -> ResponseUrl:
        """Count one use of a response URL.

        Raises:
            Refused: it is unknown, used five times, or older than thirty minutes.
        """
        url = self._urls.get(url_id)
        if url is None:
            raise Refused("invalid_url")
        if self._clock.now() - url.at > RESPONSE_LIFE_S:
            raise Refused("expired_url")
        if url.uses >= RESPONSE_USES:
            raise Refused("used_url")
        url.uses += 1
        return url


def _remember(shelf: dict[str, _Grant], key: str, grant: _Grant) -> None:
    shelf[key] = grant
    if len(shelf) > REMEMBERED:
        del shelf[next(iter(shelf))]
