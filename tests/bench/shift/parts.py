"""What a first reply is made of: whose each minute of the waiting was, and how busy the desk was by the hour.

Every part is a span between two moments that somebody wrote down, cut to the
working time, so the parts of a case add up to its wait.
"""

from __future__ import annotations

import statistics
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from bot.domain.event import Happening
from bot.domain.verdict import Kept
from tests.bench.shift.figures import Span, minutes_worked, together
from tests.bench.shift.pace import CHECK, LOOK_UP, READ, SEE, WRITE, Hand
from tests.bench.shift.record import Record, Said
from tests.bench.shift.staff import Person

OUT: Final = "the platform is out"
FEED, CARD, WINDOW, AWAY = "from post to feed", "from feed to card", "undo window", "from window to public"
QUEUE, ASIDE, PRESS, APPROVAL = "nobody is free", "set aside, or lost to a colleague", "pressing", "approval"
#: Every part, in the order of a case, and whose it is.
WHOSE: Final = {
    OUT: "platform", FEED: "Goshawk", CARD: "Goshawk", QUEUE: "staffing", SEE.what: "hands", ASIDE: "hands",
    READ.what: "hands", LOOK_UP.what: "hands", WRITE.what: "hands", CHECK.what: "hands", PRESS: "hands",
    APPROVAL: "hands", WINDOW: "Goshawk", AWAY: "Goshawk",
}  # fmt: skip


@dataclass(frozen=True)
class Wait:
    """How long one customer waited, in working minutes."""

    priority: str
    posted_at: datetime
    parts: Mapping[str, float]

    @property
    def total(self) -> float:
        """The whole of it."""
        return sum(self.parts.values())


class Ledger:
    """Puts every minute down to somebody."""

    def __init__(self, record: Record, people: Sequence[Person], hands: Sequence[Hand], outage: Span) -> None:
        self._record = record
        self._people = people
        self._open = together(people)
        self._outage = outage
        self._carded = record.carded()
        self._seen = [hand for hand in hands if hand.what == SEE.what]
        self._of_case: dict[int, list[Hand]] = defaultdict(list)
        for hand in sorted(hands, key=lambda hand: hand.begun):
            self._of_case[hand.case].append(hand)

    def waits(self) -> list[Wait]:
        """Return the wait of every case that was answered, the shortest first."""
        pairs = ((kept, said) for kept, said in self._record.first_answers() if said)
        found = [self._wait(kept, said) for kept, said in pairs]
        return sorted(found, key=lambda wait: wait.total)

    def _wait(self, kept: Kept, said: Said) -> Wait:
        parts: Counter[str] = Counter()
        for what, begins, ends in self._spans(kept, said):
            is_ours = WHOSE[what] == "Goshawk"
            stood = (max(begins, self._outage[0]), min(ends, self._outage[1])) if is_ours else (ends, ends)
            out = self._minutes(*stood)
            parts[OUT] += out
            parts[what] += self._minutes(begins, ends) - out
        return Wait(str(self._record.cases[said.case].priority), kept.mention.posted_at, parts)

    def _minutes(self, begins: datetime, ends: datetime) -> float:
        return minutes_worked(self._open, begins, ends)

    def _spans(self, kept: Kept, said: Said) -> Iterator[tuple[str, datetime, datetime]]:
        """Yield what happened to a case, without a gap."""
        seen, carded = kept.mention.seen_at, max(kept.mention.seen_at, self._carded[said.case])
        sent = self._sent(said)
        yield FEED, kept.mention.posted_at, seen
        yield CARD, seen, carded
        yield from self._by_hand(said, carded, said.reply.asked_at or sent)
        yield APPROVAL, said.reply.asked_at or sent, sent
        left = min(max(sent, said.reply.send_at or sent), said.at)
        yield WINDOW, sent, left
        yield AWAY, left, said.at

    def _sent(self, said: Said) -> datetime:
        events = self._record.events[said.case]
        pressed = [one.at for one in events if one.what is Happening.QUEUED and one.detail == str(said.reply.id)]
        return min(pressed, default=said.at)

    def _by_hand(self, said: Said, carded: datetime, sent: datetime) -> Iterator[tuple[str, datetime, datetime]]:
        hands = [hand for hand in self._of_case[said.case] if hand.begun < sent]
        reads = [hand for hand in hands if hand.what == READ.what]
        first = reads[0]
        last = [hand for hand in reads if hand.person == said.by][-1]
        seeing = next((hand for hand in self._seen if hand.person == first.person and _leads(hand, first)), None)
        looked = max(carded, seeing.begun) if seeing else first.begun
        yield QUEUE, carded, looked
        yield SEE.what, looked, max(looked, first.begun)
        yield ASIDE, first.begun, last.begun
        now = last.begun
        for hand in (hand for hand in hands if hand.person == said.by and hand.begun >= last.begun):
            yield PRESS, now, hand.begun
            yield hand.what, hand.begun, hand.ended
            now = hand.ended
        yield PRESS, now, sent

    # --- as tables

    def table(self) -> list[str]:
        """Return what the waits are made of, on average, by priority; and those of the middle fifth of all."""
        waits = self.waits()
        size = len(waits)
        columns = {name: [wait for wait in waits if wait.priority == name] for name in ("P1", "P2", "P3", "P4")}
        columns |= {"all": waits, "middle fifth": waits[size * 2 // 5 : -(-size * 3 // 5)]}
        shown = {name: found for name, found in columns.items() if found}
        rows = [_row("minutes of working time, mean", list(shown))]
        for what, whose in WHOSE.items():
            means = [statistics.mean(wait.parts.get(what, 0.0) for wait in found) for found in shown.values()]
            rows.append(_row(f"{what} ({whose})", means))
        rows.append(_row("together", [statistics.mean(wait.total for wait in found) for found in shown.values()]))
        rows.append(_row("median", [statistics.median(wait.total for wait in found) for found in shown.values()]))
        return [*rows, _row("cases", [str(len(found)) for found in shown.values()])]

    def by_hour(self, midnight: datetime) -> list[str]:
        """Return for every hour how much there was to do, how busy people were, and how long who wrote then waited."""
        waits = self.waits()
        rows = [_row("hour", ["new cases", "people", "busy", "median wait"])]
        for number in range(24):
            hour = (midnight + timedelta(hours=number), midnight + timedelta(hours=number + 1))
            there = sum(_within([(one.begins, one.ends)], hour) - _within(one.rests, hour) for one in self._people)
            if not there:
                continue
            busy = sum(_within(one.busy, hour) for one in self._people)
            found = [wait.total for wait in waits if hour[0] <= wait.posted_at < hour[1]]
            median = f"{statistics.median(found):.2f}" if found else "-"
            rows.append(_row(f"{number:02}", [str(len(found)), f"{there / 60:.1f}", f"{busy / there:.0%}", median]))
        return rows


def _leads(seeing: Hand, reading: Hand) -> bool:
    """Return whether somebody who saw something new read this; ``/claim next`` takes them two seconds between."""
    return timedelta() <= reading.begun - seeing.ended <= timedelta(seconds=2)


def _within(spans: Sequence[Span], hour: Span) -> float:
    return minutes_worked(spans, *hour)


def _row(name: str, cells: Sequence[float | str]) -> str:
    shown = (cell if isinstance(cell, str) else f"{cell:.2f}" for cell in cells)
    return f"{name:<44}" + "".join(f"{cell:>13}" for cell in shown)
