"""Slash commands and mentions of Goshawk: typed words become the same verbs as buttons."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from slack_bolt.async_app import AsyncAck, AsyncApp

from bot.cases.board import Line, Pile
from bot.cases.rights import may
from bot.domain.case import Resolution
from bot.domain.ids import CaseId
from bot.domain.staff import Staff
from bot.errors import GoshawkError, NotAllowed
from bot.slack import ids, lists, modals
from bot.slack.blocks import button, section
from bot.slack.cards import Drawing
from bot.slack.text import Safe, from_slack, lines, say
from bot.slack.tools import Tools
from bot.slack.verbs import Said, Verb, case_of, one_case, resolution_of, some_cases, somebody, span_of


async def _queue(tools: Tools, said: Said) -> Drawing:
    pile = said.words[0].casefold() if said.words else Pile.TEAM
    if pile == "unflagged":
        return lists.unflagged_list(await tools.board.unflagged())
    if pile not in list(Pile):
        raise NotAllowed(f"I know no pile {pile}. Write queue, or queue with mine, unanswered, late or unflagged.")
    found = await tools.board.queue(Pile(pile), by=said.by.id)
    titles = {Pile.TEAM: "Open work", Pile.MINE: "Yours", Pile.UNANSWERED: "Unanswered", Pile.LATE: "Late"}
    return lists.queue_list(titles[Pile(pile)], found)


async def _mine(tools: Tools, said: Said) -> Drawing:
    return lists.queue_list("Yours", await tools.board.queue(Pile.MINE, by=said.by.id))


async def _show(tools: Tools, said: Said) -> Drawing:
    case_id, _ = await one_case(tools, said)
    return lists.timeline_list(await tools.board.timeline(case_id))


async def _why(tools: Tools, said: Said) -> Drawing:
    case_id, _ = await one_case(tools, said)
    sheet = await tools.board.sheet(case_id)
    return lists.why_list(sheet.case, sheet.kept.verdict)


async def _claim(tools: Tools, said: Said) -> Drawing:
    if not said.words and said.here is None:
        return lists.queue_list("Most urgent, unclaimed", await tools.board.unclaimed())
    if said.words and said.words[0].casefold() == "next":
        case = await tools.desk.claim_next(by=said.by)
    else:
        case_id, _ = await one_case(tools, said)
        case = await tools.desk.claim(case_id, by=said.by)
    return lists.taken(await tools.board.timeline(case.id))


async def _release(tools: Tools, said: Said) -> Drawing:
    case_id, _ = await one_case(tools, said)
    await tools.desk.release(case_id, by=said.by)
    return lists.notice(say("Case {id} is back in the queue.", id=case_id))


async def _assign(tools: Tools, said: Said) -> Drawing:
    case_id, rest = await one_case(tools, said)
    to = await somebody(tools, rest[0] if rest else "")
    await tools.desk.assign(case_id, to=to, by=said.by, note=from_slack(" ".join(rest[1:])))
    return lists.notice(say("Case {id} is {who}'s now.", id=case_id, who=to.name))


async def _reply(tools: Tools, said: Said) -> Drawing | None:
    """Open the modal with the text filled in; where no window can open, offer a button for it."""
    if said.here is None and not (said.words and await case_of(tools, said.words[0])):
        mine = await tools.board.queue(Pile.MINE, by=said.by.id)
        if len(mine) != 1:
            return _which(mine)
        said = replace(said, here=mine[0].case.id)
    case_id, rest = await one_case(tools, said)
    text = from_slack(" ".join(rest))
    desktop = await tools.drafts.begin(case_id, by=said.by, text=text)
    if trigger_id := said.body.get("trigger_id"):
        await tools.gateway.open(str(trigger_id), modals.reply_modal(desktop))
        return None
    value = ids.Drawn(case_id, desktop.case.version).value()
    words = say("Thread text stays here. Press Reply: your words are filled in, and you can still change them.")
    return Drawing(words, [section(words, accessory=button("Reply", ids.REPLY, value, style="primary"))])


def _which(mine: Sequence[Line]) -> Drawing:
    if not mine:
        return lists.notice(say("You have no case. `/claim next` takes the most urgent one, `/reply 12` names one."))
    return lists.queue_list("Which one? Press its button, or name it: /reply 12", mine)


async def _resolve(tools: Tools, said: Said) -> Drawing:
    found, rest = await some_cases(tools, said)
    resolution, note = resolution_of([from_slack(word) for word in rest])
    return await _end(tools, said.by, found, resolution, note)


async def _archive(tools: Tools, said: Said) -> Drawing:
    found, rest = await some_cases(tools, said)
    return await _end(tools, said.by, found, Resolution.NO_ACTION, from_slack(" ".join(rest)))


async def _dismiss(tools: Tools, said: Said) -> Drawing:
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


async def _reopen(tools: Tools, said: Said) -> Drawing:
    case_id, _ = await one_case(tools, said)
    case = await tools.desk.reopen(case_id, by=said.by)
    holder = say("{who} has it.", who=case.assignee_name) if case.assignee else say("Nobody has it yet.")
    return lists.notice(say("Case {id} is open again. {holder}", id=case_id, holder=holder))


async def _snooze(tools: Tools, said: Said) -> Drawing:
    case_id, rest = await one_case(tools, said)
    case = await tools.desk.snooze(case_id, by=said.by, span=span_of(rest))
    return lists.notice(lists.sleeping(case))


async def _escalate(tools: Tools, said: Said) -> Drawing:
    case_id, rest = await one_case(tools, said)
    tier = rest[0] if rest and tools.policy.tier_number(rest[0]) else ""
    reason = from_slack(" ".join(rest[1:] if tier else rest))
    case = await tools.desk.escalate(case_id, by=said.by, reason=reason, tier=tier)
    return lists.notice(await tools.escalated(case, tier))


async def _note(tools: Tools, said: Said) -> Drawing:
    case_id, rest = await one_case(tools, said)
    await tools.desk.note(case_id, by=said.by, text=from_slack(" ".join(rest)))
    return lists.notice(say("Noted on case {id}. `/social show {id}` reads it.", id=case_id))


async def _undo(tools: Tools, said: Said) -> Drawing:
    case_id, _ = await one_case(tools, said)
    await tools.drafts.undo(case_id, by=said.by)
    return lists.notice(say("Taken back: nothing was sent. Your text is kept, `/reply {id}` goes on.", id=case_id))


async def _status(tools: Tools, said: Said) -> Drawing:
    del said
    return lists.status_list(await tools.board.summary())


async def _help(tools: Tools, said: Said) -> Drawing:
    del tools
    wanted = VERBS_BY_WORD.get(said.words[0].casefold()) if said.words else None
    chosen = [wanted] if wanted else VERBS
    told = [say("`/social {usage}` {about}", usage=Safe(verb.usage), about=Safe(verb.about)) for verb in chosen]
    more = say("Also: `/claim next`, `/reply 12`, and on a card 👀 claims, ✅ resolves, 🚨 escalates, 💤 snoozes; "
               "taking an emoji away undoes nothing.")  # fmt: skip
    return Drawing("What you can type", [section(lines(*told)), section(more)])


_LOOK: Final = "look at cases"

VERBS: Final = (
    Verb("queue", ("list", "inbox"), "queue [mine|unanswered|late|unflagged]", "what is open, urgent first", _queue,
         _LOOK),
    Verb("mine", (), "mine", "what you have", _mine, _LOOK),
    Verb("show", ("case", "timeline"), "show 12", "one case and all that happened to it", _show, _LOOK),
    Verb("claim", ("ack", "take"), "claim 12", "take a case; `next` takes the most urgent", _claim),
    Verb("release", ("unclaim", "unack", "drop"), "release 12", "put it back into the queue", _release),
    Verb("assign", ("give", "handover"), "assign 12 @ben [note]", "hand it to somebody", _assign),
    Verb("reply", ("answer",), "reply 12 [text]", "open the window to answer; nothing leaves before Send", _reply),
    Verb("undo", (), "undo 12", "take back a reply that has not left yet", _undo),
    Verb("resolve", ("close", "done"), "resolve 12 13 [reason] [note]", "end one or several cases", _resolve),
    Verb("archive", (), "archive 12 13 [note]", "end them without an answer: no action", _archive, "resolve"),
    Verb("dismiss", (), "dismiss 12 13 [note]", "end them: not about us", _dismiss, "resolve"),
    Verb("reopen", ("unresolve", "unsnooze", "wake"), "reopen 12", "take it up again", _reopen),
    Verb("snooze", ("silence", "sleep"), "snooze 12 [30m|2h|1d|morning]", "let it sleep", _snooze),
    Verb("escalate", ("page",), "escalate 12 [tier] reason", "call the next tier", _escalate),
    Verb("note", ("comment",), "note 12 text", "write something down for colleagues", _note),
    Verb("why", ("reasons",), "why 12", "why it was flagged", _why, _LOOK),
    Verb("status", ("health", "feeds"), "status", "how the feeds do", _status, _LOOK),
    Verb("help", ("?",), "help [verb]", "this list", _help),
)  # fmt: skip

VERBS_BY_WORD: Final = {word: verb for verb in VERBS for word in (verb.name, *verb.synonyms)}

#: Slash commands of their own for the two most frequent verbs.
SHORTHANDS: Final = {"/claim": "claim", "/reply": "reply"}


async def obey(
    tools: Tools, text: str, *, by: Staff, body: dict[str, Any], here: CaseId | None = None
) -> Drawing | None:
    """Do what was typed and return the private answer, if there is one."""
    words = text.split()
    verb = VERBS_BY_WORD.get(words[0].casefold()) if words else VERBS_BY_WORD["queue"]
    if verb is None:
        return _unknown(words[0])
    if verb.run is not _help:
        may(by, verb.deed or verb.name)
    return await verb.run(tools, Said(by, tuple(words[1:]), body, here))


def _unknown(word: str) -> Drawing:
    near = difflib.get_close_matches(word.casefold(), list(VERBS_BY_WORD), n=3, cutoff=0.5) or [
        "queue",
        "claim",
        "help",
    ]
    named = dict.fromkeys(VERBS_BY_WORD[one].usage for one in near)
    hints = [say("• `/social {usage}`", usage=Safe(usage)) for usage in named]
    return lists.notice(lines(say("I don't know “{word}”. Did you mean:", word=from_slack(word)), *hints))


def listen(app: AsyncApp, tools: Tools) -> None:
    """Hear the commands, and mentions of Goshawk."""

    @app.command("/social")
    async def social(ack: AsyncAck, command: dict[str, Any]) -> None:
        await _answered(tools, ack, command, str(command.get("text") or ""))

    for name, verb in SHORTHANDS.items():
        _listen_to_shorthand(app, tools, name, verb)

    @app.event("app_mention")
    async def mentioned(event: dict[str, Any], body: dict[str, Any]) -> None:
        text = tools.directory.named(str(event.get("text", "")).replace(f"<@{tools.directory.me}>", "", 1))
        thread = str(event.get("thread_ts") or "")
        here = await tools.case_of_card(str(event.get("channel")), thread) if thread else None
        if not await tools.bulletin.first_time(str(body.get("event_id"))):
            return
        if drawing := await obey(tools, text or "help", by=await tools.staff(body), body=body, here=here):
            tools.errands.spawn(tools.answer(body, drawing))


def _listen_to_shorthand(app: AsyncApp, tools: Tools, name: str, verb: str) -> None:
    @app.command(name)
    async def shorthand(ack: AsyncAck, command: dict[str, Any]) -> None:
        await _answered(tools, ack, command, f"{verb} {command.get('text') or ''}")


async def _answered(tools: Tools, ack: AsyncAck, command: dict[str, Any], text: str) -> None:
    """Answer inside the ack: the database is near, so this takes milliseconds."""
    drawing = await obey(tools, text, by=await tools.staff(command), body=command)
    if drawing is None:
        await ack()
    else:
        await ack(text=drawing.text, blocks=drawing.blocks, response_type="ephemeral")
