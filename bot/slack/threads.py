"""What is said about a case besides its card: to its assignee, to the channel, to a tier of the ladder."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from bot.cases.board import Sheet, Timeline
from bot.cases.promises import in_microseconds
from bot.domain.card import Escalation
from bot.domain.case import State
from bot.domain.event import Happening
from bot.domain.policy import ThreadLines
from bot.domain.reply import Reply, ReplyState
from bot.domain.role import Grant
from bot.domain.route import Tier
from bot.slack import approving, ids
from bot.slack.blocks import Block, actions, button, context, quote, section
from bot.slack.cards import LOOKS, Drawing, standing
from bot.slack.spans import lasting
from bot.slack.text import Safe, cut, dated, dotted, ended, lines, link, moment, name, person, say, whose

#: Lines that call nobody: the card shows as much.
_TELLS: Final = frozenset({"sent", "elsewhere", "returned"})


@dataclass(frozen=True, slots=True)
class ThreadLine:
    """One message about a case."""

    drawing: Drawing
    in_channel: bool = False
    """In the channel itself, because nobody has the case."""


def line(
    timeline: Timeline, what: str, ref: str, *, withheld: bool = False, grants: tuple[Grant, ...] = ()
) -> ThreadLine | None:
    """Return what a promised line says; None when it is not worth saying any more. ``grants`` say who approves.

    ``withheld``: its readers may not see what is private, so nobody's words are repeated.
    """
    if what in {"handed", "taken"}:
        said = _handed(timeline, ref)
    elif what in _OF_CASES:
        said = _OF_CASES[what](timeline, int(ref))
    else:
        reply = next((reply for reply in timeline.replies if reply.id == int(ref)), None)
        said = _of_reply(timeline, what, reply, grants) if reply else None
    if said is None or not withheld:
        return said
    return ThreadLine(Drawing(said.drawing.text, said.drawing.blocks[:1]), in_channel=said.in_channel)


def is_said(what: str, lines: ThreadLines) -> bool:
    """Return whether the thread of a card holds such a line, by what the team wants in it."""
    return lines is ThreadLines.ALL or (lines is ThreadLines.IMPORTANT and what not in _TELLS)


def with_pointer(drawing: Drawing, url: str) -> Drawing:
    """Put a link to the card under a message in the channel."""
    return Drawing(drawing.text, [*drawing.blocks, section(link(url, "Open the card"))]) if url else drawing


def call(tier: Tier) -> Safe:
    """Return the line that calls a tier's people."""
    who = Safe(" ".join(person(one) for one in tier.notify))
    return say("🚨 *Escalated to {tier}* {who}", tier=tier.name, who=who)


def summary(escalation: Escalation, sheet: Sheet, pointer: str) -> list[Block]:
    """Return one case in one paragraph: what, who, how long, who owns it, what we said."""
    case, mention = sheet.case, sheet.kept.mention
    reach = say("{n} followers", n=f"{mention.author.followers:,}") if mention.author.followers is not None else None
    by = say("{who} says: ", who=escalation.by_name) if escalation.by_name else Safe("")
    said = (
        say("We answered at {at}.", at=moment(case.last_reply_at))
        if case.last_reply_at
        else say("We said nothing yet.")
    )
    head = dotted(
        say("{sign} *Case {id}*", sign=Safe(LOOKS[case.priority][0]), id=case.id),
        whose(case.author, case.platform, private=case.private),
        reach,
        standing(case),
        say("waiting since {at}", at=dated(mention.posted_at)),
        link(pointer, "open the card") if pointer else None,
    )
    why = say("{by}{why} {said}", by=by, why=ended(cut(escalation.reason, 500)), said=said)
    shown = "(private: read it on its card)" if case.private else mention.text
    return [section(lines(head, why)), quote(shown, limit=300, mark="…")]


def _heard(timeline: Timeline, mention_id: int) -> ThreadLine | None:
    case = timeline.sheet.case
    found = next((kept for kept in timeline.mentions if kept.id == mention_id), None)
    if found is None or all(card.carded_at >= found.mention.seen_at for card in timeline.sheet.cards):
        return None  # the card is newer than the mention, so whoever saw the card has read it
    handle = found.mention.author.handle
    who = say("@{who}", who=name(handle)) if handle else say("Its author")
    shown = quote(found.mention.text, limit=600, mark="…")
    if case.assignee:
        words = say("{staff} {who} wrote again on case {id}:", staff=person(case.assignee), who=who, id=case.id)
        return ThreadLine(Drawing(words, [section(words), shown]))
    words = say("{who} wrote again on case {id}. Nobody has it.", who=who, id=case.id)
    return ThreadLine(Drawing(words, [section(words), shown]), in_channel=case.state is not State.RESOLVED)


