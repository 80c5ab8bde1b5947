"""The first minute: steps, tricks that somebody gave this sandbox, and the way to a Slack of one's own."""

import asyncio
import json
import re
from pathlib import Path

import pytest
from playwright.async_api import expect

from bot.sandbox.errors import NotPossible
from bot.sandbox.server import Sandbox
from bot.sandbox.tricks import Played, Trick
from tests.page.blocks import actions, button
from tests.page.conftest import _fixture, serving
from tests.page.desk import CARE, MANIFEST, Desk

pytestmark = pytest.mark.asyncio(loop_scope="session")

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True}
GUIDE = Path(__file__).parents[2] / "docs" / "slack.md"
STORM = "Storm: 40 angry posts in the next 40 s. Watch #social-care."


class Weather:
    """Tricks that only count how often they were played."""

    def __init__(self) -> None:
        self.storms = 0
        self.lasts_s = 30.0

    async def storm(self) -> Played:
        self.storms += 1
        return Played(STORM, self.lasts_s)

    async def fog(self) -> Played:
        raise NotPossible("no_fog", message="The platform makes no fog today.")

    def tricks(self) -> tuple[Trick, ...]:
        return (
            Trick("storm", "A storm", "Forty people complain at once.", self.storm),
            Trick("fog", "Fog", "Nobody sees anything.", self.fog),
        )


@_fixture()
async def weather():
    return Weather()


@_fixture()
async def address(weather: Weather):
    async with serving(Sandbox(MANIFEST, tricks=weather.tricks(), connect='{\n  "name": "to copy"\n}')) as base_url:
        yield base_url


async def test_a_trick_says_what_will_happen_and_then_what_does(weather: Weather, windows):
    ana, ben = await windows(), await windows("U0BEN00001")
    storm = ana.by("trick:storm")
    await expect(storm).to_have_accessible_description("Forty people complain at once.")

    await storm.click()

    for window in (ana, ben):
        await expect(window.by("tricks-said")).to_have_text(STORM)
        await expect(window.by("trick:storm")).to_have_attribute("aria-disabled", "true")
    await expect(ana.by("tricks-said")).to_have_attribute("role", "status")
    await expect(storm).to_be_focused()
    assert weather.storms == 1


async def test_a_trick_under_way_is_not_played_twice(weather: Weather, windows):
    ana = await windows()
    await ana.by("trick:storm").click()
    await expect(ana.by("trick:storm")).to_have_attribute("aria-disabled", "true")

    await ana.by("trick:storm").press("Enter")

    await expect(ana.by("notice")).to_contain_text("“A storm” is under way. Wait until it is over.")
    assert weather.storms == 1


async def test_a_trick_that_is_over_can_be_played_again(weather: Weather, windows):
    weather.lasts_s = 1.0
    ana = await windows()

    for times in (1, 2):
        await ana.by("trick:storm").click()
        await expect(ana.by("tricks-said")).to_have_text(STORM)
        await expect(ana.by("tricks-said")).to_have_text("")
        await expect(ana.by("trick:storm")).not_to_have_attribute("aria-disabled", "true")
        assert weather.storms == times


async def test_a_trick_that_cannot_be_says_why(windows):
    ana = await windows()

    await ana.by("trick:fog").click()

    await expect(ana.by("notice")).to_contain_text("The platform makes no fog today.")
    await expect(ana.by("trick:fog")).not_to_have_attribute("aria-disabled", "true")


async def test_without_tricks_there_are_none(browser):
    async with serving(Sandbox(MANIFEST)) as address:
        page = await (await browser.new_context()).new_page()
        await page.goto(address)
        await page.get_by_test_id("connect").click()

        assert await page.locator(".tricks li").count() == 1
        await expect(page.get_by_test_id("manifest")).to_have_value(re.compile('"socket_mode_enabled":true'))
        await page.context.close()


async def test_the_manifest_is_copied_as_it_is_printed(windows):
    ana = await windows(permissions=["clipboard-read", "clipboard-write"])
    await ana.by("connect").click()
    await expect(ana.by("manifest")).to_have_attribute("readonly", "")

    await ana.by("copy").click()

    await expect(ana.by("copied")).to_have_text("Copied. Paste it on Slack's page.")
    pasted = await ana.page.evaluate("navigator.clipboard.readText()")
    assert json.loads(pasted) == {"name": "to copy"}
    assert pasted == await ana.by("manifest").input_value()


