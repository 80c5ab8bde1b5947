"""Every call to Slack: one session, no retries of the SDK's own, failures sorted into our three kinds.

The SDK repeats a call whose connection broke, which posts twice, and knows
neither 429 nor a body that is no JSON; so its retries are off and the errors of
all layers are sorted here. Retrying is the job runner's.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any, Final

import aiohttp
from slack_sdk.errors import SlackApiError, SlackRequestError
from slack_sdk.web.async_client import AsyncWebClient

from bot import metrics
from bot.domain.ids import CaseId
from bot.errors import NotAllowed, SlackBusy, SlackDoubtful, SlackRefused, SlackTrouble
from bot.jobs.limiter import Limiter
from bot.log import get
from bot.slack.blocks import Block, section
from bot.slack.cards import Drawing
from bot.slack.text import Safe

#: Longest a call to Slack may take, in seconds; well below the lease of a job.
TIMEOUT_S: Final = 20
#: The same for a call that stands before an ack: Slack waits three seconds for that.
PATIENCE_S: Final = 1.2
#: The same for one that may fail without harm.
GLANCE_S: Final = 0.6
#: Most things that a list method gives at once. Source: Slack docs, "Pagination", read 2026-11-21.
PAGE: Final = 1_000
#: Slack's own words for "some of it may have happened". Source: Slack docs, "Errors", read 2026-11-21.
_DOUBTFUL: Final = frozenset({"internal_error", "fatal_error", "request_timeout", "service_unavailable"})

#: What a card's metadata calls it.
CARD: Final = "goshawk_card"

_log = get(__name__)


def client_for(token: str, base_url: str, session: aiohttp.ClientSession) -> AsyncWebClient:
    """Return the SDK's client as we use it: one shared session, its own retries off."""
    return AsyncWebClient(token=token, base_url=base_url, session=session, retry_handlers=[])


