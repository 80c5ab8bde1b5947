"""After an erasure the database is read again: what came in between the two is not passed over in silence."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from bot.cases.erasure import Erasures
from bot.errors import NotAllowed
from tests.cases.test_erasure import BOSS
from tests.fakes.office import POLICY, Office
from tests.fakes.posts import complaint, mention


class Busy:
    """A database in which something happens behind every act."""

    def __init__(self, store: Any, then: Callable[[], Awaitable[object]]) -> None:
        self._store = store
        self._then = then

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    async def transact(self, work: Any) -> Any:
        done = await self._store.transact(work)
        await self._then()
        return done


async def test_rows_that_came_in_meanwhile_are_told_and_the_second_try_takes_them(office: Office):
    await office.case_of((mention("My bag is lost.", by="mara"), complaint()))
    late = mention("Still lost.", by="mara")
    busy = Busy(office.store, lambda: office.receive((late, complaint())))
    hurried, calm = (Erasures(store, office.clock, POLICY) for store in (busy, office.store))
    traces = await hurried.find("mara", by=BOSS)

    with pytest.raises(NotAllowed, match="rows came in meanwhile and still name them"):
        await hurried.erase(traces.person.newest, by=BOSS)

    again = await calm.find("mara", by=BOSS)
    assert (await calm.erase(again.person.newest, by=BOSS)).mentions == 1
    with pytest.raises(NotAllowed, match="I know nobody called mara"):
        await calm.find("mara", by=BOSS)
