"""A post that was private once is never answered in public: judged by what its author said, not by what we kept of it.

The page beside this one compares what leaves with what is stored. Here the test
itself keeps a book of who could read each post, over edits both ways, and of
whether a text was written under the sign of a private case.
"""

from __future__ import annotations

import asyncio
import itertools
import shutil
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.domain.mention import Mention, Visibility
from bot.errors import NotAllowed
from bot.store.engine import Store
from bot.store.unit import Unit
from tests.fakes import feed as platform
from tests.fakes.clock import TurnableClock
from tests.fakes.office import Office
from tests.fakes.people import ANA, BEN, CLEO
from tests.fakes.posts import complaint, mention

VISIBLE = st.sampled_from(list(Visibility))
NUMBER = st.integers(0, 1)
WRITE = st.tuples(st.just("write"), st.sampled_from(["mara", "nils"]), VISIBLE, st.sampled_from(["", "t1"]))
EDIT = st.tuples(st.just("edit"), NUMBER, VISIBLE, st.booleans())
ANSWER = st.tuples(st.just("answer"), NUMBER, st.booleans())
OTHER = st.one_of(
    WRITE,
    st.tuples(st.sampled_from(["ask", "approve", "undo"]), NUMBER),
    st.tuples(st.just("platform"), st.sampled_from([platform.busy, platform.lost, platform.applied_and_lost])),
    st.tuples(st.just("wait")),
)
#: Somebody writes; then authors change their words and staff answer, in any order and with what else happens.
HISTORY = st.builds(
    lambda first, rest: [first, *rest], WRITE, st.lists(st.one_of(EDIT, ANSWER, OTHER), min_size=4, max_size=20)
)

#: One case with two public posts in it.
TWICE = [("write", "mara", Visibility.PUBLIC, "t1")] * 2


@dataclass
class Town:
    """The desk, and the test's own book of what authors said."""

    office: Office
    posts: list[Mention] = field(default_factory=list)
    ever_private: set[str] = field(default_factory=set)
    written_in_private: dict[str, bool] = field(default_factory=dict)
    """Each text, and whether its writer was told that only the author reads it."""
    numbers: Any = field(default_factory=itertools.count)
    judged: int = 0
    wrong: list[str] = field(default_factory=list)

    def hears(self, post: Mention) -> Mention:
        if post.visibility is not Visibility.PUBLIC:
            self.ever_private.add(post.post_id)
        return post

    async def write(self, by: str, visibility: Visibility, thread: str) -> None:
        post = mention(by=by, at=self.office.clock.now(), visibility=visibility, thread=thread)
        self.posts.append(self.hears(post))
        await self.office.receive((post, complaint()))

    async def edit(self, number: int, visibility: Visibility, reworded: bool) -> None:  # noqa: FBT001 - drawn
        if number < len(self.posts):
            text = f"Changed {next(self.numbers)}" if reworded else self.posts[number].text
            self.posts[number] = self.hears(replace(self.posts[number], text=text, visibility=visibility))
            changed = [(self.posts[number], complaint())]
            await self.office.reception.receive([], feed="square", edited=changed)

    async def answer(self, number: int, waits: bool, *, eyes: bool = False) -> None:  # noqa: FBT001 - drawn
        cases = await self.office.cases()
        if number < len(cases):
            desktop = await self.office.drafts.begin(cases[number].id, by=ANA)
            text = f"Answer {next(self.numbers)}"
            self.written_in_private[text] = desktop.kept.mention.private
            given = {"resolves": False, "drawn": desktop.case.version, "eyes": eyes}
            await self.office.sending.send(desktop.draft.id, by=ANA, text=text, **given)
            await self.office.pass_time(timedelta(seconds=20 if waits else 0))

    async def ask(self, number: int) -> None:
        await self.answer(number, waits=False, eyes=True)

    async def approve(self, number: int) -> None:
        cases = await self.office.cases()
        if number < len(cases):
            for reply in (await self.office.board.sheet(cases[number].id, closed=True)).waiting:
                await self.office.approvals.approve(reply.id, by=CLEO, shown=reply.text_hash)

    async def undo(self, number: int) -> None:
        cases = await self.office.cases()
        if number < len(cases):
            await self.office.sending.undo(cases[number].id, by=BEN)

    async def wait(self) -> None:
        await self.office.pass_time(timedelta(seconds=20))

    async def platform(self, outcome: Any) -> None:
        self.office.feed.will(outcome)

    async def turned(self, post_id: str) -> bool:
        """Return whether any post of the same case was ever private."""

        def work(unit: Unit) -> bool:
            found = unit.mentions.at("Square", post_id)
            held = unit.mentions.of_case(found.case_id) if found and found.case_id else []
            return any(one.mention.post_id in self.ever_private for one in held)

        return await self.office.store.read(work)

    async def live(self, history: list[tuple[Any, ...]]) -> None:
        for what, *drawn in history:
            with suppress(NotAllowed):
                await getattr(self, what)(*drawn)
            await self.office.work()
            await self.judge()
        await self.wait()
        await self.judge()

    async def judge(self) -> None:
        """Judge what left since the last look by what the book says at this moment."""
        for one in self.office.feed.ledger[self.judged :]:
            private = await self.turned(one.post_id) or self.written_in_private[one.text]
            if private and not one.private:
                self.wrong.append(one.text)
        self.judged = len(self.office.feed.ledger)


@settings(max_examples=40)
@given(HISTORY)
@example([("write", "mara", Visibility.PRIVATE, ""), ("edit", 0, Visibility.PUBLIC, True), ("answer", 0, True)])
@example([("write", "mara", Visibility.PUBLIC, ""), ("answer", 0, False), ("edit", 0, Visibility.UNKNOWN, False)])
@example([*TWICE, ("edit", 0, Visibility.PRIVATE, True), ("answer", 0, True)])
@example([*TWICE, ("answer", 0, False), ("edit", 0, Visibility.PRIVATE, True)])
@example([*TWICE, ("ask", 0), ("edit", 0, Visibility.PRIVATE, True), ("approve", 0)])
@example([("write", "mara", Visibility.UNKNOWN, ""), ("ask", 0), ("edit", 0, Visibility.PUBLIC, True), ("approve", 0)])
def test_what_an_author_ever_called_private_is_never_answered_in_public(template: Path, tmp_path_factory, history):
    path = tmp_path_factory.mktemp("desk") / "goshawk.db"
    shutil.copy(template, path)
    store = Store(f"sqlite:///{path}", inline=True)
    store.open()
    town = Town(Office(store, TurnableClock()))
    try:
        asyncio.run(town.live(history))
        assert town.wrong == []
    finally:
        store.close()
