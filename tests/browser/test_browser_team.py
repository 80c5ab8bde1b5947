"""Several people in one channel: what they share, and what is only for one of them."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.browser.conftest import House
from tests.stories.stage import BEN, CLEO, DEV

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_a_thread_is_for_the_team_and_takes_orders(demo: House):
    """Notes stay in it; the bot hears its name there and claims."""
    ana, ben, words = await demo.window(), await demo.window(BEN), "where my suitcase is"
    await ana.card(words).hover()
    await ana.card(words).get_by_role("button", name="Reply in thread").click()
    thread = ana.page.get_by_role("complementary", name="Thread")

    await ana.type("Ormsea has it, I called them.", "thread-composer")
    await expect(thread).to_contain_text("Ormsea has it, I called them.")
    await ana.type("@Goshawk claim", "thread-composer")

    await expect(ana.card(words)).to_contain_text("Claimed by ana")
    await expect(ben.card(words)).to_contain_text("Claimed by ana")
    await expect(ben.card(words)).to_contain_text("2 replies")
    await ana.page.keyboard.press("Escape")
    await expect(thread).to_be_hidden()


async def test_a_reaction_is_a_verb_and_everybody_sees_it(demo: House):
    ana, ben, words = await demo.window(), await demo.window(BEN), "louder than the engine"
    await ana.card(words).hover()

    await ana.card(words).get_by_role("button", name="React with eyes").click()

    await expect(ana.card(words)).to_contain_text("Claimed by ana")
    await expect(ben.card(words).get_by_role("button", name="eyes, 1, by Ana")).to_be_visible()


async def test_what_one_person_asked_nobody_else_reads(demo: House):
    cleo, dev = await demo.window(CLEO), await demo.window(DEV)
    private = "Only visible to you"

    await cleo.type("/social queue late")

    await expect(cleo.page.get_by_text(private)).to_have_count(1)
    await cleo.type("All well here.")
    await expect(dev.card("All well here.")).to_be_visible()
    await expect(dev.page.get_by_text(private)).to_have_count(0)
    await cleo.page.get_by_role("button", name="Dismiss").click()
    await expect(cleo.page.get_by_text(private)).to_have_count(0)


async def test_two_windows_are_two_people(demo: House):
    one, other, words = await demo.window(), await demo.window(), "trying to change one date"
    await other.by("user-switcher").click()
    await other.by(f"be:{BEN}").click()
    await expect(other.by("user-switcher")).to_contain_text("You are Ben Okafor")

    await other.press(words, "case.claim").click()

    await expect(one.card(words)).to_contain_text("Claimed by ben")
    await expect(one.by("user-switcher")).to_contain_text("You are Ana")


async def test_the_slash_menu_teaches_the_command_that_it_completes(demo: House):
    ana, words = await demo.window(), "not even an announcment"
    case = await ana.card(words).locator("code").inner_text()

    await ana.by("composer").press_sequentially("/cl")
    await expect(ana.by("suggest:/claim")).to_contain_text("next")
    await ana.by("composer").press("Tab")
    await expect(ana.by("composer-usage")).to_contain_text("/claim")
    await ana.by("composer").press_sequentially(case)
    await ana.by("composer").press("Enter")

    await expect(ana.card(words)).to_contain_text("Claimed by ana")
    await expect(ana.page.get_by_text(f"Case {case} is yours")).to_be_visible()
    await expect(ana.by("composer")).to_have_value("")
