"""Queues are in order, whatever states they join, and are walked along an index, on both databases."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import event, text

from bot.domain.case import Case, State
from bot.domain.ids import CaseId, StaffId
from bot.domain.sla import Priority
from bot.domain.verdict import Kind
from bot.store.engine import Store
from bot.store.queues import EVER
from bot.store.unit import Unit
from tests.fakes.posts import START

WORK, ALIVE = (State.OPEN, State.CLAIMED), (State.OPEN, State.CLAIMED, State.SNOOZED)
ANA = StaffId("U0ANA00001")


def made(number: int, dice: random.Random) -> Case:
    """Return a case like any other; moments and priorities are often the same."""
    state = dice.choice(list(State))
    at = START + timedelta(minutes=dice.randrange(30))
    return Case(
        id=CaseId(number), kind=Kind.COMPLAINT, priority=dice.choice(list(Priority)), feed="square", platform="Square",
        author="mara", thread="t", private=dice.random() < 0.2, account="harbourline", posted_at=at, seen_at=at,
        due_at=dice.choice([None, at, at + timedelta(hours=1)]), alarm_at=None, state=state,
        assignee=None if state is State.OPEN else dice.choice([ANA, StaffId("U0BEN00001")]),
    )  # fmt: skip


async def filled(store: Store, count: int) -> list[Case]:
    dice = random.Random(count)  # noqa: S311 - the same cases in every run

    def work(unit: Unit) -> list[Case]:
        cases = [replace(made(0, dice), id=unit.cases.number()) for _ in range(count)]
        unit.cases.add_all(cases)
        return cases

    return await store.transact(work)


def order(case: Case) -> tuple[bool, Priority, datetime, datetime, int]:
    return case.due_at is None, case.priority, case.due_at or EVER, case.posted_at, case.id


@pytest.mark.parametrize("limit", [1, 7, 1_000])
async def test_a_queue_is_the_same_as_if_all_cases_were_sorted(store: Store, limit: int):
    cases = sorted(await filled(store, 200), key=order)
    soon = START + timedelta(minutes=20)

    def work(unit: Unit) -> list[list[CaseId]]:
        queues = unit.queues
        found = [
            queues.first(limit=limit),
            queues.first(states=ALIVE, due_by=EVER, limit=limit),
            queues.first(due_by=soon, limit=limit),
            queues.mine(ANA, states=[State.CLAIMED], limit=limit),
        ]
        return [[spot.id for spot in spots] for spots in found]

    wanted = [
        [one for one in cases if one.state in WORK],
        [one for one in cases if one.state in ALIVE and one.due_at],
        [one for one in cases if one.state in WORK and one.due_at and one.due_at < soon],
        [one for one in cases if one.state is State.CLAIMED and one.assignee == ANA],
    ]
    assert await store.read(work) == [[one.id for one in pile[:limit]] for pile in wanted]


async def test_the_next_case_is_the_first_of_the_unclaimed(store: Store):
    cases = sorted(await filled(store, 50), key=order)
    free = [one.id for one in cases if one.state is State.OPEN]

    first = await store.transact(lambda unit: unit.queues.next())
    among = await store.transact(lambda unit: unit.queues.next(free[3:]))
    none = await store.transact(lambda unit: unit.queues.next([]))

    assert (first, among, none) == (free[:1], free[3:4], [])


async def test_a_case_in_a_queue_can_be_asked_for_rights(store: Store):
    (case, *_) = await filled(store, 1)

    (spot,) = await store.read(lambda unit: unit.queues.first(states=list(State), limit=9))

    assert (spot.id, spot.account, spot.private) == (case.id, case.account, case.private)


async def test_no_look_at_a_queue_sorts_or_reads_it_whole(store: Store, store_url: str):
    await filled(store, 3_000)
    if store_url.startswith("postgresql"):  # which decides by what it counted, and would have done so by itself later
        await store.transact(lambda unit: unit.cases._connection.execute(text("ANALYZE cases")))

    bounded = {
        "open work": lambda unit: unit.queues.first(limit=10),
        "unanswered": lambda unit: unit.queues.first(states=ALIVE, due_by=EVER, limit=10),
        "late": lambda unit: unit.queues.first(due_by=START, limit=10),
        "next": lambda unit: unit.queues.next(),
    }
    for name, look in bounded.items():
        for plan in await store.transact(lambda unit, look=look: plans_of(unit, look)):
            assert "case_by_urgency" in plan and "TEMP B-TREE" not in plan and "Sort" not in plan, f"{name}: {plan}"
    for plan in await store.transact(lambda unit: plans_of(unit, lambda unit: unit.queues.first(limit=10_000))):
        assert "case_by_urgency" in plan and "SCAN cases" not in plan and "Seq Scan" not in plan, plan


async def test_the_first_replies_of_a_day_are_found_however_many_cases_there_were(store: Store, store_url: str):
    for number, case in enumerate((await filled(store, 1_000))[::20]):
        answered = replace(case, first_reply_at=START + timedelta(hours=number))
        await store.transact(lambda unit, case=case, answered=answered: unit.cases.save(case, answered))
    if store_url.startswith("postgresql"):
        await store.transact(lambda unit: unit.cases._connection.execute(text("ANALYZE cases")))
    since = START + timedelta(hours=45)

    found = await store.read(lambda unit: unit.reports.first_replies(since=since))
    (plan,) = await store.transact(lambda unit: plans_of(unit, lambda unit: unit.reports.first_replies(since=since)))

    assert sorted(one.replied_at for one in found) == [since + timedelta(hours=number) for number in range(5)]
    assert "case_by_first_reply" in plan


def plans_of(unit: Unit, look) -> list[str]:
    """Return how the database goes about each statement of a look, in its own words; there is one at least."""
    connection, asked = unit.cases._connection, []

    def note(_connection, _cursor, statement, parameters, _context, _many) -> None:
        asked.append((statement, parameters))

    event.listen(connection, "before_cursor_execute", note)
    look(unit)
    event.remove(connection, "before_cursor_execute", note)
    assert asked
    explain = "EXPLAIN QUERY PLAN" if connection.dialect.name == "sqlite" else "EXPLAIN"
    return ["\n".join(map(str, connection.exec_driver_sql(f"{explain} {one}", how))) for one, how in asked]
