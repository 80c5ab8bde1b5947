"""The tables of what is promised: jobs, who is told of dead ones and outages, turns and caps across processes."""

from __future__ import annotations

from typing import Final

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, String, Table, Text, text

from bot.domain.job import JobState
from bot.store.tables import Moment, Word, metadata

_Id: Final = BigInteger().with_variant(Integer, "sqlite")

job = Table(
    "job",
    metadata,
    Column("id", _Id, primary_key=True),
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
    Column("burst_id", _Id),
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
    Column("id", _Id, primary_key=True),
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
