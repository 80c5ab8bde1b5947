"""One line of its own to PostgreSQL: it hears what other processes promise, and holds what one of them may do.

Who holds a name says a word every second. When the process dies, its place is
free at once; when it sleeps, or its line breaks, the server hangs up after
``SILENCE`` and the process itself stops what it did under the name as soon as
it notices. SQLite has one process only, which holds everything.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, Final

from bot.log import get
from bot.store.connect import direct

#: What is told to everybody when something was promised; each schema has its own.
CHANNEL: Final = "'goshawk.' || current_schema()"
#: Seconds between two words on the line.
BEAT_S: Final = 1.0
#: Seconds in which the server answers each of them, else the line counts as broken.
ANSWER_S: Final = 3.0
#: After so much silence of ours the server hangs up, and somebody else may hold what we held.
SILENCE: Final = "6s"

_TAKE: Final = "SELECT pg_try_advisory_lock(hashtextextended(current_schema() || '.' || %s, 0))"
_LEAVE: Final = "SELECT pg_advisory_unlock(hashtextextended(current_schema() || '.' || %s, 0))"

_log = get(__name__)


class Line:
    """A connection that is made again whenever it breaks; :meth:`run` keeps it."""

    def __init__(self, url: str, *, me: str) -> None:
        """Prepare a line to ``url`` for the process that calls itself ``me``."""
        self._url = direct(url)
        self._me = me
        self._wanted: dict[str, asyncio.Event] = {}
        self._held: set[str] = set()
        self._lost = asyncio.Event()
        self._is_broken = False

    async def run(self, heard: Callable[[], None]) -> None:
        """Keep the line until cancelled; ``heard`` is called when another process promised something."""
        from psycopg import Error  # noqa: PLC0415 - whoever has SQLite need not have it

        while True:
            try:
                await self._talk(heard)
            except (Error, OSError, TimeoutError) as trouble:
                if not self._is_broken:  # said once, however often it is tried while the server is away
                    _log.warning("the line to the database broke; it is made again", trouble=type(trouble).__name__)
                self._is_broken = True
            await asyncio.sleep(BEAT_S)

    async def while_held(self, name: str, work: Callable[[], Awaitable[None]]) -> None:
        """Do ``work`` while nobody else holds ``name``, anew each time it was lost; return when the work is done."""
        turn = self._wanted[name] = asyncio.Event()
        try:
            while True:
                await turn.wait()
                _log.info("held here from now on", name=name)
                if await _until(self._lost, work):
                    return
                _log.warning("held here no longer", name=name)
        finally:
            del self._wanted[name]

    async def _talk(self, heard: Callable[[], None]) -> None:
        from psycopg import AsyncConnection  # noqa: PLC0415 - as above

        connection = await AsyncConnection.connect(self._url, autocommit=True, connect_timeout=5)
        try:
            await self._in_time(self._begin(connection))
            if self._is_broken:
                _log.info("the line to the database stands again")
            self._is_broken = False
            heard()  # what was promised while nobody listened
            while True:
                await self._in_time(self._beat(connection))
                async for note in connection.notifies(timeout=BEAT_S, stop_after=1):
                    if note.payload != self._me:
                        heard()
        finally:
            self._hang_up()
            await connection.close()

    async def _in_time(self, saying: Coroutine[Any, Any, None]) -> None:
        """Say something; without an answer in time all is lost at once, whatever the driver still tries."""
        alarm = asyncio.get_running_loop().call_later(ANSWER_S, self._hang_up)
        try:
            async with asyncio.timeout(ANSWER_S):
                await saying
        finally:
            alarm.cancel()

    async def _begin(self, connection: Any) -> None:
        if connection.info.server_version >= 140_000:
            await connection.execute(f"SET idle_session_timeout = '{SILENCE}'")
        found = await (await connection.execute(f"SELECT {CHANNEL}")).fetchone()
        await connection.execute(f'LISTEN "{found[0] if found else ""}"')

    async def _beat(self, connection: Any) -> None:
        """Take what is free, leave what is not wanted any more; either way the server hears us."""
        for name in self._held - self._wanted.keys():
            await connection.execute(_LEAVE, [name])
            self._held.discard(name)
        free = [name for name in self._wanted if name not in self._held]
        for name in free:
            found = await (await connection.execute(_TAKE, [name])).fetchone()
            if found and found[0]:
                self._held.add(name)
                self._wanted[name].set()
        if not free:
            await connection.execute("SELECT 1")

    def _hang_up(self) -> None:
        self._held.clear()
        for turn in self._wanted.values():
            turn.clear()
        self._lost.set()
        self._lost = asyncio.Event()


async def _until(lost: asyncio.Event, work: Callable[[], Awaitable[None]]) -> bool:
    """Do ``work`` unless ``lost`` happens first; return whether it was done."""
    doing = asyncio.ensure_future(work())
    losing = asyncio.ensure_future(lost.wait())
    try:
        await asyncio.wait({doing, losing}, return_when=asyncio.FIRST_COMPLETED)
        done = doing.done()
    finally:
        losing.cancel()
        doing.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await doing
    return done
