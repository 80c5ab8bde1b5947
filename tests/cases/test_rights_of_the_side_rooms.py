"""Who may do what beside the desk: what is tracked, kept, revealed and erased asks the same table by its real verb."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import pytest

from bot.cases.erasure import Erasures
from bot.cases.rights import NEEDS
from bot.domain.case import Case
from bot.domain.ids import MentionId
from bot.domain.role import Role
from bot.domain.staff import Staff
from bot.errors import NotAllowed
from bot.store.engine import Store
from tests.cases.test_rights_matrix import ADMIN, BOSS, EVERYWHERE, INSIDE, OUTSIDE, refused_well, written
from tests.fakes.office import POLICY, Office
from tests.fakes.posts import complaint, mention

#: Verb, method, and the people of the matrix who may: nobody, viewer, responder, approver, admin.
MATRIX = """
track   Reception.track   no no yes yes yes
stay    Attention.stay    no no yes yes yes
reveal  Originals.reveal  no no yes yes yes
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
    deeds: dict[str, Deed] = {
        "Reception.track": lambda by: office.reception.track(mention(by="nils"), complaint(), by=by),
        "Attention.stay": lambda by: office.attention.stay(case.id, by=by),
        "Originals.reveal": lambda by: office.originals.reveal(case.id, by=by),
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
    holds = NEEDS[verb] <= Role.RESPONDER and allowed
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
