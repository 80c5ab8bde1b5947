"""The doctor's look at what is kept: the database, what waits in it, and what its feeds last heard."""

from __future__ import annotations

import asyncio
import queue
import sqlite3
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final, TypeVar

from bot.cases.rations import ALARM
from bot.cli.findings import Finding, broken, ok, warning
from bot.clock import Clock
from bot.domain.health import FeedHealth, Pulse
from bot.errors import Misconfigured, Unusable
from bot.settings import Settings
from bot.store.engine import Store
from bot.store.schema import file_of, head, version_of
from bot.store.unit import Unit

Answer = TypeVar("Answer")

#: Longest that the database is looked at, in seconds.
PATIENCE_S: Final = 10.0
#: Age of a promise that is due from which something holds it up.
OVERDUE: Final = timedelta(minutes=1)


async def examined(settings: Settings, clock: Clock) -> AsyncIterator[Finding]:
    """Look at the database without changing anything, beside a bot that runs."""
    file = file_of(settings.store_url)
    if file is not None and not file.exists():
        yield ok("database", f"Database: {file}, made at the first start.")
        return
    try:
        found = await within(PATIENCE_S, lambda: version_of(settings.store_url))
    except (Misconfigured, Unusable) as trouble:
        yield broken("database", f"Database: {trouble}")
        return
    except TimeoutError:
        yield broken("database", f"Database: it does not answer within {PATIENCE_S:.0f} s.")
        return
    if found > head():
        yield broken("database", f"Database: of version {found}, newer than this Goshawk ({head()}). Upgrade it.")
        return
    where = str(file) if file else "PostgreSQL"
    if found != head():
        yield ok("database", f"Database: {where}, of version {found or 'none'}; the next start brings it to {head()}.")
        return
    yield await within(2 * PATIENCE_S, lambda: _pages(file)) if file else ok("database", f"Database: {where}.")
    for one in await _waiting(settings, clock.now()):
        yield one


async def within(seconds: float, work: Callable[[], Answer]) -> Answer:
    """Run something in a thread that nobody waits for longer, not even the end of the process.

    Raises:
        TimeoutError: it takes longer; anything that ``work`` raises.
    """
    answers: queue.SimpleQueue[tuple[Any, BaseException | None]] = queue.SimpleQueue()

    def run() -> None:
        try:
            answers.put((work(), None))
        except Exception as error:  # noqa: BLE001 - carried to who asked
            answers.put((None, error))

    threading.Thread(target=run, daemon=True).start()
    async with asyncio.timeout(seconds):
        while answers.empty():  # noqa: ASYNC110 - a thread rings no bell here
            await asyncio.sleep(0.01)
    answer, error = answers.get()
    if error:
        raise error
    return answer  # type: ignore[no-any-return]


def _pages(file: Path) -> Finding:
    """Look at every page, for some seconds at most."""
    ends = time.monotonic() + PATIENCE_S
    with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=rw", uri=True, timeout=5)) as connection:
        connection.execute("PRAGMA query_only=ON")
        connection.set_progress_handler(lambda: time.monotonic() > ends, 100_000)
        try:
            found = " ".join(str(connection.execute("PRAGMA quick_check(1)").fetchone()[0]).split())
        except sqlite3.OperationalError as error:
            if "interrupted" in str(error):
                return ok("database", f"Database: {file}; too large to look at every page here, a start does.")
            return broken("database", f"Database: {file} cannot be read ({error}).")
        except sqlite3.DatabaseError as error:
            found = str(error)
    if found != "ok":
        return broken("database", f"Database: {file} is damaged ({found}). Restore a backup: `goshawk restore FILE`.")
    return ok("database", f"Database: {file}, sound.")


async def _waiting(settings: Settings, now: datetime) -> list[Finding]:
    store = Store(settings.store_url)
    try:
        store.open()
    except (Misconfigured, Unusable) as trouble:
        return [broken("database", f"Database: {trouble}")]
    try:
        return await store.read(
            lambda unit: [*_promises(unit, now), *_feeds(unit, settings), *_rations(unit, settings, now)]
        )
    finally:
        store.close()


def _promises(unit: Unit, now: datetime) -> Iterator[Finding]:
    due_since = unit.reports.oldest_promise(at=now)
    if due_since and now - due_since > OVERDUE:
        yield warning("jobs", f"The oldest promise was due {_ago(now - due_since)} ago. Does Goshawk run?")
    else:
        yield ok("jobs", "No promise waits longer than it should.")
    if dead := unit.jobs.count_dead():
        yield warning("jobs", f"{dead} promises were given up. `goshawk jobs list` says which and why.")
    if doubtful := unit.reports.doubtful_replies():
        yield warning("replies", f"{doubtful} replies are in doubt. Their cards ask: did it arrive?")


def _feeds(unit: Unit, settings: Settings) -> Iterator[Finding]:
    known = {one.feed: one for one in unit.feeds.all()}
    for feed in settings.feeds:
        if (health := known.get(feed.name)) is None:
            continue
        last = f"last read {health.last_read_at:%Y-%m-%d %H:%M} UTC" if health.last_read_at else "never read"
        if health.pulse is Pulse.FAILING:
            yield warning("feeds", f"Feed {feed.name} cannot be read: {_why(health)} It was {last}.")
        elif health.last_read_at:
            yield ok("feeds", f"Feed {feed.name}: {last}.")


def _why(health: FeedHealth) -> str:
    return health.trouble if health.trouble.endswith(".") else f"{health.trouble}."


def _rations(unit: Unit, settings: Settings, now: datetime) -> Iterator[Finding]:
    """Say what is left of a day's replies, where they are counted."""
    if not (cap := settings.replies_per_day):
        return
    today = f":{now.astimezone(UTC).date()}"
    for key, used in unit.quotas.ending(today).items():
        account = key.removesuffix(today).replace(":", " as ", 1).removesuffix(" as ")
        say = warning if used >= ALARM * cap else ok
        yield say("budget", f"Replies of today by {account}: {used} of {cap}.")


def _ago(span: timedelta) -> str:
    minutes = int(span.total_seconds() // 60)
    return f"{minutes} minutes" if minutes < 120 else f"{minutes // 60} hours"
