"""A storm: more complaints than anybody can read as cards fold into one message, and come out of it again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.fakes.clock import TurnableClock
from tests.stories.stage import ANA, CARE, CLEO, DANGER, DEV, MONEY, PRIVATE, Stage, elements, stage, text_of

#: Every eighth and further case of ten seconds folds, at Slack's own pace of a message a second.
STORM = {"storm_per_minute": 30, "storm_burst": 8}


def rush(scene: Stage, number: int, *, first: int = 0, **given: Any) -> None:
    """Let so many people complain at once."""
    for one in range(first, first + number):
        given_here = {"followers": 100 + one, **given}
        scene.town.post(
            f"@harbourline my suitcase {one} never arrived and nobody answers!", by=f"mara{one}", **given_here
        )


async def board(scene: Stage, words: str = "Storm since") -> dict[str, Any]:
    return await scene.card(words)


async def test_a_rush_folds_into_one_board_beside_the_first_cards(tmp_path: Path):
    async with stage(tmp_path, clock=TurnableClock(), **STORM) as scene:
        rush(scene, 30)
        await scene.read()
        await scene.settled()

        shown = text_of(await board(scene))

        assert len(await scene.cards(CARE)) == 8 + 1
        assert "🟡 30 P3" in shown
        assert "suitcase 29" in shown
        assert "129 followers" in shown


async def test_claiming_on_the_board_posts_the_card_and_takes_the_case_off(tmp_path: Path):
    async with stage(tmp_path, clock=TurnableClock(), **STORM) as scene:
        rush(scene, 30)
        await scene.read()
        await scene.settled()
        shown = await board(scene)
        claim = next(one for one in elements(shown) if one["action_id"] == "case.claim")

        assert (await scene.press(ANA, shown, "case.claim", value=claim["value"]))["ok"]
        card = await scene.card("Claimed by ana")

        assert "suitcase 29" in text_of(card)
        assert "is yours" in await scene.hears(ANA, "is yours")
        await scene.turn(seconds=5)
        assert "suitcase 29" not in text_of(await board(scene))


async def test_show_posts_the_card_of_a_case_that_folded(tmp_path: Path):
    async with stage(tmp_path, clock=TurnableClock(), **STORM) as scene:
        rush(scene, 30)
        await scene.read()
        await scene.settled()
        shown = await board(scene)
        show = next(one for one in elements(shown) if one["action_id"] == "case.show_card")

        assert (await scene.press(ANA, shown, "case.show_card", value=show["value"]))["ok"]

        assert "on the way" in await scene.hears(ANA, "on the way")
        assert "Unclaimed" in text_of(
            await scene.see(lambda one: "case.escalate" in str(one) and "suitcase 29" in text_of(one))
        )


async def test_next_lists_privately_what_comes_behind_the_board(tmp_path: Path):
    async with stage(tmp_path, clock=TurnableClock(), **STORM) as scene:
        rush(scene, 30)
        await scene.read()
        await scene.settled()

        assert (await scene.press(ANA, await board(scene), "case.next_of_storm"))["ok"]

        told = await scene.hears(ANA, "Of this storm")
        assert "6 to 13" in told
        assert "suitcase 24" in told
        assert "suitcase 25" not in told


async def test_a_critical_case_stands_on_a_card_and_on_the_board_and_calls_once(tmp_path: Path):
    async with stage(tmp_path, clock=TurnableClock(), oncall="@dev", **STORM) as scene:
        rush(scene, 20)
        await scene.read()
        await scene.settled()
        before = [one for one in await scene.pings() if one[0] == CARE]
        for number in range(8):
            scene.town.post(DANGER, by=f"nora{number}")
        await scene.read()
        await scene.turn(seconds=5)

        shown = text_of(await board(scene))

        assert "🔴 8 P1" in shown
        assert shown.index("nora") < shown.index("more critical") if "more critical" in shown else True
        cards = [one for one in await scene.cards(CARE) if "nora" in text_of(one) and "Storm since" not in text_of(one)]
        assert len(cards) == 4
        assert [one for one in await scene.pings() if one[0] == CARE] == before == [(CARE, [DEV])]


async def test_what_is_private_stands_on_no_board(tmp_path: Path):
    async with stage(tmp_path, clock=TurnableClock(), **STORM) as scene:
        rush(scene, 20)
        scene.town.post(
            "@harbourline my secret booking 4711 is lost and nobody answers", by="quiet", visibility="direct"
        )
        await scene.read()
        await scene.settled()

        assert "🟡 20 P3" in text_of(await board(scene))
        assert "secret" not in str(await scene.messages(CARE))
        assert any("secret" in text_of(one) for one in await scene.messages(PRIVATE))


async def test_a_post_that_its_author_takes_back_leaves_the_board(tmp_path: Path):
    async with stage(tmp_path, clock=TurnableClock(), **STORM) as scene:
        rush(scene, 20)
        await scene.read()
        await scene.settled()
        assert "suitcase 19" in text_of(await board(scene))

        scene.town.delete("p20")
        await scene.see(lambda one: "Storm since" in text_of(one) and "suitcase 19" not in text_of(one))


async def test_somebody_who_is_erased_leaves_the_board(tmp_path: Path):
    async with stage(tmp_path, clock=TurnableClock(), **STORM) as scene:
        rush(scene, 20)
        await scene.read()
        await scene.settled()
        assert "mara19" in text_of(await board(scene))

        await scene.told(CLEO, "erase @mara19 Mastodon")
        asked = await scene.whispered(CLEO)
        press = next(one for one in elements(asked) if one["action_id"] == "case.erase")
        assert (await scene.press(CLEO, asked, "case.erase", value=press["value"]))["ok"]

        await scene.see(lambda one: "Storm since" in text_of(one) and "mara19" not in text_of(one))


async def test_a_customer_who_writes_again_in_the_storm_brings_no_card(tmp_path: Path):
    async with stage(tmp_path, clock=TurnableClock(), **STORM) as scene:
        rush(scene, 20)
        await scene.read()
        await scene.settled()
        scene.town.post("@harbourline hello? my suitcase is still lost!", by="mara15")
        await scene.read()
        await scene.turn(seconds=5)

        assert len(await scene.cards(CARE)) == 8 + 1
        assert await scene.goshawk.store.read(lambda unit: unit.jobs.dead()) == []


async def test_when_it_is_calm_the_board_comes_down_and_what_is_urgent_gets_its_card(tmp_path: Path):
    async with stage(tmp_path, clock=TurnableClock(), **STORM) as scene:
        rush(scene, 20)
        for number in range(4):
            scene.town.post(MONEY, by=f"olga{number}")
        await scene.read()
        await scene.settled()
        assert len(await scene.cards(CARE)) == 8 + 1

        for _ in range(4):
            await scene.turn(minutes=1)

        over = text_of(await board(scene, "The storm is over"))
        assert "suitcase" not in over
        assert len([one for one in await scene.cards(CARE) if "charged me twice" in text_of(one)]) == 4
        rush(scene, 1, first=90)
        assert await scene.card("suitcase 90")


async def test_an_alarm_of_a_case_that_folded_rings_and_brings_no_flood_of_cards(tmp_path: Path):
    async with stage(tmp_path, clock=TurnableClock(), **STORM) as scene:
        rush(scene, 20)
        await scene.read()
        await scene.settled()

        await scene.turn(hours=3)

        late = await scene.told(ANA, "queue late")
        assert "10" in late or "20" in late
        assert len(await scene.cards(CARE)) == 8 + 1


async def test_a_board_goes_on_after_a_restart_as_one_message(tmp_path: Path):
    clock = TurnableClock()
    async with stage(tmp_path, clock=clock, **STORM) as scene:
        rush(scene, 20)
        await scene.read()
        await scene.settled()
        town = scene.town
    async with stage(tmp_path, clock=clock, town=town, **STORM) as scene:
        rush(scene, 10, first=20)
        await scene.read()
        await scene.turn(seconds=5)

        boards = [one for one in await scene.cards(CARE) if "Storm since" in text_of(one)]
        assert len(boards) == 1
        assert "🟡 30 P3" in text_of(boards[0])


async def test_a_freeze_stands_on_the_board(tmp_path: Path):
    async with stage(tmp_path, clock=TurnableClock(), **STORM) as scene:
        rush(scene, 20)
        await scene.read()
        await scene.settled()
        await scene.command(ANA, "freeze legal looks into it")
        await scene.turn(seconds=5)

        assert "is frozen" in text_of(await board(scene))


async def test_without_a_brink_every_case_gets_its_card(tmp_path: Path):
    async with stage(tmp_path, clock=TurnableClock(), storm_per_minute=0) as scene:
        rush(scene, 20)
        await scene.read()
        await scene.settled()

        assert len(await scene.cards(CARE)) == 20
