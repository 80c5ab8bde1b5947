"""What is told of a part of Slack that is closed to us, and how we notice that it is open again."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from typing import Final

from bot.domain.job import Job
from bot.domain.outage import CHANNEL, ROOM, SCOPE, Outage
from bot.domain.policy import Policy
from bot.errors import SlackBusy, SlackRefused
from bot.slack.backroom import Backroom
from bot.slack.lists import notice
from bot.slack.posting import SHUT_S, Poster
from bot.slack.text import Safe, dated, room, say

#: Where a job's trouble names the right that it lacked.
_NEEDED: Final = re.compile(r"missing_scope\.(?: It needs the scope ([\w:.]+)\.)?")
#: What stands for a right that Slack did not name.
_UNNAMED: Final = "?"

Handler = Callable[[Job], Awaitable[None]]


class Sentinel:
    """The jobs ``outage.notice`` and ``outage.watch``, and an eye on every other one."""

    def __init__(self, poster: Poster, room: Backroom, policy: Policy) -> None:
        self._poster = poster
        self._outages = poster.outages
        self._room = room
        self._policy = policy

    async def tell(self, job: Job) -> None:
        """Post the one message of an outage, or edit it."""
        outage = await self._outages.get(job.subject)
        if outage is None or (outage.over_at and not outage.ts):
            return
        drawing = notice(_over(outage) if outage.over_at else _begun(outage, self._policy))
        if await self._poster.edited(outage.channel, outage.ts, drawing) or outage.ts:
            return
        routes, key = self._policy.routes, f"{job.key}:{outage.since.timestamp():.0f}"
        stands = await self._poster.say(job, drawing, routes.trouble, routes.cases, key=key)
        await self._outages.told(outage.key, channel=stands.channel, ts=stands.ts)

    async def watch(self, job: Job) -> None:
        """Look whether it is open again.

        Raises:
            SlackBusy: not yet; to be looked at again.
        """
        outage = await self._outages.get(job.subject)
        if outage is None or outage.over_at:
            return
        why = await self._room.why_open() if outage.is_of(ROOM) else await self._why_closed(outage.place)
        if why:
            raise SlackBusy(f"It {why}.", retry_after_s=SHUT_S)
        await self._outages.over(outage.key)

    async def _why_closed(self, channel: str) -> str:
        try:
            found = await self._poster.gateway.channel(channel)
        except SlackRefused as refusal:
            return f"cannot be looked at ({refusal.code})"
        if found.get("is_archived"):
            return "is archived"
        return "" if found.get("is_member", True) else "does not have me in it"

    def around(self, handler: Handler) -> Handler:
        """Let a job wait that lacks a right, and tell the operators once which."""

        async def guarded(job: Job) -> None:
            try:
                await handler(job)
            except SlackRefused as refusal:
                if refusal.code != "missing_scope":
                    raise
                await self._outages.missing(refusal.needed or _UNNAMED)
                raise SlackBusy(str(refusal), retry_after_s=SHUT_S) from refusal
            if lacked := _NEEDED.search(job.trouble):
                await self._outages.over(f"{SCOPE}{lacked[1] or _UNNAMED}")

        return guarded


def _begun(outage: Outage, policy: Policy) -> Safe:
    since = dated(outage.since)
    if outage.is_of(ROOM):
        words = "⚠️ *The private channel {why}.* Private mentions are withheld until it is closed again."
        return say(words, why=outage.why)
    if outage.is_of(CHANNEL):
        words = "⚠️ *{where} takes nothing from me since {since}:* it {why}. What belongs there is shown {refuge}. "
        operators = policy.routes.operators
        refuge = say("in {room}", room=room(operators)) if operators else say("as soon as it is open again")
        told = say(words, where=room(outage.place), since=since, why=outage.why, refuge=refuge)
        return Safe(told + say("Open it, or type there: /invite @goshawk. I look every minute."))
    words = "⚠️ *Slack refuses me the right {scope} since {since}.* What needs it waits; nothing is lost. Add it on "
    told = say(words, scope=outage.place, since=since)
    return Safe(told + say('"OAuth & Permissions" of the Slack app and install the app again.'))


def _over(outage: Outage) -> Safe:
    at = dated(outage.over_at or outage.since)
    if outage.is_of(ROOM):
        return say("🟢 The private channel is closed to others again since {at}. (It {why}.)", at=at, why=outage.why)
    if outage.is_of(CHANNEL):
        return say("🟢 {where} takes messages again since {at}.", where=room(outage.place), at=at)
    return say("🟢 Slack grants me the right {scope} again since {at}.", scope=outage.place, at=at)
