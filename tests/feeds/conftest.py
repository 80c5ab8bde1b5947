"""What the tests of feeds share: a scripted platform, and a clock that turns."""

from collections.abc import AsyncIterator

import pytest

from bot.feeds.base import Outgoing
from tests.fakes.clock import TurnableClock
from tests.fakes.platform import Platform


@pytest.fixture
def clock() -> TurnableClock:
    return TurnableClock()


@pytest.fixture
async def platform() -> AsyncIterator[Platform]:
    async with Platform() as playing:
        yield playing


@pytest.fixture
def outgoing() -> Outgoing:
    return Outgoing(key="k-1", post_id="p1", thread="p1", text="We are on it.", private=False)
