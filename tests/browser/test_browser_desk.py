"""What a person at the desk sees and presses, in a real browser."""

from __future__ import annotations

from pathlib import Path

from playwright.async_api import Page, expect

from tests.browser.conftest import house, shoot
from tests.stories.stage import ANA, BEN


class Presses:
    """Counts what the hand does: typing the answer itself is no press."""

    def __init__(self) -> None:
        self.count = 0

    async def on(self, control) -> None:
        self.count += 1
        await control.click()


def card(page: Page, words: str):
    """Return the newest message of the channel that holds ``words``."""
    return page.get_by_role("article").filter(has_text=words).last


async def test_seen_to_done_takes_three_presses(tmp_path: Path):
    async with house(tmp_path) as demo:
        page = await demo.window(ANA)
        seen = card(page, "logged me out at the gate")
        await expect(seen).to_contain_text("Unclaimed")
        presses = Presses()

        await presses.on(seen.get_by_test_id("action:case.reply"))
        await page.get_by_role("dialog").get_by_role("textbox").fill("Sorry, that was us. You are let in again.")
        await presses.on(page.get_by_label("Resolve as answered"))
        await presses.on(page.get_by_test_id("modal-submit"))

        done = card(page, "logged me out at the gate")
        await expect(done).to_contain_text("Resolved by ana: answered")
        await expect(done).to_contain_text("Sorry, that was us.")
        assert presses.count == 3


async def test_two_people_at_once_have_one_owner(tmp_path: Path):
    async with house(tmp_path) as demo:
        ana, ben = await demo.window(ANA), await demo.window(BEN)
        await expect(card(ben, "where my suitcase is")).to_contain_text("Unclaimed")

        await card(ana, "where my suitcase is").get_by_test_id("action:case.claim").click()
        await expect(card(ben, "where my suitcase is")).to_contain_text("Claimed by ana")
        said = await demo.scene.press(BEN, await demo.scene.card("where my suitcase is"), "case.reply")

        assert said["ok"]
        await expect(ben.get_by_text("ana already has this")).to_be_visible()
        await expect(ana.get_by_text("ana already has this")).to_have_count(0)


async def test_the_customers_answer_opens_the_case_again(tmp_path: Path):
    async with house(tmp_path) as demo:
        page = await demo.window(ANA)
        await card(page, "where my suitcase is").get_by_test_id("action:case.reply").click()
        await page.get_by_role("dialog").get_by_role("textbox").fill("It is on the 18:40 to you. We are sorry.")
        await page.get_by_label("Resolve as answered").check()
        await page.get_by_test_id("modal-submit").click()

        again = (
            page.get_by_role("article").filter(has_text="It began with").filter(has_text="where my suitcase is").last
        )

        await expect(again).to_contain_text("Claimed by ana", timeout=20_000)


async def test_every_step_of_an_answer_stands_on_the_card_on_any_screen(tmp_path: Path):
    async with house(tmp_path, undo_s=600) as demo:
        page = await demo.window(ANA)
        await card(page, "where my suitcase is").get_by_test_id("action:case.claim").click()
        await expect(card(page, "where my suitcase is")).to_contain_text("Claimed by ana")
        await shoot(page, "card")
        await card(page, "where my suitcase is").get_by_test_id("action:case.reply").click()
        box = page.get_by_role("dialog").get_by_role("textbox")
        await box.fill("Three days is far too long. Your suitcase is in Ormsea; it comes to your door tonight. ^AN")
        await shoot(page, "reply")
        await page.get_by_test_id("modal-submit").click()
        await expect(card(page, "where my suitcase is")).to_contain_text("Sending at")
        await shoot(page, "sending")
        phone = await demo.window(BEN, width=390, height=844)
        await expect(card(phone, "where my suitcase is")).to_be_visible()
        await shoot(phone, "phone")
