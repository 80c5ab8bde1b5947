"""What the stream shows at a moment: pure arithmetic on stream seconds, no clock and no timer.

Stream seconds run ``speed`` times as fast as the clock on the wall and stand still while the
platform is stopped, so that a restart goes on where it was.
"""

import math
import zlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from bot.demo.script import Beat

#: So many posts are there when the platform opens for the first time.
HEAD_START: Final = 4
#: Likes and reposts reach 63 % of their final figure after so many stream seconds.
GROWTH_S: Final = 300.0
#: An author answers our reply after at least so many stream seconds, and up to `DELAY_SPREAD_S` - 1 more.
DELAY_S: Final = 8
DELAY_SPREAD_S: Final = 8


class Timeline:
    """The scripted beats and the stream clock that releases them."""

    def __init__(self, beats: Sequence[Beat], *, speed: float, settled_s: float, opened_at: datetime) -> None:
        """Go on from ``settled_s``; a stream that never ran (below 0) starts with its first posts out."""
        self._beats = beats
        self._speed = speed
        self._opened_at = opened_at
        self._base_s = max(settled_s, beats[HEAD_START - 1].due_s)

    def elapsed_s(self, now: datetime) -> float:
        """Stream seconds at ``now``; a clock set back does not turn the stream back."""
        return self._base_s + max(0.0, (now - self._opened_at).total_seconds()) * self._speed

    def moment(self, due_s: float) -> datetime:
        """When ``due_s`` is on the wall clock."""
        return self._opened_at + timedelta(seconds=(due_s - self._base_s) / self._speed)

    def between(self, after_s: float, until_s: float) -> list[Beat]:
        """Beats later than ``after_s`` and not later than ``until_s``, in order."""
        return [beat for beat in self._beats if after_s < beat.due_s <= until_s]


def grown(final: int, *, age_s: float) -> int:
    """How many of ``final`` likes or reposts a post has at ``age_s`` stream seconds."""
    return round(final * (1 - math.exp(-max(0.0, age_s) / GROWTH_S)))


def delay_s(follow_up_id: str) -> int:
    """How long an author takes to answer: 8 to 15 stream seconds, the same each time for the same answer."""
    return DELAY_S + zlib.crc32(follow_up_id.encode()) % DELAY_SPREAD_S
