"""Four tables more: where in Slack a stranger's words stand, who asked to erase somebody, storms and what they fold."""

from __future__ import annotations

from typing import Final

from sqlalchemy import BigInteger, Column, Index, Integer, String, Table

from bot.domain.removed import CopyOf, Removed
from bot.store.tables import Moment, Word, metadata

_Id: Final = BigInteger().with_variant(Integer, "sqlite")

copy = Table(
    "copy",
    metadata,
    Column("id", _Id, primary_key=True),
    Column("channel", String(40), nullable=False),
    Column("ts", String(40), nullable=False),
    Column("what", Word(CopyOf), nullable=False),
    Column("at", Moment, nullable=False),
    Column("case_id", _Id, index=True),
    Column("ref", BigInteger, nullable=False),
    Column("line", String(40), nullable=False),
    Column("removed", Word(Removed)),
    Column("erasure_id", _Id, index=True),
    Column("redrawn_at", Moment),
    Column("trouble", String(200), nullable=False),
    Index("copy_of_message", "channel", "ts"),
    Index("copy_of_thing", "what", "ref"),
)

erasure = Table(
    "erasure",
    metadata,
    Column("id", _Id, primary_key=True),
    Column("by", String(40), nullable=False),
    Column("by_name", String(200), nullable=False),
    Column("at", Moment, nullable=False),
    Column("mentions", Integer, nullable=False),
    Column("cases", Integer, nullable=False),
    Column("messages", Integer, nullable=False),
    Column("told_at", Moment),
)

storm = Table(
    "storm",
    metadata,
    Column("channel", String(40), primary_key=True),
    Column("begun_at", Moment, nullable=False),
    Column("place", String(40), nullable=False),
    Column("ts", String(40), nullable=False),
    Column("shown", String(64), nullable=False),
    Column("ended_at", Moment),
)

folded = Table("folded", metadata, Column("case_id", _Id, primary_key=True, autoincrement=False))
