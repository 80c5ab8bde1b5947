"""A platform locks our account: nothing more is tried as that account, nothing is lost, and a person lets it go on."""

from dataclasses import replace
from datetime import timedelta

from bot.domain.reply import ReplyState
from tests.fakes import feed as platform
from tests.fakes.people import CLEO
from tests.fakes.posts import OPEN_TERMS, complaint, mention

UNDO = timedelta(seconds=15)


async def answered(office, number: int, account: str):
    """Let a customer of one of our accounts be answered."""
    post = mention(by=f"author {number}", at=office.clock.now(), terms=replace(OPEN_TERMS, account=account))
    case = await office.case_of((post, complaint()))
    return await office.answer(case.id, f"Sorry {number}.")


async def state_of(office, reply) -> ReplyState:
    return (await office.board.reply(reply.id)).state


async def test_one_call_is_refused_and_the_others_of_that_account_wait_with_it(office):
    ours = [await answered(office, number, "acme") for number in range(3)]
    office.feed.will(platform.locked)
    await office.pass_time(UNDO)
    await office.pass_time(timedelta(hours=5))

    (freeze,) = await office.gate.active()
    assert office.feed.calls == ["reply"]
    assert [await state_of(office, one) for one in ours] == [ReplyState.QUEUED] * 3
    assert (freeze.account, freeze.by_name, freeze.under_way) == ("acme", "Goshawk", 0)
    assert "account is temporarily locked" in freeze.reason


async def test_another_account_goes_on(office):
    await answered(office, 1, "acme")
    office.feed.will(platform.locked)
    await office.pass_time(UNDO)

    await answered(office, 2, "acme_ferries")
    await office.pass_time(UNDO)

    assert office.feed.texts == ["Sorry 2."]


async def test_when_a_person_lets_it_go_on_all_of_them_leave_once(office):
    for number in range(3):
        await answered(office, number, "acme")
    office.feed.will(platform.locked)
    await office.pass_time(UNDO)
    await office.pass_time(timedelta(hours=5))

    await office.gate.unfreeze(by=CLEO)
    await office.pass_time(timedelta(minutes=3))

    assert sorted(office.feed.texts) == ["Sorry 0.", "Sorry 1.", "Sorry 2."]


async def test_an_account_that_is_still_locked_costs_one_more_call(office):
    for number in range(3):
        await answered(office, number, "acme")
    office.feed.will(platform.locked, platform.locked)
    await office.pass_time(UNDO)

    await office.gate.unfreeze(by=CLEO)
    for _ in range(10):
        await office.pass_time(timedelta(minutes=1))

    assert office.feed.calls == ["reply", "reply"]
    assert len(await office.gate.active()) == 1
