"""The messages of all channels: posted, edited, reacted to, deleted, and written through to the keep."""

import time
from collections import defaultdict, deque
from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from itertools import islice
from typing import Any, Final

import orjson

from bot.sandbox.keep import Keep
from bot.sandbox.workspace import APP_ID, BOT_ID, TEAM_ID

#: What a deleted message with replies says from then on.
TOMBSTONE: Final = "This message was deleted."

#: For so many seconds a person may still press what an update has just replaced: their client has not drawn it yet.
STALE_S: Final = 2.0

NO_LIST: Final = b"[]"


@dataclass(slots=True)
class Message:
    """One message; blocks, attachments, metadata and files are kept as JSON text, which is small."""

    channel: str
    ts: str
    user: str
    text: str
    is_bot: bool = False
    username: str = ""
    blocks: bytes = NO_LIST
    attachments: bytes = NO_LIST
    metadata: bytes = b"null"
    files: bytes = NO_LIST
    thread_ts: str = ""
    for_user: str = ""
    """Who alone sees it; empty for everybody. Such messages are not kept on disk."""
    edited_ts: str = ""
    reply_count: int = 0
    reply_users: list[str] = field(default_factory=list)
    latest_reply: str = ""
    reactions: dict[str, list[str]] = field(default_factory=dict)
    pings: list[str] = field(default_factory=list)
    """Who was told of it when it was posted; an edit tells nobody."""
    named: list[str] = field(default_factory=list)
    """Whom it names as it stands now, told or not."""
    ping_tokens: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    links: list[dict[str, str]] = field(default_factory=list)
    """The links in it that show another label than their target."""
    is_broadcast: bool = False
    """A reply that is shown in the channel as well."""
    is_deleted: bool = False

    def to_slack(self) -> dict[str, Any]:
        """Return the message object that Slack puts into payloads and answers."""
        body: dict[str, Any] = {"type": "message", "user": self.user, "ts": self.ts, "text": self.text}
        body["team"] = TEAM_ID
        if self.is_bot:
            body |= {"bot_id": BOT_ID, "app_id": APP_ID}
        if self.username:
            body |= {"username": self.username, "subtype": "bot_message"}
        if self.blocks != NO_LIST:
            body["blocks"] = orjson.loads(self.blocks)
        if self.attachments != NO_LIST:
            body["attachments"] = orjson.loads(self.attachments)
        if self.metadata != b"null":
            body["metadata"] = orjson.loads(self.metadata)
        if self.files != NO_LIST:
            body["files"] = orjson.loads(self.files)
        return body | self._thread() | self._marks()

    def _thread(self) -> dict[str, Any]:
        body: dict[str, Any] = {"thread_ts": self.thread_ts} if self.thread_ts else {}
        if self.is_broadcast:
            body["subtype"] = "thread_broadcast"
        if self.reply_count:
            body |= {
                "thread_ts": self.ts,
                "reply_count": self.reply_count,
                "reply_users": self.reply_users,
                "reply_users_count": len(self.reply_users),
                "latest_reply": self.latest_reply,
            }
        return body

    def _marks(self) -> dict[str, Any]:
        body: dict[str, Any] = {}
        if self.edited_ts:
            body["edited"] = {"user": self.user, "ts": self.edited_ts}
        if self.reactions:
            body["reactions"] = [
                {"name": name, "users": users, "count": len(users)} for name, users in self.reactions.items()
            ]
        return body

    def to_view(self) -> dict[str, Any]:
        """Return the message as the page and /sim/state show it; ready for orjson."""
        return {
            "channel": self.channel,
            "ts": self.ts,
            "user": self.user,
            "bot_id": BOT_ID if self.is_bot else None,
            "username": self.username,
            "text": self.text,
            "blocks": orjson.Fragment(self.blocks),
            "attachments": orjson.Fragment(self.attachments),
            "metadata": orjson.Fragment(self.metadata),
            "files": [_file_view(file) for file in orjson.loads(self.files)],
            "thread_ts": self.thread_ts or None,
            "reply_count": self.reply_count,
            "broadcast": self.is_broadcast,
            "edited": bool(self.edited_ts),
            "ephemeral": bool(self.for_user),
            "reactions": [{"name": name, "users": users} for name, users in self.reactions.items()],
            "pings": self.pings,
            "named": self.named,
            "ping_tokens": self.ping_tokens,
            "warnings": self.warnings,
            "links": self.links,
            "deleted": self.is_deleted,
        }

    def controls(self) -> list[dict[str, Any]]:
        """Return all blocks, also those inside attachments."""
        blocks: list[dict[str, Any]] = orjson.loads(self.blocks)
        for attachment in orjson.loads(self.attachments):
            blocks += attachment.get("blocks") or []
        return blocks

    def packed(self) -> bytes:
        """Return the message as one JSON text for the keep."""
        row = {name: getattr(self, name) for name in _FIELDS}
        return orjson.dumps(row | {name: row[name].decode() for name in _RAW})


