"""Every call to Slack: one session, no retries of the SDK's own, failures sorted into our three kinds.

The SDK repeats a call whose connection broke, which posts twice, and knows
neither 429 nor a body that is no JSON; so its retries are off and the errors of
all layers are sorted here. Retrying is the job runner's.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Mapping
from typing import Any, Final

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from bot.errors import NotAllowed, SlackBusy, SlackDoubtful, SlackLocked, SlackRefused, SlackTrouble
from bot.jobs import lease
from bot.jobs.pace import FREE, Turns
from bot.jobs.vitals import Vitals
from bot.log import get
from bot.slack.blocks import Block, section
from bot.slack.cards import Drawing
from bot.slack.errors import FAILURES, sorted_out
from bot.slack.text import Safe

#: Longest a call to Slack may take, in seconds; well below the lease of a job.
TIMEOUT_S: Final = 20
#: The same for a call that stands before an ack: Slack waits three seconds for that.
PATIENCE_S: Final = 1.2
#: The same for one that may fail without harm.
GLANCE_S: Final = 0.6
#: Most things that a list method gives at once. Source: Slack docs, "Pagination", read 2026-11-21.
PAGE: Final = 1_000
#: Redraws in one channel that may follow each other at once; from then on they are a gap apart.
#: Slack allows about fifty a minute (Tier 3. Source: Slack docs, "chat.update", read 2026-11-22).
UPDATES: Final = 30
#: Seconds after which no connection is waited for any more: until then nothing was sent.
CONNECT_S: Final = 8.0
#: What the metadata of a message calls it that may have to be found again.
POST: Final = "goshawk_post"
_NO_WINDOW: Final = "Slack did not open the window in time. Nothing is lost: press once more."

Call = Coroutine[Any, Any, Any]

_log = get(__name__)


def client_for(token: str, base_url: str, session: aiohttp.ClientSession) -> AsyncWebClient:
    """Return the SDK's client as we use it: one shared session, its own retries off."""
    return AsyncWebClient(token=token, base_url=base_url, session=session, retry_handlers=[])


def session_for(*, connect_s: float = CONNECT_S) -> aiohttp.ClientSession:
    """Return the one session of all that is said to Slack; no connection in time is told from no answer in time."""
    return aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=None, connect=connect_s))


