"""The life of a complaint at the desk, seen and pressed in a real browser."""

from __future__ import annotations

import asyncio

import pytest
from playwright.async_api import expect

from tests.browser.conftest import House, Seat
from tests.stories.stage import BEN, CLEO, DEV, ESCALATIONS

pytestmark = pytest.mark.asyncio(loop_scope="session")


class Presses:
    """Counts what the hand does: typing the answer itself is no press."""

    def __init__(self) -> None:
        self.count = 0

    async def on(self, control) -> None:
        self.count += 1
        await control.click()


async def answer(seat: Seat, words: str, text: str, *, resolves: bool = False) -> None:
    """Press Reply on a card, write, and send."""
    await seat.press(words, "case.reply").click()
    await seat.sheet.get_by_role("textbox").fill(text)
    await seat.page.get_by_label("Resolve as answered").set_checked(resolves)
    await seat.by("modal-submit").click()
    await expect(seat.sheet).to_be_hidden()


async def test_seen_to_done_takes_three_presses(demo: House):
    ana, words, presses = await demo.window(), "logged me out at the gate", Presses()
    await expect(ana.card(words)).to_contain_text("Unclaimed")

    await presses.on(ana.press(words, "case.reply"))
    await ana.sheet.get_by_role("textbox").fill("Sorry, that was us. You are let in again.")
    await presses.on(ana.page.get_by_label("Resolve as answered"))
    await presses.on(ana.by("modal-submit"))

    await expect(ana.card(words)).to_contain_text("Resolved by ana: answered")
    await expect(ana.card(words)).to_contain_text("Sorry, that was us.")
    assert presses.count == 3


async def test_two_people_claim_at_the_same_moment(demo: House):
    """Whoever is second is told who was first, and only they are."""
    words = "extended harbour experience"
    seats = {"ana": await demo.window(), "ben": await demo.window(BEN)}
    buttons = [await seat.press(words, "case.claim").element_handle() for seat in seats.values()]

    await asyncio.gather(*(button.evaluate("(button) => button.click()") for button in buttons))
    await expect(seats["ana"].card(words)).to_contain_text("Claimed by ")
    said = await seats["ana"].card(words).inner_text()
    first = "ana" if "Claimed by ana" in said else "ben"
    second = {"ana": "ben", "ben": "ana"}[first]

    await expect(seats[second].card(words)).to_contain_text(f"Claimed by {first}")
    await expect(seats[second].page.get_by_text(f"{first} already has this")).to_be_visible()
    await expect(seats[first].page.get_by_text("already has this")).to_have_count(0)


async def test_an_answer_is_asked_about_at_its_field_then_checked_then_sent(demo: House):
    """A P1 post: too little, too much, then the exact words once more before they leave."""
    ana, words = await demo.window(), "gangway at Tern Point has a missing plate"
    text = "The gangway is closed and a plate is on its way. How is her foot?"
    await ana.press(words, "case.reply").click()
    box, error = ana.by("action:text"), ana.by("error:text")

    for typed, asked in ((" ", "Write the reply first."), ("so sorry " * 40, "characters too long: ")):
        await box.fill(typed)
        await ana.by("modal-submit").click()
        await expect(error).to_contain_text(asked)
        await expect(box).to_be_focused()
    await box.fill(text)
    await ana.by("modal-submit").click()
    await expect(ana.sheet).to_contain_text("Check before sending")
    await expect(ana.sheet.locator("blockquote")).to_have_text(text)
    await ana.by("modal-submit").click()

    await expect(ana.sheet).to_be_hidden()
    await expect(ana.card(words)).to_contain_text("Replied by ana")
    await expect(ana.card(words)).to_contain_text(text)


async def test_the_customers_answer_opens_the_case_again(demo: House):
    ana, words = await demo.window(), "charged twice for the same crossing"
    await answer(ana, words, "You are right, and it was our mistake: £38.50 goes back today.", resolves=True)
    await expect(ana.card(words)).to_contain_text("Resolved by ana: answered")

    demo.day.passes(600)

    await expect(ana.card(words)).to_contain_text("Claimed by ana", timeout=20_000)
    await expect(ana.card(words)).to_contain_text("It began with")


async def test_an_escalation_reaches_the_people_of_its_tier_and_nobody_else(demo: House):
    """It is a mention for the lead, something unread for others; reading it takes both away."""
    ana, cleo, dev = await demo.window(), await demo.window(CLEO), await demo.window(DEV)
    words, why = "600 PEOPLE ON IT", "Third boat this week, and a journalist asked."
    await ana.press(words, "case.escalate").click()
    await ana.by("modal-submit").click()
    await expect(ana.sheet.get_by_role("textbox")).to_be_focused()
    await ana.sheet.get_by_role("textbox").fill(why)
    await ana.by("modal-submit").click()

    await expect(ana.card(words)).to_contain_text("Escalated by ana")
    await expect(cleo.by(f"mentions:{ESCALATIONS}")).to_be_visible()
    await expect(dev.by(f"unread:{ESCALATIONS}")).to_be_visible()
    await expect(dev.by(f"mentions:{ESCALATIONS}")).to_have_count(0)
    await expect(cleo.page).to_have_title("(1) #social-care · Harbourline")
    await cleo.by(f"channel:{ESCALATIONS}").click()
    await expect(cleo.card(why)).to_contain_text("Escalated to lead")
    await expect(cleo.by(f"mentions:{ESCALATIONS}")).to_have_count(0)


async def test_a_snoozed_case_is_woken_and_resolved(demo: House):
    ana, words = await demo.window(), "filter coffee on the 7:05"

    await ana.more(words, "Snooze…")
    await ana.sheet.get_by_text("2 hours").click()
    await ana.by("modal-submit").click()
    await expect(ana.card(words)).to_contain_text("Snoozed until")
    await ana.press(words, "case.reopen").click()
    await expect(ana.card(words)).to_contain_text("Unclaimed")
    await ana.press(words, "case.claim").click()
    await ana.press(words, "case.resolve").click()
    await ana.sheet.get_by_text("Handed over").click()
    await ana.sheet.get_by_role("textbox").fill("The café pays it back.")
    await ana.by("modal-submit").click()

    await expect(ana.card(words)).to_contain_text("Resolved by ana: handed over")
