"""Slack closes a door in our face: archives a channel, throws us out, takes a right or the token away."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot import metrics
from tests.fakes.clock import TurnableClock
from tests.stories.stage import ANA, CARE, ESCALATIONS, PLAIN, PRIVATE, Stage, stage, text_of

OPERATORS = {"cases": "#social-care", "private": "#social-private", "operators": "#social-escalations"}
ALARM = "takes nothing from me"


async def break_(scene: Stage, kind: str, **more: Any) -> None:
    await scene.http.post("/sim/faults", json={"kind": kind, **more})


async def mend(scene: Stage) -> None:
    await scene.http.request("DELETE", "/sim/faults")


def at_work() -> TurnableClock:
    return TurnableClock(datetime.now(UTC))


@pytest.mark.parametrize("kind", ["channel_archived", "bot_removed"])
async def test_cards_of_a_closed_channel_go_to_the_operators_and_come_home(tmp_path: Path, kind: str):
    async with stage(tmp_path, clock=at_work(), channels=OPERATORS) as scene:
        scene.town.post(PLAIN, by="mara")
        before = await scene.card("@mara")
        await scene.settled()

        await break_(scene, kind, channel=CARE)
        scene.town.post(PLAIN, by="nils")
        scene.town.post(PLAIN, by="olga")
        await scene.read()
        await scene.turn(seconds=2)
        await scene.card("@olga", channel=ESCALATIONS)
        card = await scene.card("@nils", channel=ESCALATIONS)
        await scene.turn(seconds=2)

        alarms = [one for one in await scene.cards(ESCALATIONS) if ALARM in text_of(one)]
        assert len(alarms) == 1
        await scene.press(ANA, card, "case.claim")
        await scene.card("Claimed by ana", channel=ESCALATIONS)
        await mend(scene)
        await scene.turn(seconds=61)
        await scene.turn(seconds=2)
        assert "takes messages again" in text_of((await scene.cards(ESCALATIONS))[0])
        home = await scene.cards(CARE)
        assert sorted(text_of(one).count("@nils") > 0 for one in home) == [False, False, True]
        assert before["ts"] in {one["ts"] for one in home}
        assert [one for one in await scene.cards(ESCALATIONS) if ALARM not in text_of(one)][1:] == []


async def test_without_operators_cards_wait_until_the_channel_is_open_again(tmp_path: Path):
    async with stage(tmp_path, clock=at_work()) as scene:
        await break_(scene, "channel_archived", channel=CARE)
        scene.town.post(PLAIN, by="nils")
        await scene.read()
        for _ in range(30):
            await scene.turn(minutes=3)
        assert await scene.cards() == []

        await mend(scene)
        for _ in range(3):
            await scene.turn(seconds=61)

        await scene.card("@nils")
        await scene.card("takes messages again")
        assert len(await scene.cards()) == 2


async def test_what_is_private_is_withheld_while_its_channel_is_gone_and_comes_back_by_itself(tmp_path: Path):
    async with stage(tmp_path, clock=at_work()) as scene:
        await break_(scene, "bot_removed", channel=PRIVATE)
        await scene.turn(seconds=16)
        scene.town.post("my cabin was K0815 and nobody answers me!", visibility="private")
        await scene.card("Its text is withheld")
        await scene.settled()
        alarms = [one for one in await scene.cards() if "Private mentions are withheld" in text_of(one)]
        assert len(alarms) == 1 and "K0815" not in text_of(await scene.cards())

        await mend(scene)
        for _ in range(2):
            await scene.turn(seconds=61)

        await scene.card("K0815", channel=PRIVATE)
        await scene.card("The private channel is closed to others again")
        assert "K0815" not in text_of(await scene.cards())


async def test_while_our_token_does_not_count_everything_waits_and_goes_on_by_itself(tmp_path: Path, log_lines):
    async with stage(tmp_path, clock=at_work()) as scene:
        await break_(scene, "token_revoked")
        for number in range(5):
            scene.town.post(PLAIN, by=f"mara{number}")
        await scene.read()
        for _ in range(120):
            await scene.turn(seconds=31)

        calls = [one for one in (await scene.state())["calls"] if one["method"] == "chat.postMessage"]
        assert len(calls) < 700 and metrics.SLACK_TOKEN._value.get() == 0
        assert log_lines().count("does not take our token; everything waits") == 1
        assert all(job.tries <= 1 for job in await scene.goshawk.store.read(lambda unit: unit.jobs.open()))
        await mend(scene)
        await scene.turn(seconds=31)
        await scene.turn(seconds=31)
        assert len(await scene.cards()) == 5 and metrics.SLACK_TOKEN._value.get() == 1


async def test_a_right_that_is_missing_is_told_once_and_what_needs_it_waits(tmp_path: Path):
    async with stage(tmp_path, clock=at_work(), channels=OPERATORS) as scene:
        armed = {"method": "chat.postMessage", "error": "missing_scope", "times": 1}
        await break_(scene, "error", **armed)
        scene.town.post(PLAIN, by="nils")
        await scene.card("refuses me the right", channel=ESCALATIONS)
        await scene.turn(seconds=61)

        await scene.card("@nils")
        await scene.card("grants me the right", channel=ESCALATIONS)
        assert len(await scene.cards(ESCALATIONS)) == 1
