"""The methods chat.*: post, update, delete, whisper, link."""

import re
from typing import Any, Final

from bot.sandbox.api import Call, Method
from bot.sandbox.args import Args
from bot.sandbox.blocks import filled_message, refuse_bad_message
from bot.sandbox.errors import Refused
from bot.sandbox.messages import Message
from bot.sandbox.workspace import APP_ID, BOT_USER, TEAM_DOMAIN, Channel
from bot.sandbox.world import World

#: The longest text of a message in ``markdown_text``. Source: Slack docs, "chat.postMessage", read 2026-11-21.
MARKDOWN_LIMIT: Final = 12_000

_TS: Final = re.compile(r"\d{1,12}\.\d{6}")


class Chat:
    """Messages, as the app writes them."""

    def __init__(self, world: World) -> None:
        self._world = world

    def methods(self) -> dict[str, Method]:
        """Return the methods of this room by name."""
        write = ("chat:write",)
        return {
            "chat.postMessage": Method(self.post, write),
            "chat.postEphemeral": Method(self.post_ephemeral, write),
            "chat.update": Method(self.update, write),
            "chat.delete": Method(self.delete, write),
            "chat.getPermalink": Method(self.permalink),
        }

    def post(self, call: Call) -> dict[str, Any]:
        """Post a message to a channel, or to a person's conversation with the bot."""
        channel = self._target(call)
        content = self._content(call.args)
        if call.args.text("username") or call.args.text("icon_emoji"):
            call.needs("chat:write.customize")
        message = self._world.post(channel, self._world.users[BOT_USER], content)
        return {"channel": channel.id, "ts": message.ts, "message": message.to_slack()}

    def post_ephemeral(self, call: Call) -> dict[str, Any]:
        """Show a message to one person only; it cannot be updated or deleted by the Web API."""
        channel = self._target(call, may_be_public=False)
        user = call.args.need("user")
        if user not in self._world.users:
            raise Refused("user_not_found")
        if user not in channel.members:
            raise Refused("user_not_in_channel")
        message = self._world.post(channel, self._world.users[BOT_USER], self._content(call.args), for_user=user)
        return {"message_ts": message.ts}

    def update(self, call: Call) -> dict[str, Any]:
        """Replace text, blocks and attachments of an own message; blocks not sent are dropped."""
        message = self._own(call, wrong_owner="cant_update_message")
        self._world.edit(message, self._content(call.args))
        return {
            "channel": message.channel,
            "ts": message.ts,
            "text": message.text,
            "message": message.to_slack(),
        }

    def delete(self, call: Call) -> dict[str, Any]:
        """Delete an own message."""
        message = self._own(call, wrong_owner="cant_delete_message")
        self._world.messages.remove(message)
        self._world.bell.ring()
        return {"channel": message.channel, "ts": message.ts}

    def permalink(self, call: Call) -> dict[str, Any]:
        """Return the link to a message."""
        channel = self._channel(call.args.need("channel", "channel_not_found"))
        message = self._world.messages.get(channel.id, call.args.need("message_ts", "message_not_found"))
        if message is None or message.for_user:
            raise Refused("message_not_found")
        link = f"https://{TEAM_DOMAIN}.slack.com/archives/{channel.id}/p{message.ts.replace('.', '')}"
        if message.thread_ts:
            link += f"?thread_ts={message.thread_ts}&cid={channel.id}"
        return {"channel": channel.id, "permalink": link}

    def _channel(self, name: str) -> Channel:
        """Return a channel the bot can see, by id or name."""
        channels = self._world.channels
        found = channels.get(name) or self._world.names.channel(name.removeprefix("#"))
        if found is None or (found.kind == "private" and BOT_USER not in found.members):
            raise Refused("channel_not_found")
        return found

    def _target(self, call: Call, *, may_be_public: bool = True) -> Channel:
        """Return where to write; a user id means that person's conversation with the bot."""
        name = call.args.need("channel", "channel_not_found")
        user = self._world.users.get(name)
        if user is not None and not user.is_bot:
            name = self._world.direct(user.id).id
        channel = self._channel(name)
        if channel.kind == "app" and not self._world.app.messages_tab:
            raise Refused("messages_tab_disabled")
        if channel.is_archived:
            raise Refused("is_archived")
        public = may_be_public and channel.kind == "public" and "chat:write.public" in call.scopes
        if BOT_USER not in channel.members and not public:
            raise Refused("not_in_channel")
        if thread_ts := call.args.text("thread_ts"):
            self._check_thread(channel, thread_ts)
        return channel

    def _check_thread(self, channel: Channel, thread_ts: str) -> None:
        parent = self._world.messages.get(channel.id, thread_ts)
        if not _TS.fullmatch(thread_ts) or parent is None:
            raise Refused("thread_not_found")
        if parent.thread_ts or parent.for_user:
            raise Refused("cannot_reply_to_message")

    def _own(self, call: Call, *, wrong_owner: str) -> Message:
        name = call.args.need("channel", "channel_not_found")
        if name not in self._world.channels:
            raise Refused("channel_not_found")
        channel = self._channel(name)
        message = self._world.messages.get(channel.id, call.args.need("ts"))
        if message is None or message.for_user or message.is_deleted:
            raise Refused("message_not_found")
        if message.user != BOT_USER:
            raise Refused(wrong_owner)
        if channel.is_archived:
            raise Refused("is_archived")
        return message

    def _content(self, args: Args) -> dict[str, Any]:
        """Return the checked content of a message.

        Raises:
            Refused: no text at all, bad blocks, or arguments that exclude each other.
        """
        body: dict[str, Any] = {
            "text": args.text("text"),
            "blocks": args.json("blocks", "invalid_blocks_format") or [],
            "attachments": args.json("attachments", "invalid_attachments") or [],
            "thread_ts": args.text("thread_ts"),
            "username": args.text("username"),
            "reply_broadcast": args.flag("reply_broadcast"),
            "link_names": args.flag("link_names"),
            "parse": args.text("parse"),
        }
        if "metadata" in args.given:
            body["metadata"] = _metadata(args)
        if markdown := args.text("markdown_text"):
            if body["text"] or body["blocks"]:
                raise Refused("markdown_text_conflict")
            if len(markdown) > MARKDOWN_LIMIT:
                raise Refused("msg_too_long")
            body["text"] = markdown
        refuse_bad_message(body)
        return filled_message(body)


def _metadata(args: Args) -> dict[str, Any]:
    metadata = args.json("metadata", "invalid_metadata_format")
    if not isinstance(metadata, dict) or not isinstance(metadata.get("event_type"), str):
        raise Refused("invalid_metadata_format")
    if not isinstance(metadata.get("event_payload"), dict):
        raise Refused("invalid_metadata_schema")
    return {"event_type": metadata["event_type"], "event_payload": metadata["event_payload"], "app_id": APP_ID}
