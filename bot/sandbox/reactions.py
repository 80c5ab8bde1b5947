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
        return self._turned(call, is_there=False, error="already_reacted")

    def remove(self, call: Call) -> dict[str, Any]:
        """Take an own reaction back."""
        return self._turned(call, is_there=True, error="no_reaction")

    def get(self, call: Call) -> dict[str, Any]:
        """Return a message with everybody's reactions."""
        channel, message = self._item(call)
        return {"type": "message", "channel": channel.id, "message": message.to_slack()}

    def _turned(self, call: Call, *, is_there: bool, error: str) -> dict[str, Any]:
        """Add the bot's reaction, or take back one that ``is_there``; refuse with ``error`` when it is otherwise."""
        name = call.args.need("name")
        if not _EMOJI.fullmatch(name):
            raise Refused("invalid_name")
        channel, message = self._item(call)
        if channel.is_archived:
            raise Refused("is_archived")
        if (BOT_USER in message.reactions.get(name, [])) != is_there:
            raise Refused(error)
        turn(self._world, self._events, message, user=BOT_USER, name=name)
        return {}

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


def turn(world: World, events: Events, message: Message, *, user: str, name: str) -> bool:
    """Add somebody's reaction, or take it back when it is there; tell the app, and say whether it was added."""
    whose = message.reactions.setdefault(name, [])
    added = user not in whose
    (whose.append if added else whose.remove)(user)
    if not whose:
        del message.reactions[name]
    world.messages.save(message)
    world.bell.ring()
    kind, ts = "reaction_added" if added else "reaction_removed", world.ts(message.channel)
    inner = payloads.reaction(kind, message, user=user, name=name, ts=ts)
    events.tell(kind, inner, world.channels[message.channel])
    return added
