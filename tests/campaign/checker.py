"""Compares four ledgers: what was posted, the database, Slack, and the platform.

I1 each flagged post has exactly one case. I2 no case has two cards in a channel,
and at rest each has one; no message of ours stands twice. I3 no approved reply
stands on the platform twice. I4 every reply there was approved and is in the
timeline. I5 nothing of a private case stands where others read it. I6 an owner
changes by a logged act alone. I7 whatever is unknown waits for a person. I8 no
effect without its row.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, Final

import orjson
from sqlalchemy import create_engine, select

from bot.cases import promises
from bot.domain.event import Happening
from bot.domain.job import JobState
from bot.domain.removed import hidden_id
from bot.domain.reply import ReplyState
from bot.domain.verdict import Kind
from bot.sandbox.server import Sandbox
from bot.sandbox.workspace import BOT_USER
from bot.store import outbox, tables
from tests.campaign.square import Square

#: A word that stands in private posts alone.
CANARY: Final = "kingfisher"
#: Channels that more than the care team may read.
SHARED: Final = ("C0CARE0001", "C0ESCAL001", "C0GENERAL1")
_FLAGGED: Final = (Kind.COMPLAINT,)
_OWNING: Final = (Happening.CLAIMED, Happening.ASSIGNED, Happening.ASKED, Happening.RETURNED, Happening.RELEASED)


class Checker:
    """Reads the bot's own database from outside."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._engine = create_engine(url)

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()

    def rows(self, table: Any) -> list[Any]:
        """Return every row of a table."""
        with self._engine.connect() as connection:
            return list(connection.execute(select(table)))

    def case_of(self, post_id: str) -> int:
        """Return the number of a post's case; 0 while it has none."""
        with self._engine.connect() as connection:
            query = select(tables.mention.c.case_id).where(tables.mention.c.post_id == post_id)
            return int(connection.execute(query).scalar() or 0)

    # --- at rest?

    def left(self, *, listed: int, at: float) -> list[str]:
        """Return what is still to be done now; empty: the bot is at rest."""
        now = datetime.fromtimestamp(at, UTC)
        cursors = [int(row.cursor or 0) for row in self.rows(tables.feed)]
        unread = [] if cursors and min(cursors) >= listed else [f"posts up to {listed}, read up to {cursors}"]
        jobs = [row for row in self.rows(outbox.job) if row.state in {JobState.READY, JobState.RUNNING}]
        busy = [f"job {row.key} ({row.state}, tries {row.tries}): {row.trouble}" for row in jobs if _presses(row, now)]
        replies = [
            f"reply {row.id} is {row.state}"
            for row in self.rows(tables.reply)
            if row.state in {ReplyState.QUEUED, ReplyState.SENDING}
        ]
        return unread + busy + replies

    # --- the promises

    def breaches(self, sandbox: Sandbox, square: Square, *, look_back: bool) -> list[str]:
        """Return every broken promise."""
        doubles = list(self.doubled(sandbox)) if look_back else []
        return [
            *self._cases(square),
            *doubles,
            *self._missing_cards(sandbox),
            *self._replies(square),
            *self._private(sandbox),
            *self._owners(),
            *self._doubtful(),
            *self._rows_of_messages(sandbox),
            *self._dead(),
        ]

    def _cases(self, square: Square) -> Iterator[str]:
        rows = self.rows(tables.mention)
        stored, networks = Counter(row.post_id for row in rows), {row.platform for row in rows}
        for post_id, post in square.posts.items():
            # A post whose words were removed keeps the print of its number, by which a twin is known.
            times = stored[post_id] + sum(stored[hidden_id(network, post_id)] for network in networks)
            if times != 1 and not post["account"]:
                yield f"I1: post {post_id} is stored {times} times"
        cases = {row.id for row in self.rows(tables.case)}
        for row in self.rows(tables.mention):
            if row.kind in _FLAGGED and row.case_id not in cases:
                yield f"I1: flagged post {row.post_id} has no case"
        opened = Counter(row.case_id for row in self.rows(tables.event) if row.what is Happening.OPENED)
        for case_id in cases:
            if opened[case_id] != 1:
                yield f"I1: case {case_id} was opened {opened[case_id]} times"

    def doubled(self, sandbox: Sandbox) -> Iterator[str]:
        """Return each message of ours that stands twice."""
        for channel in sandbox._world.channels:
            standing = Counter(key for _, key, _ in ours(sandbox, channel))
            for key, times in standing.items():
                if times > 1:
                    yield f"I2: {key} stands {times} times in {channel}"

    def _missing_cards(self, sandbox: Sandbox) -> Iterator[str]:
        cards = {(row.case_id, row.channel): row.ts for row in self.rows(tables.card)}
        folded = {row.case_id for row in self.rows(outbox.folded)}
        for case in self.rows(tables.case):
            if case.id not in folded and not any(case_id == case.id for case_id, _ in cards):
                yield f"I2: case {case.id} has no card"
        for (case_id, channel), ts in cards.items():
            message = sandbox._world.messages.get(channel, ts)
            if message is None or message.is_deleted:
                yield f"I2: the card of case {case_id} at {channel} {ts} stands nowhere"

    def _replies(self, square: Square) -> Iterator[str]:
        known = {_key(row): row for row in self.rows(tables.reply)}
        sent = {row.case_id for row in self.rows(tables.event) if row.what is Happening.SENT}
        for key, times in Counter(one.key for one in square.ledger).items():
            if times > 1:
                yield f"I3: reply {key} stands {times} times on the platform"
        for one in square.ledger:
            row = known.get(one.key)
            if row is None:
                yield f"I4: the platform has a reply {one.key} that nobody approved"
            elif row.text != one.text:
                yield f"I4: reply {row.id} left with another text"
            elif row.state is ReplyState.SENT and row.case_id not in sent:
                yield f"I4: reply {row.id} was sent and stands in no timeline"
            elif row.state not in {ReplyState.SENT, ReplyState.UNKNOWN}:
                yield f"I3: reply {row.id} stands on the platform and is {row.state} here"
        there = {one.key for one in square.ledger}
        for key, row in known.items():
            if row.state is ReplyState.SENT and key not in there:
                yield f"I3: reply {row.id} is said to be sent and stands nowhere"

    def _private(self, sandbox: Sandbox) -> Iterator[str]:
        for channel in SHARED:
            for message in sandbox._world.messages.of(channel):
                if CANARY in message.text or CANARY.encode() in message.blocks:
                    yield f"I5: words of a private case stand in {channel} {message.ts}"

    def _owners(self) -> Iterator[str]:
        acts = Counter(row.case_id for row in self.rows(tables.event) if row.what in _OWNING)
        queued = {row.case_id for row in self.rows(tables.event) if row.what is Happening.QUEUED}
        for case in self.rows(tables.case):
            if case.assignee and not acts[case.id] and case.id not in queued:
                yield f"I6: case {case.id} has an owner whom no act made it"

    def _doubtful(self) -> Iterator[str]:
        doubted = {row.case_id for row in self.rows(tables.event) if row.what is Happening.DOUBTED}
        for row in self.rows(tables.reply):
            if row.state is ReplyState.UNKNOWN and row.case_id not in doubted:
                yield f"I7: reply {row.id} is unknown and nobody was told"

    def _rows_of_messages(self, sandbox: Sandbox) -> Iterator[str]:
        promised = {row.key for row in self.rows(outbox.job)} | {
            f"card:{row.case_id}" for row in self.rows(tables.card)
        }
        for channel in sandbox._world.channels:
            for ts, key, _ in ours(sandbox, channel):
                if key.startswith("card:") and key not in promised:
                    yield f"I8: {key} stands in {channel} {ts} without a row"

    def _dead(self) -> Iterator[str]:
        for row in self.rows(outbox.job):
            if row.state is JobState.DEAD or row.state == "dead":
                yield f"job {row.key} was given up: {row.trouble}"


def _presses(row: Any, now: datetime) -> bool:
    if row.state == JobState.RUNNING or row.attempted_at is not None or row.kind == promises.ERASED:
        return True
    return bool(row.due <= now or (row.tries and row.kind != promises.LOOK))


def ours(sandbox: Sandbox, channel: str) -> Iterator[tuple[str, str, str]]:
    """Yield (ts, key, text) of what the bot said in a channel and stands there."""
    for message in sandbox._world.messages.of(channel):
        if message.user != BOT_USER or message.is_deleted or message.for_user:
            continue
        payload = (orjson.loads(message.metadata) or {}).get("event_payload") or {}
        if key := payload.get("key"):
            yield message.ts, str(key), message.text


def _key(row: Any) -> str:
    return f"goshawk-reply-{row.id}-{row.written_at:%Y%m%d%H%M%S%f}"
