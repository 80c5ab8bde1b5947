"""Lists that are read in one look: queues, timelines, reasons, feeds."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from bot.cases.board import Line, Summary, Timeline
from bot.domain.case import Case, State
from bot.domain.event import Event, Happening
from bot.domain.health import FeedHealth, Pulse
from bot.domain.verdict import Kept, Verdict
from bot.slack import ids
from bot.slack.blocks import SECTION_LIMIT, Block, button, quote, section
from bot.slack.cards import LOOKS, Drawing, frozen, standing
from bot.slack.spans import lasting
from bot.slack.text import Safe, cut, dated, dotted, fit, lines, link, moment, name, one_line, say, whose

_PULSES: Final = {Pulse.STARTING: "⚪", Pulse.LISTENING: "🟢", Pulse.FAILING: "🔴", Pulse.ENDED: "🏁"}

#: Cases shown in one list: what the board gives when it is asked for no number.
LIST_LIMIT: Final = 10
#: Characters of a handle in a list: ten lines must stay below the 12,000 that Slack takes in the blocks of one message.
HANDLE_LIMIT: Final = 60
#: Events whose detail is a number of ours.
_NUMBERED: Final = frozenset(
    {Happening.HEARD, Happening.QUEUED, Happening.UNDONE, Happening.REFUSED, Happening.DOUBTED, Happening.REVEALED}
)


def queue_list(title: str, found: Sequence[Line]) -> Drawing:
    """Return cases one under the other, each with its next step as a button."""
    if not found:
        return notice(say("{title}: nothing here. Well done.", title=title))
    count = say("({n})", n=len(found)) if len(found) < LIST_LIMIT else say("(the {n} most urgent)", n=len(found))
    blocks = [section(say("*{title}* {count}", title=title, count=count)), *[queue_line(line) for line in found]]
    return Drawing(say("{title} {count}", title=title, count=count), blocks)


def queue_line(line: Line) -> Block:
    """Return one case of a list with its next step as a button."""
    case = line.case
    words = cut(one_line(line.kept.mention.text), 120) if line.kept else ""
    sign = LOOKS[case.priority][0]
    writes = say("✍️ {who}", who=cut(line.writing.sentence(at=line.at), 80)) if line.writing and line.at else None
    top = dotted(
        say("{sign} *{id}*", sign=Safe(sign), id=case.id),
        whose(case.author, case.platform, private=case.private, limit=HANDLE_LIMIT),
        standing(case),
        _due(line),
        writes,
    )
    hidden = case.private
    text = say("🔒 private, see its card") if hidden else say("{words}", words=words)
    return section(lines(top, text), accessory=_next_step(case))


def _due(line: Line) -> Safe | None:
    """Return when an answer is due, or how late it is already."""
    due = line.case.due_at if line.case.waits else None
    if due and line.at and line.at > due:
        return say("⏰ *{span} late*", span=lasting(line.at - due))
    return say("due {at}", at=dated(due)) if due else None


def _next_step(case: Case) -> Block:
    value = ids.Drawn(case.id, case.version).value()
    about = f"complaint from {name(case.author)}" if case.author else "complaint"
    if case.state is State.OPEN:
        return button("Claim", ids.CLAIM, value, about=about)
    if case.state is State.CLAIMED and case.waits:
        return button("Reply", ids.REPLY, value, about=about)
    return button("Details…", ids.DETAILS, value, about=about)


def unflagged_list(found: Sequence[Kept]) -> Drawing:
    """Return tagged mentions that were not flagged, each with the way to say that it was wrong."""
    if not found:
        return notice(say("No tagged mention was left aside. Nothing to look through."))
    blocks: list[Block] = [section(say("*Tagged, but not flagged* ({n}): is one of them a complaint?", n=len(found)))]
    for kept in found:
        mention = kept.mention
        author = mention.author.handle
        who = dotted(whose(author, mention.platform, private=mention.private),
                     say("{kind}", kind=kept.verdict.kind), moment(mention.posted_at))  # fmt: skip
        about = f"from {name(author)}" if author else "private"
        press = button("It is a complaint", ids.FLAG, str(kept.id), about=about)
        blocks.append(section(who, accessory=press))
        shown = "(private: its text is withheld here)" if mention.private else mention.text
        blocks.append(quote(shown, limit=200, mark="…"))
    return Drawing(f"{len(found)} tagged mentions were not flagged. Is one a complaint?", blocks)


def timeline_list(timeline: Timeline) -> Drawing:
    """Return a case and all that happened to it."""
    case, kept = timeline.sheet.case, timeline.sheet.kept
    title = dotted(
        say("*Case {id}*", id=case.id),
        whose(case.author, case.platform, private=case.private),
        standing(case),
    )
    shown = "(private: open Details on its card)" if case.private else kept.mention.text
    blocks = [
        section(title, accessory=_next_step(case)),
        quote(shown, limit=600),
        history(timeline.events),
    ]
    return Drawing(f"Case {case.id}: {len(timeline.events)} events", blocks)


def history(events: Sequence[Event]) -> Block:
    """Return a timeline, one line an event; as many of the newest as have room."""
    kept: list[Safe] = []
    room = SECTION_LIMIT
    for told in reversed(_event_lines(events[-25:])):
        room -= len(told) + 1
        if room < 0:
            break
        kept.append(told)
    return section(lines(*reversed(kept)))


def _event_lines(events: Sequence[Event]) -> list[Safe]:
    return [
        dotted(
            dated(one.at),
            say("{what}", what=one.what),
            say("by {who}", who=one.by_name) if one.by_name else None,
            _detail(one),
        )
        for one in events
    ]


def _detail(one: Event) -> Safe | None:
    """Return what staff can read of an event's detail: not the numbers of rows, and moments as moments."""
    if one.what in _NUMBERED or (one.text_hash and one.detail.isdigit()) or not one.detail:
        return None
    if one.what is Happening.SNOOZED:
        until, _, why = one.detail.partition(": ")
        at = dated(datetime.fromisoformat(until))
        return say("until {at}: {why}", at=at, why=cut(why, 200)) if why else say("until {at}", at=at)
    number, _, words = one.detail.partition(": ")
    return say("{detail}", detail=cut(words if one.text_hash and number.isdigit() else one.detail, 200))


