"""A disk that refuses, in other ways than being full."""

from __future__ import annotations

import pytest

from bot.errors import Unusable
from bot.store.engine import Store
from tests.fakes.clock import TurnableClock
from tests.fakes.disk import files_end_at


async def test_a_quota_is_told_in_words_and_passes(new_file, clock: TurnableClock):
    store = Store(new_file())
    store.open()
    try:
        with files_end_at(4_096), pytest.raises(Unusable, match="cannot be written"):
            await store.transact(lambda unit: unit.feeds.first_time("one", at=clock.now()))

        assert await store.transact(lambda unit: unit.feeds.first_time("one", at=clock.now()))
    finally:
        store.close()
