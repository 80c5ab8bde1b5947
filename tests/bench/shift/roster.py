"""Who works on that day, when they come and go, and when they rest."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import combinations_with_replacement
from typing import Final, NamedTuple

from tests.stories.stage import ANA, BEN, CLEO


class Shift(NamedTuple):
    """One person's day."""

    who: str
    name: str
    """As cards call them."""
    begins: datetime
    ends: datetime
    private: bool
    """In the private channel."""


#: Who can be asked, in the order in which they come: id, name, and whether in the private channel.
PEOPLE: Final = (
    (ANA, "ana", True),
    (BEN, "ben", True),
    (CLEO, "cleo", True),
    *((f"U0NEW{number:05}", f"new{number:03}", False) for number in range(7)),
)
#: The desk is open from the first of these hours to the other; everybody stays for so many.
OPENS, CLOSES, STAYS = 7, 24, 8
#: Who goes home without releasing.
FORGETFUL: Final = "ben"
#: Everybody rests once, so long after they came, for so long.
BEFORE_REST, REST = timedelta(hours=2.5), timedelta(minutes=30)


def shifts(midnight: datetime, *, staff: int, rhythm: Sequence[int]) -> list[Shift]:
    """Return so many people's shifts of a day with so many posts in each hour."""
    hour = [midnight + timedelta(hours=number) for number in range(25)]
    come = _come(staff, rhythm)
    people = zip(PEOPLE, come, strict=False)
    return [Shift(who, name, hour[at], hour[at + STAYS], private) for (who, name, private), at in people]


def _come(staff: int, rhythm: Sequence[int]) -> tuple[int, ...]:
    """Return the hours at which people come, so that a post meets as few others per person as can be.

    Whoever plans a week of shifts knows the rhythm of the day, though not the day. An hour with nobody
    counts as a tenth of a person.
    """

    def crowd(come: Sequence[int]) -> float:
        there = [sum(at <= hour < at + STAYS for at in come) for hour in range(24)]
        return sum(rhythm[hour] ** 2 / (there[hour] or 0.1) for hour in range(OPENS, CLOSES))

    return min(combinations_with_replacement(range(OPENS, CLOSES - STAYS + 1), staff), key=crowd)


def rests(people: Sequence[Shift]) -> list[datetime | None]:
    """Return when each of them rests: never two of them at once, who came first goes first."""
    planned: dict[str, datetime] = {}
    for one in sorted(people, key=lambda one: one.begins):
        at = one.begins + BEFORE_REST
        while any(abs(at - taken) < REST for taken in planned.values()):
            at += REST
        if at < one.ends:
            planned[one.who] = at
    return [planned.get(one.who) for one in people]
