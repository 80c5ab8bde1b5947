"""The methods conversations.*: what is there, what was said, and who is where."""

import operator
import re
from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any, Final

from bot.sandbox.api import Call, Method
from bot.sandbox.args import Args
from bot.sandbox.errors import Refused
from bot.sandbox.messages import Message
from bot.sandbox.places import PAGE_LIMIT, Json, named, page
from bot.sandbox.workspace import BOT_USER, Channel
from bot.sandbox.world import World

#: So many rows come when no limit is given. Source: Slack docs, "conversations.history", read 2026-11-21.
USUAL: Final = 100

#: The scope for each ``types`` value of conversations.list, and the kind of channel it names here.
_TYPES: Final = {
    "public_channel": ("channels:read", "public"),
    "private_channel": ("groups:read", "private"),
    "im": ("im:read", "app"),
    "mpim": ("mpim:read", "none"),
}

_MOMENT: Final = re.compile(r"\d{1,12}(\.\d{1,6})?")


class Channels:
    """Channels and what was said in them, as the app asks."""

    def __init__(self, world: World) -> None:
        self._world = world

    def methods(self) -> dict[str, Method]:
        """Return the methods of this room by name; most scopes go by the kind of channel."""
        return {
            "conversations.list": Method(self.listed),
            "conversations.info": Method(self.info),
            "conversations.members": Method(self.members),
            "conversations.history": Method(self.history),
            "conversations.replies": Method(self.replies),
            "conversations.open": Method(self.open, ("im:write",)),
        }

    def listed(self, call: Call) -> Json:
        """List the channels the bot can see, by ``types``."""
        kinds = set()
        for wanted in call.args.text("types", "public_channel").split(","):
            if wanted.strip() not in _TYPES:
                raise Refused("invalid_types")
            scope, kind = _TYPES[wanted.strip()]
            call.needs(scope)
            kinds.add(kind)
        hide_archived = call.args.flag("exclude_archived")
        found = [
            channel.to_slack()
            for channel in self._world.channels.values()
            if channel.kind in kinds
            and (channel.kind == "public" or BOT_USER in channel.members)
            and not (hide_archived and channel.is_archived)
        ]
        rows, metadata = page(found, call.args, usual=USUAL)
        return {"channels": rows, "response_metadata": metadata}

    def info(self, call: Call) -> Json:
        """Describe one channel."""
        channel = named(self._world, call)
        call.needs(f"{channel.scope_family}:read")
        body = channel.to_slack()
        if not call.args.flag("include_num_members"):
            body.pop("num_members", None)
        return {"channel": body}

    def members(self, call: Call) -> Json:
        """List who is in a channel."""
        channel = named(self._world, call)
        call.needs(f"{channel.scope_family}:read")
        rows, metadata = page([{"id": user} for user in channel.members], call.args, usual=USUAL)
        return {"members": [row["id"] for row in rows], "response_metadata": metadata}

    def history(self, call: Call) -> Json:
        """Return the messages of a channel, newest first; of replies only those shown in the channel as well.

        Metadata comes only when asked for.
        """
        channel, inside = self._readable(call), _between(call.args)
        found = (one for one in self._world.messages.of(channel.id) if not one.thread_ts or one.is_broadcast)
        rows = _rows(one for one in found if inside(one.ts))[::-1]
        rows, metadata = page(rows, call.args, usual=USUAL, by="ts", at=operator.le)
        more = {"has_more": bool(metadata["next_cursor"]), "response_metadata": metadata}
        return {"messages": [_read(row["message"], call.args) for row in rows], "pin_count": 0} | more

    def replies(self, call: Call) -> Json:
        """Return a thread: its parent first, then the replies, oldest first."""
        channel, inside = self._readable(call), _between(call.args)
        parent = self._world.messages.get(channel.id, call.args.need("ts", "thread_not_found"))
        if parent is None or parent.for_user:
            raise Refused("thread_not_found")
        below = (one for one in self._world.messages.of(channel.id) if one.thread_ts == parent.ts)
        rows = _rows([parent, *(one for one in below if inside(one.ts))])
        rows, metadata = page(rows, call.args, usual=PAGE_LIMIT, by="ts", at=operator.ge)
        messages = [_read(row["message"], call.args) for row in rows]
        for body in messages:
            if body["ts"] != parent.ts:
                body["parent_user_id"] = parent.user
        return {"messages": messages, "has_more": bool(metadata["next_cursor"]), "response_metadata": metadata}

    def open(self, call: Call) -> Json:
        """Open the conversation of one person with the bot; it is always there already."""
        users = [user for user in call.args.text("users").split(",") if user]
        if channel := self._world.channels.get(call.args.text("channel")):
            users = [channel.person()] if channel.kind == "app" else []
        if not users:
            raise Refused("users_list_not_supplied")
        if len(users) > 1:
            call.needs("mpim:write")
            raise Refused("method_not_supported_for_channel_type")
        user = self._world.users.get(users[0])
        if user is None or user.is_bot:
            raise Refused("user_not_found")
        direct = self._world.direct(user.id)
        body = direct.to_slack() if call.args.flag("return_im") else {"id": direct.id}
        return {"channel": body, "no_op": True, "already_open": True}

    def _readable(self, call: Call) -> Channel:
        channel = named(self._world, call)
        call.needs(f"{channel.scope_family}:history")
        if BOT_USER not in channel.members:
            raise Refused("not_in_channel")
        return channel


def _rows(messages: Iterable[Message]) -> list[dict[str, Any]]:
    return [{"ts": message.ts, "message": message} for message in messages if not message.for_user]


def _read(message: Message, args: Args) -> Json:
    """Return a message as the app reads it back."""
    body = message.to_slack()
    if not args.flag("include_all_metadata"):
        body.pop("metadata", None)
    return body | ({"subtype": "tombstone", "hidden": True} if message.is_deleted else {})


def _between(args: Args) -> Callable[[str], bool]:
    """Return whether a ts lies between ``oldest`` and ``latest``; on them only when ``inclusive``."""
    oldest, latest = _moment(args, "oldest"), _moment(args, "latest")
    ends = (oldest, latest) if args.flag("inclusive") else ()

    def inside(ts: str) -> bool:
        at = Decimal(ts)
        return at in ends or ((oldest is None or at > oldest) and (latest is None or at < latest))

    return inside


def _moment(args: Args, name: str) -> Decimal | None:
    text = args.text(name)
    if text and not _MOMENT.fullmatch(text):
        raise Refused(f"invalid_ts_{name}")
    return Decimal(text) if text else None
