"""Nothing lost, nothing twice: lanes, attempts and dead letters; turns and caps that hold across processes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Change the schema; a process of the release before goes on beside it."""
    _jobs()
    _turns_and_caps()
    _outages()
    _storms()
    _numbers()


def _jobs() -> None:
    """Let a job say where it queues, when its call began, and when it was given up."""
    with op.batch_alter_table("job", schema=None) as batch_op:
        batch_op.add_column(sa.Column("lane", sa.String(length=200), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("faults", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("attempted_at", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("dead_at", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("burst_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True))
        batch_op.drop_index("job_due")
    op.execute("UPDATE job SET dead_at = due WHERE state = 'dead'")
    _index_of("ready", "job_next", ["lane", "urgent", "due", "id"])
    _index_of("running", "job_lease", ["due"])
    _index_of("dead", "job_dead", ["dead_at"])
    op.create_table(
        "burst",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("begun_at", sa.BigInteger(), nullable=False),
        sa.Column("channel", sa.String(length=40), nullable=False),
        sa.Column("ts", sa.String(length=40), nullable=False),
        sa.Column("ended_by_name", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )


def _index_of(state: str, name: str, columns: list[str]) -> None:
    """Index the jobs of one state: what is done costs a claim nothing."""
    only = sa.text(f"state = '{state}'")
    op.create_index(name, "job", columns, sqlite_where=only, postgresql_where=only)


def _turns_and_caps() -> None:
    """Keep the next free moment of each lane, and what an account used of its day."""
    op.create_table(
        "pace",
        sa.Column("lane", sa.String(length=200), nullable=False),
        sa.Column("next_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("lane"),
    )
    op.create_table(
        "quota",
        sa.Column("key", sa.String(length=2000), nullable=False),
        sa.Column("used", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("key"),
    )


def _outages() -> None:
    """Keep what part of Slack is closed to us, and where that was told."""
    op.create_table(
        "outage",
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("why", sa.String(length=500), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("over_at", sa.BigInteger(), nullable=True),
        sa.Column("channel", sa.String(length=40), nullable=False),
        sa.Column("ts", sa.String(length=40), nullable=False),
        sa.PrimaryKeyConstraint("key"),
    )


def _storms() -> None:
    """Keep the board of each channel's newest storm, and which cases have no card of their own because of it."""
    op.create_table(
        "storm",
        sa.Column("channel", sa.String(length=40), nullable=False),
        sa.Column("begun_at", sa.BigInteger(), nullable=False),
        sa.Column("place", sa.String(length=40), nullable=False),
        sa.Column("ts", sa.String(length=40), nullable=False),
        sa.Column("shown", sa.String(length=64), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("channel"),
    )
    op.create_table(
        "folded",
        sa.Column("case_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, autoincrement=False),
        sa.PrimaryKeyConstraint("case_id"),
    )


def _numbers() -> None:
    """Let a restore go on with new numbers of cases: cards of lost ones may stand in Slack. PostgreSQL can already."""
    if op.get_bind().dialect.name == "sqlite":
        with op.batch_alter_table("cases", recreate="always", table_kwargs={"sqlite_autoincrement": True}):
            pass