def _sent(_timeline: Timeline, reply: Reply) -> ThreadLine:
    return _public(say("💬 {who}'s reply has arrived", who=reply.by_name), reply)


def _elsewhere(timeline: Timeline, reply: Reply) -> ThreadLine:
    where = timeline.sheet.case.platform
    return _public(say("💬 Answered on {where} itself by {who}", where=where, who=reply.by_name), reply)


def _public(fact: Safe, reply: Reply) -> ThreadLine:
    words = dotted(fact, link(reply.remote_url, "view") if reply.remote_url else None)
    return ThreadLine(Drawing(words, [section(words), quote(reply.text, limit=1_000, mark="…")]))


def _held(timeline: Timeline, reply: Reply) -> ThreadLine:
    case = timeline.sheet.case
    words = say("{who} {why} Your reply to case {id} was held back, so that nobody is answered twice. Your text is "
                "kept.", who=person(reply.by), why=cut(reply.trouble, 500), id=case.id)  # fmt: skip
    value = ids.Drawn(case.id, case.version).value()
    anyway = button("Send it anyway…", ids.REPLY, value, about=f"your reply to case {case.id}")
    return ThreadLine(Drawing(words, [section(words, accessory=anyway)]))


def _trouble(timeline: Timeline, reply: Reply) -> ThreadLine | None:
    if reply.state is ReplyState.SENT:
        return None  # somebody looked, and found it there, before this was said
    if reply.state is not ReplyState.UNKNOWN:
        words = "{who} {why} Nothing was sent. Your text is kept: press Reply on the card."
        return _plain(say(words, who=person(reply.by), why=reply.trouble))
    words = (
        "{who} I can't tell whether your reply arrived. Please {look}, then press what you found on the card. "
        "I will not send it again by myself."
    )
    look = link(timeline.sheet.kept.mention.url, "look there")
    return _plain(say(words, who=person(reply.by), look=look))


def _ping(timeline: Timeline, _version: int) -> ThreadLine | None:
    case = timeline.sheet.case
    if not case.assignee or not case.waits:
        return None
    due = moment(case.due_at) if case.due_at else Safe("")
    asked = say("{who}, are you still on this? An answer was due {due}.", who=person(case.assignee), due=due)
    then = say(" It goes up at {at}.", at=moment(case.alarm_at)) if case.alarm_at else Safe("")
    words = Safe(asked + then)
    release = button("Release", ids.RELEASE, ids.Drawn(case.id, case.version).value(), about=f"case {case.id}")
    return ThreadLine(Drawing(words, [section(words, accessory=release)]))


def _stale(timeline: Timeline, returns_at: int) -> ThreadLine | None:
    """Ask a quiet assignee once; whoever acted meanwhile, or gave the case away, is left alone."""
    case = timeline.sheet.case
    asked = next((one for one in reversed(timeline.events) if one.what is Happening.ASKED), None)
    acted = any(one.by and asked and one.at >= asked.at for one in timeline.events)
    if not asked or acted or not case.assignee or not case.waits or case.state is State.SNOOZED:
        return None
    since = _waits_since(timeline)
    words = say("{who}, are you still on this? Waiting {span}.", who=person(case.assignee),
                span=lasting(asked.at - since))  # fmt: skip
    value, about = ids.Drawn(case.id, case.version).value(), f"case {case.id}"
    press = [button("Still on it", ids.STAY, value, about=about, style="primary"),
             button("Release", ids.RELEASE, value, about=about)]  # fmt: skip
    back = context(say("It returns to the queue at {at}.", at=moment(datetime.fromtimestamp(returns_at, UTC))))
    return ThreadLine(Drawing(words, [section(words), actions(press, block_id=f"stale-{case.id}-{returns_at}"), back]))


def _waits_since(timeline: Timeline) -> datetime:
    """Return when the customer wrote the first thing that is not answered yet."""
    case = timeline.sheet.case
    posts = [kept.mention for kept in timeline.mentions if kept.mention.author.handle == case.author]
    open_since = [post.posted_at for post in posts if not case.last_reply_at or post.posted_at > case.last_reply_at]
    return min(open_since, default=timeline.sheet.kept.mention.posted_at)