class Gateway:
    """What Goshawk says to Slack."""

    def __init__(
        self,
        client: AsyncWebClient,
        session: aiohttp.ClientSession,
        turns: Turns = FREE,
        *,
        vitals: Vitals | None = None,
        timeout_s: float = TIMEOUT_S,
    ) -> None:
        self._client = client
        self._session = session
        self._turns = turns
        self._vitals = vitals or Vitals()
        self._timeout_s = timeout_s

    def unpaced(self) -> Gateway:
        """Return one that waits for no turn: for what must be said while the database is silent."""
        return Gateway(self._client, self._session, vitals=self._vitals, timeout_s=self._timeout_s)

    async def post(
        self,
        channel: str,
        drawing: Drawing,
        *,
        thread: str = "",
        stamp: Mapping[str, Any] | None = None,
        before: Callable[[], Awaitable[None]] | None = None,
    ) -> tuple[str, str]:
        """Post a message in its turn and return (channel id, ts); by its ``stamp`` it can be found again.

        ``before`` is awaited when the turn has come, directly before the call.

        Raises:
            SlackBusy: Slack asks to wait. SlackRefused: it said no. SlackDoubtful: it may stand there.
        """
        metadata = {"event_type": POST, "event_payload": dict(stamp)} if stamp else None
        kept = {"thread_ts": thread or None, "unfurl_links": False, "unfurl_media": False, "metadata": metadata}
        async with self._turn(channel):
            if before:
                await before()
            answer = await self._drawn(self._client.chat_postMessage, drawing, channel=channel, **kept)
        return str(answer["channel"]), str(answer["ts"])

    async def update(self, channel: str, ts: str, drawing: Drawing) -> None:
        """Redraw a message in its turn: text and blocks always together, since text alone drops the blocks."""
        async with self._turn(f"chat.update {channel}", burst=UPDATES):
            await self._drawn(self._client.chat_update, drawing, channel=channel, ts=ts)

    async def redact(self, channel: str, ts: str, drawing: Drawing) -> str:
        """Redraw an old message when nobody waits for it, one at a time; return the words that Slack shows now."""
        async with self._turn("redactions"):
            answer = await self._drawn(self._client.chat_update, drawing, channel=channel, ts=ts)
        return str(answer.get("text", ""))

    @contextlib.asynccontextmanager
    async def _turn(self, lane: str, *, burst: int = 1) -> AsyncIterator[None]:
        """Take a turn; when Slack asks to wait, nobody gets one there until then, in whichever process."""
        await self._turns.take(lane, burst=burst)
        try:
            yield
        except SlackLocked:
            raise
        except SlackBusy as busy:
            await self._turns.push(lane, busy.retry_after_s, burst=burst)
            raise

    async def delete(self, channel: str, ts: str) -> None:
        """Take a message of ours away; what is said below it stays."""
        await self._sorted(self._client.chat_delete(channel=channel, ts=ts))

    async def _drawn(self, call: Callable[..., Call], drawing: Drawing, **more: Any) -> dict[str, Any]:
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
        await self._in_time(self._client.views_open(trigger_id=trigger_id, view=view), _NO_WINDOW)

    async def push(self, trigger_id: str, view: Block) -> None:
        """Put a modal on top of the one that was pressed in; made before an ack, so it must be quick.

        Raises:
            NotAllowed: no window opened; nothing is lost, the person presses again.
        """
        await self._in_time(self._client.views_push(trigger_id=trigger_id, view=view), _NO_WINDOW)

    async def _in_time(self, call: Call, otherwise: str) -> dict[str, Any]:
        """Await a call that stands before an ack; ``otherwise`` is told to whoever pressed."""
        try:
            async with asyncio.timeout(PATIENCE_S):
                return await self._sorted(call)
        except (SlackTrouble, TimeoutError) as trouble:
            _log.warning("a call before an ack was in vain", told=otherwise, trouble=repr(trouble))
            raise NotAllowed(otherwise) from trouble

    async def redo(self, view: dict[str, Any], anew: Block) -> None:
        """Show something else in an open window, unless it was closed or changed meanwhile."""
        await self._sorted(self._client.views_update(view_id=view["id"], hash=view["hash"], view=anew))

    async def home(self, staff_id: str, blocks: list[Block], *, over: str = "") -> str:
        """Publish somebody's Home and return its hash; ``over`` is the hash of the one that it may replace."""
        view = {"type": "home", "blocks": blocks}
        answer = await self._sorted(self._client.views_publish(user_id=staff_id, view=view, hash=over or None))
        return str((answer.get("view") or {}).get("hash") or "")

    async def permalink(self, channel: str, ts: str) -> str:
        """Return the address of a message; empty when Slack knows none: nobody needs it to go on."""
        try:
            answer = await self._sorted(self._client.chat_getPermalink(channel=channel, message_ts=ts))
        except SlackRefused:
            return ""
        return str(answer["permalink"])

    async def direct(self, staff_id: str) -> str:
        """Return the channel of direct messages with somebody."""
        answer = await self._sorted(self._client.conversations_open(users=staff_id))
        return str(answer["channel"]["id"])

    async def socket_address(self, app_token: str) -> str:
        """Return where Socket Mode connects; it is good for one connection, made soon."""
        answer = await self._answer(self._client.apps_connections_open(app_token=app_token))
        return str(answer["url"])

    async def who_am_i(self) -> dict[str, Any]:
        """Return what Slack says of our token."""
        return await self._sorted(self._client.auth_test())

    async def pages(self, method: str, key: str, **arguments: Any) -> list[dict[str, Any]]:
        """Return all pages of a list method."""
        found: list[dict[str, Any]] = []
        cursor = ""
        while True:
            body = {"limit": PAGE, **arguments, **({"cursor": cursor} if cursor else {})}
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
        otherwise = "Slack does not tell me who you are just now. Nothing was done: try again."
        return dict((await self._in_time(self._client.users_info(user=staff_id), otherwise))["user"])

    async def groups(self) -> list[dict[str, Any]] | None:
        """Return the user groups with their members, asked before an ack; None when Slack does not tell at once."""
        try:
            async with asyncio.timeout(GLANCE_S):
                return await self.pages("usergroups.list", "usergroups", include_users="true")
        except (SlackTrouble, TimeoutError) as trouble:
            _log.warning("the user groups could not be read; rights stay as they were", trouble=repr(trouble))
            return None

    async def _sorted(self, call: Call) -> dict[str, Any]:
        """Await a call with the bot's token, unless Slack does not take that now."""
        try:
            self._vitals.check()
            answer = await self._answer(call)
        except SlackLocked as locked:
            self._vitals.locked(locked)
            raise
        finally:
            call.close()
        self._vitals.taken()
        return answer

    async def _answer(self, call: Call) -> dict[str, Any]:
        """Await a call of the SDK; every way it can fail becomes one of ours.

        The time limit is ours: with a session of one's own the SDK sets none. Nothing is called for a job that may be
        another's by now.
        """
        try:
            lease.check()
            async with asyncio.timeout(self._timeout_s):
                answer = await call
        except FAILURES as error:
            raise sorted_out(error) from error
        finally:
            call.close()
        return dict(answer.data)


def _plainest(drawing: Drawing) -> list[Block]:
    """Return what is left of a drawing whose blocks Slack refuses: its sentence, escaped already, and its buttons."""
    return [section(Safe(drawing.text)), *[block for block in drawing.blocks if block["type"] == "actions"]]
