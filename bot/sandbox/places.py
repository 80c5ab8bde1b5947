"""Where the app may look and write, and how long lists are cut into pages."""

import base64
import operator
from collections.abc import Callable, Sequence
from typing import Any, Final

from bot.sandbox.api import Call
from bot.sandbox.args import Args
from bot.sandbox.errors import Refused
from bot.sandbox.messages import Message
from bot.sandbox.workspace import BOT_USER, Channel
from bot.sandbox.world import World

#: The most that one page of a list holds. Source: Slack docs, "Pagination", read 2026-11-21.
PAGE_LIMIT: Final = 1_000

Json = dict[str, Any]


def seen(world: World, channel_id: str) -> Channel:
    """Return a channel by its id; private ones that the bot is not in do not exist for it.

    Raises:
        Refused: ``channel_not_found``.
    """
    channel = world.channels.get(channel_id)
    if channel is None or (channel.kind != "public" and BOT_USER not in channel.members):
        raise Refused("channel_not_found")
    return channel


def named(world: World, call: Call) -> Channel:
    """Return the channel that the call names by id.

    Raises:
        Refused: ``channel_not_found``.
    """
    return seen(world, call.args.need("channel", "channel_not_found"))


def place(world: World, name: str) -> Channel:
    """Return a channel by its id; a person's id means their conversation with the bot.

    Raises:
        Refused: ``channel_not_found``.
    """
    user = world.users.get(name)
    return seen(world, name if user is None or user.is_bot else world.direct(user.id).id)


def target(world: World, call: Call, *, may_be_public: bool = True) -> Channel:
    """Return where to write: an id, a person's id, or a name.

    Raises:
        Refused: there is no such place, or the bot may not write there.
    """
    name = call.args.need("channel", "channel_not_found")
    by_name = world.names.channel(name.removeprefix("#"))
    channel = place(world, by_name.id if by_name else name)
    refuse_writing(world, call, channel, may_be_public=may_be_public)
    return channel


def refuse_writing(world: World, call: Call, channel: Channel, *, may_be_public: bool = True) -> None:
    """Refuse a channel in which the bot may not write, or a thread that is none.

    Raises:
        Refused: it is archived, the bot's own tab is closed, the bot is not in it, or the parent cannot be replied to.
    """
    if channel.kind == "app" and not world.app.messages_tab:
        raise Refused("messages_tab_disabled")
    if channel.is_archived:
        raise Refused("is_archived")
    public = may_be_public and channel.kind == "public" and "chat:write.public" in call.scopes
    if BOT_USER not in channel.members and not public:
        raise Refused("not_in_channel")
    if thread_ts := call.args.text("thread_ts"):
        parent = world.messages.get(channel.id, thread_ts)
        if parent is None:
            raise Refused("thread_not_found")
        if parent.thread_ts or parent.for_user:
            raise Refused("cannot_reply_to_message")


def message_in(world: World, channel: Channel, ts: str) -> Message:
    """Return a message that everybody in the channel sees.

    Raises:
        Refused: ``message_not_found``.
    """
    message = world.messages.get(channel.id, ts)
    if message is None or message.for_user or message.is_deleted:
        raise Refused("message_not_found")
    return message


def page(
    rows: Sequence[Json], args: Args, *, usual: int, by: str = "id", at: Callable[[Any, Any], bool] = operator.eq
) -> tuple[list[Json], Json]:
    """Cut one page out of a list.

    The cursor holds the field ``by`` of the first row that is still to come; ``at`` finds the row when that one has
    gone meanwhile.

    Raises:
        Refused: a bad limit or cursor.
    """
    limit = args.whole("limit", usual)
    if not 1 <= limit <= PAGE_LIMIT:
        raise Refused("invalid_limit")
    start = 0
    if cursor := args.text("cursor"):
        wanted = _unpacked(cursor)
        start = next((place for place, row in enumerate(rows) if at(row[by], wanted)), -1)
        if start < 0:
            raise Refused("invalid_cursor")
    following = start + limit
    rest = base64.b64encode(f"next:{rows[following][by]}".encode()).decode() if following < len(rows) else ""
    return list(rows[start:following]), {"next_cursor": rest}


def _unpacked(cursor: str) -> str:
    try:
        return base64.b64decode(cursor, validate=True).decode().removeprefix("next:")
    except ValueError as error:
        raise Refused("invalid_cursor") from error
