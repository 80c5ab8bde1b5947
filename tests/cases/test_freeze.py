"""Sending is stopped: nothing leaves while it is, nothing is lost, and nothing leaves by surprise afterwards."""

import asyncio
import contextlib
import threading
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.cases import promises
from bot.cases.courier import PATIENCE, SETTLE, Courier
from bot.cases.gate import APART
from bot.domain.case import Resolution
from bot.domain.event import DESK, Happening
from bot.domain.freeze import Freeze
from bot.domain.ids import ReplyId
from bot.domain.reply import ReplyState
from bot.errors import NotAllowed
from bot.feeds.base import Receipt
from bot.jobs.runner import LEASE, Runner
from tests.fakes import feed as platform
from tests.fakes.people import ANA, BEN, CLEO, GUEST
from tests.fakes.posts import OPEN_TERMS, complaint, mention

UNDO = timedelta(seconds=15)
THAW = timedelta(minutes=2)
CHIEF = replace(CLEO, is_owner=True)
WHY = "statement in preparation"


async def states(office) -> list[ReplyState]:
    cases = await office.cases()
    return [reply.state for case in cases for reply in (await office.board.timeline(case.id)).replies]


async def log(office) -> list[tuple[str, str, str]]:
    found = await office.store.read(lambda unit: unit.events.of_case(DESK))
    return [(event.what.value, event.by_name, event.detail) for event in found]


async def test_a_frozen_reply_stays_queued_and_its_card_says_why(office):
    case = await office.case_of()
    reply = await office.answer(case.id)

    freeze = await office.gate.freeze(by=CLEO, reason=f" {WHY}. ")
    await office.pass_time(UNDO)
    await office.pass_time(timedelta(hours=5))

    sheet = await office.board.sheet(case.id)
    assert (sheet.reply.id, sheet.reply.state, sheet.freeze) == (reply.id, ReplyState.QUEUED, freeze)
    assert (freeze.reason, freeze.by_name, freeze.account, freeze.under_way) == (WHY, "Cleo", "", 0)
    assert office.feed.calls == []
    assert await log(office) == [("sending frozen", "Cleo", f"every account: {WHY}")]


async def test_what_waited_leaves_after_a_fresh_window_one_after_the_other(office):
    for number in range(3):
        await office.answer((await office.case_of(by=f"author {number}")).id, f"Sorry {number}.")
    await office.gate.freeze(by=BEN, reason=WHY)
    await office.pass_time(PATIENCE * 2)

    over = await office.gate.unfreeze(by=CHIEF)
    notice = await office.gate.notice(over.id)

    window = [office.clock.now() + THAW + number * APART for number in range(3)]
    assert [reply.send_at for reply in notice.waiting] == window
    await office.pass_time(THAW - timedelta(seconds=1))
    assert office.feed.texts == []
    for number in range(3):
        await office.pass_time(timedelta(seconds=1))
        assert office.feed.texts == [f"Sorry {one}." for one in range(number + 1)]
    await office.pass_time(LEASE)
    assert len(office.feed.ledger) == 3
    assert (await office.gate.notice(over.id)).waiting == ()
    assert (await log(office))[-1] == ("sending unfrozen", "Cleo", f"every account: {WHY}")


async def test_a_frozen_reply_can_be_undone(office):
    case = await office.case_of()
    await office.answer(case.id)
    await office.gate.freeze(by=CLEO, reason=WHY)
    await office.pass_time(UNDO * 2)

    draft = await office.sending.undo(case.id, by=ANA)
    await office.gate.unfreeze(by=CHIEF)
    await office.pass_time(timedelta(hours=1))

    assert office.feed.calls == []
    assert (draft.state, draft.text) == (ReplyState.DRAFT, "We found it.")


async def test_a_send_under_a_freeze_keeps_the_text_and_says_who_and_why(office):
    case = await office.case_of()
    await office.gate.freeze(by=CLEO, reason=WHY)

    with pytest.raises(NotAllowed) as refusal:
        await office.answer(case.id, "We are sorry.")

    assert str(refusal.value) == f"Sending is frozen since 09:00 by Cleo: {WHY}. Your draft is kept."
    assert (await office.drafts.begin(case.id, by=ANA)).draft.text == "We are sorry."
    assert Happening.QUEUED not in [event.what for event in (await office.board.timeline(case.id)).events]


async def test_one_account_is_frozen_and_another_goes_on(office):
    other = replace(OPEN_TERMS, account="harbourcargo")
    mine = await office.case_of()
    theirs = await office.case_of((mention(by="otto", terms=other), complaint()))
    await office.answer(mine.id, "From the line.")
    await office.answer(theirs.id, "From the cargo.")

    freeze = await office.gate.freeze(by=CLEO, reason=WHY, account="@HarbourLine")
    await office.pass_time(UNDO)

    assert freeze.account == "harbourline"
    assert office.feed.texts == ["From the cargo."]
    assert ((await office.board.sheet(theirs.id)).freeze, (await office.board.sheet(mine.id)).freeze) == (None, freeze)


