"""How many replies may leave as one account of ours in a day: counted before each call, over all processes.

The cap is ours and lower than the platform's, so that an account is never
locked in the middle of a storm. At the cap replies wait for the next day, say
so on their cards, and can be taken back like any other that waits.
"""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import Final

from bot.cases import promises
from bot.domain.reply import Reply
from bot.errors import SendLater
from bot.store.unit import Unit

#: The share of a day's replies at which the operators are told.
ALARM: Final = 0.8


def key_of(feed: str, account: str, at: datetime) -> str:
    """Return the name of an account's allowance on the day of ``at``."""
    return f"{feed}:{account.casefold()}:{at.astimezone(UTC).date()}"


def take(unit: Unit, reply: Reply, key: str, *, cap: int, at: datetime) -> SendLater | None:
    """Use one of ``cap`` for a reply that leaves now; at the cap, let it wait for tomorrow and return that."""
    used = unit.quotas.take(key, cap=cap) if cap else 0
    if used is None:
        return _tomorrow(unit, reply, key, cap=cap, at=at)
    if cap and used == math.ceil(ALARM * cap):
        unit.jobs.add(promises.ration(key, used=used, cap=cap, at=at))
    return None


def _tomorrow(unit: Unit, reply: Reply, key: str, *, cap: int, at: datetime) -> SendLater:
    due = datetime.combine(at.astimezone(UTC).date() + timedelta(days=1), time(), UTC)
    why = f"All {cap} replies that this account sends in a day have left. It leaves after midnight UTC."
    unit.replies.save(reply, replace(reply, send_at=due, trouble=why))
    unit.jobs.add(promises.ration(key, used=cap, cap=cap, at=at))
    unit.jobs.add(promises.redraw(unit.cases.get(reply.case_id), at=at, by_staff=True))
    return SendLater(why, retry_after_s=(due - at).total_seconds())
