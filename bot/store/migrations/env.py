"""How Alembic reaches the database: the URL comes from whoever asked for the upgrade."""

from __future__ import annotations

from alembic import context
from sqlalchemy import create_engine

from bot.store.tables import metadata


def run() -> None:
    """Apply the migrations in one transaction."""
    engine = create_engine(context.config.attributes["url"])
    with engine.begin() as connection:
        context.configure(connection=connection, target_metadata=metadata, render_as_batch=True)
        with context.begin_transaction():
            context.run_migrations()
    engine.dispose()


run()
