"""The Slack app: listeners, the one answer to whatever goes wrong, and the connection."""

from __future__ import annotations

import json
import secrets
from typing import Any

from slack_bolt import BoltResponse
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.errors import GoshawkError, Misconfigured, SlackTrouble
from bot.log import get
from bot.slack import actions, commands, modals, shortcuts, views
from bot.slack.gateway import Gateway
from bot.slack.lists import notice
from bot.slack.text import say
from bot.slack.tools import Tools

_log = get(__name__)


def build(client: AsyncWebClient, tools: Tools) -> AsyncApp:
    """Return the app with every listener.

    Listeners finish before the ack (``process_before_response``): what was
    acknowledged is stored.
    """
    app = AsyncApp(client=client, process_before_response=True, request_verification_enabled=False)
    actions.listen(app, tools)
    commands.listen(app, tools)
    shortcuts.listen(app, tools)
    views.listen(app, tools)

    @app.error
    async def failed(error: Exception, body: dict[str, Any]) -> BoltResponse | None:
        return await _failed(tools, error, body)

    return app


async def _failed(tools: Tools, error: Exception, body: dict[str, Any]) -> BoltResponse | None:
    """Tell the person what went wrong; an unforeseen fault in an event is left for Slack to deliver again."""
    if isinstance(error, GoshawkError):
        sentence = str(error)
    else:
        ref = secrets.token_hex(2)
        _log.error("a listener failed", ref=ref, kind=body.get("type"), exc_info=error)
        sentence = f"That did not work and it is our fault (ref {ref}). Nothing was sent."
        if body.get("type") == "event_callback":
            await tools.bulletin.forget(str(body.get("event_id")))
            return None
    if body.get("type") == "view_submission":
        return _at_the_field(body, sentence)
    tools.errands.spawn(tools.answer(body, notice(say("{sentence}", sentence=sentence))))
    return BoltResponse(status=200)


def _at_the_field(body: dict[str, Any], sentence: str) -> BoltResponse:
    """Show the sentence at the modal's first field, or in its place when it has none."""
    inputs = [block["block_id"] for block in body["view"]["blocks"] if block["type"] == "input"]
    if inputs:
        answer: dict[str, Any] = {"response_action": "errors", "errors": {inputs[0]: sentence[:2_000]}}
    else:
        answer = {"response_action": "update", "view": modals.problem_modal(sentence)}
    return BoltResponse(status=200, body=json.dumps(answer), headers={"content-type": ["application/json"]})


def socket(app: AsyncApp, app_token: str) -> AsyncSocketModeHandler:
    """Return the Socket Mode connection: :func:`connect` opens it, ``close_async`` ends it."""
    return AsyncSocketModeHandler(app, app_token)


async def connect(connection: AsyncSocketModeHandler, gateway: Gateway, app_token: str) -> None:
    """Open the connection; a token that Slack refuses is said, while the SDK would try it for ever.

    Raises:
        Misconfigured: Slack gives no address to connect to.
    """
    try:
        connection.client.wss_uri = await gateway.socket_address(app_token)
    except SlackTrouble as trouble:
        raise Misconfigured(
            f"{trouble} Check SLACK_APP_TOKEN: it begins with xapp- and needs the scope connections:write."
        ) from trouble
    await connection.connect_async()  # type: ignore[no-untyped-call]
