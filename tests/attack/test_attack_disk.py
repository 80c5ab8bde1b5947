"""A disk that refuses, in other ways than being full."""

from __future__ import annotations

import contextlib
import resource
from collections.abc import Iterator

import pytest

from bot.errors import Unusable
from bot.store.engine import Store
from tests.fakes.clock import TurnableClock


@contextlib.contextmanager
def files_end_at(size: int) -> Iterator[None]:
    """Let no file of this process grow beyond ``size`` bytes: a quota, as SQLite sees it."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


async def test_a_quota_is_told_in_words_and_passes(new_file, clock: TurnableClock):
    store = Store(new_file())
    store.open()
    try:
        with files_end_at(4_096), pytest.raises(Unusable, match="cannot be written"):
            await store.transact(lambda unit: unit.feeds.first_time("one", at=clock.now()))

        assert await store.transact(lambda unit: unit.feeds.first_time("one", at=clock.now()))
    finally:
        store.close()
