"""What Slack says of our app when somebody asks whether all is well."""

from __future__ import annotations

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

#: Where Slack names the scopes of the token that was used. Source: Slack docs, "Using OAuth scopes", read 2026-11-21.
_HEADER = "x-oauth-scopes"


async def granted(client: AsyncWebClient) -> frozenset[str]:
    """Return the scopes of our bot's token; none when Slack does not tell."""
    try:
        answer = await client.auth_test()
    except (SlackApiError, aiohttp.ClientError, TimeoutError):
        return frozenset()
    named = {str(name).lower(): str(value) for name, value in answer.headers.items()}
    return frozenset(scope.strip() for scope in named.get(_HEADER, "").split(",") if scope.strip())
