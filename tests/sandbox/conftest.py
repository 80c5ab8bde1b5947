"""Fixtures: a running sandbox and a bolt app for it."""

from collections.abc import AsyncIterator

import pytest
from slack_bolt.async_app import AsyncApp

from tests.sandbox.desk import Desk
from tests.sandbox.stage import Stage, bolt, connected, staged


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    async with staged() as one:
        yield one


@pytest.fixture
def app(stage: Stage) -> AsyncApp:
    return bolt(stage)


@pytest.fixture
async def desk(stage: Stage) -> AsyncIterator[Desk]:
    one = Desk(stage)
    async with connected(stage, one.app):
        yield one
