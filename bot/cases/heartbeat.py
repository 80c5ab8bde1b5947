"""The dead man's switch: once a minute, and only while all is well, somebody outside hears of us.

Whoever listens there calls a person when the word stays away: only from outside
can be noticed that nobody is left inside to say so. The word is a job like any
other. That it runs at all proves that promises are stored, claimed and kept; as
there is one row of it, one of all processes speaks.
"""

from __future__ import annotations

import asyncio
import contextlib
import functools
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from bot.cases import promises
from bot.clock import Clock
from bot.domain.job import Job
from bot.errors import FeedTrouble
from bot.feeds.addresses import on_this_machine
from bot.feeds.http import Wire
from bot.jobs.vitals import Check, ailing
from bot.log import get
from bot.settings import Settings
from bot.store.engine import Store
from bot.store.unit import Unit

#: Time between two words.
EVERY: Final = timedelta(minutes=1)
#: How long a process lives before its first word: one that falls again and again stays silent.
FIRST: Final = timedelta(seconds=20)

Outlet = Callable[[datetime, list[str]], Awaitable[None]]
"""Takes a word outside: when it was spoken, and the names of what was looked at."""

_log = get(__name__)


class Heartbeat:
    """The job ``heartbeat``."""

    def __init__(self, store: Store, clock: Clock, checks: Mapping[str, Check], outlets: Mapping[str, Outlet]) -> None:
        """Speak through all ``outlets`` while every one of ``checks`` finds nothing; without one never."""
        self._store = store
        self._clock = clock
        self._checks = checks
        self._outlets = outlets
        self._ailing = ""
        self._closed: set[str] = set()

    async def begin(self) -> None:
        """Promise the next word: as it was promised, but not before this process has lived a while.

        One that was promised by a clock which ran ahead is not waited for.
        """
        now = self._clock.now()

        def work(unit: Unit) -> None:
            promised = unit.jobs.pending(promises.HEARTBEAT)
            due = min(promised.due, now + EVERY) if promised else now
            unit.jobs.add(promises.heartbeat(due=max(now + FIRST, due)))

        if self._outlets:
            await self._store.transact(work)

    async def beat(self, job: Job) -> None:
        """Promise the next word, which also shows that the database takes something; then look, and speak.

        Raises:
            Unusable: the database takes nothing. The job comes back once it does.
        """
        del job
        if not self._outlets:
            return
        now = self._clock.now()
        await self._store.transact(lambda unit: unit.jobs.add(promises.heartbeat(due=now + EVERY)))
        found = await ailing(self._checks)
        self._note(" ".join(f"{name}: {words}" for name, words in found.items()))
        if not found:
            await asyncio.gather(*(self._speak(name, outlet, now) for name, outlet in self._outlets.items()))

    def _note(self, found: str) -> None:
        """Say aloud that something begins to ail, and that it is over, once each."""
        if found and not self._ailing:
            _log.error("not all is well, and nobody outside is told otherwise", trouble=found)
        elif self._ailing and not found:
            _log.warning("all is well again", trouble=self._ailing)
        self._ailing = found

    async def _speak(self, name: str, outlet: Outlet, now: datetime) -> None:
        try:
            await outlet(now, list(self._checks))
        except (FeedTrouble, OSError) as trouble:
            if name not in self._closed:
                _log.warning("a heartbeat did not get out", outlet=name, trouble=str(trouble))
            self._closed.add(name)
        else:
            self._closed.discard(name)


@contextlib.asynccontextmanager
async def beating(
    store: Store, clock: Clock, settings: Settings, checks: Mapping[str, Check]
) -> AsyncIterator[Heartbeat]:
    """Open the ways outside that the settings name, and speak there while ``checks`` find nothing."""
    file, url = settings.heartbeat_file, settings.heartbeat_url.get_secret_value()
    outlets: dict[str, Outlet] = {"file": functools.partial(_write, Path(file))} if file else {}
    if not url:
        yield Heartbeat(store, clock, checks, outlets)
        return
    wire = Wire(name="The address of the heartbeat", clock=clock, tries=1, timeout_s=10, direct=on_this_machine(url))
    try:
        yield Heartbeat(store, clock, checks, {**outlets, "url": functools.partial(_call, wire, url)})
    finally:
        await wire.aclose()


async def _call(wire: Wire, url: str, now: datetime, checked: list[str]) -> None:
    del now, checked
    await wire.read(url)


async def _write(path: Path, now: datetime, checked: list[str]) -> None:
    """Replace the file by one that says when all was well, and what was looked at; watchers go by its age."""
    words = json.dumps({"at": now.isoformat(timespec="seconds"), "checked": checked}) + "\n"
    await asyncio.to_thread(_replace, path, words)


def _replace(path: Path, words: str) -> None:
    new = path.with_name(f".{path.name}.new")
    new.write_text(words)
    new.replace(path)
