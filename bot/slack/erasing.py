"""Erasing a person, as an admin sees it: what will happen, a button, and in the end what was done."""

from __future__ import annotations

from typing import Any, Final

from bot.cases.erasure import Erasures, Progress, Traces
from bot.domain.ids import ErasureId, MentionId
from bot.domain.job import Job
from bot.domain.staff import Staff
from bot.errors import NotAllowed, SlackBusy
from bot.slack import ids, lists
from bot.slack.blocks import actions, button, confirm, section
from bot.slack.cards import Drawing
from bot.slack.gateway import Gateway
from bot.slack.text import Safe, from_slack, lines, say
from bot.slack.tools import Tools
from bot.slack.verbs import Said

#: Seconds between two looks whether every message was tried.
_LOOK_S: Final = 2.0
_STAYS: Final = say(
    "What colleagues typed in Slack themselves stays: delete it by hand. What this person posts from now on comes in "
    "as usual."
)


async def erase(tools: Tools, said: Said) -> Drawing:
    """Say what would be erased, with a button that does it."""
    words = [from_slack(word) for word in said.words]
    if not words:
        raise NotAllowed("Name whom: /social erase @handle, or with the network: /social erase @handle Mastodon")
    return question(await _found(tools, said, words))


async def _found(tools: Tools, said: Said, words: list[str]) -> Traces:
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
    asked = say("*Erase @{who} on {where}?*", who=who.handle, where=who.platform)
    counts = say("{counts}.", counts=_counts(len(traces.mentions), len(traces.cases), len(traces.places)))
    happens = say(
        "Their words, name and addresses, our answers to them and colleagues' notes about them are removed for good, "
        "here and in Slack. Open cases of theirs end. Times and numbers stay."
    )
    sure = confirm("Erase this person?", "This cannot be taken back.", "Erase")
    press = button("Erase", ids.ERASE, str(who.newest), style="danger", confirm=sure)
    told = lines(asked, Safe(f"{counts} {happens}"), _STAYS)
    return Drawing(asked, [section(told), actions([press], block_id=f"erase-{who.newest}")])


def begun(counts: str) -> Drawing:
    """Say that it is done here, and goes on in Slack."""
    return lists.notice(
        say("Erased here: {counts}. The messages follow; you get a direct message at the end.", counts=counts)
    )


async def confirmed(tools: Tools, mention_id: MentionId, *, by: Staff, body: dict[str, Any]) -> None:
    """Erase whoever wrote a mention, and replace the question: it named them."""
    done = await tools.erasures.erase(mention_id, by=by)
    drawing = begun(_counts(done.mentions, done.cases, done.messages))
    url = str(body.get("response_url") or "")
    tools.errands.spawn(tools.gateway.respond(url, drawing, replace=True) if url else tools.answer(body, drawing))


class Eraser:
    """The job ``erasure.report``."""

    def __init__(self, gateway: Gateway, erasures: Erasures) -> None:
        self._gateway = gateway
        self._erasures = erasures

    async def report(self, job: Job) -> None:
        """Tell whoever asked what was done and what could not be.

        Raises:
            SlackBusy: messages are still to be tried.
        """
        progress = await self._erasures.progress(ErasureId(int(job.subject)))
        if progress.waiting:
            raise SlackBusy(f"{progress.waiting} messages are still to be emptied.", retry_after_s=_LOOK_S)
        drawing = lists.notice(report(progress))
        await self._gateway.post(await self._gateway.direct(progress.erasure.by), drawing)
        await self._erasures.told(progress.erasure.id)


def report(progress: Progress) -> Safe:
    """Return what was done and what could not be, in numbers."""
    erasure, refused = progress.erasure, sum(progress.refused.values())
    counts = f"{_number(erasure.mentions, 'mention')} in {_number(erasure.cases, 'case')}"
    done = say("✅ *Erased*: {counts}. The database was read again: nothing names this person there.", counts=counts)
    slack = say("Slack: {done} emptied.", done=_number(erasure.messages - refused, "message"))
    codes = ", ".join(f"{count} × {code}" for code, count in sorted(progress.refused.items()))
    stood = say("⚠️ {n} could not be: {codes}. Delete them by hand.", n=_number(refused, "message"), codes=codes)
    return lines(done, slack, stood if refused else None, _STAYS)


def _counts(mentions: int, cases: int, messages: int) -> str:
    return f"{_number(mentions, 'mention')}, {_number(cases, 'case')}, {_number(messages, 'Slack message')}"


def _number(count: int, noun: str) -> str:
    return f"{count} {noun}{'s' * (count != 1)}"
