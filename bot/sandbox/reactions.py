"""The methods reactions.*: the bot's own emoji under a message."""

import re
from typing import Any, Final

from bot.sandbox import payloads
from bot.sandbox.api import Call, Method
from bot.sandbox.errors import Refused
from bot.sandbox.events import Events
from bot.sandbox.messages import Message
from bot.sandbox.places import message_in, named
from bot.sandbox.workspace import BOT_USER, Channel
from bot.sandbox.world import World

_TS: Final = re.compile(r"\d{1,12}\.\d{6}")
_EMOJI: Final = re.compile(r"[\w+'-]{1,100}(::skin-tone-[2-6])?")


class Reactions:
    """Emoji under messages, as the app sets them."""

    def __init__(self, world: World, events: Events) -> None:
        self._world = world
        self._events = events

    def methods(self) -> dict[str, Method]:
        """Return the methods of this room by name."""
        return {
            "reactions.add": Method(self.add, ("reactions:write",)),
            "reactions.remove": Method(self.remove, ("reactions:write",)),
            "reactions.get": Method(self.get, ("reactions:read",)),
        }

    def add(self, call: Call) -> dict[str, Any]:
        """React to a message."""
        name, channel, message = self._wanted(call)
        if BOT_USER in message.reactions.get(name, []):
            raise Refused("already_reacted")
        message.reactions.setdefault(name, []).append(BOT_USER)
        return self._changed("reaction_added", channel, message, name)

    def remove(self, call: Call) -> dict[str, Any]:
        """Take an own reaction back."""
        name, channel, message = self._wanted(call)
        if BOT_USER not in message.reactions.get(name, []):
            raise Refused("no_reaction")
        message.reactions[name].remove(BOT_USER)
        if not message.reactions[name]:
            del message.reactions[name]
        return self._changed("reaction_removed", channel, message, name)

    def get(self, call: Call) -> dict[str, Any]:
        """Return a message with everybody's reactions."""
        channel, message = self._item(call)
        return {"type": "message", "channel": channel.id, "message": message.to_slack()}

    def _wanted(self, call: Call) -> tuple[str, Channel, Message]:
        name = call.args.need("name")
        if not _EMOJI.fullmatch(name):
            raise Refused("invalid_name")
        channel, message = self._item(call)
        if channel.is_archived:
            raise Refused("is_archived")
        return name, channel, message

    def _item(self, call: Call) -> tuple[Channel, Message]:
        ts = call.args.text("timestamp")
        if not ts or not call.args.text("channel"):
            raise Refused("no_item_specified")
        if not _TS.fullmatch(ts):
            raise Refused("bad_timestamp")
        channel = named(self._world, call)
        if BOT_USER not in channel.members:
            raise Refused("not_in_channel")
        return channel, message_in(self._world, channel, ts)

    def _changed(self, kind: str, channel: Channel, message: Message, name: str) -> dict[str, Any]:
        self._world.messages.save(message)
        self._world.bell.ring()
        ts = self._world.ts(channel.id)
        self._events.tell(kind, payloads.reaction(kind, message, user=BOT_USER, name=name, ts=ts), channel)
        return {}