async def test_what_another_freeze_keeps_back_goes_on_waiting(office):
    case = await office.case_of()
    await office.answer(case.id)
    await office.gate.freeze(by=CLEO, reason="one account", account="harbourline")
    await office.gate.freeze(by=BEN, reason="everything")

    await office.gate.unfreeze(by=CHIEF, account="all")
    await office.pass_time(timedelta(hours=1))
    assert office.feed.texts == []
    await office.gate.unfreeze(by=CHIEF)
    await office.pass_time(THAW)

    assert office.feed.texts == ["We found it."]


async def test_a_freeze_says_what_is_missing_unknown_or_done_already(office):
    await office.case_of()

    for wish, sentence in [
        ({"reason": " "}, "Say why"),
        ({"reason": WHY, "account": "@harbour"}, "I know no account @harbour. I know: @harbourline. Without a name"),
    ]:
        with pytest.raises(NotAllowed, match=sentence):
            await office.gate.freeze(by=BEN, **wish)
    await office.gate.freeze(by=CLEO, reason=WHY)
    for account in ("", "harbourline"):
        with pytest.raises(NotAllowed, match=f"frozen since 09:00 by Cleo: {WHY}. Nothing was changed."):
            await office.gate.freeze(by=BEN, reason="me too", account=account)
    assert len(await log(office)) == 1


async def test_an_unfreeze_says_what_is_frozen(office):
    await office.case_of()
    with pytest.raises(NotAllowed, match="Nothing is frozen"):
        await office.gate.unfreeze(by=CHIEF)
    await office.gate.freeze(by=CLEO, reason=WHY, account="harbourline")
    await office.gate.freeze(by=CLEO, reason=WHY)

    with pytest.raises(NotAllowed, match=r"More than one freeze holds\. Name one of: @harbourline, all"):
        await office.gate.unfreeze(by=CHIEF)
    with pytest.raises(NotAllowed, match="No freeze is called @cargo"):
        await office.gate.unfreeze(by=CHIEF, account="@cargo")
    assert len(await office.gate.active()) == 2


async def test_members_freeze_and_only_approvers_lift_it(office):
    with pytest.raises(NotAllowed, match="guests"):
        await office.gate.freeze(by=GUEST, reason=WHY)
    await office.gate.freeze(by=ANA, reason=WHY)

    with pytest.raises(NotAllowed, match="needs the role approver"):
        await office.gate.unfreeze(by=ANA)

    assert [one.by_name for one in await office.gate.active()] == ["Ana"]


async def test_two_who_freeze_at_once_make_one_freeze(office):
    pulls = [office.gate.freeze(by=one, reason=WHY) for one in (ANA, BEN, CLEO)]

    done = await asyncio.gather(*pulls, return_exceptions=True)

    assert len([one for one in done if isinstance(one, Freeze)]) == 1
    assert len([one for one in done if isinstance(one, NotAllowed)]) == 2
    assert len(await log(office)) == 1


async def test_every_open_card_is_drawn_anew_and_first_where_a_reply_waits(office):
    waits = await office.case_of(by="one")
    calm = await office.case_of(by="two")
    over = await office.case_of(by="three")
    await office.desk.claim(over.id, by=ANA)
    await office.answer(waits.id)
    await office.store.transact(lambda unit: _resolve(unit, over.id))
    await office.work()

    await office.gate.freeze(by=CLEO, reason=WHY)

    redraws = {job.subject: job.urgent for job in await office.jobs(promises.REDRAW)}
    assert redraws == {str(waits.id): 1, str(calm.id): 8}


def _resolve(unit, case_id) -> None:
    case = unit.cases.get(case_id)
    unit.cases.save(case, case.resolved(Resolution.SPAM, by="Ana", at=case.seen_at))


async def test_a_card_that_waits_to_be_drawn_loses_no_place_to_a_banner(office):
    fresh = await office.case_of()
    (before,) = await office.jobs(promises.REDRAW)

    await office.gate.freeze(by=CLEO, reason=WHY)

    (after,) = await office.jobs(promises.REDRAW)
    assert (after.subject, after.urgent) == (str(fresh.id), before.urgent)


async def test_a_doubtful_reply_is_looked_for_but_not_sent_again_under_a_freeze(office):
    office.feed.will(platform.lost)
    case = await office.case_of()
    await office.answer(case.id)
    await office.pass_time(UNDO)
    freeze = await office.gate.freeze(by=CLEO, reason=WHY)

    await office.pass_time(SETTLE)
    await office.pass_time(PATIENCE * 2)

    assert freeze.under_way == 1
    assert office.feed.calls == ["reply", "find"]
    assert await states(office) == [ReplyState.QUEUED]
    await office.gate.unfreeze(by=CHIEF)
    await office.pass_time(THAW)
    assert office.feed.texts == ["We found it."]


