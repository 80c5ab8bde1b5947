"""Slash commands and mentions of Goshawk: typed words become the same verbs as buttons."""

from __future__ import annotations

import contextlib
import difflib
from collections.abc import Sequence
from typing import Any, Final

from slack_bolt.async_app import AsyncAck, AsyncApp

from bot.cases.rights import may_somewhere
from bot.domain.ids import CaseId
from bot.domain.staff import Staff
from bot.errors import Repeated
from bot.slack import erasing, ids, lists, looks, steers, works
from bot.slack.blocks import Block, modal, section
from bot.slack.cards import Drawing
from bot.slack.text import Safe, from_slack, lines, say
from bot.slack.tools import Tools
from bot.slack.verbs import Command, Verb


async def _help(tools: Tools, said: Command) -> Drawing:
    del tools
    return _help_on(said.words)


def help_modal() -> Block:
    """Return everything that can be typed, in a window."""
    return modal("What you can type", _help_on(()).blocks, callback_id=ids.HOME_HELP)


def _help_on(words: Sequence[str]) -> Drawing:
    wanted = VERBS_BY_WORD.get(words[0].casefold()) if words else None
    chosen = [wanted] if wanted else VERBS
    told = [say("`/social {usage}` {about}", usage=Safe(verb.usage), about=Safe(verb.about)) for verb in chosen]
    more = say("Also: `/claim next`, `/reply 12`, and on a card 👀 claims, ✅ resolves, 🚨 escalates, 💤 snoozes; "
               "taking an emoji away undoes nothing.")  # fmt: skip
    return Drawing("What you can type", [section(lines(*told)), section(more)])


_LOOK: Final = "look"

VERBS: Final = (
    Verb("queue", ("list", "inbox"), "queue [mine|unanswered|late|unflagged]", "what is open, urgent first",
         looks.queue, _LOOK),
    Verb("mine", (), "mine", "what you have", looks.mine, _LOOK),
    Verb("show", ("case", "timeline"), "show 12", "one case and all that happened to it", looks.show, _LOOK),
    Verb("claim", ("ack", "take"), "claim 12", "take a case; `next` takes the most urgent", works.claim),
    Verb("release", ("unclaim", "unack", "drop"), "release 12", "put it back into the queue", works.release),
    Verb("assign", ("give", "handover"), "assign 12 @ben [note]", "hand it to somebody", works.assign),
    Verb("reply", ("answer",), "reply 12 [text]", "open the window to answer; nothing leaves before Send", works.reply),
    Verb("undo", (), "undo 12", "take back a reply that has not left yet", works.undo),
    Verb("approve", ("ok",), "approve 12", "let a colleague's reply leave", works.approve),
    Verb("changes", ("revise",), "changes 12 words", "give it back, with what should be different", works.changes,
         "request changes"),
    Verb("reject", ("decline",), "reject 12 [words]", "keep it from leaving", works.reject),
    Verb("resolve", ("close", "done"), "resolve 12 13 [reason] [note]", "end one or several cases", works.resolve),
    Verb("archive", (), "archive 12 13 [note]", "end them without an answer: no action", works.archive, "resolve"),
    Verb("dismiss", (), "dismiss 12 13 [note]", "end them: not about us", works.dismiss, "resolve"),
    Verb("reopen", ("unresolve", "unsnooze", "wake"), "reopen 12", "take it up again", works.reopen),
    Verb("snooze", ("silence", "sleep"), "snooze 12 [30m|2h|1d|morning] [note]", "let it sleep", works.snooze),
    Verb("escalate", ("page",), "escalate 12 [tier] reason", "call the next tier", works.escalate),
    Verb("freeze", ("pause",), "freeze [account] reason", "stop all sending at once, or as one account", steers.freeze),
    Verb("unfreeze", ("resume",), "unfreeze [account]", "let sending go on", steers.unfreeze),
    Verb("erase", ("forget",), "erase @handle [network]", "remove a person from here and from Slack; asks first",
         erasing.erase),
    Verb("note", ("comment",), "note 12 text", "write something down for colleagues", works.note),
    Verb("report", ("figures",), "report [today|7]", "received, answered, how fast, what still waits", looks.report,
         _LOOK),
    Verb("why", ("reasons",), "why 12", "why it was flagged", looks.why, _LOOK),
    Verb("status", ("health", "feeds"), "status", "how the feeds do", looks.status, _LOOK),
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
        may_somewhere(by, verb.deed or verb.name, tools.policy)
    return await verb.run(tools, Command(by, tuple(words[1:]), body, here))


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
        with contextlib.suppress(Repeated):
            async with tools.bulletin.once(str(body.get("event_id"))):
                drawing = await obey(tools, text or "help", by=await tools.staff(body), body=body, here=here)
            if drawing:
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
