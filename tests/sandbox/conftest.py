"""Fixtures: a running sandbox and a bolt app for it."""

from collections.abc import AsyncIterator

import pytest
from slack_bolt.async_app import AsyncApp

from tests.sandbox.stage import Stage, bolt, staged


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    async with staged() as one:
        yield one


@pytest.fixture
def app(stage: Stage) -> AsyncApp:
    return bolt(stage)
