"""The methods chat.*: post, update, delete, whisper, link; and blocks.validate."""

from typing import Any, Final

import orjson

from bot.sandbox.api import Call, Method
from bot.sandbox.args import Args
from bot.sandbox.blocks import filled_message, refuse_bad_message, refuse_invalid, refuse_long_blocks
from bot.sandbox.errors import Refused
from bot.sandbox.messages import Message
from bot.sandbox.places import message_in, named, target
from bot.sandbox.workspace import APP_ID, BOT_USER, TEAM_DOMAIN
from bot.sandbox.world import World

#: The longest text of a message in ``markdown_text``. Source: Slack docs, "chat.postMessage", read 2026-11-21.
MARKDOWN_LIMIT: Final = 12_000


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
            "blocks.validate": Method(self.validate, token=""),
        }

    def post(self, call: Call) -> dict[str, Any]:
        """Post a message to a channel, or to a person's conversation with the bot."""
        channel = target(self._world, call)
        body = content(call.args)
        if call.args.text("username") or call.args.text("icon_emoji"):
            call.needs("chat:write.customize")
        message = self._world.post(channel, self._world.users[BOT_USER], body)
        return {"channel": channel.id, "ts": message.ts, "message": message.to_slack()}

    def post_ephemeral(self, call: Call) -> dict[str, Any]:
        """Show a message to one person only; it cannot be updated or deleted by the Web API."""
        channel = target(self._world, call, may_be_public=False)
        user = call.args.need("user")
        if user not in self._world.users:
            raise Refused("user_not_found")
        if user not in channel.members:
            raise Refused("user_not_in_channel")
        message = self._world.post(channel, self._world.users[BOT_USER], content(call.args), for_user=user)
        return {"message_ts": message.ts}

    def update(self, call: Call) -> dict[str, Any]:
        """Replace the text of an own message; blocks not sent are dropped, attachments and files stay."""
        message = self._own(call, wrong_owner="cant_update_message")
        body = content(call.args)
        if "attachments" not in call.args.given:
            body["attachments"] = orjson.loads(message.attachments)
        self._world.edit(message, body)
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
        channel = named(self._world, call)
        message = message_in(self._world, channel, call.args.need("message_ts", "message_not_found"))
        link = f"https://{TEAM_DOMAIN}.slack.com/archives/{channel.id}/p{message.ts.replace('.', '')}"
        if message.thread_ts:
            link += f"?thread_ts={message.thread_ts}&cid={channel.id}"
        return {"channel": channel.id, "permalink": link}

    def validate(self, call: Call) -> dict[str, Any]:
        """Say what is wrong with ``blocks``, a ``message`` or a ``view``: exactly one of them."""
        given = [kind for kind in ("blocks", "message", "view") if kind in call.args.given]
        if len(given) != 1:
            note = "must provide exactly one of `blocks`, `view`, or `message`"
            raise Refused("invalid_arguments", response_metadata={"messages": [note]})
        payload = call.args.json(given[0], "invalid_arguments")
        refuse_invalid(given[0], payload, app=self._world.app.name)
        return {}

    def _own(self, call: Call, *, wrong_owner: str) -> Message:
        channel = named(self._world, call)
        message = message_in(self._world, channel, call.args.need("ts"))
        if message.user != BOT_USER:
            raise Refused(wrong_owner)
        if channel.is_archived:
            raise Refused("is_archived")
        return message


def content(args: Args) -> dict[str, Any]:
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
    refuse_long_blocks(body["blocks"])
    return filled_message(body)


def _metadata(args: Args) -> dict[str, Any]:
    metadata = args.json("metadata", "invalid_metadata_format")
    if not isinstance(metadata, dict) or not isinstance(metadata.get("event_type"), str):
        raise Refused("invalid_metadata_format")
    if not isinstance(metadata.get("event_payload"), dict):
        raise Refused("invalid_metadata_schema")
    return {"event_type": metadata["event_type"], "event_payload": metadata["event_payload"], "app_id": APP_ID}
