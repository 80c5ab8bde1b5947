"""In any order: versions of posts, queues that are read along an index, turns for whoever presses most."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Change the schema; a process of the release before goes on beside it."""
    with op.batch_alter_table("mention", schema=None) as batch_op:
        batch_op.add_column(sa.Column("revised_at", sa.BigInteger(), nullable=True))
    with op.batch_alter_table("pace", schema=None) as batch_op:
        batch_op.add_column(sa.Column("urgent", sa.Integer(), nullable=True))
    # Each new index begins with all columns of the one that it replaces, which the release before goes on reading by.
    op.create_index("case_by_urgency", "cases", ["state", "priority", "due_at", "posted_at", "id"])
    op.create_index("case_of_staff", "cases", ["assignee", "state"])
    answered = sa.text("first_reply_at IS NOT NULL")
    op.create_index(
        "case_by_first_reply", "cases", ["first_reply_at"], sqlite_where=answered, postgresql_where=answered
    )
    op.drop_index("case_by_state", "cases")
    op.drop_index("ix_cases_assignee", "cases")
