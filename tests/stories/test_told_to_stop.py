"""SIGTERM in whatever state: exit 0, no new effect begins, nothing stays leased, and whoever comes next goes on."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.domain.job import JobState
from bot.settings import only
from bot.store.engine import Store
from bot.store.outbox import job
from tests.conftest import SERVER
from tests.stories.crew import Crew, Member, crew, until
from tests.stories.stage import ANA, PLAIN, Stage, text_of

#: Every state is played by hand (STOPS=all); a run of the suite plays some, which ones the seed says.
SHARE = 1 if os.environ.get("STOPS") == "all" else 3
SEED = int(os.environ.get("CAMPAIGN_SEED", "5"))
RUSH = 60


@dataclass(frozen=True)
class State:
    """What a process is doing when it is told to stop."""

    begin: Callable[[Stage], Awaitable[None]]
    more: tuple[tuple[str, str], ...] = ()
    answers: int = 0
    """Replies that the public reads in the end."""


async def idle(scene: Stage) -> None:
    await scene.card("my suitcase")


async def reading(scene: Stage) -> None:
    await scene.card("my suitcase")
    scene.town.stalls = True
    await until(lambda: scene.town.waiting or None)


async def speaking(scene: Stage) -> None:
    await scene.card("my suitcase")
    await scene._do("faults", kind="slow_answer", method="chat.postMessage", seconds=3)
    scene.town.post("@harbourline my cabin was sold twice and nobody answers", by="nils")
    await scene.card("my cabin")


async def answering(scene: Stage) -> None:
    scene.town.hangs = True
    await scene.answer(ANA, await scene.card("my suitcase"), "We found it.")
    await until(lambda: scene.town.replies or None)


async def undoing(scene: Stage) -> None:
    await scene.answer(ANA, await scene.card("my suitcase"), "We found it.")
    await scene.card("Sending at")


async def rushed(scene: Stage) -> None:
    await scene._do("faults", kind="slow", method="chat.postMessage", seconds=0.5, times=RUSH)
    for number in range(RUSH):
        scene.town.post(f"@harbourline suitcase {number} never arrived!", by=f"guest{number}")
    await scene.card("suitcase")


STATES = {
    "idle": State(idle),
    "while a feed is read": State(reading),
    "while Slack is told": State(speaking),
    "while a reply leaves": State(answering, answers=1),
    "while a reply may be undone": State(undoing, (("GOSHAWK_UNDO_S", "4"),), answers=1),
    "in the middle of a rush": State(rushed),
}
CHOSEN = [name for number, name in enumerate(STATES) if (number + SEED) % SHARE == 0]


def running_jobs(url: str) -> int:
    """Return how many jobs are still somebody's."""
    store = Store(url)
    store.open()
    try:
        with store._engine.connect() as connection:
            rows = connection.execute(job.select().where(job.c.state == JobState.RUNNING)).all()
    finally:
        store.close()
    return len(rows)


async def readiness(member: Member) -> int:
    """Return the status of /readyz from the signal on, as soon as it is not 200; 0 when nobody answers any more."""
    async with httpx.AsyncClient(timeout=20, trust_env=False) as http:
        while True:
            try:
                status = (await http.get(f"{member.url}/readyz")).status_code
            except httpx.HTTPError:
                return 0
            if status != httpx.codes.OK:
                return status


async def stopped(member: Member, scene: Stage) -> tuple[int, int, int, float]:
    """Tell it to stop, twice; return its exit code, what /readyz said, new messages after that, and the seconds."""
    begun = time.monotonic()
    member.send(signal.SIGTERM)
    member.send(signal.SIGTERM)
    said = await readiness(member)
    code = await member.ended()
    took = time.monotonic() - begun
    stands = len(await scene.cards())
    await asyncio.sleep(0.5)
    return code, said, len(await scene.cards()) - stands, took


@pytest.mark.parametrize("name", CHOSEN)
async def test_told_to_stop_it_ends_and_whoever_comes_next_finishes(tmp_path: Path, name: str):
    await play(tmp_path, f"sqlite:///{tmp_path}/goshawk.db", STATES[name])


@pytest.mark.skipif(not SERVER, reason="GOSHAWK_TEST_DATABASE_URL names no PostgreSQL server")
@pytest.mark.parametrize("name", STATES if SHARE == 1 else [])
async def test_the_same_on_a_server(tmp_path: Path, emptied: str, name: str):
    await play(tmp_path, emptied, STATES[name])


async def play(folder: Path, url: str, state: State) -> None:
    async with crew(folder, url) as (them, _):
        scene = them.scene
        first = await them.join("run", **dict(state.more))
        scene.town.post(PLAIN)
        await state.begin(scene)

        code, said, more, took = await stopped(first, scene)

        print(f"exit {code} after {took:.1f} s, /readyz {said}")  # noqa: T201 - for who runs it by hand
        assert (code, more) == (0, 0)
        assert said in {0, httpx.codes.SERVICE_UNAVAILABLE}
        assert running_jobs(only(database_url=url).store_url) == 0
        scene.town.stalls = scene.town.hangs = False
        await goes_on(them, state)


async def goes_on(them: Crew, state: State) -> None:
    """Let another process finish, and count what stands in the end."""
    scene: Stage = them.scene
    await them.join("run", **dict(state.more))
    scene.town.post("@harbourline is anybody there? nobody answers me", by="olga")
    await scene.card("is anybody there")
    for post in scene.town.posts:
        await scene.card(post["text"].removeprefix("@harbourline ")[:20])
    await until(lambda: len(scene.town.replies) >= state.answers or None)
    if state.answers:
        await scene.see(lambda card: "Replied" in text_of(card))
    await asyncio.sleep(0.5)
    cards: list[Any] = await scene.cards()
    assert len(cards) == len(scene.town.posts)
    assert scene.town.said == ["We found it."] * state.answers


async def test_told_to_stop_while_it_starts_it_ends(tmp_path: Path):
    async with crew(tmp_path, f"sqlite:///{tmp_path}/goshawk.db") as (them, _):
        starting = asyncio.create_task(them.join("run"))
        member = await until(lambda: them.members[0] if them.members else None)
        await until(lambda: (tmp_path / "goshawk.db").exists() or None)
        member.send(signal.SIGTERM)
        code = await member.ended()
        with pytest.raises(AssertionError):
            await starting

        assert code == 0
        await goes_on(them, State(idle))
