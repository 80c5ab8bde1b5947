"""Puts into Slack what is about no case: roll-ups of what was not flagged, feeds, a backup that was put back."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from bot.cases.bulletin import Bulletin
from bot.domain.health import Pulse
from bot.domain.job import Job
from bot.domain.policy import Policy
from bot.slack.blocks import section
from bot.slack.cards import Drawing
from bot.slack.lists import notice, unflagged_list
from bot.slack.posting import Message, Poster
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
        upto = found.upto
        if found.total:
            drawing = unflagged_list(found.shown)
            more = say("{n} in all: `/social queue unflagged` shows the rest.", n=found.total)
            blocks = [*drawing.blocks, section(more)] if found.total > ROLLUP_SHOWN else drawing.blocks
            message = Message(
                key=f"{job.key}:{job.subject or 0}",
                channel=await self._poster.open_of(self._policy.routes.cases, self._policy.routes.operators),
                drawing=Drawing(drawing.text, blocks),
                upto=upto,
            )
            stands = await self._poster.post(job, message)
            upto = stands.upto
            shown = [kept for kept in found.shown if kept.id <= upto]
            await self._bulletin.copies.rollup(shown, channel=stands.channel, ts=stands.ts)
        await self._bulletin.rolled_up(upto)

    async def feed_notice(self, job: Job) -> None:
        """Say that a feed fell silent, or that it is back."""
        health = await self._bulletin.feed(job.subject)
        if health is None:
            return
        since = moment(health.since)
        if health.pulse is Pulse.FAILING:
            last = moment(health.last_read_at) if health.last_read_at else Safe("never")
            words = lines(
                say(
                    "⚠️ *The feed {feed} cannot be read* since {since}: we are blind there.",
                    feed=job.subject,
                    since=since,
                ),
                say("{why} Last read {last}. I go on trying.", why=health.trouble, last=last),
            )
        else:
            words = say("🟢 The feed *{feed}* is back since {since}.", feed=job.subject, since=since)
        key = f"{job.key}:{health.pulse}:{health.since.timestamp():.0f}"
        channel = await self._poster.open_of(self._policy.routes.trouble, self._policy.routes.cases)
        message = Message(key=key, channel=channel, drawing=notice(words))
        await self._poster.post(job, message)

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
        channel = await self._poster.open_of(self._policy.routes.trouble, self._policy.routes.cases)
        await self._poster.post(job, Message(key=job.key, channel=channel, drawing=notice(words)))
