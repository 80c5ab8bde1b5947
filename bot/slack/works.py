"""Typed work on cases: each is one verb of the desk, answered in private."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.cases.board import Line, Pile
from bot.domain.case import Resolution
from bot.domain.ids import CaseId
from bot.domain.staff import Staff
from bot.errors import GoshawkError, NotAllowed
from bot.slack import approving, direct, ids, lists, writing
from bot.slack.blocks import Block, actions, button, section
from bot.slack.card_buttons import deciding
from bot.slack.cards import Drawing
from bot.slack.text import Safe, from_slack, lines, say
from bot.slack.tools import Tools
from bot.slack.verbs import Command, case_of, one_case, resolution_of, some_cases, somebody, span_of


async def claim(tools: Tools, said: Command) -> Drawing:
    """Take a case, the next one, or list what is unclaimed."""
    if not said.words and said.here is None:
        return lists.queue_list("Most urgent, unclaimed", await tools.board.unclaimed(sight=tools.sight(said.by)))
    if said.words and said.words[0].casefold() == "next":
        case = await tools.desk.claim_next(by=said.by)
    else:
        case_id, _ = await one_case(tools, said)
        case = await tools.desk.claim(case_id, by=said.by)
    return lists.taken(case, await tools.drafts.asked(case))


async def release(tools: Tools, said: Command) -> Drawing:
    """Put a case back into the queue."""
    case_id, _ = await one_case(tools, said)
    await tools.desk.release(case_id, by=said.by)
    return lists.notice(say("Case {id} is back in the queue.", id=case_id))


async def assign(tools: Tools, said: Command) -> Drawing:
    """Hand a case to somebody."""
    case_id, rest = await one_case(tools, said)
    to = await somebody(tools, rest[0] if rest else "")
    await tools.desk.assign(case_id, to=to, by=said.by, note=from_slack(" ".join(rest[1:])))
    return lists.notice(say("Case {id} is {who}'s now.", id=case_id, who=to.name))


async def reply(tools: Tools, said: Command) -> Drawing | None:
    """Open the modal with the text filled in; where no window can open, offer a button for it."""
    if said.here is None and not (said.words and await case_of(tools, said.words[0])):
        mine = await tools.board.queue(Pile.MINE, by=said.by.id)
        if len(mine) != 1:
            return _which(mine)
        said = replace(said, here=mine[0].case.id)
    case_id, rest = await one_case(tools, said)
    if direct.wanted(tools, said, rest):
        return await direct.send(tools, said, case_id, rest)
    text = from_slack(" ".join(rest))
    desktop = await writing.begin(tools, case_id, by=said.by, text=text)
    if trigger_id := said.body.get("trigger_id"):
        await writing.open_window(tools, desktop, str(trigger_id), by=said.by)
        return None
    value = ids.Drawn(case_id, desktop.case.version).value()
    words = say("Thread text stays here. Press Reply: your words are filled in, and you can still change them.")
    return Drawing(words, [section(words, accessory=button("Reply", ids.REPLY, value, style="primary"))])


def _which(mine: Sequence[Line]) -> Drawing:
    if not mine:
        return lists.notice(say("You have no case. `/claim next` takes the most urgent one, `/reply 12` names one."))
    return lists.queue_list("Which one? Press its button, or name it: /reply 12", mine)


async def resolve(tools: Tools, said: Command) -> Drawing:
    """End one or several cases."""
    found, rest = await some_cases(tools, said)
    resolution, note = resolution_of([from_slack(word) for word in rest])
    return await _end(tools, said.by, found, resolution, note)


async def archive(tools: Tools, said: Command) -> Drawing:
    """End them without an answer."""
    found, rest = await some_cases(tools, said)
    return await _end(tools, said.by, found, Resolution.NO_ACTION, from_slack(" ".join(rest)))


async def dismiss(tools: Tools, said: Command) -> Drawing:
    """End them: not about us."""
    found, rest = await some_cases(tools, said)
    return await _end(tools, said.by, found, Resolution.NOT_ABOUT_US, from_slack(" ".join(rest)))


async def _end(tools: Tools, by: Staff, found: Sequence[CaseId], resolution: Resolution, note: str) -> Drawing:
    """Resolve every case that is named; each that cannot be is told with its reason."""
    told: list[Safe] = []
    for case_id in found:
        try:
            await tools.desk.resolve(case_id, by=by, resolution=resolution, note=note)
            told.append(say("Case {id}: resolved, {why}.", id=case_id, why=resolution))
        except GoshawkError as refusal:
            told.append(say("Case {id}: {why}", id=case_id, why=refusal))
    return lists.notice(lines(*told))


async def reopen(tools: Tools, said: Command) -> Drawing:
    """Take a case up again."""
    case_id, _ = await one_case(tools, said)
    case = await tools.desk.reopen(case_id, by=said.by)
    holder = say("{who} has it.", who=case.assignee_name) if case.assignee else say("Nobody has it yet.")
    return lists.notice(say("Case {id} is open again. {holder}", id=case_id, holder=holder))


async def snooze(tools: Tools, said: Command) -> Drawing:
    """Let a case sleep."""
    case_id, rest = await one_case(tools, said)
    span, note = span_of(rest)
    case = await tools.desk.snooze(case_id, by=said.by, span=span, note=from_slack(note))
    return lists.notice(lists.sleeping(case))


async def escalate(tools: Tools, said: Command) -> Drawing:
    """Call the next tier."""
    case_id, rest = await one_case(tools, said)
    tier = rest[0] if rest and tools.policy.tier_number(rest[0]) else ""
    reason = from_slack(" ".join(rest[1:] if tier else rest))
    case = await tools.desk.escalate(case_id, by=said.by, reason=reason, tier=tier)
    return lists.notice(await tools.escalated(case, tier))


async def note(tools: Tools, said: Command) -> Drawing:
    """Write something down for colleagues."""
    case_id, rest = await one_case(tools, said)
    await tools.desk.note(case_id, by=said.by, text=from_slack(" ".join(rest)))
    return lists.notice(say("Noted on case {id}. `/social show {id}` reads it.", id=case_id))


async def undo(tools: Tools, said: Command) -> Drawing:
    """Take back a reply that has not left yet."""
    case_id, _ = await one_case(tools, said)
    await tools.sending.undo(case_id, by=said.by)
    return lists.notice(say("Taken back: nothing was sent. Your text is kept, `/reply {id}` goes on.", id=case_id))


async def approve(tools: Tools, said: Command) -> Drawing | None:
    """Show the exact text of what waits for approval; one press lets it leave."""
    case_id, _ = await one_case(tools, said)
    replies = await tools.approvals.waiting(case_id, by=said.by, verb="approve")
    return await _read_first(tools, said, case_id, approving.approve_modal(replies))


async def reject(tools: Tools, said: Command) -> Drawing | None:
    """Show what waits for approval; one press keeps it from leaving, and its writer keeps the text."""
    return await _give_back(tools, said, "reject")


async def changes(tools: Tools, said: Command) -> Drawing | None:
    """Show what waits for approval; one press gives it back, with what should be different."""
    return await _give_back(tools, said, "request changes")


async def _give_back(tools: Tools, said: Command, verb: str) -> Drawing | None:
    case_id, rest = await one_case(tools, said)
    replies = await tools.approvals.waiting(case_id, by=said.by, verb=verb)
    words = from_slack(" ".join(rest))
    window = approving.words_modal(replies, changes=verb == "request changes", words=words)
    return await _read_first(tools, said, case_id, window)


async def _read_first(tools: Tools, said: Command, case_id: CaseId, window: Block) -> Drawing | None:
    """Nobody decides by typing: the text may have changed since they read it, so it stands above the button."""
    if trigger_id := said.body.get("trigger_id"):
        await tools.gateway.open(str(trigger_id), window)
        return None
    sheet = await tools.board.sheet(case_id)
    if not sheet.waiting:
        raise NotAllowed(f"What waited on case {case_id} was decided at this moment.")
    words = say("Nothing is decided yet. This is what waits on case {id}:", id=case_id)
    pressed = actions(deciding(sheet), block_id=f"decide-{case_id}-{sheet.case.version}")
    return Drawing(words, [section(words), *approving.waits(sheet), pressed])