class Gateway:
    """What Goshawk says to Slack."""

    def __init__(
        self,
        client: AsyncWebClient,
        session: aiohttp.ClientSession,
        limiter: Limiter,
        *,
        timeout_s: float = TIMEOUT_S,
    ) -> None:
        self._client = client
        self._session = session
        self._limiter = limiter
        self._timeout_s = timeout_s

    async def post(
        self, channel: str, drawing: Drawing, *, thread: str = "", case_id: CaseId | None = None
    ) -> tuple[str, str]:
        """Post a message in its turn and return (channel id, ts); the card of a case can be found by it again.

        Raises:
            SlackBusy: Slack asks to wait. SlackRefused: it said no. SlackDoubtful: it may stand there.
        """
        await self._limiter.turn(channel)
        metadata = None if case_id is None else {"event_type": CARD, "event_payload": {"case": case_id}}
        kept = {"thread_ts": thread or None, "unfurl_links": False, "unfurl_media": False, "metadata": metadata}
        try:
            answer = await self._drawn(self._client.chat_postMessage, drawing, channel=channel, **kept)
        except SlackBusy as busy:
            self._limiter.hold(channel, busy.retry_after_s)
            raise
        return str(answer["channel"]), str(answer["ts"])

    async def card_of(self, channel: str, case_id: CaseId, *, since: datetime) -> str:
        """Return the ts of the case's card that stands in a channel already, or nothing.

        Without the optional right to read history nothing is found.
        """
        call = self._client.conversations_history(
            channel=channel, oldest=f"{since.timestamp():.6f}", limit=200, include_all_metadata=True
        )
        try:
            answer = await self._sorted(call)
        except SlackRefused as refusal:
            if refusal.code == "missing_scope":
                return ""
            raise
        ours = {"event_type": CARD, "event_payload": {"case": case_id}}
        found = (one for one in answer["messages"] if _says(one.get("metadata") or {}, ours))
        return str(next((one["ts"] for one in found), ""))

    async def update(self, channel: str, ts: str, drawing: Drawing) -> None:
        """Redraw a message: text and blocks always together, since text alone drops the blocks."""
        await self._drawn(self._client.chat_update, drawing, channel=channel, ts=ts)

    async def redact(self, channel: str, ts: str, drawing: Drawing) -> None:
        """Redraw an old message when nobody waits for it: one at a time, so that cards go first."""
        await self._limiter.turn("redactions")
        await self.update(channel, ts, drawing)

    async def delete(self, channel: str, ts: str) -> None:
        """Take a message of ours away; what is said below it stays."""
        await self._sorted(self._client.chat_delete(channel=channel, ts=ts))

    async def _drawn(self, call: Callable[..., Awaitable[Any]], drawing: Drawing, **more: Any) -> dict[str, Any]:
        """Send a drawing; one whose blocks Slack refuses stands as its sentence and its buttons, and is logged."""
        try:
            return await self._sorted(call(text=drawing.text, blocks=drawing.blocks, **more))
        except SlackRefused as refusal:
            if refusal.code != "invalid_blocks":
                raise
            _log.error("Slack refused a drawing; its sentence stands in its place", trouble=str(refusal))
        return await self._sorted(call(text=drawing.text, blocks=_plainest(drawing), **more))

    async def whisper(self, channel: str, staff_id: str, drawing: Drawing, *, thread: str = "") -> None:
        """Say something that only one person sees."""
        call = self._client.chat_postEphemeral(
            channel=channel, user=staff_id, text=drawing.text, blocks=drawing.blocks, thread_ts=thread or None
        )
        await self._sorted(call)

    async def respond(self, response_url: str, drawing: Drawing, *, replace: bool = False) -> None:
        """Answer privately through the address that came with a press or a command, or ``replace`` what was pressed."""
        message = {
            "response_type": "ephemeral",
            "replace_original": replace,
            "text": drawing.text,
            "blocks": drawing.blocks,
        }
        try:
            async with (
                asyncio.timeout(self._timeout_s),
                self._session.post(response_url, json=message) as answer,
            ):
                if answer.status >= 400:
                    raise SlackRefused(f"Slack refused an answer ({answer.status}).", code=str(answer.status))
        except (aiohttp.ClientError, TimeoutError) as error:
            raise SlackDoubtful(f"An answer may not have reached Slack: {error!r}.") from error

    async def open(self, trigger_id: str, view: Block) -> None:
        """Open a modal; one of the two calls made before an ack, so it must be quick.

        Raises:
            NotAllowed: no window opened; nothing is lost, the person presses again.
        """
        await self._in_time(self._client.views_open(trigger_id=trigger_id, view=view))

    async def push(self, trigger_id: str, view: Block) -> None:
        """Put a modal on top of the one that was pressed in; made before an ack, so it must be quick.

        Raises:
            NotAllowed: no window opened; nothing is lost, the person presses again.
        """
        await self._in_time(self._client.views_push(trigger_id=trigger_id, view=view))

    async def _in_time(self, call: Awaitable[Any]) -> None:
        try:
            async with asyncio.timeout(PATIENCE_S):
                await self._sorted(call)
        except (SlackTrouble, TimeoutError) as trouble:
            _log.warning("a window did not open", trouble=repr(trouble))
            raise NotAllowed("Slack did not open the window in time. Nothing is lost: press once more.") from trouble

    async def redo(self, view: dict[str, Any], anew: Block) -> None:
        """Show something else in an open window, unless it was closed or changed meanwhile."""
        await self._sorted(self._client.views_update(view_id=view["id"], hash=view["hash"], view=anew))

    async def home(self, staff_id: str, blocks: list[Block], *, over: str = "") -> str:
        """Publish somebody's Home and return its hash; ``over`` is the hash of the one that it may replace."""
        view = {"type": "home", "blocks": blocks}
        answer = await self._sorted(self._client.views_publish(user_id=staff_id, view=view, hash=over or None))
        return str((answer.get("view") or {}).get("hash") or "")

    async def permalink(self, channel: str, ts: str) -> str:
        """Return the address of a message."""
        answer = await self._sorted(self._client.chat_getPermalink(channel=channel, message_ts=ts))
        return str(answer["permalink"])

    async def direct(self, staff_id: str) -> str:
        """Return the channel of direct messages with somebody."""
        answer = await self._sorted(self._client.conversations_open(users=staff_id))
        return str(answer["channel"]["id"])

    async def socket_address(self, app_token: str) -> str:
        """Return where Socket Mode connects; it is good for one connection, made soon."""
        answer = await self._sorted(self._client.apps_connections_open(app_token=app_token))
        return str(answer["url"])

    async def who_am_i(self) -> dict[str, Any]:
        """Return what Slack says of our token."""
        return await self._sorted(self._client.auth_test())

    async def pages(self, method: str, key: str, **arguments: Any) -> list[dict[str, Any]]:
        """Return all pages of a list method."""
        found: list[dict[str, Any]] = []
        cursor = ""
        while True:
            body = {**arguments, "limit": PAGE, **({"cursor": cursor} if cursor else {})}
            answer = await self._sorted(self._client.api_call(method, http_verb="GET", params=body))
            found.extend(answer.get(key) or [])
            cursor = (answer.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return found

    async def channel(self, channel: str) -> dict[str, Any]:
        """Return what a channel is at this moment.

        Raises:
            SlackRefused: it is gone, or we are not in it.
        """
        answer = await self._sorted(self._client.conversations_info(channel=channel))
        return dict(answer["channel"])

    async def members(self, channel: str) -> list[str]:
        """Return the ids of everybody in a channel."""
        return [str(one) for one in await self.pages("conversations.members", "members", channel=channel)]

    async def person(self, staff_id: str) -> dict[str, Any]:
        """Return what Slack knows of one person; asked before an ack, so it must be quick.

        Raises:
            NotAllowed: Slack does not tell.
        """
        try:
            async with asyncio.timeout(PATIENCE_S):
                answer = await self._sorted(self._client.users_info(user=staff_id))
        except (SlackTrouble, TimeoutError) as trouble:
            _log.warning("a person could not be looked up", trouble=repr(trouble))
            raise NotAllowed("Slack does not tell me who you are just now. Nothing was done: try again.") from trouble
        return dict(answer["user"])

    async def groups(self) -> list[dict[str, Any]] | None:
        """Return the user groups with their members, asked before an ack; None when Slack does not tell at once."""
        try:
            async with asyncio.timeout(GLANCE_S):
                return await self.pages("usergroups.list", "usergroups", include_users="true")
        except (SlackTrouble, TimeoutError) as trouble:
            _log.warning("the user groups could not be read; rights stay as they were", trouble=repr(trouble))
            return None

    async def _sorted(self, call: Awaitable[Any]) -> dict[str, Any]:
        """Await a call of the SDK; every way it can fail becomes one of ours.

        The time limit is ours: with a session of one's own the SDK sets none.
        """
        try:
            async with asyncio.timeout(self._timeout_s):
                answer = await call
        except SlackApiError as error:
            raise _of_answer(error) from error
        except (aiohttp.ClientConnectorError, SlackRequestError) as error:
            raise SlackBusy(f"Slack cannot be reached: {error}.", retry_after_s=5) from error
        except (aiohttp.ClientError, TimeoutError, AttributeError) as error:
            # AttributeError: the SDK's own failure when a 200 holds HTML instead of JSON.
            raise SlackDoubtful(f"Slack did not answer properly: {error!r}.") from error
        return dict(answer.data)


def _says(metadata: dict[str, Any], wanted: dict[str, Any]) -> bool:
    return all(metadata.get(name) == value for name, value in wanted.items())


def _plainest(drawing: Drawing) -> list[Block]:
    """Return what is left of a drawing whose blocks Slack refuses: its sentence, escaped already, and its buttons."""
    return [section(Safe(drawing.text)), *[block for block in drawing.blocks if block["type"] == "actions"]]


def _of_answer(error: SlackApiError) -> SlackBusy | SlackRefused | SlackDoubtful:
    response: Any = error.response
    status = getattr(response, "status_code", 0)
    code = str(response.get("error", "")) if isinstance(getattr(response, "data", None), dict) else ""
    if status == 429 or code in {"ratelimited", "rate_limited"}:
        metrics.SLACK_BUSY.inc()
        after = (getattr(response, "headers", None) or {}).get("Retry-After", "1")
        return SlackBusy("Slack asks to slow down.", retry_after_s=float(after) if str(after).isdigit() else 1.0)
    if status >= 500 or code in _DOUBTFUL or not code:
        return SlackDoubtful(f"Slack failed ({status} {code}).")
    details = "; ".join((response.get("response_metadata") or {}).get("messages") or [])
    needed = response.get("needed")
    more = f" It needs the scope {needed}." if needed else f" {details}" if details else ""
    return SlackRefused(f"Slack refused: {code}.{more}", code=code)
