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

#: The longest name of a channel. Source: Slack docs, "conversations.create", read 2026-11-21.
NAME_LIMIT: Final = 80

#: The longest topic. Source: Slack docs, "conversations.setTopic", read 2026-11-21.
TOPIC_LIMIT: Final = 250

#: The scope for each ``types`` value of conversations.list, and the kind of channel it names here.
_TYPES: Final = {
    "public_channel": ("channels:read", "public"),
    "private_channel": ("groups:read", "private"),
    "im": ("im:read", "app"),
    "mpim": ("mpim:read", "none"),
}

_MANAGE: Final = {"public": "channels:manage", "private": "groups:write"}

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
            "conversations.join": Method(self.join, ("channels:join",)),
            "conversations.invite": Method(self.invite),
            "conversations.create": Method(self.create),
            "conversations.setTopic": Method(self.set_topic),
            "conversations.archive": Method(self.archive),
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

    def join(self, call: Call) -> Json:
        """Let the bot into a public channel; being there already is a warning."""
        channel = named(self._world, call)
        if channel.kind != "public":
            raise Refused("method_not_supported_for_channel_type")
        if channel.is_archived:
            raise Refused("is_archived")
        was_in = BOT_USER in channel.members
        self._world.join(channel, BOT_USER)
        return {"channel": channel.to_slack()} | ({"warning": "already_in_channel"} if was_in else {})

    def invite(self, call: Call) -> Json:
        """Bring people into a channel that the bot is in; one who cannot come keeps all of them out."""
        channel = self._managed(call, also=".invites")
        users = [user.strip() for user in call.args.text("users").split(",") if user.strip()]
        if not users:
            raise Refused("no_user")
        wrong = [{"user": user, "ok": False, "error": why} for user in users if (why := self._no_guest(channel, user))]
        if wrong:
            raise Refused(str(wrong[0]["error"]), errors=wrong)
        self._world.join(channel, *users)
        return {"channel": channel.to_slack()}

    def create(self, call: Call) -> Json:
        """Make a channel; the bot is in it."""
        kind = "private" if call.args.flag("is_private") else "public"
        call.needs(_MANAGE[kind])
        name = call.args.need("name", "invalid_name_required")
        if refusal := _bad_name(name):
            raise Refused(refusal)
        if self._world.names.channel(name):
            raise Refused("name_taken")
        made = sum(one.creator == BOT_USER for one in self._world.channels.values())
        channel = Channel(f"C0MADE{made + 1:04}", name, kind, creator=BOT_USER)
        self._world.channels[channel.id] = channel
        self._world.save_channel(channel)
        self._world.join(channel, BOT_USER)
        return {"channel": channel.to_slack()}

    def set_topic(self, call: Call) -> Json:
        """Give a channel a topic."""
        channel = self._managed(call, also=".topic")
        topic = call.args.text("topic")
        if len(topic) > TOPIC_LIMIT:
            raise Refused("too_long")
        channel.topic = topic
        self._world.save_channel(channel)
        return {"channel": channel.to_slack()}

    def archive(self, call: Call) -> Json:
        """Archive a channel: from then on nothing moves in it."""
        channel = named(self._world, call)
        _refuse_unmanaged(call, channel)
        if channel.name == "general":
            raise Refused("cant_archive_general")
        if channel.is_archived:
            raise Refused("already_archived")
        channel.is_archived = True
        self._world.save_channel(channel)
        return {}

    def _readable(self, call: Call) -> Channel:
        channel = named(self._world, call)
        call.needs(f"{channel.scope_family}:history")
        if BOT_USER not in channel.members:
            raise Refused("not_in_channel")
        return channel

    def _managed(self, call: Call, *, also: str) -> Channel:
        """Return a living channel that the bot is in and may change; ``also`` ends a narrower scope that will do."""
        channel = named(self._world, call)
        _refuse_unmanaged(call, channel, f"{channel.scope_family}:write{also}")
        if BOT_USER not in channel.members:
            raise Refused("not_in_channel")
        if channel.is_archived:
            raise Refused("is_archived")
        return channel

    def _no_guest(self, channel: Channel, user_id: str) -> str:
        """Say why somebody cannot be invited; empty when they can."""
        user = self._world.users.get(user_id)
        if user is None:
            return "user_not_found"
        if user_id == BOT_USER:
            return "cant_invite_self"
        if user_id in channel.members:
            return "already_in_channel"
        return "cant_invite" if user.is_stranger and not channel.is_shared else ""


def _refuse_unmanaged(call: Call, channel: Channel, *also: str) -> None:
    if channel.kind not in _MANAGE:
        raise Refused("method_not_supported_for_channel_type")
    call.needs(_MANAGE[channel.kind], *also)


def _bad_name(name: str) -> str:
    """Return why Slack refuses a channel name; empty when it does not."""
    if len(name) > NAME_LIMIT:
        return "invalid_name_maxlength"
    if not re.fullmatch(r"[\w-]+", name) or name != name.lower():
        return "invalid_name_specials"
    return "" if name.strip("_-") else "invalid_name_punctuation"


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
