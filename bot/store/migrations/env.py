"""How Alembic reaches the database: the URL comes from whoever asked for the upgrade.

All that is missing is done in one transaction, on SQLite too: its driver would
commit every CREATE TABLE by itself, and a process killed between two of them
would leave tables of no version. Who comes second to the same server waits for
the first, and finds nothing left to do.
"""

from __future__ import annotations

from typing import Any, Final

from alembic import context
from sqlalchemy import Connection, Engine, event

from bot.store.connect import plain_engine
from bot.store.tables import metadata

#: The number under which processes on one PostgreSQL server wait for each other's upgrade.
_TURN: Final = 0x60_54_A3_17


def run() -> None:
    """Apply the migrations in one transaction."""
    engine = plain_engine(context.config.attributes["url"])
    if engine.dialect.name == "sqlite":
        _begin_by_hand(engine)
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_TURN})")
        context.configure(connection=connection, target_metadata=metadata, render_as_batch=True, transactional_ddl=True)
        with context.begin_transaction():
            context.run_migrations()
    engine.dispose()


def _begin_by_hand(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def _connected(connection: Any, record: Any) -> None:
        del record
        connection.isolation_level = None

    @event.listens_for(engine, "begin")
    def _began(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")


run()
