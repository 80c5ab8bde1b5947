"""The inspector drawer: what went to the app and came back, who would have been pinged, and the spoken view."""

import pytest
from playwright.async_api import expect

from bot.sandbox.server import Sandbox
from tests.page.blocks import actions, button, section
from tests.page.desk import Desk

pytestmark = pytest.mark.asyncio(loop_scope="session")

CARD = [section("A complaint"), actions(button("claim", "Claim"))]


async def test_a_press_its_ack_and_the_calls_stand_in_the_drawer(desk: Desk, windows):
    await desk.post("Card", blocks=CARD)
    ana = await windows()
    await ana.by("open-inspector").click()
    await expect(ana.by("inspector-close")).to_be_focused()

    await ana.by("action:claim").click()
    press = ana.page.locator(".trace-head", has_text="claim").first
    await expect(press).to_contain_text("in time")
    await press.click()

    assert '"action_id": "claim"' in await ana.by("trace-raw").first.inner_text()
    await expect(ana.page.locator(".trace-head", has_text="chat.postMessage")).to_contain_text("ok")
    await expect(ana.by("inspector-counts")).to_have_text("socket 1: 0 un-acked · calls: 2 · protocol errors: 0")


async def test_a_missing_ack_is_told_in_words(desk: Desk, windows):
    async def silence(_envelope):
        return None

    desk.answer = silence
    await desk.post("Card", blocks=CARD)
    ana = await windows()
    await ana.by("open-inspector").click()
    await ana.by("inspect:payloads").click()

    await ana.by("action:claim").click()

    press = ana.page.locator(".trace-head", has_text="claim")
    await expect(press).to_contain_text("no ack in 3 s", timeout=10_000)  # Slack gives 3 s


async def test_no_token_is_drawn_and_markup_stays_text(desk: Desk, windows):
    await desk.post(f"<script>window.owned=1</script> {Sandbox.bot_token}")
    ana = await windows()
    await ana.by("open-inspector").click()

    await ana.page.locator(".trace-head", has_text="chat.postMessage").click()

    shown = await ana.by("trace-raw").first.inner_text()
    assert "<script>window.owned=1</script>" in shown
    assert Sandbox.bot_token not in shown
    assert await ana.page.evaluate("window.owned ?? null") is None


async def test_pings_links_and_stray_brackets_are_told(desk: Desk, windows):
    await desk.post("<@U0BEN00001> <https://evil.example/x|bank.example> and 1 < 2")
    ana = await windows()
    await expect(ana.by("link-host")).to_contain_text("evil.example")
    await expect(ana.by("raw-bracket")).to_contain_text("< 2")

    await ana.by("open-inspector").click()
    await ana.by("inspect:pings").click()

    trace = ana.page.locator(".trace-head")
    await expect(trace.filter(has_text="Pings Ben Okafor")).to_contain_text("would ping")
    await expect(trace.filter(has_text="“bank.example”")).to_contain_text("leads to evil.example")
    await expect(trace.filter(has_text="Raw <")).to_contain_text("not escaped")


async def test_escape_closes_the_drawer_and_the_window_remembers_it(desk: Desk, windows):
    ana = await windows()
    await ana.by("open-inspector").click()
    await ana.by("inspect:calls").click()
    await ana.page.keyboard.press("ArrowRight")
    await expect(ana.by("inspect:errors")).to_be_focused()

    await ana.page.reload()
    await expect(ana.by("inspect:errors")).to_have_attribute("aria-selected", "true")
    await ana.page.keyboard.press("Escape")

    await expect(ana.by("inspector")).to_be_hidden()
    await expect(ana.by("open-inspector")).to_be_focused()


async def test_on_a_phone_the_drawer_covers_all_and_nothing_behind_it_is_reached(desk: Desk, windows):
    ana = await windows(viewport={"width": 390, "height": 844}, has_touch=True)

    await ana.by("open-inspector").tap()

    box = await ana.by("inspector").bounding_box()
    assert (box["x"], box["y"], box["width"]) == (0, 0, 390)
    assert await ana.page.locator("#main").evaluate("(node) => node.inert")


async def test_a_thread_that_is_opened_takes_the_place_of_the_drawer(desk: Desk, windows):
    ts = await desk.post("Card", blocks=CARD)
    await desk.post("first", thread_ts=ts)
    ana = await windows()
    await ana.by("open-inspector").click()

    await ana.by(f"replies:{ts}").click()

    await expect(ana.by("inspector")).to_be_hidden()
    await expect(ana.by("thread-close")).to_be_visible()


async def test_the_spoken_view_shows_fallback_text_only_and_goes_with_the_window(desk: Desk, windows):
    ts = await desk.post("Complaint for <@U0BEN00001>: *late* boat", blocks=CARD)
    mute = await desk.post("", blocks=CARD)
    ana, other = await windows(), await windows()
    await ana.by("open-inspector").click()

    await ana.by("reader-switch").check()

    card = ana.by(f"message:{ts}")
    await expect(card.get_by_test_id("spoken")).to_have_text("Complaint for @Ben Okafor: late boat")
    await expect(card.get_by_test_id("action:claim")).to_have_count(0)
    await expect(ana.by(f"message:{mute}").get_by_test_id("no-fallback")).to_be_visible()
    await expect(other.by("action:claim")).to_have_count(2)
    await ana.by("reader-off").click()
    await expect(ana.by("action:claim")).to_have_count(2)
