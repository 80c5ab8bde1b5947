"""Homes are published over the newest only, and not oftener than they can be read."""

from __future__ import annotations

import asyncio

import pytest

from bot.errors import SlackRefused
from bot.slack.homes import Drawn, Homes


class Wall:
    """Where Homes hang: gives each a new hash, and refuses to replace one that was not seen."""

    def __init__(self) -> None:
        self.hung: list[tuple[str, list[dict]]] = []
        self.hashes: dict[str, str] = {}
        self.asked_over: list[str] = []
        self.is_down = False

    async def home(self, staff_id: str, blocks: list[dict], *, over: str = "") -> str:
        self.asked_over.append(over)
        if self.is_down:
            raise SlackRefused("Slack refused: fatal_error.", code="fatal_error")
        if over and over != self.hashes.get(staff_id):
            raise SlackRefused("Slack refused: hash_conflict.", code="hash_conflict")
        self.hung.append((staff_id, blocks))
        self.hashes[staff_id] = f"h{len(self.hung)}"
        return self.hashes[staff_id]


class Book:
    """Where it is written down which cases a Home shows."""

    def __init__(self) -> None:
        self.shown: dict[str, frozenset[int]] = {}

    async def home(self, staff_id: str, cases: frozenset[int]) -> bool:
        before = self.shown.get(staff_id, frozenset())
        self.shown[staff_id] = before | cases
        return not cases <= before

    async def home_shows(self, staff_id: str, cases: frozenset[int]) -> None:
        self.shown[staff_id] = cases


async def nothing() -> Drawn:
    return Drawn([])


async def test_the_first_is_published_at_once_over_whatever_hangs_there():
    wall = Wall()

    await asyncio.wait_for(Homes(wall, Book(), 60).refresh("U1", nothing), 1)

    assert wall.asked_over == [""]


async def test_each_replaces_the_one_before():
    wall = Wall()
    homes = Homes(wall, Book(), 0)

    await homes.refresh("U1", nothing)
    await homes.refresh("U1", nothing)

    assert wall.asked_over == ["", "h1"]


async def test_where_another_hand_was_quicker_the_newest_wins():
    wall = Wall()
    homes = Homes(wall, Book(), 0)
    await homes.refresh("U1", nothing)
    wall.hashes["U1"] = "of another process"

    await homes.refresh("U1", nothing)

    assert wall.asked_over == ["", "h1", ""] and len(wall.hung) == 2


async def test_wishes_that_come_too_fast_become_one_that_shows_the_newest():
    wall, drawn = Wall(), []

    async def draw() -> Drawn:
        drawn.append(len(drawn))
        return Drawn([{"type": "divider"}] * len(drawn))

    homes = Homes(wall, Book(), 0.2)
    await homes.refresh("U1", draw)

    await asyncio.gather(*[homes.refresh("U1", draw) for _ in range(20)])

    assert len(wall.hung) == 2 and len(drawn) == 2


async def test_people_do_not_wait_for_each_other():
    wall = Wall()
    homes = Homes(wall, Book(), 60)

    await asyncio.wait_for(asyncio.gather(*[homes.refresh(f"U{one}", nothing) for one in range(5)]), 1)

    assert len(wall.hung) == 5
    assert homes.is_read("U1") and not homes.is_read("U9")


async def test_what_a_home_shows_is_written_down_before_it_is_drawn():
    wall, book, known = Wall(), Book(), []

    async def draw() -> Drawn:
        known.append(book.shown.get("U1", frozenset()))
        return Drawn([], frozenset({1, 2}))

    homes = Homes(wall, book, 0)
    await homes.refresh("U1", draw)
    await homes.refresh("U1", draw)

    assert known == [frozenset(), {1, 2}, {1, 2}] and len(wall.hung) == 2


async def test_what_slack_did_not_take_is_remembered_beside_what_hangs_there():
    wall, book = Wall(), Book()
    homes = Homes(wall, book, 0)

    async def first() -> Drawn:
        return Drawn([], frozenset({1}))

    async def second() -> Drawn:
        return Drawn([], frozenset({2}))

    await homes.refresh("U1", first)
    wall.is_down = True
    with pytest.raises(SlackRefused):
        await homes.refresh("U1", second)

    assert book.shown["U1"] == {1, 2}
    wall.is_down = False
    await homes.refresh("U1", second)
    assert book.shown["U1"] == {2}
