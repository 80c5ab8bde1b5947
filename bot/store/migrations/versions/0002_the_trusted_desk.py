"""The desk a team can be trusted with: the brand's account on a case."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Change the schema."""
    with op.batch_alter_table("cases", schema=None) as batch_op:
        batch_op.add_column(sa.Column("account", sa.String(length=2000), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("quiet_since", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("asked_at", sa.BigInteger(), nullable=True))
    with op.batch_alter_table("reply", schema=None) as batch_op:
        batch_op.add_column(sa.Column("open_since", sa.BigInteger(), nullable=True))
        batch_op.create_index(batch_op.f("ix_reply_open_since"), ["open_since"], unique=False)
    op.create_index("mention_by_day", "mention", ["seen_at"])
    op.create_index("case_by_day", "cases", ["seen_at"])
    op.create_index("event_of_staff", "event", ["by", "at"])
    _say_what_left()
    _freezes()
    _second_pair_of_eyes()
    _removed_words()
    _erasures()
    _what_stands_around_a_mention()


def _say_what_left() -> None:
    """Let an event bear the print of a text and the platform's id of it."""
    with op.batch_alter_table("event", schema=None) as batch_op:
        batch_op.add_column(sa.Column("text_hash", sa.String(length=64), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("remote_id", sa.String(length=2000), nullable=False, server_default=""))


def _freezes() -> None:
    """Add the stops of all sending, and the way to what waits for them."""
    op.create_table(
        "freezes",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("account", sa.String(length=2000), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by", sa.String(length=40), nullable=False),
        sa.Column("by_name", sa.String(length=200), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("under_way", sa.Integer(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.Column("ended_by", sa.String(length=40), nullable=True),
        sa.Column("ended_by_name", sa.String(length=200), nullable=False),
        sa.Column("channel", sa.String(length=40), nullable=False),
        sa.Column("ts", sa.String(length=40), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_freezes_ended_at"), "freezes", ["ended_at"])
    op.create_index("reply_by_state", "reply", ["state"])


def _second_pair_of_eyes() -> None:
    """Let a reply wait for approval, and keep who gave it."""
    with op.batch_alter_table("reply", schema=None) as batch_op:
        batch_op.add_column(sa.Column("asked_at", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("asked_for", sa.Text(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("text_hash", sa.String(length=64), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("approver", sa.String(length=40), nullable=True))
        batch_op.add_column(sa.Column("approver_name", sa.String(length=200), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("approved_at", sa.BigInteger(), nullable=True))


def _what_stands_around_a_mention() -> None:
    """Keep the links of its photos and what it answers; find what left a moment ago."""
    with op.batch_alter_table("mention", schema=None) as batch_op:
        batch_op.add_column(sa.Column("photo_urls", sa.Text(), nullable=False, server_default="[]"))
        batch_op.add_column(sa.Column("parent_text", sa.Text(), nullable=False, server_default=""))
    op.create_index("reply_by_departure", "reply", ["send_at"])


def _removed_words() -> None:
    """Say which words are not kept any more, and where in Slack they stand."""
    with op.batch_alter_table("mention", schema=None) as batch_op:
        batch_op.add_column(sa.Column("removed", sa.String(40), nullable=True))
        batch_op.add_column(sa.Column("edited_at", sa.BigInteger(), nullable=True))
    with op.batch_alter_table("cases", schema=None) as batch_op:
        batch_op.add_column(sa.Column("removed", sa.String(40), nullable=True))
    with op.batch_alter_table("reply", schema=None) as batch_op:
        batch_op.add_column(sa.Column("read_at", sa.BigInteger(), nullable=True))
    op.create_table(
        "copy",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("channel", sa.String(length=40), nullable=False),
        sa.Column("ts", sa.String(length=40), nullable=False),
        sa.Column("what", sa.String(40), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("case_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("ref", sa.BigInteger(), nullable=False),
        sa.Column("line", sa.String(length=40), nullable=False),
        sa.Column("removed", sa.String(40), nullable=True),
        sa.Column("erasure_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("redrawn_at", sa.BigInteger(), nullable=True),
        sa.Column("trouble", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_copy_case_id"), "copy", ["case_id"])
    op.create_index("copy_of_message", "copy", ["channel", "ts"])
    op.create_index("copy_of_thing", "copy", ["what", "ref"])
    op.create_index(op.f("ix_copy_erasure_id"), "copy", ["erasure_id"])
    op.execute(
        "INSERT INTO copy (channel, ts, what, at, case_id, ref, line, trouble) "
        "SELECT channel, ts, 'card', carded_at, case_id, 0, '', '' FROM card"
    )


def _erasures() -> None:
    """Remember who asked to erase somebody, and how that ended; never whom."""
    op.create_table(
        "erasure",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("by", sa.String(length=40), nullable=False),
        sa.Column("by_name", sa.String(length=200), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("mentions", sa.Integer(), nullable=False),
        sa.Column("cases", sa.Integer(), nullable=False),
        sa.Column("messages", sa.Integer(), nullable=False),
        sa.Column("told_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
