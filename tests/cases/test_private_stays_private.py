"""A private source is never answered in public: by type, and over any history of a desk."""

from __future__ import annotations

import asyncio
import shutil
from contextlib import suppress
from dataclasses import fields, replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.case import Resolution
from bot.domain.ids import CaseId
from bot.domain.mention import Visibility
from bot.domain.reply import Reply, ReplyState
from bot.errors import NotAllowed, SendRefused
from bot.feeds.base import Outgoing
from bot.store.engine import Store
from tests.fakes import feed as platform
from tests.fakes.clock import TurnableClock
from tests.fakes.office import Office
from tests.fakes.people import ANA, BEN, DEV
from tests.fakes.posts import complaint, mention

#: Steps of a history: who writes and how, and what staff do.
WRITES = st.tuples(
    st.just("write"), st.sampled_from(["mara", "nils"]), st.sampled_from(list(Visibility)), st.sampled_from(["", "t1"])
)
STAFF = st.tuples(st.sampled_from(["answer", "begin", "undo", "assign", "resolve"]), st.integers(1, 3))
PLATFORM = st.tuples(
    st.just("platform"), st.sampled_from([platform.taken, platform.busy, platform.lost, platform.applied_and_lost])
)
HISTORY = st.lists(st.one_of(WRITES, STAFF, STAFF, PLATFORM), max_size=25)


async def walk(office: Office, history: list[tuple]) -> dict[str, bool]:
    """Live through a history; return the test's own book of each post: whether only its author may read the answer."""
    closed: dict[str, bool] = {}
    for what, *rest in history:
        with suppress(NotAllowed):
            await step(office, what, rest, closed)
        await office.pass_time(timedelta(seconds=20))
    return closed


async def step(office: Office, what: str, rest: list, closed: dict[str, bool]) -> None:
    if what == "write":
        by, visibility, thread = rest
        post = mention(by=by, at=office.clock.now(), visibility=visibility, thread=thread)
        closed[post.post_id] = visibility is not Visibility.PUBLIC
        await office.receive((post, complaint()))
        return
    if what == "platform":
        office.feed.will(rest[0])
        return
    cases = await office.cases()
    if rest[0] > len(cases):
        return
    number = cases[rest[0] - 1].id
    deeds = {
        "answer": lambda: office.answer(number, by=ANA),
        "begin": lambda: office.drafts.begin(number, by=BEN, text="Sorry"),
        "undo": lambda: office.sending.undo(number, by=ANA),
        "assign": lambda: office.desk.assign(number, to=BEN, by=ANA, note="yours"),
        "resolve": lambda: office.desk.resolve(number, by=ANA, resolution=Resolution.NO_ACTION, note="seen"),
    }
    await deeds[what]()


@settings(max_examples=60)
@given(HISTORY)
def test_no_history_of_a_desk_answers_a_private_post_in_public(template: Path, tmp_path_factory, history):
    path = tmp_path_factory.mktemp("desk") / "goshawk.db"
    shutil.copy(template, path)
    store = Store(f"sqlite:///{path}", inline=True)
    store.open()
    office = Office(store, TurnableClock())
    try:
        closed = asyncio.run(walk(office, history))
        for outgoing in office.feed.ledger:
            assert outgoing.private == closed[outgoing.post_id]
    finally:
        store.close()


def test_an_outgoing_reply_has_no_audience_of_its_own():
    assert {one.name for one in fields(Outgoing)} == {"key", "text", "answers", "closed"}

    with pytest.raises(TypeError):
        Outgoing(key="k", text="Hi", answers=mention(), closed=False, private=False)  # type: ignore[call-arg]
    with pytest.raises((AttributeError, TypeError)):
        Outgoing(key="k", text="Hi", answers=mention(), closed=False).private = False  # type: ignore[misc]


@pytest.mark.parametrize("visibility", [Visibility.PRIVATE, Visibility.UNKNOWN])
def test_what_is_not_surely_public_is_answered_in_private(visibility: Visibility):
    for closed in (True, False):
        assert Outgoing(key="k", text="Hi", answers=mention(visibility=visibility), closed=closed).private


def test_nothing_that_leaves_a_private_case_answers_a_public_post():
    with pytest.raises(SendRefused, match="The case is private now"):
        Outgoing(key="k", text="Hi", answers=mention(), closed=True)


async def test_words_written_for_the_public_are_not_sent_to_a_post_that_is_private_now(office: Office):
    case = await office.case_of()
    reply = await office.answer(case.id)
    now_private = replace(reply, private=True)
    await office.store.transact(lambda unit: unit.replies.save(reply, now_private))

    await office.pass_time(timedelta(seconds=20))

    assert office.feed.ledger == []
    assert (await _reply(office, case.id)).state is ReplyState.REFUSED
    assert "this reply was written for a private one" in (await _reply(office, case.id)).trouble


async def _reply(office: Office, case_id: CaseId) -> Reply:
    return next(
        one for one in (await office.board.timeline(case_id, closed=True)).replies if one.state is not ReplyState.DRAFT
    )


async def test_who_is_not_in_the_private_channel_neither_takes_nor_answers(office: Office):
    case = await office.case_of(visibility=Visibility.PRIVATE)

    for deed in (
        lambda: office.desk.claim(case.id, by=DEV),
        lambda: office.drafts.begin(case.id, by=DEV),
        lambda: office.desk.assign(case.id, to=DEV, by=ANA, note="yours"),
        lambda: office.originals.reveal(case.id, by=DEV),
    ):
        with pytest.raises(NotAllowed, match="private"):
            await deed()
    with pytest.raises(NotAllowed, match="Nothing is unclaimed"):
        await office.desk.claim_next(by=DEV)
    assert (await office.desk.claim_next(by=ANA)).id == case.id


async def test_an_open_window_is_its_writers_alone_as_long_as_they_may_read(office: Office):
    case = await office.case_of(visibility=Visibility.PRIVATE)
    draft = (await office.drafts.begin(case.id, by=ANA)).draft

    with pytest.raises(NotAllowed, match="Ana wrote this draft"):
        await office.drafts.look(draft.id, by=BEN)
    with pytest.raises(NotAllowed, match="it is private"):
        await office.drafts.look(draft.id, by=replace(ANA, reads_private=False))
