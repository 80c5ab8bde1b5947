"""Some days at the desk in figures, for whoever asks; and today's in Home."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from bot.cases.overview import Report
from bot.domain.case import State
from bot.domain.figures import Figures, Work, median, percentile
from bot.domain.policy import Policy
from bot.slack.blocks import Block, context, fields, section
from bot.slack.cards import Drawing
from bot.slack.lists import queue_line
from bot.slack.spans import lasting
from bot.slack.text import Safe, cut, dated, dotted, lines, say

#: Colleagues that a report counts by name; a name may be long, a section may not.
_NAMED: Final = 15


def numbers(figures: Figures, policy: Policy) -> list[tuple[str, str]]:
    """Return the figures that are read first, name and value."""
    waited = [one.waited for one in figures.replies]
    return [
        ("Received", f"{figures.received}"),
        ("Became cases", f"{figures.flagged}"),
        ("Answered", f"{figures.answered}"),
        ("Median first reply", lasting(median(waited))),
        ("Late", f"{figures.late(policy.promises)}"),
    ]


def report_list(report: Report, policy: Policy) -> Drawing:
    """Return the whole report; its one sentence holds the figures, too."""
    figures = report.figures
    name = "Today" if report.days == 1 else f"The last {report.days} days, with today"
    head = say("*{name}* since {since}", name=name, since=dated(figures.since))
    pairs = [*numbers(figures, policy), ("Within 30 min", _share(figures.soon, figures.answered))]
    sentence = ", ".join(f"{name.casefold()} {value}" for name, value in pairs)
    blocks = [section(head), *fields(pairs), section(lines(*_clocks(figures), _open(figures)))]
    if figures.staff:
        blocks.append(section(lines(say("*Staff*"), *_staff(figures.staff))))
    return Drawing(say("{name}: {sentence}", name=name, sentence=sentence), [*blocks, *_oldest(report)])


def _share(part: int, whole: int) -> str:
    return f"{part} of {whole} ({100 * part // whole} %)" if whole else "–"


def _clocks(figures: Figures) -> list[Safe]:
    """Return the first reply by both clocks: the customer's counts, ours says where the time went."""
    by_post, by_sight = [one.waited for one in figures.replies], [one.took for one in figures.replies]
    return [
        _clock("First reply, counted from the customer's post", by_post),
        _clock("The same, counted from when we saw it", by_sight),
    ]


def _clock(name: str, spans: Sequence[timedelta]) -> Safe:
    middle, most = lasting(median(spans)), lasting(percentile(spans, 0.9))
    return say("{name}: median {middle}, 90 % within {most}", name=name, middle=middle, most=most)


def _open(figures: Figures) -> Safe:
    states = [state for state in State if state is not State.RESOLVED]
    counts = dotted(*[say("{n} {state}", n=figures.open_now.get(state, 0), state=state) for state in states])
    return say("Unresolved now: {n} ({counts})", n=figures.unresolved, counts=counts)


def _staff(staff: Sequence[Work]) -> list[Safe]:
    told = [
        say("{who}: claimed {claimed}, answered {answered}",
            who=cut(one.name, 60), claimed=one.claimed, answered=one.answered)
        for one in staff[:_NAMED]
    ]  # fmt: skip
    more = len(staff) - _NAMED
    return [*told, say("and {more} more", more=more)] if more > 0 else told


def _oldest(report: Report) -> list[Block]:
    if not report.oldest:
        return [context(say("Nobody waits for a first answer."))]
    return [section(say("*Waiting longest for a first answer*")), *[queue_line(line) for line in report.oldest]]
