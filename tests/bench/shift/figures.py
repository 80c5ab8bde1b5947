"""The day in figures, each beside its goal."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from tests.bench.shift.office import Tally
from tests.bench.shift.record import Record
from tests.bench.shift.staff import Person
from tests.bench.shift.strangers import PEOPLE, Stranger

Span = tuple[datetime, datetime]


@dataclass(frozen=True)
class Figure:
    """One figure and what it should be at most; None: it is only told."""

    name: str
    value: float
    goal: float | None = None
    told: str = ""

    @property
    def is_missed(self) -> bool:
        return self.goal is not None and self.value > self.goal

    def line(self) -> str:
        """Return it as one line."""
        value = f"{self.value:.2f}".rstrip("0").rstrip(".")
        goal = "" if self.goal is None else f"at most {self.goal:g}" if self.goal else "0"
        return f"{self.name:<44} {value:>8}  {goal:<12} {'MISSED' if self.is_missed else '':<7} {self.told}".rstrip()


def together(people: Sequence[Person]) -> list[Span]:
    """Return the spans in which anybody is there."""
    spans: list[Span] = []
    for begins, ends in sorted((person.begins, person.ends) for person in people):
        if spans and begins <= spans[-1][1]:
            spans[-1] = (spans[-1][0], max(spans[-1][1], ends))
        else:
            spans.append((begins, ends))
    return spans


def minutes_worked(spans: Sequence[Span], since: datetime, until: datetime) -> float:
    """Return how many minutes of working time lie between two moments."""
    inside = (min(until, ends) - max(since, begins) for begins, ends in spans)
    return sum((span for span in inside if span > timedelta()), timedelta()).total_seconds() / 60


def answers(record: Record, people: Sequence[Person]) -> list[Figure]:
    """Say how long customers waited for the first answer."""
    spans = together(people)
    pairs = list(record.first_answers())
    waits = sorted(minutes_worked(spans, kept.mention.posted_at, said.at) for kept, said in pairs if said)
    urgent = [
        minutes_worked(spans, kept.mention.posted_at, said.at)
        for kept, said in pairs
        if said and record.cases[int(kept.case_id or 0)].priority in {"P1", "P2"}
    ]
    worked = (ends - begins for person in people for begins, ends in person.busy)
    busy = sum(worked, timedelta()) / sum((p.ends - p.begins for p in people), timedelta())
    seen = [(kept.mention.seen_at - kept.mention.posted_at).total_seconds() for kept, _ in pairs]
    p90 = waits[int(len(waits) * 0.9)] if waits else 0.0
    return [
        Figure("median first reply, working minutes", _median(waits), 4.6, f"p90 {p90:.1f}, {len(waits)} cases"),
        Figure("the same, P1 and P2", _median(urgent), None, f"{len(urgent)} cases"),
        Figure(
            "of it Goshawk's, median seconds",
            _median(seen) + _median(record.ways()),
            None,
            "post to card, Send to public",
        ),
        Figure("share of their time at a case", busy, None, "reading, looking up, writing, checking"),
    ]


def _median(found: Sequence[float]) -> float:
    return statistics.median(found) if found else 0.0


def forgotten(record: Record) -> Figure:
    """Say who was left without an answer, an end and a warning."""
    flagged = sum(kept.verdict.flagged for kept in record.stored)
    return _listed("forgotten cases", record.forgotten() + record.left_waiting(), f"of {flagged} flagged mentions")


def wrongs(record: Record, tally: Tally, strangers: Sequence[Stranger]) -> list[Figure]:
    """Say what must not happen."""
    tries = sum(sum(one.tries.values()) for one in strangers)
    windows = [title for one in strangers for title in one.windows.elements() if title != "Nothing was done"]
    effects = record.done_by(PEOPLE) + windows
    back = record.given_back()
    first = ", ".join(f"{what} {n}" for what, n in tally.refused.most_common())
    return [
        _listed("collisions: two people answered", record.collisions(), f"refused in time: {first or 'nothing'}"),
        _listed("unauthorised effects", effects, f"of {tries} tries"),
        _listed("replies published twice", record.twice(), f"of {len(record.said)} published"),
        _listed("replies lost", record.lost(tally.sent), f"given back or in doubt, and told: {len(back)}"),
        _listed("cases without a card", list(map(str, record.without_card())), ""),
    ]


def _listed(name: str, found: Sequence[str], told: str) -> Figure:
    return Figure(name, len(found), 0, "; ".join(found[:3]) or told)


def noise(record: Record, *, until: datetime, on_duty: Callable[[str, datetime], bool]) -> list[Figure]:
    """Say how loud the day was."""
    cases = len(record.cases) or 1
    shown, lines = record.in_channels(), record.in_threads()
    calls = record.calls(until=until)
    by_event = record.calls_by_event(until=until)
    by_hour: dict[tuple[str, datetime], int] = {}
    for call in calls:
        hour = (call.person, call.at.replace(minute=0, second=0, microsecond=0))
        by_hour[hour] = by_hour.get(hour, 0) + 1
    vain = sum(not on_duty(call.person, call.at) for call in calls)
    told = Counter(call.words for call in calls)
    return [
        Figure("channel messages per case", sum(shown.values()) / cases, 1.5, _kinds(shown)),
        Figure("lines in threads per case", sum(lines.values()) / cases, None, _kinds(lines)),
        Figure("pings per person and event, at most", max(by_event.values(), default=0), 1, _kinds(told)),
        Figure("pings of one person in one hour, at most", max(by_hour.values(), default=0), None,
               f"{vain} of {len(calls)} to one of the six who is not there"),
    ]  # fmt: skip


def _kinds(counted: Mapping[str, int]) -> str:
    return ", ".join(f"{kind} {n}" for kind, n in sorted(counted.items(), key=lambda pair: -pair[1])[:6])


def presses(tally: Tally) -> list[Figure]:
    """Say how many presses a case takes."""
    share = sum(clicks <= 3 for clicks in tally.answered) / (len(tally.answered) or 1)
    typed = [clicks + asked for clicks, asked in zip(tally.answered, tally.asked, strict=True)]
    return [
        Figure("clicks from card to answered, median", _median(tally.answered), 3, f"{share:.0%} in 3 or fewer"),
        Figure("the same, fewest", min(tally.answered, default=0), 3),
        Figure("the same, with /claim next", _median(typed), None, f"typed for {sum(tally.asked)} of {len(typed)}"),
        Figure("clicks to dismiss a card, median", _median(tally.dismissed), None, f"{len(tally.dismissed)} cases"),
    ]