def _returned(timeline: Timeline, _version: int) -> ThreadLine | None:
    case = timeline.sheet.case
    back = [one for one in timeline.events if one.what is Happening.RETURNED]
    if not back or case.state is not State.OPEN:
        return None
    return _plain(say("↩️ Case {id} is back in the queue: {who} did not answer.", id=case.id, who=back[-1].detail))


def _woken(timeline: Timeline, _version: int) -> ThreadLine:
    case = timeline.sheet.case
    if not case.assignee:
        return _plain(say("⏰ Case {id} is awake again. Nobody has it.", id=case.id))
    return _plain(say("⏰ Case {id} is awake again, {who}.", id=case.id, who=person(case.assignee)))


def _deleted(timeline: Timeline, _mention_id: int) -> ThreadLine | None:
    case = timeline.sheet.case
    if not case.assignee or case.state is State.RESOLVED:
        return None
    words = "{who} the author deleted their post. Nothing is left to answer on case {id}: resolve it."
    return _plain(say(words, who=person(case.assignee), id=case.id))


def _handed(timeline: Timeline, ref: str) -> ThreadLine | None:
    """Tell of one hand-over, whatever became of the case since; its promise says whom, and when it was."""
    if ref.count("-") != 3:
        return None  # an older Goshawk promised it, and did not say whom
    to, former, moment_at, _version = ref.split("-")
    handed = [one for one in timeline.events if one.what is Happening.ASSIGNED]
    found = [one for one in handed if in_microseconds(one.at) == int(moment_at)]
    if not found:
        return None
    case, by, note = timeline.sheet.case, found[-1], found[-1].detail.partition(": ")[2]
    if former and by.by == to:
        words = say("{former} {by} took over case {id}.", former=person(former), by=by.by_name, id=case.id)
    else:
        words = say("{who} {by} handed you case {id}.", who=person(to), by=by.by_name, id=case.id)
        had = say(" {former} had it.", former=person(former)) if former else Safe("")
        words = Safe(words + had)
    noted = [section(say("“{note}”", note=cut(note, 1_000)))] if note else []
    return ThreadLine(Drawing(words, [section(words), *noted]))


def _acted(timeline: Timeline, _version: int) -> ThreadLine | None:
    """Tell whoever has the case that a colleague ended it or lets it sleep, and why."""
    case = timeline.sheet.case
    what = {State.RESOLVED: Happening.RESOLVED, State.SNOOZED: Happening.SNOOZED}.get(case.state)
    done = next((one for one in reversed(timeline.events) if one.what is what), None)
    if done is None or not case.assignee or done.by in {None, case.assignee}:
        return None
    who, (fact, _, note) = person(case.assignee), done.detail.partition(": ")
    if case.state is State.RESOLVED:
        words = say("{who} {by} resolved case {id}: {why}.", who=who, by=done.by_name, id=case.id, why=fact)
    else:
        until = dated(datetime.fromisoformat(fact))
        words = say("{who} {by} lets case {id} sleep until {until}.", who=who, by=done.by_name, id=case.id, until=until)
    noted = [section(say("“{note}”", note=cut(note, 1_000)))] if note else []
    return ThreadLine(Drawing(words, [section(words), *noted]))


def _of_reply(timeline: Timeline, what: str, reply: Reply, grants: tuple[Grant, ...]) -> ThreadLine | None:
    """Say what becomes of a reply; of a request only while it waits: what was decided meanwhile calls nobody."""
    if what in _OF_REPLIES:
        return _OF_REPLIES[what](timeline, reply)
    if what in {Happening.CHANGES, Happening.REJECTED}:
        head, words = approving.sent_back(reply, Happening(what))
        return ThreadLine(Drawing(head, [section(head), *([section(words)] if words else [])]))
    if what == "withdrawn":
        return _plain(approving.withdrawn(timeline, reply))
    says = {"asked": approving.asked, "unapproved": approving.unapproved}.get(what)
    return _plain(says(timeline, reply, grants)) if says and reply.state is ReplyState.AWAITING else None


def _plain(words: Safe) -> ThreadLine:
    return ThreadLine(Drawing(words, [section(words)]))


_OF_CASES: Final[Mapping[str, Callable[[Timeline, int], ThreadLine | None]]] = {
    "heard": _heard,
    "ping": _ping,
    "acted": _acted,
    "stale": _stale,
    "returned": _returned,
    "woken": _woken,
    "deleted": _deleted,
}
_OF_REPLIES: Final[Mapping[str, Callable[[Timeline, Reply], ThreadLine | None]]] = {
    "sent": _sent,
    "elsewhere": _elsewhere,
    "held": _held,
    "refused": _trouble,
    "unknown": _trouble,
}
