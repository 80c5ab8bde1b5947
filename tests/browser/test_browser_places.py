"""The same desk from elsewhere: Home, a phone, the keyboard alone, the dark."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.browser.conftest import House, Seat
from tests.stories.stage import BEN, DEV

pytestmark = pytest.mark.asyncio(loop_scope="session")

#: The name of what has the focus, as a screen reader says it.
FOCUSED = "() => document.activeElement.ariaLabel || document.activeElement.textContent.trim()"


async def tab_to(seat: Seat, name: str, key: str = "Tab") -> str:
    """Press a key until the focus stands on something whose name begins so; return the whole name."""
    for _ in range(40):
        await seat.page.keyboard.press(key)
        focused = await seat.page.evaluate(FOCUSED)
        if focused.startswith(name):
            return focused
    raise AssertionError(f"{key} never came to {name}, but to {focused}")


async def test_home_shows_what_is_mine_and_takes_presses(demo: House):
    dev = await demo.window(DEV)

    await dev.page.get_by_role("link", name="Goshawk").click()
    home = dev.by("home")
    await expect(home).to_contain_text("Hello dev")
    await expect(home).to_contain_text("Nothing is in your hands.")
    await home.get_by_test_id("action:case.claim").first.click()
    await expect(home).to_contain_text("Yours (1)")
    await home.get_by_test_id("action:case.reply").click()
    await expect(dev.sheet).to_contain_text("Reply to complaint")
    await dev.page.keyboard.press("Escape")
    await dev.by("tab:messages").click()

    await expect(dev.by("tab:messages")).to_have_attribute("aria-selected", "true")


async def test_a_phone_is_enough_from_claim_to_done(demo: House):
    ben = await demo.window(BEN, width=390, has_touch=True, is_mobile=True)
    words = "tracking dot sit on the pier"

    await ben.press(words, "case.claim").tap()
    await expect(ben.card(words)).to_contain_text("Claimed by ben")
    await ben.press(words, "case.reply").tap()
    await ben.sheet.get_by_role("textbox").fill("Found behind the crab. It travels tonight.")
    await ben.page.get_by_label("Resolve as answered").tap()
    await ben.by("modal-submit").tap()

    await expect(ben.card(words)).to_contain_text("Resolved by ben: answered")
    assert await ben.page.evaluate("document.documentElement.scrollWidth") <= 390


async def test_no_mouse_is_needed_from_claim_to_sent(demo: House):
    """From the top of the page: skip to the message box, back to the last open card, and through its window."""
    ana = await demo.window()
    await expect(ana.page.get_by_role("button", name="Claim complaint").last).to_be_visible()
    keys = ana.page.keyboard

    await keys.press("Tab")
    await keys.press("Enter")
    about = (await tab_to(ana, "Claim", "Shift+Tab")).removeprefix("Claim ")
    await keys.press("Enter")
    reply = ana.page.get_by_role("button", name=f"Reply {about}")
    card = ana.page.get_by_role("article").filter(has=reply)
    await expect(card).to_contain_text("Claimed by ana")
    await tab_to(ana, f"Reply {about}")
    await keys.press("Enter")
    await expect(ana.by("action:text")).to_be_focused()
    await keys.type("Sorry. We have found it, and it is on its way to you.")
    await tab_to(ana, "Send")
    await keys.press("Enter")

    await expect(ana.sheet).to_be_hidden()
    again = ana.page.get_by_role("article").filter(has=ana.page.get_by_role("button", name=f"Reply again {about}"))
    await expect(again).to_contain_text("Replied by ana")


async def test_the_page_follows_the_night_at_once(demo: House):
    ana = await demo.window(color_scheme="light")
    await expect(ana.card("where my suitcase is")).to_be_visible()
    brightness = "() => getComputedStyle(document.body).backgroundColor.match(/[0-9]+/g).slice(0, 3).map(Number)"
    day = await ana.page.evaluate(brightness)

    await ana.page.emulate_media(color_scheme="dark")

    night = await ana.page.evaluate(brightness)
    assert sum(day) > 600 and sum(night) < 200
