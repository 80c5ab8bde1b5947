"""What the operators are told of jobs that were given up: one message for many, with what can be done about them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from bot.cases import promises
from bot.cases.letters import Letter, Letters
from bot.domain.job import Job
from bot.domain.policy import Policy
from bot.domain.staff import Staff
from bot.slack import ids
from bot.slack.blocks import SECTION_LIMIT, actions, button, confirm, section
from bot.slack.cards import Drawing
from bot.slack.lists import notice
from bot.slack.posting import Poster, Standing
from bot.slack.text import Safe, cut, dated, fit, lines, say
from bot.slack.tools import Tools

#: Jobs that one message names; the command line lists all.
NAMED: Final = 8
#: Longest trouble that is shown of each.
_TROUBLE: Final = 160
#: What people call the kinds of jobs that die most likely; any other is called by its name.
_SAYS: Final[Mapping[str, str]] = {
    promises.REDRAW: "Draw the card of case {subject}",
    promises.LINE: "Say a line in a thread ({subject})",
    promises.SEND: "Deliver reply {subject}",
    promises.ALARM: "Look after the deadline of case {subject}",
    promises.WAKE: "Wake case {subject}",
    promises.TELL: "Tell tier {subject} of its cases",
    promises.ROLLUP: "Post the roll-up",
    promises.PURGE: "Remove old words",
    promises.COPY: "Empty a message ({subject})",
    promises.ERASED: "Report erasure {subject}",
}


class Operators:
    """The jobs ``jobs.dead`` and ``replies.ration``."""

    def __init__(self, poster: Poster, letters: Letters, policy: Policy) -> None:
        self._poster = poster
        self._letters = letters
        self._policy = policy

    async def tell(self, job: Job) -> None:
        """Post the message of some dead jobs, or edit it."""
        letter = await self._letters.letter(int(job.subject))
        if letter is None:
            return
        burst, drawing = letter.burst, message(letter)
        if await self._poster.edited(burst.channel, burst.ts, drawing) or not letter.dead:
            return
        stands = await self._say(job, drawing, key=f"{job.key}:{burst.ts}")
        await self._letters.posted(burst, channel=stands.channel, ts=stands.ts)

    async def ration(self, job: Job) -> None:
        """Say how much of a day's replies of one account is used."""
        await self._say(job, notice(rationed(job.subject)))

    async def _say(self, job: Job, drawing: Drawing, *, key: str = "") -> Standing:
        return await self._poster.say(job, drawing, self._policy.routes.trouble, self._policy.routes.cases, key=key)


def rationed(subject: str) -> Safe:
    """Return what is told of a day's replies."""
    used, cap, key = subject.split("|", 2)
    feed, _, account = key.rpartition(":")[0].partition(":")
    whose = say("@{account} on {feed}", account=account, feed=feed) if account else say("{feed}", feed=feed)
    if used == cap:
        words = "⚠️ *All {cap} replies of {whose} for today have left.* What is sent now leaves after midnight UTC."
        return say(words, cap=cap, whose=whose)
    words = "⚠️ *{used} of {cap} replies of {whose} for today have left.* At {cap} the rest waits until midnight UTC."
    return say(words, used=used, cap=cap, whose=whose)


def message(letter: Letter) -> Drawing:
    """Return what is told of some dead jobs, as things stand."""
    dead, burst = letter.dead, letter.burst
    if not dead:
        by = say(" by {name}", name=burst.ended_by_name) if burst.ended_by_name else Safe("")
        return notice(say("🟢 The jobs that were given up {since} are seen to{by}.", since=_since(letter), by=by))
    count = say("*One job was given up*") if len(dead) == 1 else say("*{n} jobs were given up*", n=len(dead))
    head = say("⚠️ {count} {since}. What they promised did not happen.", count=count, since=_since(letter))
    rest = say("And {n} more: `goshawk jobs list` names all.", n=len(dead) - NAMED) if len(dead) > NAMED else None
    words = fit(lines(head, *map(_line, dead[:NAMED]), rest), SECTION_LIMIT)
    sure = confirm("Drop them?", "What they promised will never happen.", "Drop")
    presses = [
        button("Try again", ids.RETRY_JOBS, str(burst.id), style="primary"),
        button("Drop", ids.DROP_JOBS, str(burst.id), style="danger", confirm=sure),
    ]
    return Drawing(fit(words, SECTION_LIMIT), [section(words), actions(presses, block_id=f"dead-{burst.id}")])


def _since(letter: Letter) -> Safe:
    return say("since {at}", at=dated(letter.burst.begun_at))


def _line(job: Job) -> Safe:
    what = say(_SAYS.get(job.kind, "{kind} {subject}"), kind=job.kind, subject=job.subject)
    words = "• {what}: {trouble} ({tries} tries)"
    return say(words, what=what, trouble=cut(job.trouble, _TROUBLE), tries=job.tries)


async def retry(tools: Tools, value: str, *, by: Staff, body: dict[str, Any]) -> None:
    """Have the jobs of a message tried again."""
    count = await tools.letters.retry(ids.number(value), by=by)
    _answer(tools, body, say("{n} will be tried again now.", n=_jobs(count)))


async def drop(tools: Tools, value: str, *, by: Staff, body: dict[str, Any]) -> None:
    """Give the jobs of a message up for good."""
    count = await tools.letters.drop(ids.number(value), by=by)
    _answer(tools, body, say("Dropped: {n}.", n=_jobs(count)))


def _jobs(count: int) -> str:
    return "1 job" if count == 1 else f"{count} jobs"


def _answer(tools: Tools, body: dict[str, Any], words: Safe) -> None:
    tools.errands.spawn(tools.answer(body, notice(words)))
