"""The methods about messages to come: scheduled on the sandbox's clock, kept on disk until they are posted."""

import asyncio
import itertools
from dataclasses import asdict, dataclass
from typing import Any, Final

import orjson

from bot.sandbox.api import Call, Method
from bot.sandbox.chat import content
from bot.sandbox.errors import Refused
from bot.sandbox.places import PAGE_LIMIT, named, page, target
from bot.sandbox.workspace import BOT_ID, BOT_USER
from bot.sandbox.world import World

#: No message is scheduled further ahead, in seconds: 120 days. No more than so many go to one channel in so many
#: seconds. Source: Slack docs, "chat.scheduleMessage", read 2026-11-21.
AHEAD_S: Final = 120 * 86_400
MANY: Final = 30
WINDOW_S: Final = 300

#: Less than so many seconds before it is due, a message can no longer be taken back.
#: Source: Slack docs, "chat.deleteScheduledMessage", from memory.
LAST_S: Final = 60


@dataclass(frozen=True, slots=True)
class Letter:
    """A message that waits for its time."""

    id: str
    channel: str
    post_at: int
    created: int
    body: dict[str, Any]


class Scheduled:
    """Messages to come, as the app plans them."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._waiting: dict[str, tuple[Letter, asyncio.Task[None]]] = {}
        self._numbers = itertools.count(1)

    def methods(self) -> dict[str, Method]:
        """Return the methods of this room by name."""
        return {
            "chat.scheduleMessage": Method(self.schedule, ("chat:write",)),
            "chat.deleteScheduledMessage": Method(self.delete, ("chat:write",)),
            "chat.scheduledMessages.list": Method(self.listed),
        }

    def start(self) -> None:
        """Take up what was planned before a restart."""
        for key, body in self._world.keep.read("letter"):
            self._numbers = itertools.count(int(key[1:]) + 1)
            self._wait(Letter(**orjson.loads(body)))

    async def close(self) -> None:
        """Stop waiting; what is planned stays on disk."""
        tasks = [task for _letter, task in self._waiting.values()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def schedule(self, call: Call) -> dict[str, Any]:
        """Plan a message."""
        channel, now = target(self._world, call), int(self._world.clock.now())
        body = content(call.args)
        post_at = self._moment(call)
        same = [letter.post_at for letter, _task in self._waiting.values() if letter.channel == channel.id]
        starts = [at for at in (*same, post_at) if at <= post_at < at + WINDOW_S]
        if any(sum(start <= at < start + WINDOW_S for at in same) >= MANY for start in starts):
            raise Refused("restricted_too_many")
        letter = Letter(f"Q{next(self._numbers):010}", channel.id, post_at, now, body)
        self._world.keep.put("letter", letter.id, orjson.dumps(asdict(letter)))
        self._wait(letter)
        shown = {name: body[name] for name in ("text", "blocks", "attachments") if body[name]}
        message = {"type": "delayed_message", "user": BOT_USER, "bot_id": BOT_ID, **shown}
        return {"channel": channel.id, "scheduled_message_id": letter.id, "post_at": post_at, "message": message}

    def delete(self, call: Call) -> dict[str, Any]:
        """Give up a planned message."""
        channel = named(self._world, call)
        letter, task = self._waiting.get(call.args.text("scheduled_message_id"), (None, None))
        too_late = self._world.clock.now() + LAST_S
        if letter is None or task is None or letter.channel != channel.id or letter.post_at < too_late:
            raise Refused("invalid_scheduled_message_id")
        task.cancel()
        self._forget(letter)
        return {}

    def listed(self, call: Call) -> dict[str, Any]:
        """List what is planned, the next first; of one channel, or between two moments, when asked so."""
        wanted = named(self._world, call).id if call.args.text("channel") else ""
        oldest, latest = call.args.whole("oldest", 0), call.args.whole("latest", 10**12)
        letters = sorted((letter for letter, _task in self._waiting.values()), key=lambda one: one.post_at)
        rows = [
            {
                "id": letter.id,
                "channel_id": letter.channel,
                "post_at": letter.post_at,
                "date_created": letter.created,
                "text": letter.body["text"],
            }
            for letter in letters
            if wanted in {"", letter.channel} and oldest <= letter.post_at <= latest
        ]
        rows, metadata = page(rows, call.args, usual=PAGE_LIMIT)
        return {"scheduled_messages": rows, "response_metadata": metadata}

    def _moment(self, call: Call) -> int:
        text, now = call.args.need("post_at"), self._world.clock.now()
        if not (text.isdecimal() and len(text) < 13):
            raise Refused("invalid_time")
        if int(text) <= now:
            raise Refused("time_in_past")
        if int(text) > now + AHEAD_S:
            raise Refused("time_too_far")
        return int(text)

    def _wait(self, letter: Letter) -> None:
        self._waiting[letter.id] = letter, asyncio.create_task(self._send(letter))

    async def _send(self, letter: Letter) -> None:
        """Post a message when it is due, unless its channel was archived or the bot put out of it.

        One with metadata is never posted: so says Slack ("Bug alert" of chat.scheduleMessage, read 2026-11-21).
        """
        await self._world.clock.sleep(letter.post_at - self._world.clock.now())
        self._forget(letter)
        channel = self._world.channels[letter.channel]
        may = channel.kind == "public" or BOT_USER in channel.members
        if may and not channel.is_archived and not letter.body.get("metadata"):
            self._world.post(channel, self._world.users[BOT_USER], letter.body)

    def _forget(self, letter: Letter) -> None:
        del self._waiting[letter.id]
        self._world.keep.put("letter", letter.id, None)
