"""The pictures of the documents: what they show is asserted here, so that none can show what is gone.

``SHOTS=docs pytest -n 0 tests/browser/test_browser_pictures.py`` writes them anew.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.async_api import Browser, Locator, expect

from tests.browser.conftest import House, Seat, house
from tests.fakes.clock import TurnableClock
from tests.house.tree import ROOT
from tests.stories.stage import BEN, CLEO

WORDS = "where my suitcase is"
CHARGED = "charged twice for the same crossing"
REFUND = "That was our mistake: £38.50 goes back to your card today. ^AN"
ANSWER = "Three days is far too long. Your suitcase is in Ormsea; it comes to your door tonight. ^AN"
WHY = "Legal reads the text about refunds first."
PICTURES = ("approval", "board", "card", "connect", "freeze", "home", "inspector", "phone", "reply", "sending", "undo")


async def shoot(seat: Seat, name: str, *, last: Locator | None = None) -> None:
    """Write a picture for the documents when ``SHOTS`` names their folder; ``last``: what stands at its end."""
    await seat.page.mouse.move(0, 0)
    end = last or seat.card(WORDS)
    if await end.count():
        await end.evaluate("(shown) => shown.scrollIntoView({ block: 'end' })")
    if folder := os.environ.get("SHOTS"):
        await seat.page.screenshot(path=Path(folder) / f"{name}.png", animations="disabled", caret="hide")


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_is_shown_by_a_document(name: str):
    assert (ROOT / "docs" / f"{name}.png").exists()
    beside = "".join(page.read_text() for page in (ROOT / "docs").glob("*.md"))
    assert f"docs/{name}.png)" in (ROOT / "README.md").read_text() or f"({name}.png)" in beside


async def answered(demo: House) -> Seat:
    """Claim, write and send; a picture of each step."""
    ana = await demo.window()
    await ana.press(WORDS, "case.claim").click()
    await expect(ana.card(WORDS)).to_contain_text("Claimed by ana")
    await shoot(ana, "card")
    await ana.press(WORDS, "case.reply").click()
    await ana.sheet.get_by_role("textbox").fill(ANSWER)
    await shoot(ana, "reply")
    await ana.by("modal-submit").click()
    await expect(ana.card(WORDS)).to_contain_text("Sending at")
    await shoot(ana, "sending")
    return ana


async def inspected(ana: Seat) -> None:
    """Open what went to the app when Send was pressed."""
    await ana.by("open-inspector").click()
    await ana.by("inspect:payloads").click()
    sent = ana.page.get_by_role("complementary", name="Inspector").get_by_role("button", name="view.reply").first
    await sent.click()
    await expect(ana.page.locator(".trace-raw:visible")).to_contain_text('"type": "view_submission"')
    await shoot(ana, "inspector")
    await ana.by("inspector-close").click()


@pytest.mark.asyncio(loop_scope="session")
async def test_every_step_of_an_answer_stands_on_every_screen(tmp_path: Path, browser: Browser):
    """One long story, because seven pictures tell it."""
    async with house(tmp_path, browser, stream_s=30, undo_s=600, undo_p1_s=600) as demo:
        await inspected(await answered(demo))
        phone = await demo.window(BEN, width=390, has_touch=True, device_scale_factor=2)
        await expect(phone.card(WORDS)).to_contain_text("Sending at")
        await shoot(phone, "phone")
        demo.day.passes(60)
        await demo.scene.card("charged twice")
        cleo = await demo.window(CLEO, place="#D0CLEO0001")
        await cleo.by("home").get_by_test_id("action:case.claim").first.click()
        await expect(cleo.by("home")).to_contain_text("Yours (1)")
        await shoot(cleo, "home")
        await cleo.by("connect-link").click()
        await expect(cleo.by("copy")).to_be_enabled()
        await shoot(cleo, "connect")
        await demo.close()


@pytest.mark.asyncio(loop_scope="session")
async def test_a_second_person_reads_an_answer_before_it_leaves(tmp_path: Path, browser: Browser):
    roles = [{"role": "approver", "who": ["@social-leads"]}, {"role": "responder", "who": ["@ana", "@ben"]}]
    wanted = {"words": ["tonight"], "routes": ["cases"]}
    async with house(tmp_path, browser, stream_s=30, undo_s=600, undo_p1_s=600, roles=roles, approval=wanted) as demo:
        ana, cleo = await demo.window(), await demo.window(CLEO)
        await ana.press(WORDS, "case.reply").click()
        await ana.sheet.get_by_role("textbox").fill("Your suitcase comes tonight.")
        await expect(ana.by("modal-submit")).to_have_text("Ask for approval")
        await ana.by("modal-submit").click()
        await cleo.press(WORDS, "case.request_changes").click()
        await cleo.sheet.get_by_role("textbox").fill("Say where it is, and sign it.")
        assert await cleo.broken_rules() == []
        await cleo.by("modal-submit").click()
        await ana.press(WORDS, "case.reply").click()
        await expect(ana.sheet).to_contain_text("cleo: Say where it is, and sign it.")
        await ana.sheet.get_by_role("textbox").fill(ANSWER)
        await ana.by("modal-submit").click()
        await expect(cleo.card(WORDS)).to_contain_text("Needs approval")
        await expect(cleo.press(WORDS, "case.approve")).to_be_visible()
        await shoot(cleo, "approval")
        assert await cleo.broken_rules() == []
        await cleo.press(WORDS, "case.approve").click()
        await expect(ana.card(WORDS)).to_contain_text("ana · approved by cleo")
        await demo.close()


async def sent(seat: Seat, words: str, text: str) -> None:
    """Press Reply on a card, write, and press Send."""
    await seat.press(words, "case.reply").click()
    await seat.sheet.get_by_role("textbox").fill(text)
    await seat.by("modal-submit").click()


async def last_of_all(demo: House) -> None:
    """Let the card come after all others: what is said below it is in one picture with it."""
    await demo.scene.card(WORDS)
    demo.day.passes(15)
    await demo.scene.card(CHARGED)
    await demo.scene.settled()


@pytest.mark.asyncio(loop_scope="session")
async def test_an_answer_taken_back_is_a_draft_again_and_was_never_public(tmp_path: Path, browser: Browser):
    clock = TurnableClock(datetime.now(UTC))
    async with house(tmp_path, browser, stream_s=30, clock=clock, undo_s=15) as demo:
        await last_of_all(demo)
        ana, ben = await demo.window(), await demo.window(BEN)
        await sent(ana, CHARGED, REFUND)
        await expect(ben.card(CHARGED)).to_contain_text("Sending at")

        await ana.press(CHARGED, "case.undo").click()
        note = ana.page.get_by_role("article").filter(has_text="Taken back: nothing was sent. Your text is kept")
        await expect(note).to_be_visible()
        await ana.by("guide-dismiss").click()
        await expect(ben.press(CHARGED, "case.reply")).to_be_visible()
        await shoot(ana, "undo", last=note)
        assert await ana.broken_rules() == []
        await demo.scene.turn(minutes=5)

        await expect(ben.card(CHARGED)).not_to_contain_text(REFUND)
        await ana.press(CHARGED, "case.reply").click()
        await expect(ana.sheet.get_by_role("textbox")).to_have_value(REFUND)
        public = await demo.public(ana.card(CHARGED))
        assert CHARGED in public and REFUND not in public
        await demo.close()


@pytest.mark.asyncio(loop_scope="session")
async def test_a_freeze_is_seen_on_every_card_and_what_waited_leaves_after_it(tmp_path: Path, browser: Browser):
    """Ana freezes, Ben is told in his window, Cleo lets it go on."""
    clock = TurnableClock(datetime.now(UTC))
    async with house(tmp_path, browser, stream_s=30, clock=clock, undo_s=15) as demo:
        await last_of_all(demo)
        ana, ben, cleo = await demo.window(), await demo.window(BEN), await demo.window(CLEO)
        await sent(ana, CHARGED, REFUND)
        await expect(ana.card(CHARGED)).to_contain_text("Sending at")
        await ana.type(f"/social freeze {WHY}")
        await expect(ben.card(CHARGED)).to_contain_text("Waits: sending is frozen")
        await expect(ben.card(WORDS)).to_contain_text(f"by ana: {WHY}")
        told = ben.card("One reply waits")
        await expect(told).to_contain_text("Sending is frozen since today")
        await ben.by("guide-dismiss").click()
        await shoot(ben, "freeze", last=told)
        assert await ben.broken_rules() == []

        await demo.scene.settled()  # every card is drawn anew under a freeze; a press in the midst may come too late
        await sent(ben, WORDS, ANSWER)
        await expect(ben.by("error:text")).to_contain_text(f"by ana: {WHY} Your draft is kept.")
        await ben.page.keyboard.press("Escape")
        await demo.scene.turn(minutes=5)
        assert REFUND not in await demo.public(ana.card(CHARGED))

        await cleo.type("/social unfreeze")
        await expect(ben.card("Sending goes on")).to_contain_text(f"by ana: {WHY}")
        await expect(ana.card(CHARGED)).to_contain_text("Sending at")
        await expect(ana.card(CHARGED)).not_to_contain_text("frozen")
        await demo.scene.turn(minutes=3)
        await expect(ana.card(CHARGED)).to_contain_text("Replied by ana")
        assert REFUND in await demo.public(ana.card(CHARGED))
        await demo.close()
