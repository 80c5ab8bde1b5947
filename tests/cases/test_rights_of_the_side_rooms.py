"""Who may do what beside the desk: what is tracked, kept, revealed and erased asks the same table by its real verb."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import pytest

from bot.cases.boards import Boards
from bot.cases.erasure import Erasures
from bot.cases.rights import NEEDS, allowed
from bot.domain.board import Brink
from bot.domain.case import Case
from bot.domain.ids import MentionId
from bot.domain.role import Role
from bot.domain.staff import Staff
from bot.errors import NotAllowed
from bot.store.engine import Store
from tests.cases.test_rights_matrix import (
    ACME,
    ADMIN,
    BOSS,
    EVERYWHERE,
    INSIDE,
    OUTSIDE,
    RESPONDER,
    bounded,
    refused_well,
    written,
)
from tests.fakes.office import POLICY, Office
from tests.fakes.posts import complaint, mention

#: Verb, method, and the people of the matrix who may: nobody, viewer, responder, approver, admin.
MATRIX = """
track   Reception.track   no no yes yes yes
stay    Attention.stay    no no yes yes yes
reveal  Originals.reveal  no no yes yes yes
look    Boards.show       no yes yes yes yes
erase   Erasures.find     no no no  no  yes
erase   Erasures.erase    no no no  no  yes
"""
ROWS = [line.split() for line in MATRIX.strip().splitlines()]
CELLS = [
    pytest.param(verb, method, person, answer == "yes", id=f"{method}-{person.name.lower()}")
    for verb, method, *answers in ROWS
    for person, answer in [*zip(INSIDE, answers, strict=True), *((one, "no") for one in OUTSIDE)]
]

Deed = Callable[[Staff], Awaitable[Any]]


async def deed(office: Office, method: str, case: Case) -> Deed:
    erasures = Erasures(office.store, office.clock, office.policy)
    boards = Boards(office.store, office.clock, office.policy)
    await office.store.transact(lambda unit: unit.boards.fold(case.id))
    deeds: dict[str, Deed] = {
        "Reception.track": lambda by: office.reception.track(mention(by="nils"), complaint(), by=by),
        "Attention.stay": lambda by: office.attention.stay(case.id, by=by),
        "Originals.reveal": lambda by: office.originals.reveal(case.id, by=by),
        "Boards.show": lambda by: boards.show(case.id, by=by),
        "Erasures.find": lambda by: erasures.find("mara", by=by),
        "Erasures.erase": lambda by: erasures.erase(MentionId(1), by=by),
    }
    return deeds[method]


@pytest.mark.parametrize(("verb", "method", "person", "allowed"), CELLS)
async def test_each_role_may_do_what_the_table_says(
    new_file: Callable[[], str], clock: Any, verb: str, method: str, person: Staff, *, allowed: bool
):
    store = Store(url := new_file())
    store.open()
    office = Office(store, clock, replace(POLICY, grants=EVERYWHERE))
    case = await office.case_of((mention("My bag is lost, call +49 30 901820123.", at=clock.now()), complaint()))
    holds = NEEDS[verb] is Role.RESPONDER and allowed
    await office.desk.assign(case.id, to=person if holds else ADMIN, by=BOSS)
    act, before = await deed(office, method, case), written(url)

    if allowed:
        await act(person)
    else:
        with pytest.raises(NotAllowed) as refusal:
            await act(person)
        assert refused_well(str(refusal.value), person, NEEDS[verb])
        assert written(url) == before
    store.close()


async def test_behind_the_board_of_a_storm_one_finds_all_that_one_may_see_and_nothing_else(store: Store, clock: Any):
    policy = replace(POLICY, grants=bounded(accounts=frozenset({"acme"})), brink=Brink(burst=1, per_minute=1))
    office, boards = Office(store, clock, policy), Boards(store, clock, policy)
    many = [mention(by=f"mara{number}", at=clock.now(), followers=9_000 + number) for number in range(20)]
    ours = [mention(by=f"nils{number}", at=clock.now(), followers=number, terms=ACME) for number in range(10)]
    await office.receive(*[(one, complaint()) for one in [*many, *ours]])

    def sight(place: Any) -> bool:
        return allowed(RESPONDER, "look", policy, place)

    first = await boards.page(0, sight=sight)
    second = await boards.page(first.last, sight=sight)
    end = await boards.page(second.last, sight=sight)

    seen = [line.case.author for part in (first, second, end) for line in part.lines]
    assert seen == [f"nils{number}" for number in reversed(range(10))]
    assert [(part.first, part.last) for part in (first, second, end)] == [(21, 28), (29, 30), (0, 0)]
    with pytest.raises(NotAllowed, match="needs the role"):
        await boards.show((await office.cases())[5].id, by=RESPONDER)
    assert await boards.show((await office.cases())[-1].id, by=RESPONDER)
