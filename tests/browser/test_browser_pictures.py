"""The pictures of the documents: what they show is asserted here, so that none can show what is gone.

``SHOTS=docs pytest -n 0 tests/browser/test_browser_pictures.py`` writes them anew.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from tests.browser.conftest import House, Seat, house
from tests.house.tree import ROOT
from tests.stories.stage import BEN, CLEO

WORDS = "where my suitcase is"
ANSWER = "Three days is far too long. Your suitcase is in Ormsea; it comes to your door tonight. ^AN"
PICTURES = ("approval", "card", "connect", "home", "inspector", "phone", "reply", "sending")


async def shoot(seat: Seat, name: str) -> None:
    """Write a picture for the documents when ``SHOTS`` names their folder."""
    await seat.page.mouse.move(0, 0)
    if await seat.card(WORDS).count():
        await seat.card(WORDS).evaluate("(card) => card.scrollIntoView({ block: 'end' })")
    if folder := os.environ.get("SHOTS"):
        await seat.page.screenshot(path=Path(folder) / f"{name}.png", animations="disabled", caret="hide")


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_is_shown_by_a_document(name: str):
    assert (ROOT / "docs" / f"{name}.png").exists()
    assert f"docs/{name}.png)" in (ROOT / "README.md").read_text()


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
