"""A message of a job stands in Slack once: written down before the call, looked for after any doubt.

Slack knows no key that makes a second call harmless. So every message bears
one in its metadata, an attempt is written down before the call, and whoever
finds such an attempt unfinished looks for the key first. What was posted again
is looked for once more a minute later: a call can be applied late. Without the
optional right to read history nobody can look; then it is posted again and
counted, and a card that stands twice heals when somebody presses the spare one.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from bot import metrics
from bot.cases.copies import Copies
from bot.cases.outages import Outages
from bot.clock import Clock
from bot.domain.job import Job
from bot.errors import SlackBusy, SlackRefused
from bot.jobs import lease
from bot.jobs.attempts import Attempts
from bot.jobs.runner import SETTLE
from bot.log import get
from bot.slack.cards import Drawing
from bot.slack.errors import NOWHERE
from bot.slack.gateway import POST, Gateway

#: How far Slack's clock may be behind ours.
SKEW: Final = timedelta(seconds=60)
#: How long after an attempt its message is looked for.
LATEST: Final = timedelta(minutes=10)
#: When to look once more for a message that was posted again, counted from its first attempt, in settle waits.
SECOND_LOOK: Final = 6
#: Messages that are read at a time. Slack advises no more.
#: Source: Slack docs, "conversations.history", read 2026-11-21.
_PAGE: Final = 200
#: Longest key that is written as it is.
_KEY_LIMIT: Final = 120
#: Slack's words for a channel that takes nothing from us, and ours.
SHUT: Final = {
    "is_archived": "is archived",
    "channel_not_found": "is gone, or I am not in it",
    "not_in_channel": "does not have me in it",
}
#: How long those who did not know that a channel is closed come back at once, to look for another.
NEWS: Final = timedelta(seconds=10)
#: Seconds after which a message comes back for which no channel is open.
SHUT_S: Final = 60.0

_log = get(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What shall stand in Slack once."""

    key: str
    """Tells it from every other message, for ever."""
    channel: str
    drawing: Drawing
    thread: str = ""
    upto: int = 0
    """What it tells reaches up to this number: whoever finds it knows what was told."""
    elsewhere: tuple[tuple[str, str], ...] = ()
    """More channels and threads that it may stand in: where it belonged when an earlier attempt was made."""

    @property
    def places(self) -> dict[tuple[str, str], None]:
        """Return every channel and thread that it may stand in, each once."""
        return dict.fromkeys([(self.channel, self.thread), *self.elsewhere])

    @property
    def stamp(self) -> dict[str, Any]:
        """Return what it is found by; ids only, as everybody can read it."""
        return {"key": short(self.key), **({"upto": self.upto} if self.upto else {})}


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a message stands."""

    channel: str
    ts: str
    upto: int = 0
    found: bool = False
    """It stood there before, as it was drawn then."""


def short(key: str) -> str:
    """Return a key as it fits into a message and a job: a long one as its print."""
    return key if len(key) <= _KEY_LIMIT else hashlib.sha256(key.encode()).hexdigest()


class Poster:
    """Posts the messages of jobs, and finds again what may stand there."""

    def __init__(
        self,
        gateway: Gateway,
        attempts: Attempts,
        copies: Copies,
        outages: Outages,
        clock: Clock,
        *,
        settle: timedelta = SETTLE,
    ) -> None:
        """Prepare; ``settle`` is how long the runner waits after a doubt."""
        self.gateway = gateway
        self.outages = outages
        self._attempts = attempts
        self._copies = copies
        self._clock = clock
        self._second_look = SECOND_LOOK * settle

    async def post(self, job: Job, message: Message) -> Standing:
        """Put a message into Slack, or find it where an earlier attempt has put it.

        Raises:
            SlackBusy: surely not applied, come back. SlackRefused: Slack said no. SlackDoubtful: it may stand there.
        """
        doubted_at = _doubted_at(job)
        found = await self._found(message, since=doubted_at) if doubted_at else None
        if found:
            return found
        channel, ts = await self._call(job, message)
        if doubted_at:
            due = doubted_at + self._second_look
            await self._copies.look_again(message.channel, message.thread, short(message.key), due=due)
        return Standing(channel, ts, message.upto)

    async def _call(self, job: Job, message: Message) -> tuple[str, str]:
        try:
            return await self.gateway.post(
                message.channel,
                message.drawing,
                thread=message.thread,
                stamp=message.stamp,
                before=lambda: self._begin(job),
            )
        except SlackRefused as refusal:
            await self.refused(message.channel, refusal)
            raise

    async def refused(self, channel: str, refusal: SlackRefused) -> None:
        """Note a channel that is closed to us; whoever wanted to write there comes back and looks for another.

        Raises:
            SlackBusy: it is closed.
        """
        if why := SHUT.get(refusal.code):
            since = await self.outages.shut(channel, why)
            is_news = self._clock.now() - since < NEWS
            raise SlackBusy(f"The channel {channel} {why}.", retry_after_s=1 if is_news else SHUT_S) from refusal

    async def open_of(self, *channels: str) -> str:
        """Return the first channel that is not closed to us; the first of all when each is."""
        closed = await self.outages.closed()
        return next((one for one in channels if one and one not in closed), channels[0])

    async def say(self, job: Job, drawing: Drawing, *channels: str, key: str = "", upto: int = 0) -> Standing:
        """Post what is about no case to the first of the channels that is not closed; the job's key is its own.

        Raises:
            SlackBusy, SlackRefused, SlackDoubtful: as above.
        """
        channel = await self.open_of(*channels)
        return await self.post(job, Message(key=key or job.key, channel=channel, drawing=drawing, upto=upto))

    async def edited(self, channel: str, ts: str, drawing: Drawing) -> bool:
        """Edit a message where it stands; return whether it does: it may be none yet, deleted, or too old for that."""
        if not ts:
            return False
        try:
            await self.gateway.update(channel, ts, drawing)
        except SlackRefused:
            return False
        return True

    async def _begin(self, job: Job) -> None:
        await self._attempts.begin(job)

    async def _found(self, message: Message, *, since: datetime) -> Standing | None:
        """Return where a message stands already; a look that fails is no proof that it does not.

        Raises:
            SlackTrouble: Slack does not tell now.
        """
        try:
            found = [one for place in message.places for one in await self._read(place, message.key, since=since)]
        except SlackRefused as refusal:
            if refusal.code != "missing_scope":
                raise
            metrics.UNPROVEN.inc()
            metrics.LOOKS.labels("blind").inc()
            _log.warning("a message is posted again, as nobody may look whether it stands there", key=message.key)
            return None
        metrics.LOOKS.labels("found" if found else "absent").inc()
        if not found:
            return None
        await self._clear(found[1:])
        return found[0]

    async def _read(self, place: tuple[str, str], key: str, *, since: datetime) -> list[Standing]:
        channel, thread = place
        try:
            return await self._look(channel, thread, short(key), since=since)
        except SlackRefused as refusal:
            if refusal.code not in SHUT:
                raise
            return []  # nothing of ours is read there by anybody any more

    async def check(self, job: Job) -> None:
        """Look once more for a message that was posted again; keep the one that is known, take the others away."""
        channel, thread, key = job.subject.split("|", 2)
        try:
            found = await self._look(channel, thread, key, since=self._clock.now() - LATEST)
        except SlackRefused:
            return  # it may not be read any more: then a press on the spare one heals it
        known = [one for one in found if await self._copies.knows(one.channel, one.ts)]
        kept = (known or found)[:1]
        await self._clear([one for one in found if one not in kept])

    async def _look(self, channel: str, thread: str, key: str, *, since: datetime) -> list[Standing]:
        """Return every message that bears a key, the oldest first."""
        where = {"channel": channel, **({"ts": thread} if thread else {})}
        put_back_at = await self._copies.put_back_at()
        window = {
            "oldest": f"{(since - SKEW).timestamp():.6f}",
            # What stood in a backup may have been posted until that was put back.
            "latest": f"{(max(since + LATEST, put_back_at or since) + SKEW).timestamp():.6f}",
            "inclusive": "true",
            "include_all_metadata": "true",
        }
        method = "conversations.replies" if thread else "conversations.history"
        try:
            said = await self.gateway.pages(method, "messages", limit=_PAGE, **where, **window)
        except SlackRefused as refusal:
            if refusal.code in NOWHERE:
                return []
            raise
        found = [Standing(channel, str(one["ts"]), _upto(one), found=True) for one in said if _bears(one, key)]
        return sorted(found, key=lambda one: float(one.ts))

    async def _clear(self, spares: list[Standing]) -> None:
        for spare in spares:
            await take_away(self.gateway, spare.channel, spare.ts, seen_by="look")


async def take_away(gateway: Gateway, channel: str, ts: str, *, seen_by: str) -> None:
    """Delete a message that stands twice."""
    try:
        await gateway.delete(channel, ts)
    except SlackRefused as refusal:
        if refusal.code not in NOWHERE:
            raise
    else:
        metrics.SPARES.labels(seen_by).inc()
        _log.info("a message that stood twice was taken away", channel=channel, ts=ts, seen_by=seen_by)


def _doubted_at(job: Job) -> datetime | None:
    """Return when a call began whose end nobody knows; what this run itself began is no doubt."""
    held = lease.current.get()
    return None if held and held.began else job.attempted_at


def _bears(message: dict[str, Any], key: str) -> bool:
    metadata = message.get("metadata") or {}
    payload = metadata.get("event_payload") or {}
    return metadata.get("event_type") == POST and payload.get("key") == key


def _upto(message: dict[str, Any]) -> int:
    upto = ((message.get("metadata") or {}).get("event_payload") or {}).get("upto")
    return upto if isinstance(upto, int) else 0
