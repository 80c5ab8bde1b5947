"""What every page asks is found by an index: it costs the same with a thousand cases and with a million."""

import re
from dataclasses import replace

import pytest
from sqlalchemy import event

from bot.cases.reception import Arrival, Reception
from bot.domain.board import Brink
from bot.store.engine import Store
from tests.fakes.office import POLICY
from tests.fakes.posts import complaint, mention, praise

#: Found by no more than the feed: that is everything the feed ever brought.
WALKS = re.compile(r"SCAN (?!CONSTANT|sqlite_sequence|platforms)|\(feed=\?\)|\(platform=\?\)")


@pytest.fixture
def lite(new_file) -> Store:
    store = Store(new_file())
    store.open()
    yield store
    store.close()


def plans_of(store: Store) -> dict[str, list[str]]:
    """Return, as it fills, how SQLite goes about each statement."""
    found: dict[str, list[str]] = {}

    @event.listens_for(store._engine, "before_cursor_execute")
    def explain(connection, _cursor, statement, given, _context, many) -> None:
        if statement not in found and re.match(r"\s*(SELECT|UPDATE|DELETE|WITH)", statement):
            found[statement] = []
            one = given[0] if many else given
            rows = connection.connection.dbapi_connection.execute(f"EXPLAIN QUERY PLAN {statement}", one)
            found[statement] = [row[3] for row in rows]

    return found


async def test_a_page_walks_through_no_table(lite, clock):
    reception = Reception(lite, clock, replace(POLICY, brink=Brink()))
    known = mention("My bag is lost.", by="mara", thread="t1")
    await reception.receive([(known, complaint())], feed="square", delivery="0")
    plans = plans_of(lite)
    page = [
        (mention("My coat as well.", by="mara"), complaint()),
        (mention("Lovely.", by="nils"), praise()),
        (mention("It is late.", by="olga", answers="p0"), complaint()),
        (replace(known, text="My bag is found."), praise()),
    ]

    await reception.receive_all([Arrival(judged=page, delivery="1", gone=["p0"])], feed="square")

    walked = {statement: plan for statement, plan in plans.items() if any(WALKS.search(step) for step in plan)}
    assert len(plans) >= 8
    assert walked == {}
