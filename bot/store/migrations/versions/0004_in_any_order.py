"""In any order: a mention knows which version of its post it is."""

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