def why_list(case: Case, verdict: Verdict) -> Drawing:
    """Return the score's parts."""
    score = f"{verdict.score:+.1f}"
    title = say("*Why case {id} was flagged*: score {score}, the threshold is 0", id=case.id, score=score)
    grounds = reason_lines(verdict, withheld=case.private)
    return Drawing(f"Why case {case.id} was flagged", [section(lines(title, *grounds))])


def reason_lines(verdict: Verdict, *, withheld: bool = False) -> list[Safe]:
    """Return the reasons of a verdict with their weights, as staff read them."""
    if not verdict.reasons:
        return [say("No single cue: a person flagged it, or nothing spoke for or against.")]
    return [
        say("{weight} {family}{words}", weight=f"{one.weight:+.1f}", family=one.family,
            words=say(": “{words}”", words=one.words) if one.words and not withheld else Safe(""))
        for one in verdict.reasons
    ]  # fmt: skip


def status_list(summary: Summary) -> Drawing:
    """Return how every feed does, and the figures of the desk."""
    stops = [frozen(freeze) for freeze in summary.freezes]
    feeds = [_feed_line(feed) for feed in summary.feeds] or [say("No feed has run yet.")]
    counts = dotted(*[say("{n} {state}", n=summary.counts.get(state, 0), state=state) for state in State])
    dead = (
        say("⚠️ {n} jobs were given up: `goshawk jobs list` says which and why.", n=summary.dead_jobs)
        if summary.dead_jobs
        else None
    )
    return Drawing("Feeds and figures", [section(lines(*stops, *feeds)), section(lines(counts, dead))])


def _feed_line(feed: FeedHealth) -> Safe:
    last = say("last mention {at}", at=moment(feed.last_mention_at)) if feed.last_mention_at else say("no mention yet")
    trouble = say("{why}", why=feed.trouble) if feed.trouble else None
    since = say("{pulse} since {at}", pulse=feed.pulse, at=moment(feed.since))
    return dotted(say("{sign} *{feed}*", sign=Safe(_PULSES[feed.pulse]), feed=feed.feed), since, last, trouble)


def notice(words: Safe) -> Drawing:
    """Return one sentence as a message."""
    return Drawing(fit(words, SECTION_LIMIT), [section(words)])


def taken(case: Case, kept: Kept, pointer: str = "") -> Drawing:
    """Say that a case is the reader's now, with the words to answer, the way to do it and to the card."""
    due = say("Answer due {at}.", at=moment(case.due_at)) if case.due_at else None
    what = whose("" if case.private else case.author, case.platform, private=case.private)
    yours = say("Case {id} is yours: {what}.", id=case.id, what=what)
    head = lines(yours, due, link(pointer, "Open the card") if pointer else None)
    press = button("Reply", ids.REPLY, ids.Drawn(case.id, case.version).value(), style="primary")
    shown = "(private: press Reply to read it)" if case.private else kept.mention.text
    return Drawing(head, [section(head, accessory=press), quote(shown, limit=600)])


def sleeping(case: Case) -> Safe:
    """Say until when a case sleeps."""
    until = dated(case.snoozed_until) if case.snoozed_until else Safe("later")
    return say(
        "Case {id} sleeps until {until}. It wakes earlier when the customer writes again.", id=case.id, until=until
    )