_FIELDS: Final = tuple(part.name for part in fields(Message))
_RAW: Final = ("blocks", "attachments", "metadata", "files")


def _file_view(file: dict[str, Any]) -> dict[str, Any]:
    """Return a file as the page shows it; a deleted one has nothing but its id."""
    shown = {name: file.get(name, "") for name in ("id", "name", "title", "mimetype", "size", "alt_txt")}
    return shown | {"url": f"/files/{file['id']}" if "url_private" in file else ""}


def unpacked(body: bytes) -> Message:
    """Read what :meth:`Message.packed` wrote."""
    row = orjson.loads(body)
    return Message(**row | {name: row[name].encode() for name in _RAW if name in row})


class Messages:
    """All messages of the workspace, oldest first in each channel."""

    def __init__(self, keep: Keep) -> None:
        self._keep = keep
        self._rooms: defaultdict[str, dict[str, Message]] = defaultdict(dict)
        self._last_us: defaultdict[str, int] = defaultdict(int)
        self._replaced: deque[tuple[float, Message, list[dict[str, Any]]]] = deque()
        for _key, body in keep.read("message"):
            message = unpacked(body)
            self._rooms[message.channel][message.ts] = message
            self._last_us[message.channel] = max(self._last_us[message.channel], _micros(message.ts))

    def next_ts(self, channel: str, now: float) -> str:
        """Return the next timestamp of this channel: unique in it, growing, about ``now``."""
        micros = max(int(now * 1_000_000), self._last_us[channel] + 1)
        self._last_us[channel] = micros
        return f"{micros // 1_000_000}.{micros % 1_000_000:06d}"

    def add(self, message: Message) -> None:
        """Append a message; a reply is counted on its parent."""
        self._rooms[message.channel][message.ts] = message
        self.save(message)
        parent = self.get(message.channel, message.thread_ts)
        if parent is None or message.for_user:
            return
        parent.reply_count += 1
        parent.latest_reply = message.ts
        if message.user not in parent.reply_users:
            parent.reply_users.append(message.user)
        self.save(parent)

    def get(self, channel: str, ts: str) -> Message | None:
        """Return one message, or None."""
        return self._rooms[channel].get(ts) if ts else None

    def remove(self, message: Message) -> None:
        """Delete a message; one with replies stays as a tombstone, as in Slack."""
        if message.reply_count:
            message.text = TOMBSTONE
            message.blocks = message.attachments = message.files = NO_LIST
            message.is_deleted, message.reactions = True, {}
            self.save(message)
            return
        del self._rooms[message.channel][message.ts]
        if not message.for_user:
            self._keep.put("message", _key(message), None)
        parent = self.get(message.channel, message.thread_ts)
        if parent is not None and not message.for_user:
            parent.reply_count -= 1
            self.save(parent)

    def save(self, message: Message) -> None:
        """Have a changed message written to disk."""
        if not message.for_user:
            self._keep.put("message", _key(message), message.packed())

    def replacing(self, message: Message) -> None:
        """Remember for a moment what this message showed before an edit."""
        now = time.monotonic()
        self._replaced.append((now, message, message.controls()))
        while now - self._replaced[0][0] > STALE_S:
            self._replaced.popleft()

    def shown_lately(self, message: Message) -> list[dict[str, Any]]:
        """Return the blocks in which a person may press: what the message shows, then what it showed just before."""
        since = time.monotonic() - STALE_S
        before = [blocks for at, one, blocks in self._replaced if one is message and at >= since]
        return message.controls() + [block for blocks in reversed(before) for block in blocks]

    def of(self, channel: str) -> Iterator[Message]:
        """Yield every message of a channel, oldest first."""
        return iter(self._rooms[channel].values())

    def newest(self, channel: str, count: int, user: str) -> list[Message]:
        """Return the newest ``count`` messages that ``user`` sees, oldest first, and the parents of replies."""
        seen = (message for message in reversed(self._rooms[channel].values()) if message.for_user in {"", user})
        newest = list(islice(seen, count))[::-1]
        have = {message.ts for message in newest}
        wanted = dict.fromkeys(message.thread_ts for message in newest if message.thread_ts not in have)
        parents = (self.get(channel, ts) for ts in wanted)
        return sorted((parent for parent in parents if parent), key=lambda parent: parent.ts) + newest

    def channels(self) -> list[str]:
        """Return the channels that hold a message."""
        return [channel for channel, room in self._rooms.items() if room]


def _key(message: Message) -> str:
    return f"{message.channel}:{message.ts}"


def _micros(ts: str) -> int:
    seconds, _, micros = ts.partition(".")
    return int(seconds) * 1_000_000 + int(micros)
