"""What each person has not read yet: a count and the mentions in it, for each channel."""

from collections.abc import Iterable
from typing import Final

import orjson

from bot.sandbox.keep import Keep

_NOTHING: Final = (0, 0)


class Unread:
    """Counters by person and channel; kept on disk."""

    def __init__(self, keep: Keep) -> None:
        self._keep = keep
        self._counts: dict[tuple[str, str], tuple[int, int]] = {}
        for key, body in keep.read("unread"):
            user, _, channel = key.partition(":")
            messages, mentions = orjson.loads(body)
            self._counts[user, channel] = (messages, mentions)

    def of(self, user: str, channel: str) -> tuple[int, int]:
        """Return (messages, mentions) not read yet."""
        return self._counts.get((user, channel), _NOTHING)

    def add(self, channel: str, members: Iterable[str], pinged: Iterable[str], *, is_reply: bool) -> None:
        """Count a new message; a reply in a thread counts only for those it mentions."""
        called = set(pinged)
        for user in {*members, *called} if not is_reply else called:
            messages, mentions = self.of(user, channel)
            self._set(user, channel, messages + (not is_reply), mentions + (user in called))

    def clear(self, user: str, channel: str) -> None:
        """Everything in this channel has been read by this person."""
        if (user, channel) in self._counts:
            self._set(user, channel, 0, 0)

    def _set(self, user: str, channel: str, messages: int, mentions: int) -> None:
        self._counts[user, channel] = (messages, mentions)
        self._keep.put("unread", f"{user}:{channel}", orjson.dumps((messages, mentions)))
