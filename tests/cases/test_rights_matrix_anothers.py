"""What may be done to a case that a colleague has: the table below is the specification."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.domain.case import Case, Resolution
from bot.domain.event import Happening
from bot.domain.staff import Staff
from bot.errors import NotAllowed
from tests.cases.test_rights_matrix import APPROVER, BOSS, EVERYWHERE, RESPONDER, written
from tests.fakes.office import POLICY, Office
from tests.fakes.people import ANA, BEN, CLEO

#: Free: nobody is asked. Word: a note to whoever has it, unless one could take it over, or they are away.
#: Own: theirs alone, also for those who lead.
MATRIX = """
verb       rule
escalate   free
note       free
look       free
reopen     free
undo       free
assign     word
resolve    word
snooze     word
claim      own
release    own
reply      own
stay       own
reveal     own
"""
RULES = [(verb, rule) for verb, rule in (line.split() for line in MATRIX.strip().splitlines()[1:])]
MINUTE = timedelta(minutes=1)

Deed = Callable[..., Awaitable[Any]]


def deed(office: Office, verb: str, case: Case) -> Deed:
    """Return a verb on one case; those that take a word take it as ``note``."""
    desk = office.desk
    deeds: dict[str, Deed] = {
        "escalate": lambda by, **_: desk.escalate(case.id, by=by, reason="It burns."),
        "note": lambda by, **_: desk.note(case.id, by=by, text="Called twice."),
        "look": lambda **_: office.board.timeline(case.id),
        "reopen": lambda by, **_: desk.reopen(case.id, by=by),
        "undo": lambda by, **_: office.sending.undo(case.id, by=by),
        "assign": lambda by, **said: desk.assign(case.id, to=by, by=by, **said),
        "resolve": lambda by, **said: desk.resolve(case.id, by=by, resolution=Resolution.SPAM, **said),
        "snooze": lambda by, **said: desk.snooze(case.id, by=by, **said),
        "claim": lambda by, **_: desk.claim(case.id, by=by),
        "release": lambda by, **_: desk.release(case.id, by=by),
        "reply": lambda by, **_: office.drafts.begin(case.id, by=by),
        "stay": lambda by, **_: office.attention.stay(case.id, by=by),
        "reveal": lambda by, **_: office.originals.reveal(case.id, by=by),
    }
    return deeds[verb]


async def held(office: Office, verb: str = "", by: Staff = BOSS) -> Case:
    """Open a case that ``by`` has, where the verb can be done."""
    case = await office.case_of()
    await office.desk.claim(case.id, by=by)
    if verb == "reopen":
        await office.desk.snooze(case.id, by=by)
    if verb == "undo":
        await office.answer(case.id, by=by)
    return await office.case(case.id)


@pytest.fixture
def office(store, clock) -> Office:
    return Office(store, clock, replace(POLICY, grants=EVERYWHERE))


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule[0])
@pytest.mark.parametrize("by", [RESPONDER, APPROVER], ids=lambda one: one.name.lower())
async def test_each_verb_on_a_colleagues_case_follows_its_rule(office, rule: tuple[str, str], by: Staff):
    verb, kind = rule
    do = deed(office, verb, await held(office, verb))

    if kind == "free" or (kind == "word" and by == APPROVER):
        await do(by=by)
    else:
        with pytest.raises(NotAllowed, match="Boss"):
            await do(by=by)
    if kind == "word" and by == RESPONDER:
        await do(by=by, note="Boss went home")


@pytest.mark.parametrize("verb", ["assign", "resolve", "snooze"])
async def test_a_refusal_says_who_has_it_and_what_to_do_and_changes_nothing(new_file, clock, verb: str):
    from bot.store.engine import Store  # noqa: PLC0415 - a file of its own, to be read beside the store

    store = Store(url := new_file())
    store.open()
    office = Office(store, clock, replace(POLICY, grants=EVERYWHERE))
    case = await held(office)
    before = written(url)

    for note in ("", "  \n"):
        with pytest.raises(NotAllowed, match=rf"Boss has case {case.id}\. Add a note that says why you "):
            await deed(office, verb, case)(by=RESPONDER, note=note)

    assert written(url) == before
    store.close()


@pytest.mark.parametrize("verb", ["assign", "resolve", "snooze"])
async def test_nobody_is_held_up_by_a_case_that_is_late(office, verb: str):
    case = await held(office)
    await office.pass_time(case.due_at - office.clock.now())

    await deed(office, verb, case)(by=RESPONDER)


@pytest.mark.parametrize("verb", ["assign", "resolve", "snooze"])
async def test_nobody_is_held_up_by_a_colleague_who_was_asked_and_does_not_answer(store, clock, verb: str):
    policy = replace(POLICY, grants=EVERYWHERE, stale_claim=20 * MINUTE, stale_return=15 * MINUTE)
    office = Office(store, clock, policy)
    await office.attention.begin()
    case = await held(office)
    await office.pass_time(21 * MINUTE)
    assert any(line.startswith(f"{case.id}:stale:") for line in office.lines)

    await deed(office, verb, case)(by=RESPONDER)


async def test_who_answered_the_question_is_there_again(store, clock):
    policy = replace(POLICY, grants=EVERYWHERE, stale_claim=20 * MINUTE, stale_return=15 * MINUTE)
    office = Office(store, clock, policy)
    await office.attention.begin()
    case = await held(office)
    await office.pass_time(21 * MINUTE)
    await office.desk.note(case.id, by=BOSS, text="On the phone with them.")

    with pytest.raises(NotAllowed, match="Boss has case"):
        await office.desk.resolve(case.id, by=RESPONDER, resolution=Resolution.SPAM)


@pytest.mark.parametrize("holder", [None, RESPONDER], ids=["nobody's", "one's own"])
@pytest.mark.parametrize("verb", ["assign", "resolve", "snooze"])
async def test_the_ordinary_case_needs_no_word(office, verb: str, holder: Staff | None):
    case = await held(office, by=holder) if holder else await office.case_of()

    await deed(office, verb, case)(by=RESPONDER)


@pytest.mark.parametrize(("verb", "what"), [("resolve", Happening.RESOLVED), ("snooze", Happening.SNOOZED)])
async def test_the_word_stands_in_the_timeline_and_its_reader_is_called_once(office, verb: str, what: Happening):
    case = await held(office)

    after = await deed(office, verb, case)(by=RESPONDER, note="she rang and is happy")

    await office.work()
    last = (await office.board.timeline(case.id)).events[-1]
    assert (last.what, last.by) == (what, RESPONDER.id) and last.detail.endswith(": she rang and is happy")
    assert f"{case.id}:acted:{after.version}" in office.lines


async def test_who_leads_needs_no_word_but_the_assignee_still_hears_of_it(office):
    case = await held(office, by=RESPONDER)

    after = await office.desk.resolve(case.id, by=APPROVER, resolution=Resolution.SPAM)

    await office.work()
    assert f"{case.id}:acted:{after.version}" in office.lines


async def test_what_one_does_to_ones_own_case_calls_nobody(office):
    case = await held(office, by=RESPONDER)

    await office.desk.snooze(case.id, by=RESPONDER)
    await office.desk.resolve(case.id, by=RESPONDER, resolution=Resolution.SPAM)

    await office.work()
    assert not [line for line in office.lines if ":acted:" in line]


async def test_without_roles_the_owners_of_the_workspace_lead(store, clock):
    office = Office(store, clock)
    case = await held(office, by=ANA)

    assert await office.desk.holder(case.id, by=BEN, verb="resolve") == "Ana"
    assert await office.desk.holder(case.id, by=ANA, verb="resolve") == ""
    assert await office.desk.holder(case.id, by=CLEO, verb="resolve") == ""
    with pytest.raises(NotAllowed, match="Ana has case"):
        await office.desk.resolve(case.id, by=BEN, resolution=Resolution.SPAM)
    await office.desk.resolve(case.id, by=CLEO, resolution=Resolution.SPAM)
