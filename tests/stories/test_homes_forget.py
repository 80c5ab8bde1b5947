"""Home is a copy like any other: what was erased, taken back or made private stands in nobody's Home any more."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.clock import TurnableClock
from tests.stories.stage import ANA, CLEO, DEV, Stage, a_card, stage, text_of
from tests.stories.test_erase import erased
from tests.stories.town import Town

WORDS = "@harbourline my suitcase never arrived in Lisbno and nobody answers me!"


async def homes(scene: Stage) -> dict[str, Any]:
    return {user: text_of(home) for user, home in (await scene.state())["homes"].items()}


async def looked_at(scene: Stage) -> None:
    """Let somebody who has the case and somebody who does not look at their Homes."""
    card = await a_card(scene, WORDS, by="mara.quill")
    await scene.home(DEV)
    await scene.press(ANA, card, "case.claim")
    await scene.settled()
    await scene.home(ANA)
    now = await homes(scene)
    assert "Lisbno" in now[ANA] and "Lisbno" in now[DEV]


async def test_no_home_holds_who_was_erased(tmp_path: Path):
    async with stage(tmp_path, clock=TurnableClock()) as scene:
        await looked_at(scene)
        await scene.home(CLEO)

        await erased(scene)

        told = str(await homes(scene))
        assert "Lisbno" not in told and "mara.quill" not in told


@pytest.mark.parametrize("how", ["deleted", "made private"])
async def test_no_home_holds_what_its_author_took_back(tmp_path: Path, how: str):
    async with stage(tmp_path, clock=TurnableClock()) as scene:
        await looked_at(scene)

        if how == "deleted":
            scene.town.delete("p1")
            await scene.card("The author deleted this post")
        else:
            scene.town.posts[0]["visibility"] = "private"
            scene.town.edit("p1", WORDS)
            await scene.card("A private mention came in")
        await scene.settled()

        assert "Lisbno" not in (await homes(scene))[DEV]


async def test_no_home_holds_who_was_erased_after_a_restart(tmp_path: Path):
    clock, town = TurnableClock(), Town()
    async with stage(tmp_path, clock=clock, town=town) as scene:
        await looked_at(scene)

    async with stage(tmp_path, clock=clock, town=town) as scene:
        assert "Lisbno" in (await homes(scene))[DEV]
        await erased(scene)

        assert "Lisbno" not in str(await homes(scene)) and "mara.quill" not in str(await homes(scene))


async def test_no_home_holds_what_was_too_old_to_keep(tmp_path: Path):
    async with stage(tmp_path, clock=TurnableClock(), keep_days=1) as scene:
        await looked_at(scene)
        await scene.told(ANA, "resolve 1 no-action")
        await scene.settled()
        assert "Lisbno" in (await homes(scene))[DEV]

        for _ in range(3):
            await scene.turn(hours=25)

        assert "Lisbno" not in str(await homes(scene))


async def test_a_home_is_published_anew_only_where_it_names_the_case(tmp_path: Path):
    async with stage(tmp_path, clock=TurnableClock()) as scene:
        await scene.home(CLEO)
        await looked_at(scene)
        before = (await homes(scene))[CLEO]
        scene.clock.advance(timedelta(minutes=3))
        scene.town.delete("p1")
        await scene.card("The author deleted this post")

        await scene.settled()

        assert (await homes(scene))[CLEO] == before and "Lisbno" not in str(await homes(scene))
