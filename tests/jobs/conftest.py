"""What the tests of jobs share: a runner for the length of a block, and promises."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from datetime import timedelta

import pytest

from bot.domain.job import Job
from bot.jobs.runner import LEASE, Runner
from bot.store.engine import Store
from tests.fakes.clock import TurnableClock

MINUTE = timedelta(minutes=1)


@contextlib.asynccontextmanager
async def running(store: Store, clock: TurnableClock, handlers, **given) -> AsyncIterator[Runner]:
    """Run a runner for the length of a block."""
    runner = Runner(store, clock, handlers, **given)
    store.on_promise = runner.wake
    task = asyncio.create_task(runner.run())
    try:
        async with asyncio.timeout(20):
            yield runner
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


@pytest.fixture
def promised(store, clock) -> Callable[..., object]:
    """Promise jobs of a kind, due now."""

    async def promise(*keys: str, kind: str = "card", **given) -> None:
        def work(unit) -> None:
            for key in keys:
                unit.jobs.add(Job(**{"kind": kind, "key": key, "subject": key, "due": clock.now(), **given}))

        await store.transact(work)

    return promise


async def job_of(store: Store, key: str) -> Job | None:
    return await store.read(lambda unit: unit.jobs.pending(key))


async def until(happened: Callable[[], object]) -> None:
    """Wait for what rings no bell."""
    async with asyncio.timeout(20):
        while not happened():  # noqa: ASYNC110 - see above
            await asyncio.sleep(0.01)


async def other(store: Store, clock: TurnableClock) -> list[Job]:
    """Claim as another process does."""
    now = clock.now()
    return await store.transact(lambda unit: unit.jobs.claim(["card"], at=now, lease=LEASE, limit=1))


async def spent(store: Store, clock: TurnableClock, runner: Runner, key: str = "1") -> None:
    """Turn the clock until a job is not tried any more."""
    await runner.settled()
    while job := await job_of(store, key):
        clock.advance(job.due - clock.now())
        runner.wake()
        await runner.settled()
