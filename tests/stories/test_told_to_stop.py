"""Told to stop, a process says so at once to whoever sends it work, and ends what it had begun."""

from __future__ import annotations

import asyncio
import signal
from pathlib import Path

import httpx
import pytest
from sqlalchemy import make_url

from bot.domain.reply import ReplyState
from bot.store.engine import Store
from tests.conftest import SERVER
from tests.fakes.cable import Cable
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


async def test_told_to_stop_while_a_private_answer_hangs_it_does_not_wait_for_slack(tmp_path: Path):
    async with crew(tmp_path, f"sqlite:///{tmp_path / 'desk.db'}") as (them, _):
        bot, scene = await them.join("run"), them.scene
        await scene.http.post("/sim/faults", json={"kind": "lost", "method": "views.publish", "times": 50})
        await scene.http.post("/sim/home", json={"user": ANA})
        while not (await scene.http.get("/sim/faults")).json()["faults"][0]["played"]:  # noqa: ASYNC110 - no bell
            await asyncio.sleep(0.02)

        bot.send(signal.SIGTERM)
        code = await bot.ended()

    assert (code, len(bot.logged("answers were cut off"))) == (0, 1)
    assert bot.logged("an answer did not reach its reader") == []


@pytest.mark.skipif(not SERVER, reason="GOSHAWK_TEST_DATABASE_URL names no PostgreSQL server")
async def test_told_to_stop_while_the_database_is_silent_it_leaves_what_will_never_end(tmp_path: Path, emptied: str):
    place = make_url(emptied)
    cable = Cable(place.host or "127.0.0.1", place.port or 5432)
    through = place.set(host="127.0.0.1", port=cable.port).render_as_string(hide_password=False)
    async with crew(tmp_path, through) as (them, _):
        bot, scene = await them.join("worker"), them.scene
        scene.town.post(PLAIN)
        await scene.card("Unclaimed")
        cable.silence()
        await until(lambda: bot.logged("the line to the database broke; it is made again") or None)

        bot.send(signal.SIGTERM)
        code = await bot.ended()

    cable.close()
    assert (code, len(bot.logged("what runs did not end in time; it is left to whoever comes next"))) == (0, 1)
