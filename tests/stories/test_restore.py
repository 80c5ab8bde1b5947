"""A backup is put back while the world has gone on: nobody is answered twice, no card stands twice, nothing rings."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.cases import restored
from bot.store import backup, invariants
from bot.store.engine import Store
from tests.fakes.clock import TurnableClock
from tests.stories.stage import ANA, BEN, DANGER, PLAIN, a_card, stage, text_of
from tests.stories.town import Town


async def put_back(folder: Path, copy: Path, at: datetime) -> None:
    """Do what ``goshawk restore`` does."""
    store = Store(f"sqlite:///{copy}")
    store.open()
    await store.transact(lambda unit: restored.settle(unit, at=at))
    await store.settle()
    store.close()
    backup.put_in_place(copy, folder / "goshawk.db", at=at)


def here_and_now() -> TurnableClock:
    """Give a clock that begins now: Slack stamps its messages by its own."""
    return TurnableClock(datetime.now(UTC))


async def test_after_a_restore_nothing_stands_twice_and_nothing_is_lost(tmp_path):
    folder, copy, clock = tmp_path / "data", tmp_path / "copy.db", here_and_now()
    town = Town(clock.now)
    async with stage(folder, town=town, clock=clock, look_back=True, undo_s=15) as scene:
        mara = await a_card(scene, PLAIN, by="mara")
        await scene.answer(ANA, mara, "We are so sorry, Mara.")
        await scene.settled()
        backup.write(folder / "goshawk.db", copy)  # the reply waits for its undo window
        await scene.turn(seconds=15)
        assert town.said == ["We are so sorry, Mara."]
        town.post(DANGER, by="theo")
        lost = await scene.card("smoke")
        pings = len(await scene.pings())

    clock.advance(timedelta(seconds=30))
    await put_back(folder, copy, clock.now())
    async with stage(folder, town=town, clock=clock, look_back=True, undo_s=15, oncall="@ben") as scene:
        again = await scene.see(lambda message: "Read again" in text_of(message))
        told = await scene.card("was put back to how it stood")
        await scene.settled()

        assert town.said == ["We are so sorry, Mara."] and town.calls == 1  # found, not sent again
        assert "We are so sorry, Mara." in text_of(await scene.card("Replied, waiting"))
        assert [text_of(one).count("@mara") > 0 for one in await scene.cards()].count(True) == 1
        assert len(await scene.thread(mara)) == 1  # "arrived" was said, and is not said again
        assert "smoke" in text_of(again) and again["ts"] != lost["ts"]
        assert "1 replies are looked for" in text_of(told)
        assert [who for _, who in (await scene.pings())[pings:] if BEN in who] == []
        await scene.press(BEN, lost, "case.claim")
        assert "I know no case 2." in await scene.hears(BEN, "I know no case")

    found = invariants.examine(f"sqlite:///{folder / 'goshawk.db'}")
    assert found.is_sound, found.laws


async def test_a_card_that_was_posted_after_the_backup_is_found_and_adopted(tmp_path):
    folder, copy, clock = tmp_path / "data", tmp_path / "copy.db", here_and_now()
    town = Town(clock.now)
    async with stage(folder, town=town, clock=clock, look_back=True) as scene:
        with scene.goshawk.runner.held():
            town.post(PLAIN, by="mara")
            await scene.read()
            backup.write(folder / "goshawk.db", copy)  # its card is promised, and not there yet
        posted = await scene.card("@mara")
        await scene.settled()

    clock.advance(timedelta(seconds=30))
    await put_back(folder, copy, clock.now())
    async with stage(folder, town=town, clock=clock, look_back=True) as scene:
        await scene.card("was put back to how it stood")
        await scene.settled()

        cards = [one for one in await scene.cards() if "@mara" in text_of(one)]
        assert [one["ts"] for one in cards] == [posted["ts"]]
        assert (await scene.press(ANA, cards[0], "case.claim"))["ok"]
        assert "Claimed by ana" in text_of(await scene.card("Claimed by ana"))
