"""A promise that cannot be kept: the operators are told once, and see to it in Slack or from the command line."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot.cases import promises
from bot.domain.job import Job
from tests.fakes.clock import TurnableClock
from tests.stories.stage import ANA, CLEO, ESCALATIONS, Stage, labels, stage, text_of

OPERATORS = {"cases": "#social-care", "private": "#social-private", "operators": "#social-escalations"}


async def broken(scene: Stage, *subjects: str) -> None:
    """Promise what no handler can do, and let it be tried until it is given up."""
    now = scene.clock.now()

    def work(unit: Any) -> None:
        for subject in subjects:
            unit.jobs.add(Job(kind=promises.LINE, key=f"line:{subject}", subject=subject, due=now))

    await scene.goshawk.store.transact(work)
    for _ in range(6):
        await scene.turn(minutes=2)


async def letters(scene: Stage) -> list[dict[str, Any]]:
    return [one for one in await scene.cards(ESCALATIONS) if "given up" in text_of(one)]


async def shell(folder: Path, *words: str) -> Any:
    """Type a command beside the bot that runs."""
    given = [sys.executable, "-m", "bot", "jobs", *words, "--json", "--data", str(folder)]
    process = await asyncio.create_subprocess_exec(
        *given, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE, env={"PATH": os.environ["PATH"]}
    )
    out, trouble = await asyncio.wait_for(process.communicate(), 60)
    return json.loads(out) if process.returncode == 0 else trouble.decode()


async def test_an_admin_sees_to_what_was_given_up(tmp_path: Path):
    async with stage(tmp_path, clock=TurnableClock(datetime.now(UTC)), channels=OPERATORS) as scene:
        await broken(scene, "first", "second")
        [letter] = await letters(scene)

        assert "2 jobs were given up" in text_of(letter)
        assert "Say a line in a thread (first): ValueError in " in text_of(letter)
        assert labels(letter) == ["Try again", "Drop"]
        assert "2 jobs were given up" in await scene.told(CLEO, "status")

        await scene.press(ANA, letter, "case.retry_jobs")
        await scene.hears(ANA, "can't have jobs tried again")
        await scene.press(CLEO, letter, "case.retry_jobs")
        await scene.hears(CLEO, "2 jobs will be tried again now.")
        await scene.settled()
        assert "are seen to by" in text_of((await letters(scene))[0])

        for _ in range(6):
            await scene.turn(minutes=2)
        again = await letters(scene)
        await scene.press(CLEO, again[-1], "case.drop_jobs")
        await scene.hears(CLEO, "Dropped: 2 jobs.")
        await scene.settled()

        assert all(labels(one) == [] for one in await letters(scene))
        assert "given up" not in await scene.told(CLEO, "status")


async def test_the_command_line_sees_to_it_beside_a_bot_that_runs(tmp_path: Path):
    async with stage(tmp_path, clock=TurnableClock(datetime.now(UTC)), channels=OPERATORS) as scene:
        await broken(scene, "first", "second")

        listed = await shell(tmp_path, "list")
        assert [one["key"] for one in listed["jobs"]] == ["line:first", "line:second"]
        assert (listed["given_up"], listed["jobs"][0]["tries"]) == (2, 5)
        assert "no job" in (await shell(tmp_path, "drop", "line:third")).lower()
        assert await shell(tmp_path, "retry", "line:first") == {"jobs": ["line:first"]}
        assert await shell(tmp_path, "drop", "--all") == {"jobs": ["line:second"]}
        await scene.settled()

        assert (await shell(tmp_path, "list"))["jobs"] == []
        for _ in range(6):
            await scene.turn(minutes=2)
        assert [one["key"] for one in (await shell(tmp_path, "list"))["jobs"]] == ["line:first"]