async def test_a_doubtful_reply_that_arrived_before_the_freeze_is_found(office):
    office.feed.will(platform.applied_and_lost)
    case = await office.case_of()
    await office.answer(case.id)
    await office.pass_time(UNDO)
    await office.gate.freeze(by=CLEO, reason=WHY)

    await office.pass_time(SETTLE)

    assert await states(office) == [ReplyState.SENT]
    assert (await office.case(case.id)).first_reply_at is not None


async def test_a_job_that_was_taken_up_before_the_end_of_a_freeze_keeps_to_the_fresh_window(office):
    case = await office.case_of()
    reply = await office.answer(case.id)
    await office.gate.freeze(by=CLEO, reason=WHY)
    office.clock.advance(UNDO)
    now = office.clock.now()
    (held,) = await office.store.transact(lambda unit: unit.jobs.claim([promises.SEND], at=now, lease=LEASE, limit=1))

    await office.gate.unfreeze(by=CHIEF)
    await office._keep(held)

    assert office.feed.calls == []
    await office.pass_time(THAW)
    assert office.feed.texts == ["We found it."]
    assert (await office.board.reply(reply.id)).state is ReplyState.SENT


async def test_a_freeze_waits_for_who_passed_the_gate_and_counts_them(office):
    """The transaction that lets a reply go is open while somebody freezes: the freeze comes after it, and knows it."""
    case = await office.case_of()
    reply = await office.answer(case.id)
    passed, let_go = threading.Event(), threading.Event()

    def leaving(unit) -> None:
        unit.freezes.pass_gate()
        assert unit.freezes.over("harbourline") is None
        passed.set()
        assert let_go.wait(10)
        found = unit.replies.get(ReplyId(reply.id))
        unit.replies.save(found, replace(found, state=ReplyState.SENDING, tried_at=office.clock.now()))

    courier = asyncio.create_task(office.store.transact(leaving))
    await asyncio.to_thread(passed.wait, 10)
    freezing = asyncio.create_task(office.gate.freeze(by=CLEO, reason=WHY))
    await asyncio.sleep(0.2)
    early = freezing.done()
    let_go.set()
    await courier

    assert not early
    assert (await freezing).under_way == 1


class Crowded:
    """A platform that takes its time, and notes when each call began."""

    name = "square"

    def __init__(self) -> None:
        self.began: list[str] = []
        self.texts: list[str] = []

    async def reply(self, outgoing) -> Receipt:
        self.began.append(outgoing.text)
        await asyncio.sleep(0.02)
        self.texts.append(outgoing.text)
        return Receipt(f"r{len(self.texts)}", "")

    async def find(self, _outgoing) -> None:
        return None


@contextlib.asynccontextmanager
async def sending(office, feed):
    """Let the real runner and the real courier work beside the test."""
    courier = Courier(office.store, office.clock, {feed.name: feed})
    runner = Runner(office.store, office.clock, {promises.SEND: courier.deliver})
    office.store.on_promise = runner.wake
    task = asyncio.create_task(runner.run())
    try:
        yield runner
    finally:
        task.cancel()
        await asyncio.wait([task])


async def until(done) -> None:
    """Wait for a platform: it rings no bell."""
    async with asyncio.timeout(60):
        while not done():  # noqa: ASYNC110 - see above
            await asyncio.sleep(0.001)


MANY = 120


async def test_under_load_no_call_begins_after_a_freeze_returned_and_nothing_is_lost(office):
    feed = Crowded()
    for number in range(MANY):
        await office.answer((await office.case_of(by=f"author {number}")).id, f"Answer {number}.")
    office.clock.advance(UNDO)

    async with sending(office, feed) as runner:
        await until(lambda: len(feed.began) >= MANY // 4)
        freeze = await office.gate.freeze(by=CLEO, reason=WHY)
        begun = list(feed.began)
        await asyncio.sleep(0.5)
        assert feed.began == begun
        assert len(begun) < MANY and sorted(feed.texts) == sorted(begun)
        assert freeze.under_way <= 8
        left = [reply.text for reply in (await office.gate.notice(freeze.id)).waiting]
        assert sorted([*begun, *left]) == sorted(f"Answer {number}." for number in range(MANY))

        await until(lambda: len(feed.texts) == len(begun))
        await office.gate.unfreeze(by=CHIEF)
        office.clock.advance(THAW + MANY * APART)
        runner.wake()
        await until(lambda: len(feed.texts) == MANY)

    assert sorted(feed.began) == sorted(f"Answer {number}." for number in range(MANY))
