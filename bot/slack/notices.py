"""Puts into Slack what is about no case: roll-ups of what was not flagged, feeds, a backup that was put back."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from bot.cases.bulletin import Bulletin
from bot.domain.health import FeedHealth, Pulse
from bot.domain.job import Job
from bot.domain.policy import Policy
from bot.slack.blocks import section
from bot.slack.cards import Drawing
from bot.slack.lists import notice, unflagged_list
from bot.slack.posting import Poster
from bot.slack.text import Safe, dated, lines, moment, say

#: Mentions shown in one roll-up.
ROLLUP_SHOWN: Final = 10


class Notices:
    """The jobs whose effect is a message about no case."""

    def __init__(self, poster: Poster, bulletin: Bulletin, policy: Policy) -> None:
        self._poster = poster
        self._bulletin = bulletin
        self._policy = policy

    async def rollup(self, job: Job) -> None:
        """List what was tagged and not flagged since the last time; silent when there is nothing."""
        found = await self._bulletin.rollup(int(job.subject or 0), shown=ROLLUP_SHOWN)
        upto, routes = found.upto, self._policy.routes
        if found.total:
            drawing = unflagged_list(found.shown)
            more = say("{n} in all: `/social queue unflagged` shows the rest.", n=found.total)
            blocks = [*drawing.blocks, section(more)] if found.total > ROLLUP_SHOWN else drawing.blocks
            drawing, key = Drawing(drawing.text, blocks), f"{job.key}:{job.subject or 0}"
            stands = await self._poster.say(job, drawing, routes.cases, routes.operators, key=key, upto=upto)
            upto = stands.upto
            shown = [kept for kept in found.shown if kept.id <= upto]
            await self._bulletin.copies.rollup(shown, channel=stands.channel, ts=stands.ts)
        await self._bulletin.rolled_up(upto)

    async def feed_notice(self, job: Job) -> None:
        """Say that a feed fell silent, or that it is back."""
        if health := await self._bulletin.feed(job.subject):
            key = f"{job.key}:{health.pulse}:{health.since.timestamp():.0f}"
            await self._say(job, _of_feed(health), key=key)

    async def restored(self, job: Job) -> None:
        """Say that a backup was put back: what is forgotten, what is in doubt, and what people have to see to."""
        taken_at, replies, messages, alarms = job.subject.split()
        words = lines(
            say(
                "🕰 *Goshawk was put back to how it stood on {at}.* What happened after that is forgotten here.",
                at=dated(datetime.fromisoformat(taken_at)),
            ),
            say(
                "{replies} replies are looked for on the platform and {messages} messages in Slack before they leave; "
                "{alarms} alarms rest for half an hour. Feeds read again from where they were.",
                replies=replies,
                messages=messages,
                alarms=alarms,
            ),
            say(
                "Cards of cases that are forgotten say so when somebody presses them. Before you answer a post of "
                "that time, look on the platform. Erase again whoever was erased since."
            ),
        )
        await self._say(job, words)

    async def _say(self, job: Job, words: Safe, *, key: str = "") -> None:
        """Say something where trouble is said."""
        routes = self._policy.routes
        await self._poster.say(job, notice(words), routes.trouble, routes.cases, key=key)


def _of_feed(health: FeedHealth) -> Safe:
    since = moment(health.since)
    if health.pulse is not Pulse.FAILING:
        return say("🟢 The feed *{feed}* is back since {since}.", feed=health.feed, since=since)
    last = moment(health.last_read_at) if health.last_read_at else Safe("never")
    blind = "⚠️ *The feed {feed} cannot be read* since {since}: we are blind there."
    why = say("{why} Last read {last}. I go on trying.", why=health.trouble, last=last)
    return lines(say(blind, feed=health.feed, since=since), why)
