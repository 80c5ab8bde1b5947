"""Every table, as SQLAlchemy Core sees it; moments are UTC microseconds, words are plain text.

SQLite has no time zones and PostgreSQL refuses NUL, so both keep numbers and
clean strings; JSON columns are never queried inside.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

from bot.domain.case import Resolution, State
from bot.domain.event import Happening
from bot.domain.health import Pulse
from bot.domain.mention import Visibility
from bot.domain.removed import Removed
from bot.domain.reply import ReplyState
from bot.domain.sla import Priority
from bot.domain.verdict import Kind

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND: Final = timedelta(microseconds=1)


class Moment(TypeDecorator[datetime]):
    """An aware UTC moment, kept as microseconds since 1970."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        """Refuse naive moments by subtracting an aware one."""
        del dialect
        return None if value is None else (value - EPOCH) // MICROSECOND

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:
        """Return the moment in UTC."""
        del dialect
        return None if value is None else EPOCH + value * MICROSECOND


class Word(TypeDecorator[StrEnum]):
    """One word of a closed list, kept as text."""

    impl = String(40)
    cache_ok = True

    def __init__(self, words: type[StrEnum]) -> None:
        super().__init__()
        self.words = words

    def process_bind_param(self, value: StrEnum | None, dialect: Dialect) -> str | None:
        """Return the bare text."""
        del dialect
        return None if value is None else str(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> StrEnum | None:
        """Return the member; a word nobody knows is an error in the data."""
        del dialect
        return None if value is None else self.words(value)


#: Longest name or id of a stranger, in characters: what feeds let through, so that no post is ever refused here.
_LINE: Final = 2_000

metadata = MetaData()
Id = BigInteger().with_variant(Integer, "sqlite")

mention = Table(
    "mention",
    metadata,
    Column("id", Id, primary_key=True),
    Column("feed", String(40), nullable=False),
    Column("platform", String(60), nullable=False),
    Column("post_id", String(_LINE), nullable=False),
    Column("handle", String(_LINE), nullable=False),
    Column("name", String(_LINE), nullable=False),
    Column("followers", BigInteger),
    Column("verified", Boolean, nullable=False),
    Column("text", Text, nullable=False),
    Column("posted_at", Moment, nullable=False),
    Column("seen_at", Moment, nullable=False),
    Column("url", Text, nullable=False),
    Column("thread", String(_LINE), nullable=False),
    Column("answers", String(_LINE), nullable=False),
    Column("lang", String(20), nullable=False),
    Column("tagged", Boolean, nullable=False),
    Column("visibility", Word(Visibility), nullable=False),
    Column("likes", BigInteger, nullable=False),
    Column("reposts", BigInteger, nullable=False),
    Column("photos", Integer, nullable=False),
    Column("photo_urls", Text, nullable=False, server_default="[]"),
    Column("parent_text", Text, nullable=False, server_default=""),
    Column("terms", Text, nullable=False),
    Column("kind", Word(Kind), nullable=False),
    Column("score", Float, nullable=False),
    Column("reasons", Text, nullable=False),
    Column("urgency", Text, nullable=False),
    Column("case_id", Id, index=True),
    Column("removed", Word(Removed)),
    Column("edited_at", Moment),
    Column("revised_at", Moment),
    UniqueConstraint("platform", "post_id"),
    Index("mention_by_day", "seen_at"),
    Index("mention_of_author", "feed", "handle"),
    Index("mention_of_thread", "feed", "thread"),
)

_ANSWERED = text("first_reply_at IS NOT NULL")

case = Table(
    "cases",
    metadata,
    Column("id", Id, primary_key=True),
    Column("state", Word(State), nullable=False),
    Column("kind", Word(Kind), nullable=False),
    Column("priority", Word(Priority), nullable=False),
    Column("feed", String(40), nullable=False),
    Column("platform", String(60), nullable=False),
    Column("author", String(_LINE), nullable=False),
    Column("thread", String(_LINE), nullable=False),
    Column("private", Boolean, nullable=False),
    Column("account", String(_LINE), nullable=False, server_default=""),
    Column("assignee", String(40)),
    Column("assignee_name", String(200), nullable=False),
    Column("tier", Integer, nullable=False),
    Column("posted_at", Moment, nullable=False),
    Column("seen_at", Moment, nullable=False),
    Column("due_at", Moment),
    Column("alarm_at", Moment),
    Column("late_at", Moment),
    Column("pinged", Boolean, nullable=False),
    Column("claimed_at", Moment),
    Column("first_reply_at", Moment),
    Column("last_reply_at", Moment),
    Column("snoozed_until", Moment),
    Column("resolved_at", Moment),
    Column("resolved_by", String(200), nullable=False),
    Column("resolution", Word(Resolution)),
    Column("quiet_since", Moment),
    Column("asked_at", Moment),
    Column("mentions", Integer, nullable=False),
    Column("version", Integer, nullable=False),
    Column("heard_version", Integer, nullable=False),
    Column("removed", Word(Removed)),
    Index("case_of_author", "feed", "author"),
    Index("case_of_thread", "feed", "thread"),
    Index("case_by_day", "seen_at"),
    Index("case_by_urgency", "state", "priority", "due_at", "posted_at", "id"),
    Index("case_of_staff", "assignee", "state"),
    Index("case_by_first_reply", "first_reply_at", sqlite_where=_ANSWERED, postgresql_where=_ANSWERED),
    # No number is ever given twice, also when a backup was put back: the store's Restored goes on behind a gap.
    sqlite_autoincrement=True,
)

event = Table(
    "event",
    metadata,
    Column("id", Id, primary_key=True),
    Column("case_id", Id, nullable=False, index=True),
    Column("what", Word(Happening), nullable=False),
    Column("at", Moment, nullable=False),
    Column("by", String(40)),
    Column("by_name", String(200), nullable=False),
    Column("detail", Text, nullable=False),
    Column("text_hash", String(64), nullable=False, server_default=""),
    Column("remote_id", String(_LINE), nullable=False, server_default=""),
    Index("event_of_staff", "by", "at"),
)

reply = Table(
    "reply",
    metadata,
    Column("id", Id, primary_key=True),
    Column("case_id", Id, nullable=False, index=True),
    Column("mention_id", Id, nullable=False),
    Column("by", String(40), nullable=False),
    Column("by_name", String(200), nullable=False),
    Column("text", Text, nullable=False),
    Column("state", Word(ReplyState), nullable=False),
    Column("resolves", Boolean, nullable=False),
    Column("private", Boolean, nullable=False),
    Column("written_at", Moment, nullable=False),
    Column("open_since", Moment, index=True),
    Column("send_at", Moment),
    Column("tried_at", Moment),
    Column("sent_at", Moment),
    Column("remote_id", String(_LINE), nullable=False),
    Column("remote_url", Text, nullable=False),
    Column("trouble", Text, nullable=False),
    Column("asked_at", Moment),
    Column("asked_for", Text, nullable=False, server_default=""),
    Column("text_hash", String(64), nullable=False, server_default=""),
    Column("approver", String(40)),
    Column("approver_name", String(200), nullable=False, server_default=""),
    Column("approved_at", Moment),
    Column("read_at", Moment),
    Index("reply_by_state", "state"),
    Index("reply_by_departure", "send_at"),
)

card = Table(
    "card",
    metadata,
    Column("case_id", Id, primary_key=True),
    Column("channel", String(40), primary_key=True),
    Column("ts", String(40), nullable=False),
    Column("drawn_version", Integer, nullable=False),
    Column("carded_at", Moment, nullable=False),
    UniqueConstraint("channel", "ts"),
)

escalation = Table(
    "escalation",
    metadata,
    Column("id", Id, primary_key=True),
    Column("case_id", Id, nullable=False),
    Column("tier", Integer, nullable=False),
    Column("reason", Text, nullable=False),
    Column("by_name", String(200), nullable=False),
    Column("at", Moment, nullable=False),
    Column("told_at", Moment),
    Index("escalation_untold", "tier", "told_at"),
)

feed = Table(
    "feed",
    metadata,
    Column("feed", String(40), primary_key=True),
    Column("cursor", Text, nullable=False),
    Column("pulse", Word(Pulse), nullable=False),
    Column("since", Moment, nullable=False),
    Column("last_read_at", Moment),
    Column("last_mention_at", Moment),
    Column("trouble", Text, nullable=False),
)

delivery = Table(
    "delivery",
    metadata,
    Column("key", String(300), primary_key=True),
    Column("at", Moment, nullable=False),
)

freeze = Table(
    "freezes",
    metadata,
    Column("id", Id, primary_key=True),
    Column("account", String(_LINE), nullable=False),
    Column("reason", Text, nullable=False),
    Column("by", String(40), nullable=False),
    Column("by_name", String(200), nullable=False),
    Column("at", Moment, nullable=False),
    Column("under_way", Integer, nullable=False),
    Column("ended_at", Moment, index=True),
    Column("ended_by", String(40)),
    Column("ended_by_name", String(200), nullable=False),
    Column("channel", String(40), nullable=False),
    Column("ts", String(40), nullable=False),
)
