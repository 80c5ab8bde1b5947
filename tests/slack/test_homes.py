"""Homes are published over the newest only, and not oftener than they can be read."""

from __future__ import annotations

import asyncio

from bot.errors import SlackRefused
from bot.slack.homes import Homes


class Wall:
    """Where Homes hang: gives each a new hash, and refuses to replace one that was not seen."""

    def __init__(self) -> None:
        self.hung: list[tuple[str, list[dict]]] = []
        self.hashes: dict[str, str] = {}
        self.asked_over: list[str] = []

    async def home(self, staff_id: str, blocks: list[dict], *, over: str = "") -> str:
        self.asked_over.append(over)
        if over and over != self.hashes.get(staff_id):
            raise SlackRefused("Slack refused: hash_conflict.", code="hash_conflict")
        self.hung.append((staff_id, blocks))
        self.hashes[staff_id] = f"h{len(self.hung)}"
        return self.hashes[staff_id]


async def nothing() -> list[dict]:
    return []


async def test_the_first_is_published_at_once_over_whatever_hangs_there():
    wall = Wall()

    await asyncio.wait_for(Homes(wall, 60).refresh("U1", nothing), 1)

    assert wall.asked_over == [""]


async def test_each_replaces_the_one_before():
    wall = Wall()
    homes = Homes(wall, 0)

    await homes.refresh("U1", nothing)
    await homes.refresh("U1", nothing)

    assert wall.asked_over == ["", "h1"]


async def test_where_another_hand_was_quicker_the_newest_wins():
    wall = Wall()
    homes = Homes(wall, 0)
    await homes.refresh("U1", nothing)
    wall.hashes["U1"] = "of another process"

    await homes.refresh("U1", nothing)

    assert wall.asked_over == ["", "h1", ""] and len(wall.hung) == 2


async def test_wishes_that_come_too_fast_become_one_that_shows_the_newest():
    wall, drawn = Wall(), []

    async def draw() -> list[dict]:
        drawn.append(len(drawn))
        return [{"type": "divider"}] * len(drawn)

    homes = Homes(wall, 0.2)
    await homes.refresh("U1", draw)

    await asyncio.gather(*[homes.refresh("U1", draw) for _ in range(20)])

    assert len(wall.hung) == 2 and len(drawn) == 2


async def test_people_do_not_wait_for_each_other():
    wall = Wall()
    homes = Homes(wall, 60)

    await asyncio.wait_for(asyncio.gather(*[homes.refresh(f"U{one}", nothing) for one in range(5)]), 1)

    assert len(wall.hung) == 5
    assert homes.is_read("U1") and not homes.is_read("U9")
