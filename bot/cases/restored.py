"""After a backup was put back: nothing leaves before it was looked for, and nothing old rings at once.

The database says how everything stood when the backup was taken. Since then
replies were sent, cards posted, customers answered; only the platforms and
Slack know. So whatever waited counts as attempted: its handler looks first.
Feeds go on from where they were then, and what is known already is a twin.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from bot.cases import promises
from bot.domain.event import DESK, Happening, event
from bot.domain.reply import Reply
from bot.store.restored import Doubts
from bot.store.unit import Unit

#: How long alarms rest that were due: feeds catch up, and people look at what stands on the platforms.
REST: Final = timedelta(minutes=30)

#: What posts something in Slack.
_POSTING: Final = (
    promises.REDRAW,
    promises.LINE,
    promises.TELL,
    promises.ROLLUP,
    promises.FEED_NOTICE,
    promises.FREEZE_NOTICE,
    promises.ERASED,
)
#: What calls somebody because time went by.
_RINGING: Final = (promises.ALARM, promises.REMIND, promises.LOOK, promises.WAKE)


def settle(unit: Unit, *, at: datetime) -> tuple[datetime, Doubts]:
    """Make a database that was put back safe to start; return the moment it knows of last, and what is in doubt."""
    taken_at = unit.restored.newest() or at
    doubts = Doubts(
        replies=unit.restored.unsent(),
        messages=unit.restored.doubt_messages(_POSTING, since=taken_at),
        alarms=unit.restored.rest(_RINGING, until=at + REST),
    )
    unit.restored.leave_numbers_out()
    for case_id in unit.restored.carded():
        unit.jobs.add(promises.banner(case_id, at=at, waits=False))
    said = f"{taken_at.isoformat(timespec='seconds')} {doubts.replies} {doubts.messages} {doubts.alarms}"
    unit.events.add(event(DESK, Happening.RESTORED, at=at, detail=said))
    unit.jobs.add(promises.restored(said, at=at))
    return taken_at, doubts


def stood_in_a_backup(unit: Unit, reply: Reply) -> bool:
    """Whether a reply was in a backup that was put back, and was not tried since: it may have arrived in between."""
    at = unit.restored.last_at()
    return at is not None and reply.written_at < at and (reply.tried_at is None or reply.tried_at < at)
