"""What Slack says of our app, and of our clock, when somebody asks whether all is well."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, Final

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.cases.lookout import Lookout
from bot.clock import Clock
from bot.jobs.vitals import Check
from bot.slack.gateway import Gateway
from bot.slack.sockets import Sockets

#: Where Slack names the scopes of the token that was used. Source: Slack docs, "Using OAuth scopes", read 2026-11-21.
_HEADER: Final = "x-oauth-scopes"
#: Longest that is waited for an answer, in seconds.
PATIENCE_S: Final = 10
#: What the header Date leaves out: it counts whole seconds.
_CUT: Final = timedelta(seconds=0.5)


async def granted(client: AsyncWebClient) -> frozenset[str]:
    """Return the scopes of our bot's token; none when Slack does not tell."""
    given = (await _headers(client)).get(_HEADER, "")
    return frozenset(scope.strip() for scope in given.split(",") if scope.strip())


def ready(lookout: Lookout, sockets: Sockets | None) -> dict[str, Check]:
    """Return what must be well before this process is given work, by name."""
    return {"database": lookout.database, **({"slack": sockets.deaf} if sockets else {})}


def deep(lookout: Lookout, sockets: Sockets | None, gateway: Gateway) -> dict[str, Check]:
    """Return what must be well before somebody outside is told that all is."""

    async def token() -> str:
        await gateway.who_am_i()
        return ""

    return {**ready(lookout, sockets), "token": token, "work": lookout.stuck, "feeds": lookout.unread}


async def skew(client: AsyncWebClient, clock: Clock) -> timedelta | None:
    """Return how far our clock is ahead of Slack's, to a second; None when Slack does not tell."""
    before = clock.now()
    said = (await _headers(client)).get("date", "")
    after = clock.now()
    try:
        theirs: datetime = parsedate_to_datetime(said)
        return before + (after - before) / 2 - (theirs + _CUT)
    except (TypeError, ValueError):
        return None


async def _headers(client: AsyncWebClient) -> dict[str, str]:
    """Return the headers of an answer of Slack's, their names in lower case."""
    try:
        async with asyncio.timeout(PATIENCE_S):
            answer: Any = await client.auth_test()
    except (SlackApiError, aiohttp.ClientError, TimeoutError):
        return {}
    return {str(name).lower(): str(value) for name, value in answer.headers.items()}
