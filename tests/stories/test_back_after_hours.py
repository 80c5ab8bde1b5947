"""A platform that was away for hours: told once, and what piled up comes in whole, as one board, with its real age."""

from __future__ import annotations

import asyncio
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.domain.case import State
from tests.fakes.clock import TurnableClock
from tests.stories.stage import PLAIN, Stage, stage, text_of

#: By hand: BACKLOG=5000, or 50000.
BACKLOG = int(os.environ.get("BACKLOG", "400"))
AWAY = timedelta(hours=6)


async def quick(seconds: float) -> None:
    """Sleep as long as a look takes, however long the feed would."""
    await asyncio.sleep(min(seconds, 0.05))


async def read(scene: Stage) -> None:
    """Wait until everything is stored, however much that is."""
    async with asyncio.timeout(60 + BACKLOG / 10):
        await scene.read()


async def test_what_piled_up_in_hours_comes_in_whole_and_floods_nobody(tmp_path: Path):
    clock = TurnableClock(datetime.now(UTC))
    async with stage(tmp_path, clock=clock, sleep=quick, storm_per_minute=30) as scene:
        scene.town.post(PLAIN, by="early")
        await scene.card("@early")
        scene.town.is_down = True
        await scene.card("The feed town cannot be read")
        went_at = clock.now()
        for _ in range(6):
            await scene.turn(hours=AWAY.total_seconds() / 3_600 / 6)

        for number in range(BACKLOG):
            at = went_at + number * AWAY / BACKLOG
            scene.town.post(f"@harbourline suitcase {number} never arrived!", by=f"guest{number}", at=at)
        scene.town.is_down = False
        await scene.card("The feed *town* is back since")
        await read(scene)
        await scene.turn(seconds=5)

        said = [text_of(card) for card in await scene.cards()]
        assert sum("cannot be read" in words for words in said) == 1
        assert sum("is back since" in words for words in said) == 1
        (board,) = [words for words in said if "Storm since" in words]
        assert f"{BACKLOG} P3" in board
        assert len(said) < 20
        cases = await scene.goshawk.store.read(
            lambda unit: unit.cases.queue(states=list(State), limit=2 * BACKLOG + 10)
        )
        assert len(cases) == BACKLOG + 1
        oldest = next(case for case in cases if case.author == "guest0")
        assert abs(oldest.posted_at - went_at) < timedelta(seconds=1)
        assert oldest.seen_at - oldest.posted_at >= AWAY
