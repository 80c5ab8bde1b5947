"""How each kind of database is connected to, and what its errors mean for what was being done."""

from __future__ import annotations

import sqlite3
from typing import Any, Final

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlalchemy.pool import PoolProxiedConnection

from bot import metrics
from bot.errors import VersionConflict

_PRAGMAS: Final = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA busy_timeout=5000",
    "PRAGMA foreign_keys=ON",
    "PRAGMA cache_size=-2000",  # KiB; the system's own cache does the rest: 16 MB made a million mentions no faster
    "PRAGMA secure_delete=ON",  # what was taken out is overwritten, not only forgotten
)
#: What PostgreSQL does by itself: nobody waits for ever for a row, nor keeps one in a process that sleeps.
_WRITING: Final = "-c lock_timeout=5s -c statement_timeout=30s -c idle_in_transaction_session_timeout=10s"
_READING: Final = "-c statement_timeout=60s -c idle_in_transaction_session_timeout=60s"
#: Seconds for a connection to be made, and how a line that broke without a word is noticed.
_PATIENCE: Final = {
    "connect_timeout": 5,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,
}
#: In the address of a database behind PgBouncer: ``?prepare_threshold=none``.
_UNPREPARED: Final = "prepare_threshold"


def engine_of(url: URL, *, writes: bool) -> Engine:
    """Return an engine whose errors never repeat what was to be stored: they end in the log."""
    if url.get_backend_name() == "sqlite":
        engine = create_engine(url, connect_args={"check_same_thread": False}, hide_parameters=True)
        _prepare_sqlite(engine, writes=writes)
        return _timed(engine) if writes else engine
    place, given = _to_server(url, _WRITING if writes else _READING)
    if writes:
        return _timed(create_engine(place, hide_parameters=True, connect_args=given))
    return create_engine(
        place,
        hide_parameters=True,
        connect_args=given,
        isolation_level="REPEATABLE READ",
        execution_options={"postgresql_readonly": True},
    )


def plain_engine(address: str) -> Engine:
    """Return an engine for one look or one upgrade, also through a pooler.

    Raises:
        ArgumentError: it is no address, or of no database that is known.
    """
    url = make_url(address)
    if url.query.get(_UNPREPARED, "") == "none":
        bare = url.difference_update_query([_UNPREPARED])
        return create_engine(bare, hide_parameters=True, connect_args={"prepare_threshold": None})
    return create_engine(url, hide_parameters=True)


def _timed(engine: Engine) -> Engine:
    """Measure every commit: SQLAlchemy tells of one before it, and not after."""
    commit = engine.dialect.do_commit

    def measured(dbapi_connection: PoolProxiedConnection) -> None:
        with metrics.COMMIT.time():
            commit(dbapi_connection)

    engine.dialect.do_commit = measured  # type: ignore[method-assign]
    return engine


def direct(url: str) -> str:
    """Return the address of a PostgreSQL server as its own library reads it."""
    bare = make_url(url).set(drivername="postgresql").difference_update_query([_UNPREPARED])
    return bare.render_as_string(hide_password=False)


def _to_server(url: URL, options: str) -> tuple[URL, dict[str, Any]]:
    """Return the address and how to connect to it; a pooler between us takes no settings and no prepared statements."""
    if url.query.get(_UNPREPARED, "") == "none":
        return url.difference_update_query([_UNPREPARED]), {**_PATIENCE, "prepare_threshold": None}
    own = url.query.get("options", "")
    return url.difference_update_query(["options"]), {**_PATIENCE, "options": f"{options} {own}".strip()}


def lost_a_race(error: Exception) -> bool:
    """Return whether another transaction was quicker: then the work is run again and sees what that one did."""
    if isinstance(error, VersionConflict):
        return True
    # PostgreSQL: the same row at once, no serial order, a deadlock, a row that somebody kept too long
    states = {"23505", "40001", "40P01", "55P03"}
    return isinstance(error, IntegrityError | OperationalError) and _state(error) in states


def was_cut(error: Exception) -> bool:
    """Return whether the line to the server broke, or could not be made; a server that just starts counts as well."""
    if not isinstance(error, DBAPIError) or isinstance(error.orig, sqlite3.Error):
        return False
    state = _state(error)
    down = state.startswith(("08", "57P")) or state == "53300"
    return error.connection_invalidated or down or (isinstance(error, OperationalError) and not state)


def _state(error: DBAPIError) -> str:
    return str(getattr(error.orig, "sqlstate", "") or "")


def _prepare_sqlite(engine: Engine, *, writes: bool) -> None:
    """Set the pragmas, and begin by hand: the driver's own BEGIN is deferred and fails at once when it must write."""

    @event.listens_for(engine, "connect")
    def _connected(connection: Any, record: Any) -> None:
        del record
        connection.isolation_level = None
        for pragma in _PRAGMAS:
            connection.execute(pragma)
        if not writes:
            connection.execute("PRAGMA query_only=ON")

    @event.listens_for(engine, "begin")
    def _began(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
