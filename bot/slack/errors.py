"""How calls to Slack fail, sorted into ours: surely not applied, refused, in doubt, or our token is not taken."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Final

import aiohttp
from slack_sdk.errors import SlackApiError, SlackRequestError

from bot import metrics
from bot.errors import SlackBusy, SlackDoubtful, SlackLocked, SlackRefused, SlackTrouble

#: Every way in which a call of the SDK can end without an answer; each is sorted by :func:`sorted_out`.
FAILURES: Final = (aiohttp.ClientError, SlackApiError, SlackRequestError, TimeoutError, AttributeError, OSError)

#: Slack's own words for "some of it may have happened". Source: Slack docs, "Errors", read 2026-11-21.
_DOUBTFUL: Final = frozenset({"internal_error", "fatal_error", "request_timeout", "service_unavailable"})
#: Slack's words for a token that counts no more, or not yet. Source: the same page.
_LOCKED: Final = frozenset({"token_revoked", "account_inactive", "invalid_auth", "not_authed", "token_expired"})
#: Slack's words for a message, or a thread, that stands nowhere.
NOWHERE: Final = frozenset({"message_not_found", "thread_not_found"})
#: Slack's words for a message of ours that may be deleted, but not edited any more.
NOT_EDITED: Final = frozenset({"cant_update_message", "edit_window_closed"})
#: Either of them: post anew.
GONE: Final = NOWHERE | NOT_EDITED
#: Seconds between two looks whether it counts again.
LOCKED_S: Final = 30.0
#: Seconds to wait when Slack says "slow down" and not for how long.
_UNTOLD_S: Final = 1.0
#: Longest wait that is believed.
_LONGEST_S: Final = 3_600.0
#: Seconds after which Slack is tried again that could not be reached.
_AWAY_S: Final = 5.0


def sorted_out(error: Exception) -> SlackTrouble:
    """Return what an error of the SDK or of its transport means for the call that it ended."""
    if isinstance(error, SlackApiError):
        return _of_answer(error)
    if isinstance(error, aiohttp.ClientConnectorError | aiohttp.ConnectionTimeoutError | SlackRequestError):
        # No connection: refused, no such name, no trust (TLS), none free. Nothing was written.
        return SlackBusy(f"Slack cannot be reached: {error}.", retry_after_s=_AWAY_S)
    if isinstance(error, TimeoutError):
        return SlackDoubtful("Slack did not answer in time.")
    # AttributeError: the SDK's own failure when a 200 holds HTML instead of JSON.
    return SlackDoubtful(f"Slack did not answer properly: {error!r}.")


def _of_answer(error: SlackApiError) -> SlackTrouble:
    response: Any = error.response
    status = getattr(response, "status_code", 0)
    code = str(response.get("error", "")) if isinstance(getattr(response, "data", None), dict) else ""
    if status == 429 or code in {"ratelimited", "rate_limited"}:
        metrics.SLACK_BUSY.inc()
        return SlackBusy("Slack asks to slow down.", retry_after_s=_wait_s(getattr(response, "headers", None) or {}))
    if code in _LOCKED:
        return SlackLocked(code, retry_after_s=LOCKED_S)
    if status >= 500 or code in _DOUBTFUL or not code:
        return SlackDoubtful(f"Slack failed ({status} {code}).")
    details = "; ".join((response.get("response_metadata") or {}).get("messages") or [])
    needed = str(response.get("needed") or "")
    more = f" It needs the scope {needed}." if needed else f" {details}" if details else ""
    return SlackRefused(f"Slack refused: {code}.{more}", code=code, needed=needed)


def _wait_s(headers: Mapping[str, str]) -> float:
    """Return how long Slack asks to wait: seconds or a date; a second when it says neither."""
    told = {name.casefold(): str(value).strip() for name, value in headers.items()}
    after = told.get("retry-after", "")
    try:
        wait_s = float(after)
    except ValueError:
        wait_s = _until(after, told.get("date", ""))
    return min(max(wait_s, 0.0), _LONGEST_S) if math.isfinite(wait_s) else _UNTOLD_S


def _until(moment: str, now: str) -> float:
    """Return the seconds until a date of HTTP, by the other side's own clock if it tells the time."""
    try:
        until = parsedate_to_datetime(moment)
    except ValueError:
        return _UNTOLD_S
    try:
        since = parsedate_to_datetime(now)
    except ValueError:
        since = datetime.now(UTC)
    return (until - since).total_seconds() if until.tzinfo and since.tzinfo else _UNTOLD_S
