"""What happened on that day, read where it can be trusted: the town says what is public, Slack who was called,
the database which mention is whose."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Final

import orjson

from bot.domain.case import Case
from bot.domain.event import Event, Happening
from bot.domain.ids import CaseId, MentionId
from bot.domain.reply import Reply
from bot.domain.verdict import Kept
from bot.sandbox.messages import Message
from bot.store.unit import Unit
from tests.bench.shift.eyes import case_of
from tests.bench.shift.words import number_of
from tests.stories.stage import GOSHAWK, Stage, text_of

#: What calls a person: each of these may ping somebody once.
CALLS: Final = frozenset({
    Happening.OPENED, Happening.HEARD, Happening.REMINDED, Happening.ASKED, Happening.ESCALATED, Happening.WOKEN,
    Happening.ASSIGNED, Happening.DOUBTED, Happening.REFUSED, Happening.RETURNED,
})  # fmt: skip
#: What shows that nobody was forgotten, although nobody answered: the card says so, or somebody was called.
ALARMS: Final = frozenset({
    Happening.LATE, Happening.REMINDED, Happening.ASKED, Happening.ESCALATED, Happening.RETURNED,
})  # fmt: skip


@dataclass(frozen=True)
class Said:
    """One reply that stands in public."""

    case: int
    by: str
    at: datetime
    text: str
    post: str
    reply: Reply


@dataclass(frozen=True)
class Call:
    """One person was pinged by one message."""

    person: str
    at: datetime
    cases: tuple[int, ...]
    words: str


class Record:
    """The whole day."""

    def __init__(self, scene: Stage) -> None:
        self._scene = scene
        self.cases: dict[int, Case] = {}
        self.events: dict[int, list[Event]] = {}
        self.replies: dict[int, list[Reply]] = {}
        self.mentions: dict[int, list[Kept]] = defaultdict(list)
        self.stored: list[Kept] = []
        self.of_desk: list[Event] = []

    async def read(self) -> Record:
        """Read the database as it stands now."""
        await self._scene.goshawk.store.read(self._read)
        return self

    def _read(self, unit: Unit) -> None:
        mentions = (unit.mentions.get(MentionId(number + 1)) for number in range(unit.mentions.last_id()))
        self.stored = [kept for kept in mentions if kept]
        for kept in self.stored:
            if kept.case_id is not None:
                self.mentions[kept.case_id].append(kept)
        for case_id in self.mentions:
            self.cases[case_id] = unit.cases.get(CaseId(case_id))
            self.events[case_id] = unit.events.of_case(CaseId(case_id), limit=1_000)
            self.replies[case_id] = unit.replies.of_case(CaseId(case_id))
        self.of_desk = unit.events.of_case(CaseId(0), limit=1_000)

    # --- what is public

    @property
    def said(self) -> list[Said]:
        """What we said in public, in order."""
        writers = {reply.key: reply for replies in self.replies.values() for reply in replies}
        town = self._scene.town
        found = [(writers.get(one["key"]), one) for one in town.replies]
        return [
            Said(int(reply.case_id), str(reply.by), datetime.fromisoformat(one["at"]), one["text"], one["post"], reply)
            for reply, one in found
            if reply
        ]

    def first_answers(self) -> Iterator[tuple[Kept, Said | None]]:
        """Yield each case's first flagged mention, and the first public reply to the case."""
        said: dict[int, Said] = {}
        for one in self.said:
            said.setdefault(one.case, one)
        for case_id, kept in self.mentions.items():
            flagged = next((one for one in kept if one.verdict.flagged), None)
            if flagged:
                yield flagged, said.get(case_id)

    def ways(self) -> list[float]:
        """Return how many seconds each reply took from Send until it stood there, undo window and outage included."""
        events = [one for found in self.events.values() for one in found]
        pressed = {one.detail: one.at for one in events if one.what is Happening.QUEUED}
        arrived = {one.detail: one.at for one in events if one.what is Happening.SENT}
        return [(at - pressed[reply]).total_seconds() for reply, at in arrived.items() if reply in pressed]

    # --- what went wrong

    def forgotten(self) -> list[str]:
        """Return every flagged mention that is neither answered nor resolved, and of which nobody was warned."""
        return [
            f"case {kept.case_id}, {kept.mention.posted_at:%H:%M}, {self.cases[kept.case_id].state}"
            for kept in self.stored
            if kept.verdict.flagged and (kept.case_id is None or not self._looked_after(kept))
        ]

    def _looked_after(self, kept: Kept) -> bool:
        number, since = int(kept.case_id or 0), kept.mention.seen_at
        answered = any(one.case == number and one.at >= kept.mention.posted_at for one in self.said)
        ended = ALARMS | {Happening.RESOLVED}
        return answered or any(one.what in ended and one.at >= since for one in self.events[number])

    def left_waiting(self) -> list[str]:
        """Return every case whose customer waits while no alarm rang and none will."""
        silent = [case for case in self.cases.values() if case.waits and case.alarm_at is None and not case.late_at]
        return [f"case {case.id}, {case.state}, due {case.due_at:%d %H:%M}" for case in silent if case.due_at]

    def without_card(self) -> list[int]:
        """Return the cases that stand in no channel."""
        shown = {case for message in self._ours(in_thread=False) if (case := case_of(message))}
        return sorted(set(self.cases) - shown)

    def collisions(self) -> list[str]:
        """Return where two people answered although the customer had written nothing between."""
        found = []
        for case_id in self.cases:
            for before, after in pairwise(one for one in self.said if one.case == case_id):
                heard = (kept.mention.posted_at for kept in self.mentions[case_id])
                if before.by != after.by and not any(before.at < at <= after.at for at in heard):
                    found.append(f"case {case_id}: {number_of(before.text)} and {number_of(after.text)}")
        return found

    def twice(self) -> list[str]:
        """Return the texts that stand in public more than once."""
        return [text for text, times in Counter(self._scene.town.said).items() if times > 1]

    def lost(self, sent: Sequence[str]) -> list[str]:
        """Return what was sent by a person, stands nowhere, waits nowhere and was not given back."""
        public = {number_of(text) for text in self._scene.town.said}
        told = {number_of(reply.text) for reply in self.given_back()}
        waits = {number_of(one.text) for replies in self.replies.values() for one in replies if one.under_way}
        return sorted({number_of(text) for text in sent} - public - told - waits)

    def given_back(self) -> list[Reply]:
        """Return the replies that did not arrive and whose writers were told so."""
        refused = {"refused", "unknown", "undone"}
        return [one for replies in self.replies.values() for one in replies if str(one.state) in refused]

    def done_by(self, people: Sequence[str]) -> list[str]:
        """Return what these people brought about."""
        events = [one for found in [*self.events.values(), self.of_desk] for one in found]
        acts = [f"case {one.case_id}: {one.what}" for one in events if one.by in people]
        return acts + [f"wrote {one.text!r}" for found in self.replies.values() for one in found if one.by in people]

    # --- what Slack showed

    def _ours(self, *, in_thread: bool) -> list[Message]:
        world = self._scene.sandbox._world
        rooms = [room.id for room in world.channels.values() if room.kind != "app"]
        found = [message for room in rooms for message in world.messages.of(room)]
        ours = (one for one in found if one.user == GOSHAWK and not one.for_user)
        return [one for one in ours if bool(one.thread_ts) is in_thread]

    def carded(self) -> dict[int, datetime]:
        """Return when the first card of each case stood in a channel."""
        stood: dict[int, datetime] = {}
        for message in sorted(self._ours(in_thread=False), key=lambda message: float(message.ts)):
            stood.setdefault(case_of(message), datetime.fromtimestamp(float(message.ts), UTC))
        return stood

    def in_channels(self) -> Counter[str]:
        """Count what stands in the channels themselves, by its kind."""
        return Counter(kind_of(message) for message in self._ours(in_thread=False))

    def in_threads(self) -> Counter[str]:
        """Count the lines in threads."""
        return Counter(kind_of(message) for message in self._ours(in_thread=True))

    def calls(self, *, until: datetime) -> list[Call]:
        """Return every ping up to a moment, oldest first."""
        world = self._scene.sandbox._world
        found = [message for room in world.messages.channels() for message in world.messages.of(room)]
        pinging = [message for message in found if message.pings and message.user == GOSHAWK]
        called = [
            Call(person, at, self._about(message), kind_of(message))
            for message in pinging
            if (at := datetime.fromtimestamp(float(message.ts), UTC)) <= until
            for person in message.pings
        ]
        return sorted(called, key=lambda call: call.at)

    def _about(self, message: Message) -> tuple[int, ...]:
        """Return the cases that a message is about: its thread's, else those that it names."""
        world = self._scene.sandbox._world
        parent = world.messages.get(message.channel, message.thread_ts) if message.thread_ts else message
        if parent and (case := case_of(parent)):
            return (case,)
        words = text_of({"blocks": orjson.loads(message.blocks)})
        return tuple(int(number) for number in re.findall(r"[Cc]ase `?(\d+)", words))

    def calls_by_event(self, *, until: datetime) -> Counter[tuple[str, int]]:
        """Count for each person and each event that may call them how often they were called.

        Each ping is put down to the newest event of its cases that has not called this person yet.
        """
        counted: Counter[tuple[str, int]] = Counter()
        for call in self.calls(until=until):
            until_then = call.at + timedelta(seconds=5)
            known = (one for case in call.cases for one in self.events.get(case, []))
            events = [one for one in known if one.what in CALLS and one.at <= until_then]
            fresh = [one for one in events if not counted[call.person, id(one)]]
            meant = max(fresh or events, key=lambda one: one.at, default=None)
            counted[call.person, id(meant)] += 1
        return counted


#: Messages by what they say.
_KINDS: Final = {
    "wrote again": "customer wrote again",
    "An answer was due": "reminder",
    "still on this": "still on it?",
    "Escalated to": "escalation",
    "awake again": "woken",
    "handed you": "handed over",
    "can't tell whether your": "doubt",
    "Nothing was sent": "not sent",
    "back in the queue": "back in the queue",
    "reply has arrived": "arrived",
    "cannot be read": "feed notice",
    "is back since": "feed notice",
    "not flagged": "roll-up",
    "took case": "taken over",
}


def kind_of(message: Message) -> str:
    """Return in a word what a message is."""
    if case_of(message):
        return "card"
    return next((kind for words, kind in _KINDS.items() if words in message.text), message.text[:40])
