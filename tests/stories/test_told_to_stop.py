"""Told to stop, a process says so at once to whoever sends it work, and ends what it had begun."""

from __future__ import annotations

import asyncio
import signal
from pathlib import Path

import httpx

from bot.domain.reply import ReplyState
from bot.store.engine import Store
from tests.stories.crew import crew, until
from tests.stories.stage import ANA, PLAIN


async def test_told_to_stop_amid_a_send_it_is_not_ready_at_once_and_the_send_is_ended(tmp_path: Path):
    database = f"sqlite:///{tmp_path / 'desk.db'}"
    async with crew(tmp_path, database) as (them, _), httpx.AsyncClient(timeout=20, trust_env=False) as probe:
        bot, scene = await them.join("run"), them.scene
        scene.town.hangs = True
        scene.town.post(PLAIN)
        await scene.answer(ANA, await scene.card("Unclaimed"), "It is on the next boat.")
        await until(lambda: scene.town.calls or None)
        before = await probe.get(f"{bot.url}/readyz")

        bot.send(signal.SIGTERM)
        while (after := await probe.get(f"{bot.url}/readyz")).status_code == 200:  # noqa: ASYNC110 - a signal rings no bell
            await asyncio.sleep(0.005)
        living = await probe.get(f"{bot.url}/healthz")
        in_flight = (bot.handle.poll(), scene.town.calls, len(bot.logged("a job was lost")))
        scene.town.hangs = False
        code = await bot.ended()

    assert before.json() == {"ready": True, "reasons": {}}
    assert (after.status_code, list(after.json()["reasons"])) == (503, ["draining"])
    assert (living.text, in_flight, code) == ("ok\n", (None, 1, 0), 0)
    assert scene.town.said == ["It is on the next boat."]
    assert await replies_of(database) == [ReplyState.SENT]


async def replies_of(database: str) -> list[ReplyState]:
    store = Store(database)
    store.open()
    cases = await store.read(lambda unit: unit.cases.queue(limit=10))
    found = await store.read(lambda unit: [reply.state for one in cases for reply in unit.replies.of_case(one.id)])
    store.close()
    return found
