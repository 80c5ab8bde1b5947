"""The tables of what leaves the house: jobs, turns and caps, what operators are told once, what stands in Slack."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, String, Table, Text, text

from bot.domain.job import JobState
from bot.domain.removed import CopyOf, Removed
from bot.store.tables import Id, Moment, Word, metadata

job = Table(
    "job",
    metadata,
    Column("id", Id, primary_key=True),
    Column("kind", String(40), nullable=False),
    Column("key", String(200), nullable=False, unique=True),
    Column("subject", String(200), nullable=False),
    Column("final", Boolean, nullable=False),
    Column("urgent", Integer, nullable=False),
    Column("due", Moment, nullable=False),
    Column("wished_due", Moment, nullable=False),
    Column("state", Word(JobState), nullable=False),
    Column("tries", Integer, nullable=False),
    Column("fence", Integer, nullable=False),
    Column("wish", Integer, nullable=False),
    Column("trouble", Text, nullable=False),
    Column("lane", String(200), nullable=False, server_default=""),
    Column("faults", Integer, nullable=False, server_default="0"),
    Column("attempted_at", Moment),
    Column("dead_at", Moment),
    Column("burst_id", Id),
)
# One index for each state that is looked for: what is done costs a claim nothing.
for _state, _name, _columns in (
    (JobState.READY, "job_next", (job.c.lane, job.c.urgent, job.c.due, job.c.id)),
    (JobState.RUNNING, "job_lease", (job.c.due,)),
    (JobState.DEAD, "job_dead", (job.c.dead_at,)),
):
    _only = text(f"state = '{_state}'")
    Index(_name, *_columns, sqlite_where=_only, postgresql_where=_only)

burst = Table(
    "burst",
    metadata,
    Column("id", Id, primary_key=True),
    Column("begun_at", Moment, nullable=False),
    Column("channel", String(40), nullable=False),
    Column("ts", String(40), nullable=False),
    Column("ended_by_name", String(200), nullable=False),
)

pace = Table(
    "pace",
    metadata,
    Column("lane", String(200), primary_key=True),
    Column("next_at", Moment, nullable=False),
    Column("urgent", Integer),
)

quota = Table(
    "quota",
    metadata,
    Column("key", String(2_000), primary_key=True),
    Column("used", Integer, nullable=False),
)

outage = Table(
    "outage",
    metadata,
    Column("key", String(200), primary_key=True),
    Column("why", String(500), nullable=False),
    Column("since", Moment, nullable=False),
    Column("over_at", Moment),
    Column("channel", String(40), nullable=False),
    Column("ts", String(40), nullable=False),
)

copy = Table(
    "copy",
    metadata,
    Column("id", Id, primary_key=True),
    Column("channel", String(40), nullable=False),
    Column("ts", String(40), nullable=False),
    Column("what", Word(CopyOf), nullable=False),
    Column("at", Moment, nullable=False),
    Column("case_id", Id, index=True),
    Column("ref", BigInteger, nullable=False),
    Column("line", String(40), nullable=False),
    Column("removed", Word(Removed)),
    Column("erasure_id", Id, index=True),
    Column("redrawn_at", Moment),
    Column("trouble", String(200), nullable=False),
    Index("copy_of_message", "channel", "ts"),
    Index("copy_of_thing", "what", "ref"),
)

erasure = Table(
    "erasure",
    metadata,
    Column("id", Id, primary_key=True),
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

folded = Table("folded", metadata, Column("case_id", Id, primary_key=True, autoincrement=False))
