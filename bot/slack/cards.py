"""The card of a case: a function of its sheet and nothing else, so that any redraw gives the same card."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from bot.cases.board import Sheet
from bot.domain.case import Case, Resolution, State
from bot.domain.freeze import Freeze
from bot.domain.policy import Policy
from bot.domain.reply import Reply, ReplyState
from bot.domain.sla import Priority
from bot.domain.verdict import Kind
from bot.slack.approving import waits
from bot.slack.around import around
from bot.slack.blocks import Block, actions, context, fields, quote, section
from bot.slack.card_buttons import buttons
from bot.slack.text import Safe, cut, dated, dotted, ended, fit, link, moment, name, one_line, person, say

#: Characters of the mention on the card; the rest stands in Details.
QUOTE_LIMIT: Final = 600
#: Characters of the one sentence that pushes, lists and screen readers read, escapes counted.
SENTENCE_LIMIT: Final = 400

#: Why private words can stand nowhere, in an installation without a private channel.
NOT_SET_UP: Final = "is not set up"

LOOKS: Final = {
    Priority.P1: ("🔴", "P1 critical"),
    Priority.P2: ("🟠", "P2 high"),
    Priority.P3: ("🟡", "P3 normal"),
    Priority.P4: ("⚪", "P4 low"),
}

_KINDS: Final = {
    Kind.COMPLAINT: "complaint",
    Kind.UNSURE: "please look: could not be judged",
    Kind.QUESTION: "question",
    Kind.PRAISE: "praise",
    Kind.NOISE: "mention",
}

_SIGNS: Final = {State.OPEN: "⭕", State.CLAIMED: "👀", State.SNOOZED: "💤", State.RESOLVED: "✅"}
#: How a case ends well for its author.
_GOOD: Final = frozenset({Resolution.ANSWERED, Resolution.HANDED_OVER})

#: Replies that stand on the card with their words.
_SAYS: Final = frozenset({ReplyState.QUEUED, ReplyState.SENDING, ReplyState.UNKNOWN, ReplyState.SENT})


@dataclass(frozen=True, slots=True)
class Drawing:
    """A message as it is sent: the sentence and the blocks, always together."""

    text: str
    blocks: list[Block]


def draw(sheet: Sheet, policy: Policy) -> Drawing:
    """Draw the card of a case."""
    case, mention = sheet.case, sheet.kept.mention
    foot = actions(buttons(sheet), block_id=f"do-{case.id}-{case.version}-{_reply_word(sheet)}")
    blocks = [
        *_again(sheet, policy),
        *_banners(sheet),
        section(_state_line(sheet, policy)),
        quote(mention.text, limit=QUOTE_LIMIT),
        *_beginning(sheet),
        *around(sheet),
        *fields(_facts(sheet)),
        *_writing(sheet),
        *_said(sheet.reply, frozen=sheet.freeze is not None),
        *waits(sheet),
        foot,
        context(_footer(sheet)),
    ]
    return Drawing(_sentence(sheet), blocks)


def draw_withheld(sheet: Sheet, why: str = NOT_SET_UP) -> Drawing:
    """Draw the notice that stands for a private mention where its words may not be; ``why``: empty, they are elsewhere.

    ``why`` completes "the private channel ...".
    """
    case = sheet.case
    if not why:
        rest = say("Its card is in the private channel.")
    elif why == NOT_SET_UP:
        rest = say("Its text is withheld: set `channels.private` in goshawk.toml to a private channel, "
                   "and it will be shown there.")  # fmt: skip
    else:
        rest = say("Its text is withheld: the private channel {why}. Once it is closed again, the next change "
                   "of the case shows it there.", why=why)  # fmt: skip
    words = say("🔒 A private mention came in on {platform} (case {id}). {rest}",
                platform=case.platform, id=case.id, rest=rest)  # fmt: skip
    sentence = say("A private mention came in on {platform}. Its text is withheld.", platform=case.platform)
    return Drawing(sentence, [section(words)])


def standing(case: Case) -> Safe:
    """Return the state of a case: a word, and who."""
    match case.state:
        case State.OPEN:
            return say("*Unclaimed*")
        case State.CLAIMED if case.waits or not case.last_reply_at:
            at = moment(case.claimed_at) if case.claimed_at else Safe("")
            return say("*Claimed by {who}* {at}", who=case.assignee_name, at=at)
        case State.CLAIMED:
            return say("*Replied, waiting* · {who}", who=case.assignee_name)
        case State.SNOOZED:
            until = dated(case.snoozed_until) if case.snoozed_until else Safe("")
            return say("*Snoozed until {until}*", until=until)
        case State.RESOLVED:
            good = case.resolution in _GOOD
            words = "*Resolved by {who}: {why}*" if good else "*Dismissed by {who}: {why}*"
            return say(words, who=case.resolved_by, why=case.resolution or "")


def frozen(freeze: Freeze, *, kept: str = "") -> Safe:
    """Say who stopped sending, since when and why."""
    since = dated(freeze.at)
    words = say("🧊 *Sending{scope} is frozen* since {since} by {who}: {why}", scope=freeze.scope, since=since,
                who=freeze.by_name, why=ended(cut(freeze.reason, 300)))  # fmt: skip
    return Safe(f"{words} {say('{kept}', kept=kept)}".rstrip())


def _again(sheet: Sheet, policy: Policy) -> list[Block]:
    if sheet.case.state is not State.OPEN or not policy.reads_again(sheet.case):
        return []
    words = "🕰 *Read again* after Goshawk was put back to a backup: look on the platform whether it was answered."
    return [section(say(words))]


def _banners(sheet: Sheet) -> list[Block]:
    case, reply, found = sheet.case, sheet.reply, []
    queued = reply is not None and reply.state is ReplyState.QUEUED
    if sheet.freeze and (queued or case.state is not State.RESOLVED):
        found.append(section(frozen(sheet.freeze, kept="The reply below waits, its text is kept." if queued else "")))
    if case.state is not State.RESOLVED and sheet.escalation:
        up = sheet.escalation
        by = say(" by {who}", who=up.by_name) if up.by_name else Safe("")
        found.append(section(say("🚨 *Escalated{by}* {at}: {why}", by=by, at=moment(up.at), why=cut(up.reason, 300))))
    if case.late_at and case.waits:
        found.append(section(say("⏰ *Late*: an answer was due {due}", due=_due(case))))
    if reply and reply.state is ReplyState.REFUSED:
        why = cut(reply.trouble, 500)
        found.append(section(say("⚠️ *The reply was not sent*: {why} Its text is kept: press Reply.", why=why)))
    if reply and reply.state is ReplyState.UNKNOWN:
        doubt = "⚠️ *I can't tell whether the reply arrived.* Please look. I will not send it again by myself."
        found.append(section(say(doubt)))
    if sheet.kept.mention.private:
        found.append(section(say("🔒 *Private*: only the author may read the answer")))
    return found


def _state_line(sheet: Sheet, policy: Policy) -> Safe:
    case, mention = sheet.case, sheet.kept.mention
    sign, word = LOOKS[case.priority]
    calls = case.priority is Priority.P1 and not sheet.stormed and not policy.reads_again(case)
    oncall = person(policy.oncall) if calls and policy.oncall else None
    due = say("due {at}", at=_due(case)) if case.waits and case.due_at else None
    return dotted(
        say("{sign} *{word}*", sign=Safe(sign), word=word),
        say("{kind}", kind=_KINDS[case.kind]),
        link(mention.url, case.platform) if mention.url else say("{where}", where=case.platform),
        Safe(f"{_state_sign(case)} {standing(case)}"),
        due,
        oncall,
    )


def _state_sign(case: Case) -> str:
    """Return the sign of a state; where an emoji on the card is a verb, it is the same. Circles are priorities."""
    if case.state is State.CLAIMED and case.last_reply_at and not case.waits:
        return "💬"
    if case.state is State.RESOLVED and case.resolution not in _GOOD:
        return "✖️"
    return _SIGNS[case.state]


def _due(case: Case) -> Safe:
    return dated(case.due_at) if case.due_at else Safe("")


def _beginning(sheet: Sheet) -> list[Block]:
    """Recall how the case began: the newest mention alone may read like thanks."""
    if sheet.first is None or sheet.first.id == sheet.kept.id:
        return []
    words = cut(one_line(sheet.first.mention.text), 150)
    return [context(say("It began with “{words}”", words=words))]


def _facts(sheet: Sheet) -> list[tuple[str, str]]:
    mention, reasons = sheet.kept.mention, [r for r in sheet.kept.verdict.reasons if r.weight >= 0][:2]
    author = mention.author
    called, at_handle = one_line(author.name), f"@{name(author.handle)}"
    handle = f"({at_handle})" if called else at_handle
    who = " ".join(part for part in [called, handle, "✓" if author.verified else ""] if part)
    counts = [(author.followers, "follower"), (mention.likes, "like"), (mention.reposts, "repost")]
    why = "; ".join(f"{r.family}: {r.words}" if r.words else r.family for r in reasons)
    return [
        ("From", who),
        ("Reach", ", ".join(f"{n:,} {word}{'s' * (n != 1)}" for n, word in counts if n)),
        ("Why", why),
        ("Tagged us", "yes" if mention.tagged else "no"),
        ("Photos", str(mention.photos) if mention.photos and not mention.photo_urls else ""),
    ]


def _writing(sheet: Sheet) -> list[Block]:
    if sheet.writing is None:
        return []
    return [context(say("✍️ {who} is writing since {at}", who=sheet.writing.by_name, at=moment(sheet.writing.since)))]


def _said(reply: Reply | None, *, frozen: bool) -> list[Block]:
    """Show what we said, or are about to say."""
    if reply is None or reply.state not in _SAYS:
        return []
    words = {
        ReplyState.QUEUED: say("✉️ *Waits: sending is frozen* · {who}", who=_who(reply))
        if frozen
        else say("✉️ *Sending at {at}* · {who}", at=_at(reply), who=_who(reply)),
        ReplyState.SENDING: say("✉️ *Sending…* · {who}", who=_who(reply)),
        ReplyState.UNKNOWN: say("✉️ *Not sure it arrived* · {who}", who=reply.by_name),
        ReplyState.SENT: say("💬 *Replied by {who}* {at}{view}", who=reply.by_name, at=_at(reply), view=_view(reply)),
    }[reply.state]
    blocks = [section(words), quote(reply.text, limit=QUOTE_LIMIT)]
    if reply.state in {ReplyState.QUEUED, ReplyState.SENDING} and reply.trouble:
        blocks.append(context(say("Trying again: {why}", why=cut(reply.trouble, 300))))
    return blocks


def _who(reply: Reply) -> Safe:
    writer = say("{who}", who=reply.by_name)
    return dotted(writer, say("approved by {who}", who=reply.approver_name)) if reply.approved_at else writer


def _view(reply: Reply) -> Safe:
    approved = say(" · approved by {who}", who=reply.approver_name) if reply.approved_at else Safe("")
    return Safe(approved + " · " + link(reply.remote_url, "view")) if reply.remote_url else approved


def _at(reply: Reply) -> Safe:
    at = reply.sent_at or reply.send_at
    return moment(at, "{time_secs}" if reply.state is ReplyState.QUEUED else "{time}") if at else Safe("")


def _footer(sheet: Sheet) -> Safe:
    case, mention = sheet.case, sheet.kept.mention
    count = say("{n} mentions, newest shown", n=case.mentions) if case.mentions > 1 else None
    language = say("language {lang}", lang=mention.lang) if mention.lang and mention.lang != "en" else None
    seen_late = (mention.seen_at - mention.posted_at).total_seconds() > 60
    seen = say("seen {at}", at=dated(mention.seen_at)) if seen_late else None
    edited = say("edited") if sheet.kept.edited_at else None
    posted = say("posted {at}", at=dated(mention.posted_at))
    return dotted(say("case `{id}`", id=case.id), posted, edited, seen, count, language)


def _sentence(sheet: Sheet) -> str:
    """Return the whole card in one escaped sentence, the facts first."""
    case, mention = sheet.case, sheet.kept.mention
    word = LOOKS[case.priority][1].partition(" ")[2]
    kind = "complaint" if case.kind is Kind.COMPLAINT else "mention to look at"
    who = say("{kind}, {word}: {who} on {where}", kind=kind.capitalize(), word=word,
              who=name(case.author), where=case.platform)  # fmt: skip
    state = {
        State.OPEN: say("unclaimed"),
        State.CLAIMED: say("{who} has it", who=case.assignee_name),
        State.SNOOZED: say("snoozed"),
        State.RESOLVED: say("resolved by {who}", who=case.resolved_by),
    }[case.state]
    due = say(", answer due {at}", at=_due(case)) if case.waits and case.due_at else Safe("")
    words = cut(one_line(mention.text), 80) or "(no text)"
    whole = say('{who}: "{words}" Case {id}, {state}{due}.', who=who, words=words, id=case.id, state=state, due=due)
    return fit(whole, SENTENCE_LIMIT)


def _reply_word(sheet: Sheet) -> str:
    """Slack wants a new block id when the block's content changed."""
    said = f"{sheet.reply.id}-{sheet.reply.state}" if sheet.reply else "none"
    return "-".join([said, *[f"{one.id}-waits" for one in sheet.waiting]])
