"""The methods about who and where: auth.test, users.*, usergroups.*, conversations.*, apps.connections.open."""

import base64
from collections.abc import Sequence
from typing import Any, Final

from bot.sandbox.api import APP_TOKEN, Call, Method
from bot.sandbox.args import Args
from bot.sandbox.errors import Refused
from bot.sandbox.workspace import BOT_ID, BOT_USER, TEAM_DOMAIN, TEAM_ID, TEAM_NAME, Channel
from bot.sandbox.world import World

#: The most that one page of a list holds. Source: Slack docs, "Pagination", read 2026-11-21.
PAGE_LIMIT: Final = 1_000

#: The scope for each ``types`` value of conversations.list, and the kind of channel it names here.
_TYPES: Final = {
    "public_channel": ("channels:read", "public"),
    "private_channel": ("groups:read", "private"),
    "im": ("im:read", "app"),
    "mpim": ("mpim:read", "none"),
}


class People:
    """Who is who and where, as the app asks."""

    def __init__(self, world: World) -> None:
        self._world = world

    def methods(self) -> dict[str, Method]:
        """Return the methods of this room by name."""
        groups = ("usergroups:read",)
        return {
            "auth.test": Method(self.auth_test),
            "apps.connections.open": Method(self.connections_open, token=APP_TOKEN, header_only=True),
            "users.info": Method(self.users_info, ("users:read",)),
            "users.list": Method(self.users_list, ("users:read",)),
            "usergroups.list": Method(self.usergroups_list, groups),
            "usergroups.users.list": Method(self.usergroups_users, groups),
            "conversations.list": Method(self.conversations_list),
            "conversations.info": Method(self.conversations_info),
            "conversations.history": Method(self.conversations_history),
            "conversations.open": Method(self.conversations_open, ("im:write",)),
        }

    def auth_test(self, _call: Call) -> dict[str, Any]:
        """Say who the token belongs to."""
        return {
            "url": f"https://{TEAM_DOMAIN}.slack.com/",
            "team": TEAM_NAME,
            "user": self._world.users[BOT_USER].name,
            "team_id": TEAM_ID,
            "user_id": BOT_USER,
            "bot_id": BOT_ID,
            "is_enterprise_install": False,
        }

    def connections_open(self, call: Call) -> dict[str, Any]:
        """Give the one-time URL of a Socket Mode connection."""
        return {"url": self._world.sockets.open(call.host)}

    def users_info(self, call: Call) -> dict[str, Any]:
        """Describe one person."""
        user = self._world.users.get(call.args.need("user", "user_not_found"))
        if user is None:
            raise Refused("user_not_found")
        return {"user": user.to_slack()}

    def users_list(self, call: Call) -> dict[str, Any]:
        """List everybody of this workspace; strangers are not in the list."""
        members = [user.to_slack() for user in self._world.users.values() if not user.is_stranger]
        page, metadata = _page(members, call.args)
        return {"members": page, "cache_ts": int(self._world.clock.now()), "response_metadata": metadata}

    def usergroups_list(self, call: Call) -> dict[str, Any]:
        """List the user groups."""
        with_users = call.args.flag("include_users")
        return {"usergroups": [group.to_slack(with_users=with_users) for group in self._world.groups.values()]}

    def usergroups_users(self, call: Call) -> dict[str, Any]:
        """List the members of a user group."""
        group = self._world.groups.get(call.args.need("usergroup", "no_such_subteam"))
        if group is None:
            raise Refused("no_such_subteam")
        return {"users": list(group.users)}

    def conversations_list(self, call: Call) -> dict[str, Any]:
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
            if channel.kind in kinds and _sees(channel) and not (hide_archived and channel.is_archived)
        ]
        page, metadata = _page(found, call.args)
        return {"channels": page, "response_metadata": metadata}

    def conversations_info(self, call: Call) -> dict[str, Any]:
        """Describe one channel."""
        channel = self._world.channels.get(call.args.need("channel", "channel_not_found"))
        if channel is None or not _sees(channel):
            raise Refused("channel_not_found")
        call.needs(f"{channel.scope_family}:read")
        body = channel.to_slack()
        if not call.args.flag("include_num_members"):
            body.pop("num_members", None)
        return {"channel": body}

    def conversations_history(self, call: Call) -> dict[str, Any]:
        """Return the messages of a channel, newest first, without replies; metadata only when asked for."""
        channel = self._world.channels.get(call.args.need("channel", "channel_not_found"))
        if channel is None or not _sees(channel):
            raise Refused("channel_not_found")
        call.needs(f"{channel.scope_family}:history")
        if BOT_USER not in channel.members:
            raise Refused("not_in_channel")
        oldest = call.args.text("oldest", "0")
        found = [
            message.to_slack()
            for message in self._world.messages.of(channel.id)
            if message.ts > oldest and not message.for_user and not message.thread_ts
        ]
        if not call.args.flag("include_all_metadata"):
            for body in found:
                body.pop("metadata", None)
        page, metadata = _page(found[::-1], call.args)
        return {"messages": page, "has_more": bool(metadata["next_cursor"]), "response_metadata": metadata}

    def conversations_open(self, call: Call) -> dict[str, Any]:
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


def _sees(channel: Channel) -> bool:
    return channel.kind == "public" or BOT_USER in channel.members


def _page(rows: Sequence[dict[str, Any]], args: Args) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """Cut one page out of a list; the cursor is the place in it, packed."""
    limit = args.whole("limit", PAGE_LIMIT)
    if not 1 <= limit <= PAGE_LIMIT:
        raise Refused("invalid_limit")
    start = _place(args.text("cursor"))
    following = start + limit
    cursor = base64.b64encode(f"next:{following}".encode()).decode() if following < len(rows) else ""
    return list(rows[start:following]), {"next_cursor": cursor}


def _place(cursor: str) -> int:
    if not cursor:
        return 0
    try:
        return int(base64.b64decode(cursor, validate=True).decode().removeprefix("next:"))
    except ValueError as error:
        raise Refused("invalid_cursor") from error
