"""Others name who asks to be erased: what was searched and what remains is said exactly, and can be taken out."""

from __future__ import annotations

from pathlib import Path

from tests.fakes.clock import TurnableClock
from tests.stories.stage import ANA, CLEO, MONEY, Stage, a_card, elements, stage, text_of
from tests.stories.test_erase import erased, in_files, in_slack, told_directly, upset


async def named_by_others(scene: Stage) -> None:
    """Let Mara complain, and let a colleague, another customer and an answer to that one name her."""
    await upset(scene)
    card = await a_card(scene, MONEY + ", same as mara.quill.", by="nils")
    await scene.press(ANA, card, "case.claim")
    await scene.told(ANA, "note 2 a friend of mara.quill, see case 1")
    await scene.told(ANA, "note 2 the mara.quills of this world")
    await scene.answer(ANA, card, "We help you and mara.quill")
    await scene.settled()


async def test_it_is_said_where_others_still_name_them(tmp_path: Path):
    async with stage(tmp_path, clock=TurnableClock()) as scene:
        await named_by_others(scene)

        said = await erased(scene)

        where = "still named in 1 note by colleagues (case 2), 1 post by others (case 2), 1 reply of ours (case 2)"
        assert f"Every text of the database was searched for the handle: {where}." in said
        assert "nothing names" not in said


async def test_erased_everywhere_the_handle_goes_from_what_others_wrote(tmp_path: Path):
    async with stage(tmp_path, clock=TurnableClock()) as scene:
        await named_by_others(scene)
        await scene.told(CLEO, "erase @mara.quill")
        question = await scene.whispered(CLEO)
        assert "Others name them, too: they are still named in 1 note by colleagues (case 2)" in text_of(question)
        press = [one for one in elements(question) if one["action_id"] == "case.erase"][-1]

        assert (await scene.press(CLEO, question, "case.erase", value=press["value"]))["ok"]
        said = await told_directly(scene)

        assert "nothing names this person" in said
        left = [place.replace("mara.quills", "") for place in (in_files(tmp_path), in_slack(await scene.state()))]
        assert [place.count("mara.quill") for place in left] == [0, 0]
        assert "same as (removed)." in text_of(await scene.card("nils"))
