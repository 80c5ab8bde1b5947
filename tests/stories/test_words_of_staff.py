"""What colleagues type is masked like what customers write: a customer's address is no safer in a note."""

from __future__ import annotations

from pathlib import Path

from tests.fakes.clock import TurnableClock
from tests.stories.stage import ANA, BEN, CARE, ESCALATIONS, PLAIN, a_card, stage, text_of
from tests.stories.test_masking import everything, parts_in

CARD, MAIL = "4111 1111 1111 1111", "mara@post.example"


async def test_no_message_repeats_the_data_that_a_colleague_typed(tmp_path: Path):
    async with stage(tmp_path, clock=TurnableClock()) as scene:
        card = await a_card(scene, PLAIN)
        await scene.command(ANA, f"escalate 1 lead refund {CARD} to {MAIL}")
        await scene.command(ANA, f"note 1 call her, {MAIL}")
        await scene.command(ANA, f"assign 1 @ben write to {MAIL}")
        await scene.command(ANA, f"freeze {CARD} leaked")
        await scene.settled()

        shown = await scene.told(BEN, "show 1")

        assert "note" in shown and "call her, [e-mail]" in shown and "write to [e-mail]" in shown
        assert "refund [card ••11] to [e-mail]" in text_of(await scene.messages(ESCALATIONS))
        assert "refund [card ••11] to [e-mail]" in text_of(await scene.messages(CARE))
        assert any("write to [e-mail]" in one for one in await scene.thread(card))
        assert "[card ••11] leaked" in text_of(await scene.messages(CARE))
        assert parts_in(await everything(scene)) == set()


async def test_an_answer_that_holds_such_data_leaves_exactly_and_is_shown_without_it(tmp_path: Path):
    async with stage(tmp_path, clock=TurnableClock()) as scene:
        card = await a_card(scene, PLAIN)
        await scene.answer(ANA, card, f"Please write to {MAIL}")
        await scene.submit(ANA)
        await scene.card("Replied by ana")
        await scene.settled()

        assert scene.town.said == [f"Please write to {MAIL}"]
        assert "Please write to [e-mail]" in text_of(await scene.card("Replied by ana"))
        assert any("Please write to [e-mail]" in one for one in await scene.thread(card))
        assert parts_in((await everything(scene))["messages"]) == set()


async def test_an_answer_that_was_given_elsewhere_is_shown_without_it(tmp_path: Path):
    async with stage(tmp_path, clock=TurnableClock()) as scene:
        card = await a_card(scene, PLAIN)
        scene.town.own(f"Please write to {MAIL}", answers="p1")

        await scene.card("Replied by")
        await scene.settled()

        assert any("Please write to [e-mail]" in one for one in await scene.thread(card))
        assert parts_in(await everything(scene)) == set()


async def test_an_approver_reads_the_exact_text_until_it_is_decided(tmp_path: Path):
    async with stage(tmp_path, clock=TurnableClock(), approval={"words": ["refund"]}) as scene:
        card = await a_card(scene, PLAIN)
        await scene.answer(ANA, card, f"We refund {CARD}")
        await scene.submit(ANA)

        assert f"We refund {CARD}" in text_of(await scene.card("Needs approval"))
        assert (await scene.command("U0CLEO0001", "approve 1"))["ok"]
        await scene.submit("U0CLEO0001")
        assert "We refund [card ••11]" in text_of(await scene.card("Replied by ana"))

        assert scene.town.said == [f"We refund {CARD}"]
