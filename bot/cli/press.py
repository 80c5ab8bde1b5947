"""The doctor's test card: whether a press comes through, and how long it takes."""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import sys
import time
from collections.abc import Awaitable
from pathlib import Path
from typing import Final

from bot.cli.findings import Finding, broken, ok
from bot.cli.workspace import Workspace
from bot.clock import Clock
from bot.errors import Misconfigured, SlackTrouble, Unusable
from bot.settings import Settings
from bot.slack import press
from bot.store.engine import Store
from bot.store.lock import held
from bot.store.schema import file_of, head, version_of

#: Seconds between two looks for the mark of a bot that runs.
_LOOK_S: Final = 0.2


async def tried(place: Workspace, settings: Settings, clock: Clock, *, wait_s: float) -> Finding:
    """Post a test card, wait for a press, and say how long everything took."""
    nonce, name = secrets.token_hex(8), settings.channels.operators or settings.channels.cases
    try:
        async with contextlib.AsyncExitStack() as stack:
            heard = await _ears(place, settings, clock, nonce, stack)
            begun = time.monotonic()
            where, ts = await place.gateway.post(place.directory.channel(name), press.card(nonce))
            posted_s = time.monotonic() - begun
            sys.stderr.write(f"A test card stands in {name}: press it.\n")
            found = await _in_time(heard, wait_s)
            await place.gateway.update(where, ts, press.done(found) if found else press.vain())
    except (Misconfigured, SlackTrouble, Unusable) as trouble:
        return broken("press", f"The test card: {trouble}")
    if found is None:
        return broken("press", f"No press on the test card came through within {wait_s:.0f} s.")
    way = f"{found.way.total_seconds():.2f} s on the way"
    return ok("press", f"A press came through: posted in {posted_s:.2f} s, pressed by {found.by}, {way}.")


async def _in_time(heard: Awaitable[press.Pressed], wait_s: float) -> press.Pressed | None:
    try:
        async with asyncio.timeout(wait_s):
            return await heard
    except TimeoutError:
        return None


async def _ears(
    place: Workspace, settings: Settings, clock: Clock, nonce: str, stack: contextlib.AsyncExitStack
) -> Awaitable[press.Pressed]:
    """Return what the press will be, whoever hears it: a bot that runs, or we where none does."""
    if not _nobody_runs(settings, stack):
        return _marked(settings, nonce)
    heard: asyncio.Future[press.Pressed] = asyncio.get_running_loop().create_future()

    async def remember(key: str) -> bool:
        if not heard.done():
            heard.set_result(press.read(key, clock.now()))
        return True

    token = settings.slack_app_token.get_secret_value()
    await stack.enter_async_context(press.alone(place.client, place.gateway, token, remember))
    return heard


def _nobody_runs(settings: Settings, stack: contextlib.AsyncExitStack) -> bool:
    """Keep others from starting while we listen; where one runs, or may run elsewhere, its mark is waited for."""
    if file_of(settings.store_url) is None or not Path(settings.data).is_dir():
        return file_of(settings.store_url) is not None
    try:
        stack.enter_context(held(settings.data))
    except Unusable:
        return False
    return True


async def _marked(settings: Settings, nonce: str) -> press.Pressed:
    """Wait for the mark that a running bot leaves in the database."""
    if version_of(settings.store_url) != head():
        raise Unusable("The database is of another version than this Goshawk, so its bot leaves no mark.")
    store = Store(settings.store_url)
    store.open()
    try:
        key = f"slack/{press.marks_of(nonce)}"
        while not (marks := await store.read(lambda unit: unit.feeds.deliveries(key))):  # noqa: ASYNC110 - another process
            await asyncio.sleep(_LOOK_S)
    finally:
        store.close()
    return press.read(*marks[0])
