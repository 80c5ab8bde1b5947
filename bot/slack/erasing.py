"""Erasing a person, as an admin sees it: what will happen, a button, and in the end what was done."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from bot.cases.erasure import Erasures, Progress, Traces, sentence_of
from bot.domain.ids import ErasureId, MentionId
from bot.domain.job import Job
from bot.domain.staff import Staff
from bot.errors import NotAllowed, NotOurs, SlackBusy
from bot.slack import ids, lists
from bot.slack.blocks import Block, actions, button, confirm, section
from bot.slack.cards import Drawing
from bot.slack.posting import Message, Poster
from bot.slack.readback import Found, Readback
from bot.slack.text import Safe, clean, from_slack, lines, name, say
from bot.slack.tools import Tools
from bot.slack.verbs import Command

#: Seconds between two looks whether every message was tried.
_LOOK_S: Final = 2.0
#: What follows the number on the button that takes the handle out of what others wrote.
EVERYWHERE: Final = "everywhere"
_STAYS: Final = say(
    "What colleagues typed in Slack themselves stays: delete it by hand. What this person posts from now on comes in "
    "as usual."
)


async def erase(tools: Tools, said: Command) -> Drawing:
    """Say what would be erased, with a button that does it."""
    words = [clean(from_slack(word)) for word in said.words]
    if not words:
        raise NotAllowed("Name whom: /social erase @handle, or with the network: /social erase @handle Mastodon")
    return question(await _found(tools, said, words))


async def _found(tools: Tools, said: Command, words: list[str]) -> Traces:
    """Find a person by all words, else by all but the last, which then names the network."""
    try:
        return await tools.erasures.find(" ".join(words), by=said.by)
    except NotAllowed:
        if len(words) == 1:
            raise
    return await tools.erasures.find(" ".join(words[:-1]), words[-1], by=said.by)


def question(traces: Traces) -> Drawing:
    """Return what will happen, and the button."""
    who = traces.person
    asked = say("*Erase @{who} on {where}?*", who=name(who.handle), where=who.platform)
    counts = say("{counts}.", counts=_counts(len(traces.mentions), len(traces.cases), len(traces.places)))
    happens = say(
        "Their words, name and addresses, our answers to them and colleagues' notes about them are removed for good, "
        "here and in Slack. Open cases of theirs end. Times and numbers stay."
    )
    sure = confirm("Erase this person?", "This cannot be taken back.", "Erase")
    press = button("Erase", ids.ERASE, str(who.newest), style="danger", confirm=sure)
    told = lines(asked, Safe(f"{counts} {happens}"), _STAYS)
    return Drawing(asked, [section(told), actions([press], block_id=f"erase-{who.newest}"), *_named_by_others(traces)])


def _named_by_others(traces: Traces) -> list[Block]:
    """Say where others name them, and offer to take the handle out of that, too."""
    if not traces.named:
        return []
    words = "Others name them, too: they are {where}. That stays, unless the handle is taken out there as well."
    sure = confirm("Erase everywhere?", "The handle goes from what others wrote. It cannot be taken back.", "Erase")
    value = f"{traces.person.newest}:{EVERYWHERE}"
    press = button("Erase everywhere", ids.ERASE, value, style="danger", confirm=sure)
    return [
        section(say(words, where=sentence_of(traces.named))),
        actions([press], block_id=f"erase-all-{traces.person.newest}"),
    ]


def begun(counts: str) -> Drawing:
    """Say that it is done here, and goes on in Slack."""
    return lists.notice(
        say("Erased here: {counts}. The messages follow; you get a direct message at the end.", counts=counts)
    )


async def confirmed(tools: Tools, value: str, *, by: Staff, body: dict[str, Any]) -> None:
    """Erase whoever wrote a mention, and replace the question: it named them."""
    number, _, how = value.partition(":")
    if how not in {"", EVERYWHERE}:
        raise NotOurs
    done = await tools.erasures.erase(MentionId(ids.number(number)), by=by, everywhere=how == EVERYWHERE)
    drawing = begun(_counts(done.mentions, done.cases, done.messages))
    url = str(body.get("response_url") or "")
    tools.errands.spawn(tools.gateway.respond(url, drawing, replace=True) if url else tools.answer(body, drawing))


class Eraser:
    """The job ``erasure.report``."""

    def __init__(self, poster: Poster, erasures: Erasures, readback: Readback) -> None:
        self._poster = poster
        self._erasures = erasures
        self._readback = readback

    async def report(self, job: Job) -> None:
        """Tell whoever asked what was done and what could not be.

        Raises:
            SlackBusy: messages are still to be tried.
        """
        progress = await self._erasures.progress(ErasureId(int(job.subject)))
        if progress.waiting:
            raise SlackBusy(f"{progress.waiting} messages are still to be emptied.", retry_after_s=_LOOK_S)
        drawing = lists.notice(report(progress, await self._readback.of(progress.emptied)))
        channel = await self._poster.gateway.direct(progress.erasure.by)
        await self._poster.post(job, Message(key=job.key, channel=channel, drawing=drawing))
        await self._erasures.told(progress.erasure.id)


def report(progress: Progress, found: Found) -> Safe:
    """Return what was done, what was looked at once more, and what could not be, in numbers."""
    erasure, refused = progress.erasure, sum(progress.refused.values())
    counts = f"{_number(erasure.mentions, 'mention')} in {_number(erasure.cases, 'case')}"
    words = "✅ *Erased*: {counts}. Every text of the database was searched for the handle: {left}."
    done = say(words, counts=counts, left=progress.left)
    slack = say("Slack: {done} emptied.", done=_number(erasure.messages - refused, "message"))
    words = "⚠️ {n} could not be: {codes}. Delete them by hand."
    stood = say(words, n=_number(refused, "message"), codes=_codes(progress.refused))
    return lines(done, slack, *_verified(found), stood if refused else None, _STAYS)


def _verified(found: Found) -> list[Safe]:
    """Return what reading back has shown, and where nothing but Slack's own answer says that the words are gone."""
    told: list[Safe] = []
    if found.verified:
        told.append(say("{n} read back from Slack: the words are gone.", n=_number(found.verified, "message")))
    if found.other:
        told.append(say("⚠️ {n} still read differently. Delete them by hand.", n=_number(found.other, "message")))
    if unread := found.unread.total():
        words = "{n} not read back ({codes}): Slack answered that they were changed."
        told.append(say(words, n=_number(unread, "message"), codes=_codes(found.unread)))
    return told


def _codes(counted: Mapping[str, int]) -> str:
    return ", ".join(f"{count} × {code}" for code, count in sorted(counted.items()))


def _counts(mentions: int, cases: int, messages: int) -> str:
    return f"{_number(mentions, 'mention')}, {_number(cases, 'case')}, {_number(messages, 'Slack message')}"


def _number(count: int, noun: str) -> str:
    return f"{count} {noun}{'s' * (count != 1)}"
