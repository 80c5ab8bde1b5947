"""The office that the tests of cases sit in."""

import pytest

from bot.store.engine import Store
from tests.fakes.clock import TurnableClock
from tests.fakes.office import Office


@pytest.fixture
def office(store: Store, clock: TurnableClock) -> Office:
    return Office(store, clock)
