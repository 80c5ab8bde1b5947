"""Answers to an interaction that go around the Web API: by response URL, or inside an ack."""

from typing import Any

from bot.sandbox.blocks import filled_message, refuse_bad_message
from bot.sandbox.errors import Refused
from bot.sandbox.grants import ResponseUrl
from bot.sandbox.workspace import BOT_USER
from bot.sandbox.world import World


def respond(world: World, url: ResponseUrl, body: dict[str, Any]) -> None:
    """Do what the body says: a new message (private unless ``in_channel``), or replace or delete the original.

    Raises:
        Refused: no text, bad blocks, or there is no original.
    """
    original = world.messages.get(url.channel, url.message_ts)
    if body.get("delete_original"):
        if original is None:
            raise Refused("message_not_found")
        world.messages.remove(original)
        world.bell.ring()
        return
    refuse_bad_message(body)
    content = filled_message(body)
    if body.get("replace_original") and original is not None:
        world.edit(original, content)
        return
    for_user = "" if body.get("response_type") == "in_channel" else url.user
    world.post(world.channels[url.channel], world.users[BOT_USER], content, for_user=for_user)


def is_answer(payload: dict[str, Any]) -> bool:
    """Say whether the payload of an ack wants something shown."""
    return any(key in payload for key in ("text", "blocks", "attachments"))