async def test_where_copying_is_forbidden_the_manifest_is_marked(windows):
    ana = await windows()
    await ana.page.evaluate("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    await ana.by("connect").click()

    await ana.by("copy").click()

    await expect(ana.by("copied")).to_contain_text("It is marked")
    marked = await ana.by("manifest").evaluate("box => box.value.slice(box.selectionStart, box.selectionEnd)")
    assert json.loads(marked) == {"name": "to copy"}


async def test_the_dialog_says_what_the_documents_say(windows):
    """Names of buttons, scopes and variables must not drift from docs/slack.md."""
    ana = await windows()
    await ana.by("connect").click()
    dialog = ana.by("connect-dialog")

    named = await dialog.locator("strong, em, code:not(:has-text('docs/'))").all_inner_texts()
    commands = (await dialog.locator("pre").inner_text()).splitlines()
    documents = " ".join(GUIDE.read_text().split())

    assert len(named) > 12
    assert [words for words in [*named, *commands] if words.removesuffix(".") not in documents] == []
    assert [await heading.inner_text() for heading in await dialog.locator("h3").all()] == [
        "Create the app",
        "Take two tokens",
        "Run it",
    ]
    assert await dialog.locator("input, textarea:not([readonly])").count() == 0
    await expect(dialog).to_contain_text("Tokens are never typed into this page")


async def test_the_dialog_opens_and_closes_by_keyboard(windows):
    ana = await windows()

    for opener in ("connect", "connect-link"):
        await ana.by(opener).focus()
        await ana.page.keyboard.press("Enter")
        await ana.by("connect-dialog").wait_for()
        await ana.page.keyboard.press("Escape")
        await expect(ana.by("connect-dialog")).to_have_count(0)
        await expect(ana.by(opener)).to_be_focused()


async def test_on_a_phone_tricks_fit_and_the_dialog_is_a_sheet(weather: Weather, windows):
    ana = await windows(**PHONE)
    await ana.by("trick:storm").tap()
    await expect(ana.by("tricks-said")).to_have_text(STORM)
    guide = await ana.by("guide").bounding_box()

    await ana.by("open-sidebar").tap()
    await ana.by("connect-link").tap()
    await ana.by("connect-dialog").wait_for()

    sheet = await ana.by("connect-dialog").bounding_box()
    width = await ana.page.evaluate("document.documentElement.scrollWidth")
    assert weather.storms == 1
    assert guide["height"] < 160
    assert (sheet["x"], sheet["width"], width) == (0, 390, 390)


async def test_the_guide_put_away_can_be_taken_back(desk: Desk, windows):
    ana = await windows()
    await desk.post("Card", blocks=[actions(button("x", "Claim"))])
    await ana.by("action:x").click()
    await ana.page.locator("[data-testid='step:claim'].is-done").wait_for()

    await ana.by("guide-dismiss").click()
    await expect(ana.by("guide")).to_be_hidden()
    await ana.by("guide-back").click()

    await ana.page.locator("[data-testid='step:claim'].is-done").wait_for()
    await expect(ana.by("trick:storm")).to_be_visible()
    await expect(ana.by("guide-back")).to_have_count(0)


async def test_a_mention_ticks_a_claim_in_a_thread_only(desk: Desk, windows):
    """Outside of a thread, "@goshawk claim" names no card: the bot answers with a list."""
    ana = await windows()
    done = ana.page.locator(".guide-step.is-done strong")

    await ana.by("composer").fill("@goshawk claim")
    await ana.by("composer").press("Enter")
    await desk.until("app_mention")
    await ana.page.locator(".message", has_text="claim").wait_for()
    await asyncio.sleep(0.3)
    await expect(done).to_have_count(0)

    card = await desk.post("A card")
    await ana.page.goto(f"{ana.page.url.partition('#')[0]}#{CARE}/{card}")
    await ana.by("thread-composer").fill("@goshawk claim")
    await ana.by("thread-composer").press("Enter")
    await expect(done).to_have_text(["Claim a card"])


async def test_the_page_opens_where_the_cards_are(windows):
    ana = await windows()

    await expect(ana.page.locator(".header-title")).to_have_text("social-care")
    await expect(ana.by("guide")).to_be_visible()


async def test_the_guide_stands_only_where_the_cards_are(windows):
    """In an empty channel there is no Claim below to press."""
    ana = await windows()
    await expect(ana.by("guide")).to_be_visible()

    await ana.by("channel:C0GENERAL1").click()

    await expect(ana.by("timeline-empty").first).to_be_visible()
    await expect(ana.by("guide")).to_be_hidden()
