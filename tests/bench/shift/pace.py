"""How long people take, and the record of what their hands were on.

Every span is log-normal: a median in seconds, and the spread (sigma) of its
logarithm. They are assumptions of ours, chosen for short public answers, and no
fact stands behind them: nobody publishes such times. Change them here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final, NamedTuple


class Pace(NamedTuple):
    """How long one thing takes."""

    what: str
    median_s: float
    spread: float


#: From something new in the channel until somebody who is free looks at it.
SEE: Final = Pace("seeing", 20.0, 0.6)
READ: Final = Pace("reading", 20.0, 0.5)
#: Looking something up between Claim and Reply.
LOOK_UP: Final = Pace("looking up", 90.0, 0.7)
WRITE: Final = Pace("writing", 60.0, 0.5)
#: Reading one's own text once more, or choosing in a window.
CHECK: Final = Pace("checking", 5.0, 0.4)


@dataclass(frozen=True)
class Hand:
    """What somebody did for a while."""

    person: str
    what: str
    case: int
    """0: with no case yet."""
    begun: datetime
    ended: datetime
