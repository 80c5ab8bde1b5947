"""Answers to an interaction that go around the Web API: by response URL, or inside an ack."""

from typing import Any, Final

from bot.sandbox.blocks import filled_message, refuse_bad_message
from bot.sandbox.errors import Refused
from bot.sandbox.grants import ResponseUrl
from bot.sandbox.messages import Message
from bot.sandbox.workspace import BOT_USER
from bot.sandbox.world import World

#: What an answer may hold; it has no name or picture of its own.
_CONTENT: Final = ("text", "blocks", "attachments", "metadata", "thread_ts", "link_names", "parse")


def respond(world: World, url: ResponseUrl, body: dict[str, Any]) -> None:
    """Do what the body says: a new message (private unless ``in_channel``), or replace or delete the original.

    Raises:
        Refused: no text, bad blocks, an archived channel, no such thread, or the original is gone.
    """
    channel, original = world.channels[url.channel], world.messages.get(url.channel, url.message_ts)
    if channel.is_archived:
        raise Refused("is_archived")
    if original is not None and original.is_deleted:
        original = None
    if body.get("delete_original"):
        _delete(world, original, body)
        return
    refuse_bad_message(body)
    content = filled_message({name: body[name] for name in _CONTENT if name in body})
    if body.get("replace_original") and url.message_ts:
        if original is None:
            raise Refused("message_not_found")
        world.edit(original, content)
        return
    if thread_ts := content.get("thread_ts"):
        parent = world.messages.get(url.channel, str(thread_ts))
        if parent is None or parent.thread_ts or parent.for_user:
            raise Refused("thread_not_found")
    for_user = "" if body.get("response_type") == "in_channel" else url.user
    world.post(channel, world.users[BOT_USER], content, for_user=for_user)


def _delete(world: World, original: Message | None, body: dict[str, Any]) -> None:
    if body.get("replace_original") or any(body.get(name) for name in ("text", "blocks", "attachments")):
        raise Refused("invalid_arguments")
    if original is None:
        raise Refused("message_not_found")
    world.messages.remove(original)
    world.bell.ring()
