"""What has to go on by itself: something is stored, promises are kept in time, and feeds are read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Final

from bot.cases import promises
from bot.clock import Clock
from bot.domain.health import FeedHealth, Pulse
from bot.errors import Unusable
from bot.sections import FeedSettings
from bot.store.engine import Store
from bot.store.unit import Unit

#: How long a promise may be due before operators hear of it.
LATE: Final = timedelta(minutes=1)
#: How long before nobody outside is told any more that all is well.
STUCK: Final = timedelta(minutes=10)
#: What is less urgent stands behind all other work: thousands may wait, and nobody waits for them.
URGENT: Final = 7
#: The same, although it is more urgent than that: a person's words leave many messages one after the other.
PATIENT: Final = frozenset({promises.COPY, promises.ERASED})
#: Looks that a feed may miss, and how long the tries of one look may take together.
MISSED: Final = 3
TRIES: Final = timedelta(minutes=2)

#: A feed is unusually quiet after so many times its longest pause ...
QUIET: Final = 3
#: ... of so long before, a week having its nights and its Sunday; ...
USUAL: Final = timedelta(days=7)
#: ... of which that much must be known; and nobody is told of a silence that is shorter than this.
KNOWN, SHORTEST = timedelta(days=1), timedelta(minutes=15)

#: The lane that is pushed to see whether anything is stored.
_TRIAL: Final = "readyz"
_LOST: Final = "Slack or a platform is slow, or this machine. Nothing is lost."


def rhythms(feeds: Iterable[FeedSettings]) -> dict[str, timedelta]:
    """Return how often each feed is read that is read by us and not delivered to us."""
    return {one.name: timedelta(seconds=every_s) for one in feeds if (every_s := getattr(one, "every_s", 0))}


class Lookout:
    """Looks at the engine as it stands, over all processes."""

    def __init__(self, store: Store, clock: Clock, rhythms: Mapping[str, timedelta]) -> None:
        """``rhythms``: how often each feed should be read."""
        self._store = store
        self._clock = clock
        self._rhythms = rhythms
        self._was_late = False
        self._told: dict[str, str] = {}
        self._pauses: dict[str, tuple[datetime, timedelta, timedelta]] = {}
        """Of each feed that is quiet: its newest mention, its longest pause before that, and over which span."""

    async def database(self) -> str:
        """Store something.

        Raises:
            Unusable: the database takes nothing.
        """
        await self._store.transact(lambda unit: unit.paces.push(_TRIAL, until=self._clock.now()))
        return ""

    async def late(self) -> dict[str, str]:
        """Return what operators are told: what waits here, and who has said nothing for longer than ever."""
        return {**await self._work(), **await self._quiet()}

    async def _work(self) -> dict[str, str]:
        """Return that work was late at the last look already, and no closed part of Slack is why.

        Once told it is over when half of the time is kept, so that nobody hears of every swing.
        """
        now, bound = self._clock.now(), LATE / 2 if self._told else LATE
        try:
            words = await self._store.read(lambda unit: "" if unit.outages.open() else _waiting(unit, now, bound))
        except Unusable:  # that is told by itself
            return self._told
        self._told = {"work": f"Work waits: {words} {_LOST}"} if words and self._was_late else {}
        self._was_late = bool(words)
        return self._told

    async def _quiet(self) -> dict[str, str]:
        """Return which feeds answer and bring nothing, for far longer than they ever paused."""
        now = self._clock.now()

        def work(unit: Unit) -> dict[str, str]:
            heard = [feed for feed in unit.feeds.all() if feed.pulse is Pulse.LISTENING]
            return {f"quiet {one.feed}": words for one in heard if (words := self._silence(unit, one, now))}

        try:
            return await self._store.read(work)
        except Unusable:
            return {}

    def _silence(self, unit: Unit, feed: FeedHealth, now: datetime) -> str:
        """Return what is to be said about a feed's silence; empty when it is nothing unusual."""
        last = feed.last_mention_at
        if last is None or now - last < SHORTEST:
            return ""
        if self._pauses.get(feed.feed, (None,))[0] != last:  # while it is quiet, what is usual stays what it is
            self._pauses[feed.feed] = last, *unit.feeds.longest_pause(feed.feed, since=last - USUAL)
        _, pause, span = self._pauses[feed.feed]
        if span < KNOWN or now - last <= QUIET * pause:
            return ""
        return (
            f"The feed {feed.feed} answers and brings nothing since {last:%d %B %H:%M} UTC. In the week before it was "
            f"never quiet for longer than {pause.total_seconds() / 60:.0f} minutes. See whether people post there, and "
            "whether its token, its address and what it searches for are still right."
        )

    async def stuck(self) -> str:
        """Return which promise is due for so long that nobody seems to work; empty when none is.

        Raises:
            Unusable: the database does not answer.
        """
        now = self._clock.now()
        return await self._store.read(lambda unit: _waiting(unit, now, STUCK))

    async def unread(self) -> str:
        """Return which feed nobody reads; a failing one is read, in vain, and operators know.

        Raises:
            Unusable: the database does not answer.
        """
        now = self._clock.now()
        known = {feed.feed: feed for feed in await self._store.read(lambda unit: unit.feeds.all())}
        for name, rhythm in self._rhythms.items():
            health = known.get(name)
            if health and health.pulse in {Pulse.FAILING, Pulse.ENDED}:
                continue
            last = max(health.since, health.last_read_at or health.since) if health else None
            if last is None or now - last > MISSED * rhythm + TRIES:
                return f"Feed {name} was last read {f'at {last:%H:%M} UTC' if last else 'never'}."
        return ""


def _waiting(unit: Unit, now: datetime, bound: timedelta) -> str:
    """Return which kind of promise has been due for longer than ``bound``; empty when none has."""
    due = {kind: found for kind, found in unit.counts.due(at=now, urgent=URGENT).items() if kind not in PATIENT}
    kind, (count, since) = min(due.items(), key=lambda one: one[1][1], default=("", (0, now)))
    if now - since <= bound:
        return ""
    return f"{kind} has been due for {(now - since).total_seconds():.0f} s ({count} of it wait)."
