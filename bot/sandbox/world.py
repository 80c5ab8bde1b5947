"""Everything the sandbox knows, in one place: people, channels, messages, views, grants and what happened."""

import asyncio
from collections import deque
from collections.abc import Mapping
from typing import Any, Final

import orjson

from bot.sandbox import workspace
from bot.sandbox.clock import Clock
from bot.sandbox.delivery import Delivery
from bot.sandbox.grants import Grants
from bot.sandbox.keep import Keep
from bot.sandbox.ledger import Ledger
from bot.sandbox.links import links
from bot.sandbox.manifest import AppManifest
from bot.sandbox.messages import Message, Messages
from bot.sandbox.modals import Views
from bot.sandbox.pings import Pings, pings
from bot.sandbox.sockets import Sockets
from bot.sandbox.text import Directory
from bot.sandbox.unread import Unread
from bot.sandbox.workspace import BOT_USER, Channel, User

#: Slack cuts a longer text. Source: Slack docs, "Truncating content", read 2026-11-21.
TEXT_LIMIT: Final = 40_000

#: So many notices of the client are remembered for each person.
NOTICES: Final = 20


class Bell:
    """Tells everybody who listens that something changed."""

    def __init__(self) -> None:
        self._listeners: set[asyncio.Event] = set()

    def listen(self) -> asyncio.Event:
        """Return an event that is set on each change from now on."""
        event = asyncio.Event()
        self._listeners.add(event)
        return event

    def leave(self, event: asyncio.Event) -> None:
        """Stop listening."""
        self._listeners.discard(event)

    def ring(self) -> None:
        """Something changed."""
        for event in self._listeners:
            event.set()


class World:
    """The state of the sandbox."""

    def __init__(self, app: AppManifest, keep: Keep, clock: Clock | None = None) -> None:
        self.app = app
        self.keep = keep
        self.clock = clock or Clock()
        self.users = workspace.people(app.bot_name)
        self.channels = workspace.channels()
        self.groups = workspace.groups()
        self.names = Directory(self.users, self.channels, self.groups)
        self.messages = Messages(keep)
        self.unread = Unread(keep)
        self.views = Views(keep)
        self.grants = Grants(self.clock)
        self.ledger = Ledger()
        self.sockets = Sockets(self.ledger, self.clock)
        self.delivery = Delivery(self.ledger, self.sockets)
        self.bell = Bell()
        for key, _body in keep.read("member"):
            channel, _, user = key.partition(":")
            if user not in self.channels[channel].members:
                self.channels[channel].members.append(user)
        self.notices: dict[str, deque[dict[str, str]]] = {}

    def ts(self, channel: str) -> str:
        """Return the next timestamp in a channel."""
        return self.messages.next_ts(channel, self.clock.now())

    def direct(self, user: str) -> Channel:
        """Return the conversation of this person with the bot."""
        return self.channels["D" + user[1:]]

    def join(self, channel: Channel, *users: str) -> None:
        """Add members to a channel; who is in it already stays. Kept on disk."""
        for user in users:
            if user not in channel.members:
                channel.members.append(user)
                self.keep.put("member", f"{channel.id}:{user}", b"{}")
        self.bell.ring()

    def notice(self, user: str, text: str, *, kind: str = "failed") -> None:
        """Show a person a line of the client's own: something ``failed``, or ``info``."""
        line = {"ts": f"{self.clock.now():.6f}", "text": text, "kind": kind}
        self.notices.setdefault(user, deque(maxlen=NOTICES)).append(line)
        self.bell.ring()

    def post(self, channel: Channel, author: User, body: Mapping[str, Any], *, for_user: str = "") -> Message:
        """Add a message of ``author``; ``body`` holds text, blocks, attachments, metadata, thread_ts, username."""
        message = Message(
            channel=channel.id,
            ts=self.ts(channel.id),
            user=author.id,
            text="",
            is_bot=author.is_bot,
            username=str(body.get("username") or ""),
            thread_ts=str(body.get("thread_ts") or ""),
            for_user=for_user,
            is_broadcast=bool(body.get("thread_ts") and body.get("reply_broadcast")),
        )
        called = self._fill(message, channel, body)
        message.pings = [] if for_user else called.users
        self.messages.add(message)
        if for_user:
            return message
        in_thread = bool(message.thread_ts) and not message.is_broadcast
        others = [user for user in channel.members if user not in {author.id, BOT_USER}]
        self.unread.add(channel.id, others, message.pings, is_reply=in_thread)
        return message

    def edit(self, message: Message, body: Mapping[str, Any]) -> None:
        """Give a message a new text, blocks and attachments; of what ``body`` lacks only metadata stay. Nobody is told.

        Source: Slack docs, "chat.update", read 2026-11-22.
        """
        self.messages.replacing(message)
        self._fill(message, self.channels[message.channel], body)
        message.edited_ts = f"{self.clock.now():.6f}"
        self.messages.save(message)
        self.bell.ring()

    def _fill(self, message: Message, channel: Channel, body: Mapping[str, Any]) -> Pings:
        message.text = str(body.get("text") or "")[:TEXT_LIMIT]
        body = {**body, "text": message.text}
        message.blocks = orjson.dumps(body.get("blocks") or [])
        message.attachments = orjson.dumps(body.get("attachments") or [])
        if "metadata" in body:
            message.metadata = orjson.dumps(body.get("metadata") or None)
        called = pings(body, channel=channel, names=self.names, by=message.user)
        message.named, message.ping_tokens, message.warnings = called.named, called.tokens, called.warnings
        message.links = links(body)
        self.bell.ring()
        return called
