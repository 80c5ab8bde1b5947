"""The modals: what staff see before they speak, and what they fill in. Their memory holds ids and versions only."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from bot.cases.board import Timeline
from bot.cases.drafts import Desktop
from bot.domain.case import Case, Resolution
from bot.domain.policy import Policy
from bot.slack import ids
from bot.slack.around import earlier
from bot.slack.blocks import Block, choice, context, divider, menu, modal, people, quote, section, ticks, typed
from bot.slack.lists import history, reason_lines
from bot.slack.reveal import offer
from bot.slack.text import Safe, dated, lines, name, say

#: Radio buttons in one list; a higher tier is named in the command. Source: Slack docs, "Radio buttons", 2026-11-21.
CHOICES: Final = 10
#: Minutes of each offered sleep; the last one is the next business morning.
SPANS: Final[Sequence[tuple[str, str]]] = (
    ("30 minutes", "30"),
    ("2 hours", "120"),
    ("1 day", "1440"),
    ("Next business morning, 09:00", "morning"),
)


def reply_modal(desk: Desktop, *, warnings: Sequence[str] = (), filled: int = 0) -> Block:
    """Return the window to write in: the original, who speaks to whom, and the room there is.

    ``filled`` counts how often we filled the field anew: Slack keeps what was typed in a block of the same id.
    """
    mention, terms = desk.kept.mention, desk.kept.mention.terms
    kept = [section(say("⚠️ {warning}", warning=warning)) for warning in warnings]
    return modal(
        "Reply to complaint",
        [
            quote(mention.text, limit=2_000, mark=" … (cut)"),
            section(say("{audience} · as *@{account}* on {where}",
                        audience=_audience(desk), account=terms.account, where=mention.platform)),
            *kept,
            *([section(say("📝 {said}", said=desk.draft.trouble))] if desk.draft.trouble else []),
            *([context(say("Needs approval: {why}", why=desk.before))] if desk.before else []),
            *_templates(desk),
            _field(desk, filled),
            *([_box()] if desk.box else []),
            ticks("When it has arrived", [("Resolve as answered", "resolve")], block_id=ids.OPTIONS),
            context(say("The case is yours while you write. Release, on its card, puts it back into the queue.")),
        ],
        callback_id=ids.REPLY_VIEW,
        submit="Ask for approval" if desk.before else "Send",
        memory=ids.Memory(desk.draft.id, desk.case.version).value(),
    )  # fmt: skip


def check_modal(desk: Desktop, text: str, memory: ids.Memory, *, warnings: Sequence[str]) -> Block:
    """Return the exact text once more, as it will stand in public."""
    mention, terms = desk.kept.mention, desk.kept.mention.terms
    after = say("Afterwards the case is resolved as answered.") if memory.resolves else Safe("")
    return modal(
        "Check before sending",
        [
            section(say("{audience} · as *@{account}* to *@{who}* on {where}", audience=_audience(desk),
                        account=terms.account, who=name(mention.author.handle), where=mention.platform)),
            quote(text, limit=3_000),
            *[section(say("⚠️ {warning}", warning=warning)) for warning in warnings],
            *([section(say("🟠 *Needs approval*: {why}", why=desk.why))] if desk.why else []),
            context(lines(say("{n} of {limit} characters.", n=len(text), limit=terms.limit), after)),
        ],
        callback_id=ids.CHECK_VIEW,
        submit="Ask for approval" if desk.why else "Send now",
        memory=memory.value(),
    )  # fmt: skip


def _templates(desk: Desktop) -> list[Block]:
    names = [(one.name, one.name) for one in desk.offers]
    return [menu(say("Start from a template; you can still change every word."), names, ids.TEMPLATE)] if names else []


def _field(desk: Desktop, filled: int) -> Block:
    signed = f" {desk.mark} is added at the end." if desk.mark else ""
    hint = f"At most {desk.kept.mention.terms.limit} characters.{signed} Nothing leaves before you press Send."
    field = typed("Your reply", block_id=ids.TEXT, value=desk.draft.text, hint=hint)
    return {**field, "block_id": f"{ids.TEXT}-{filled}"} if filled else field


def _box() -> Block:
    options = [("Second pair of eyes: somebody approves it first", "eyes")]
    return ticks("Before it leaves", options, block_id=ids.EYES)


def _audience(desk: Desktop) -> Safe:
    """Return who reads the answer, and in private where it stands: posts that everybody reads may be in the case."""
    mention = desk.kept.mention
    if not mention.private:
        return say("🌍 *Public*, everyone can read this")
    at = dated(mention.posted_at)
    return say("🔒 *Private*, only the author reads this, under their private post of {at}", at=at)


def escalate_modal(case: Case, policy: Policy) -> Block:
    """Return the question whom to call, and why."""
    names = list(dict.fromkeys(tier.name for tier in policy.tiers))[:CHOICES]
    tiers = [(name, name) for name in names]
    next_up = min(case.tier, len(names) - 1)
    return modal(
        "Escalate",
        [
            choice("Whom to call", tiers, block_id=ids.TIER, chosen=next_up),
            typed("Why", block_id=ids.REASON, hint="They read this first, with a link to the card."),
        ],
        callback_id=ids.ESCALATE_VIEW,
        submit="Escalate",
        memory=ids.Drawn(case.id, case.version).value(),
    )


def resolve_modal(drawn: ids.Drawn, holder: str = "") -> Block:
    """Return the question why a case is over; ``holder``: the colleague who has it and is owed a word."""
    reasons = [(str(reason).capitalize(), str(reason)) for reason in Resolution]
    return modal(
        "Resolve",
        [
            choice("Why is it over?", reasons, block_id=ids.RESOLUTION),
            _word(holder) if holder else typed("Note for colleagues", block_id=ids.NOTE, optional=True),
        ],
        callback_id=ids.RESOLVE_VIEW,
        submit="Resolve",
        memory=drawn.value(),
    )


def _word(holder: str) -> Block:
    """Return the field for a word to whoever has the case: they would not know why it is gone."""
    return typed(f"Why? {holder} has this case", block_id=ids.NOTE, hint=f"{holder} is told, in the card's thread.")


def snooze_modal(drawn: ids.Drawn, holder: str = "") -> Block:
    """Return the question for how long; ``holder``: the colleague who has the case and is owed a word."""
    return modal(
        "Snooze",
        [
            choice("Until", SPANS, block_id=ids.SPAN),
            *([_word(holder)] if holder else []),
            context(say("It wakes earlier when the customer writes again.")),
        ],
        callback_id=ids.SNOOZE_VIEW,
        submit="Snooze",
        memory=drawn.value(),
    )


def assign_modal(drawn: ids.Drawn, holder: str = "") -> Block:
    """Return the question to whom; ``holder``: the colleague who has the case and is owed a word."""
    return modal(
        "Assign",
        [
            people("Who takes it?", block_id=ids.PERSON),
            _word(holder)
            if holder
            else typed("Hand-over note", block_id=ids.NOTE, optional=True, hint="What you would tell them in person."),
        ],
        callback_id=ids.ASSIGN_VIEW,
        submit="Assign",
        memory=drawn.value(),
    )


def details_modal(timeline: Timeline) -> Block:
    """Return everything about a case: texts, reasons, and what happened."""
    case = timeline.sheet.case
    told: list[Block] = []
    latest = timeline.mentions[-10:]
    for kept in latest:
        at = dated(kept.mention.posted_at)
        who = "private" if kept.withheld else f"@{name(kept.mention.author.handle)}"
        told.append(section(say("*{who}* {at}", who=who, at=at)))
        told.append(quote(kept.mention.text, limit=2_500, mark=" … (cut)"))
    return modal(
        f"Case {case.id}",
        [
            *told,
            *offer(timeline, latest),
            divider(),
            section(lines(say("*Why it was flagged*"), *reason_lines(timeline.sheet.kept.verdict))),
            *earlier(timeline),
            divider(),
            section(say("*What happened*")),
            history(timeline.events),
        ],
        callback_id=ids.DETAILS,
    )


def problem_modal(sentence: str) -> Block:
    """Return a window that says why nothing was done."""
    return modal("Nothing was done", [section(say("{sentence}", sentence=sentence))], callback_id=ids.DETAILS)
