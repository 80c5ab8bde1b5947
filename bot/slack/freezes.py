"""What the channel is told of a freeze.

One message, edited when it is over, and one line that calls those whose replies leave then.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from typing import Final

from bot.cases.gate import Gate, Notice
from bot.domain.freeze import Freeze
from bot.domain.ids import FreezeId, StaffId
from bot.domain.job import Job
from bot.domain.policy import Policy
from bot.domain.reply import Reply
from bot.slack.blocks import SECTION_LIMIT, section
from bot.slack.cards import Drawing, frozen
from bot.slack.posting import Message, Poster
from bot.slack.text import Safe, cut, dated, ended, fit, lines, moment, person, say

#: Cases that are named behind one person.
NAMED: Final = 20


class Announcer:
    """The job ``freeze.notice``."""

    def __init__(self, poster: Poster, gate: Gate, policy: Policy) -> None:
        self._poster = poster
        self._gate = gate
        self._policy = policy

    async def tell(self, job: Job) -> None:
        """Post the message of a freeze, or edit it; when sending goes on, call those whose replies leave."""
        notice = await self._gate.notice(FreezeId(int(job.subject)))
        channel, thread = await self._show(job, notice.freeze, message(notice))
        if notice.freeze.ended_at and notice.waiting:
            called = Message(key=f"{job.key}:over", channel=channel, drawing=leaving(notice), thread=thread)
            await self._poster.post(job, called)

    async def _show(self, job: Job, freeze: Freeze, drawing: Drawing) -> tuple[str, str]:
        """Edit the message where it stands, or post it, and return its channel and ts."""
        if await self._poster.edited(freeze.channel, freeze.ts, drawing):
            return freeze.channel, freeze.ts
        routes = self._policy.routes
        stands = await self._poster.say(job, drawing, routes.cases, routes.operators, key=f"{job.key}:{freeze.ts}")
        await self._gate.posted(freeze.id, channel=stands.channel, ts=stands.ts)
        return stands.channel, stands.ts


def message(notice: Notice) -> Drawing:
    """Return the one message of a freeze, as things stand."""
    freeze = notice.freeze
    if freeze.ended_at:
        words = _over(freeze, freeze.ended_at)
    else:
        words = lines(
            frozen(freeze),
            say("{waiting} {begun}", waiting=_waiting(len(notice.waiting)), begun=_begun(freeze.under_way)),
            say("Whoever may approve replies lets sending go on: `/social unfreeze{whom}`", whom=_named(freeze)),
        )
    return Drawing(fit(words, SECTION_LIMIT), [section(fit(words, SECTION_LIMIT))])


def _over(freeze: Freeze, ended_at: datetime) -> Safe:
    return say(
        "🟢 *Sending{scope} goes on* since {over} by {by}. It was frozen {at} by {who}: {why}",
        scope=freeze.scope,
        over=dated(ended_at),
        by=freeze.ended_by_name,
        at=dated(freeze.at),
        who=freeze.by_name,
        why=ended(cut(freeze.reason, 300)),
    )


def _waiting(count: int) -> Safe:
    if not count:
        return say("No reply waits.")
    return say("One reply waits; Undo on its card takes it back.") if count == 1 else say(
        "{n} replies wait; Undo on their cards takes them back.", n=count
    )  # fmt: skip


def _begun(count: int) -> Safe:
    if not count:
        return say("None was on its way.")
    were = say("One was") if count == 1 else say("{n} were", n=count)
    return say("{were} on the way already and can't be called back: the cards say what became of it.", were=were)


def _named(freeze: Freeze) -> str:
    return f" {freeze.account}" if freeze.account else ""


def leaving(notice: Notice) -> Drawing:
    """Return the line that calls everybody whose reply leaves now; who lifted the freeze is not called."""
    of: dict[tuple[StaffId, str], list[Reply]] = defaultdict(list)
    for reply in notice.waiting:
        of[reply.by, reply.by_name].append(reply)
    over = notice.freeze.ended_by
    told = [_theirs(replies, name if by == over else person(by)) for (by, name), replies in of.items()]
    words = lines(say("What waited leaves now, one after the other. Undo on the card takes it back."), *told)
    return Drawing(fit(words, SECTION_LIMIT), [section(fit(words, SECTION_LIMIT))])


def _theirs(replies: list[Reply], who: str) -> Safe:
    first = min((reply.send_at for reply in replies if reply.send_at), default=None)
    cases = ", ".join(str(reply.case_id) for reply in replies[:NAMED])
    more = f" and {len(replies) - NAMED} more" if len(replies) > NAMED else ""
    at = say(" from {at}", at=moment(first, "{time_secs}")) if first else Safe("")
    word = "case" if len(replies) == 1 else "cases"
    return say("{who}: {word} {cases}{more}{at}", who=who, word=word, cases=cases, more=more, at=at)
