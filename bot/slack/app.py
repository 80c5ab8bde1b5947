"""The Slack app: listeners, the one answer to whatever goes wrong, and the connection."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from typing import Any

from slack_bolt import BoltResponse
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_sdk.web.async_client import AsyncWebClient

from bot import metrics
from bot.errors import GoshawkError, NotOurs, Repeated, Unusable
from bot.log import get
from bot.slack import actions, commands, modals, press, reactions, shortcuts, views
from bot.slack.lists import notice
from bot.slack.text import say
from bot.slack.tools import Tools

_log = get(__name__)


def build(client: AsyncWebClient, tools: Tools) -> AsyncApp:
    """Return the app with every listener.

    Listeners finish before the ack (``process_before_response``): what was
    acknowledged is stored. Who we are was read at the start: Bolt would ask
    Slack once more, without a time limit, before it hears the first press.
    """

    async def ourselves() -> AuthorizeResult:
        us = tools.directory
        return AuthorizeResult(
            enterprise_id=None, team_id=us.team, bot_user_id=us.me, bot_id=us.bot, bot_token=client.token
        )

    bare = AsyncWebClient(base_url=client.base_url, session=client.session, retry_handlers=[])
    app = AsyncApp(client=bare, authorize=ourselves, process_before_response=True, request_verification_enabled=False)
    actions.listen(app, tools)
    commands.listen(app, tools)
    press.listen(app, tools.bulletin.first_time)
    reactions.listen(app, tools)
    shortcuts.listen(app, tools)
    views.listen(app, tools)

    @app.error
    async def failed(error: Exception, body: dict[str, Any]) -> BoltResponse | None:
        return await _failed(tools, error, body)

    return app


async def _failed(tools: Tools, error: Exception, body: dict[str, Any]) -> BoltResponse | None:
    """Tell the person what went wrong; an event that we failed is left for Slack to deliver again.

    A press never comes again, so whoever pressed is told in any case.
    """
    is_event = body.get("type") == "event_callback"
    if isinstance(error, Repeated):
        return BoltResponse(status=409)
    if isinstance(error, Unusable) and is_event:
        _log.warning("an event is left for Slack to deliver again", trouble=str(error))
        return None
    if isinstance(error, GoshawkError):
        sentence = str(error)
        if isinstance(error, NotOurs):
            _log.warning("a control or window brought what was never written into it", kind=body.get("type"))
    else:
        ref = secrets.token_hex(2)
        _log.error("a listener failed", ref=ref, kind=body.get("type"), exc_info=error)
        sentence = f"That did not work and it is our fault (ref {ref}). Nothing was sent."
        if is_event:
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


async def over_http(app: AsyncApp, body: str, headers: Mapping[str, str]) -> tuple[int, str, dict[str, str]]:
    """Work on one request whose signature was checked; return status, body and headers of the answer.

    What cannot be parsed although Slack signed it is refused with 400.
    """
    try:
        request = AsyncBoltRequest(body=body, headers=dict(headers))
    except (ValueError, RecursionError):
        _log.warning("a signed request could not be understood")
        return 400, "This cannot be understood.", {}
    with metrics.ACK.time():
        answer = await app.async_dispatch(request)
    return answer.status, answer.body, answer.first_headers()
