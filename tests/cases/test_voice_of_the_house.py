"""What is added to a reply, what keeps it back, and when the same words go to many."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.voice import Voice
from bot.errors import NotAllowed
from tests.fakes.office import POLICY, Office
from tests.fakes.people import ANA, BEN
from tests.fakes.posts import complaint, mention

SORRY = "We are very sorry about your bag. Please write to us in private, we are looking for it."


@pytest.fixture
def signing(store, clock) -> Office:
    return Office(store, clock, replace(POLICY, voice=Voice(signs=True)))


async def test_a_reply_leaves_with_its_writers_signature_once(signing: Office):
    case = await signing.case_of()

    await signing.answer(case.id, "We found it. ^AN")
    await signing.pass_time(timedelta(seconds=20))
    other = await signing.case_of(by="jon")
    await signing.answer(other.id, "We found it.", by=BEN)
    await signing.pass_time(timedelta(seconds=20))

    assert signing.feed.texts == ["We found it. ^AN", "We found it. ^BE"]


async def test_the_signature_counts_in_the_limit(signing: Office):
    case = await signing.case_of()

    with pytest.raises(NotAllowed, match="3 characters too long: 283 of 280"):
        await signing.answer(case.id, "x" * 279)


async def test_a_variable_that_nobody_filled_in_keeps_the_reply_from_leaving(office: Office):
    case = await office.case_of()

    with pytest.raises(NotAllowed, match=r"Put something in the place of \{name\}, or take it out\."):
        await office.answer(case.id, "Hello {name}, we found it.")


async def _looked_at(office: Office, text: str, *, by: str) -> int:
    await office.receive((mention(by=by, at=office.clock.now()), complaint()))
    case = next(one for one in await office.cases() if one.author == by)
    desktop = await office.drafts.begin(case.id, by=ANA, text=text)
    return (await office.drafts.look(desktop.draft.id, by=ANA)).same


async def test_the_same_words_to_several_people_are_counted_by_people(office: Office):
    for by, name in (("mara", "Mara"), ("jon", "Jon"), ("lin", "Lin")):
        case = await office.case_of((mention(by=by, at=office.clock.now()), complaint()))
        await office.answer(case.id, f"{name}! {SORRY}")
        await office.pass_time(timedelta(minutes=1))

    assert await _looked_at(office, f"Pia! {SORRY}", by="pia") == 3
    assert await _looked_at(office, f"Mara! {SORRY}", by="mara") == 2
    assert await _looked_at(office, "Your cabin was sold twice, we pay it back.", by="ole") == 0


async def test_what_left_an_hour_ago_is_forgotten(office: Office):
    case = await office.case_of()
    await office.answer(case.id, SORRY)

    await office.pass_time(timedelta(minutes=61))

    assert await _looked_at(office, SORRY, by="pia") == 0


async def test_what_was_taken_back_was_given_to_nobody(office: Office):
    case = await office.case_of()
    await office.answer(case.id, SORRY)
    await office.sending.undo(case.id, by=ANA)

    assert await _looked_at(office, SORRY, by="pia") == 0
