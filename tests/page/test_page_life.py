"""The page stays alive: pushes, modals, several people, lost connections."""

import asyncio
from pathlib import Path

import pytest
from playwright.async_api import expect

from bot.sandbox.server import Sandbox
from tests.page.blocks import actions, button, field, modal, option, plain, section
from tests.page.conftest import serving
from tests.page.desk import ESCALATIONS, MANIFEST, Desk

pytestmark = pytest.mark.asyncio(loop_scope="session")

TEXT = {"type": "plain_text_input", "multiline": True}


def opening(desk: Desk, view: dict, *then: dict | None):
    """Answer a press with this modal, and each submission with the next of ``then``."""
    acks = iter(then)

    async def answer(envelope):
        payload = envelope["payload"]
        if payload.get("type") == "block_actions":
            await desk.call("views.open", trigger_id=payload["trigger_id"], view=view)
        elif payload.get("type") == "view_submission":
            return next(acks, {})
        return {}

    return answer


async def press_reply(desk: Desk, window) -> None:
    await desk.post("A card", blocks=[section("A card"), actions(button("reply", "Reply", value="1"))])
    await window.by("action:reply").click()
    await window.by("modal").wait_for()


async def test_two_people_see_the_same_channel_and_their_own_notes(desk: Desk, windows):
    ana, ben = await windows(), await windows("U0BEN00001")

    await ana.by("composer").fill("Taking this one, @ben")
    await ana.by("composer").press("Enter")
    await desk.call("chat.postEphemeral", channel="C0CARE0001", user="U0ANA00001", text="For Ana's eyes")
    await desk.post("Please look, <@U0BEN00001>", ESCALATIONS)

    await ben.page.locator(".words", has_text="Taking this one, @Ben Okafor").wait_for()
    await ana.page.locator(".is-private", has_text="Only visible to you").wait_for()
    await ben.by(f"mentions:{ESCALATIONS}").wait_for()
    assert await ben.page.locator(".is-private").count() == 0
    assert await ana.by(f"mentions:{ESCALATIONS}").count() == 0

    await ben.by(f"channel:{ESCALATIONS}").click()
    await ben.by(f"mentions:{ESCALATIONS}").wait_for(state="detached")


async def test_typing_in_a_modal_survives_pushes(desk: Desk, windows):
    desk.answer = opening(desk, modal("Reply", field("text", TEXT)))
    ana = await windows()
    await press_reply(desk, ana)

    await ana.by("action:text").press_sequentially("We are so")
    await desk.post("Another card meanwhile")
    await ana.page.locator(".words", has_text="Another card meanwhile").wait_for()
    await ana.page.keyboard.type("rry")

    assert await ana.by("action:text").input_value() == "We are sorry"


async def test_typing_survives_an_update_of_the_view_by_the_app(desk: Desk, windows):
    desk.answer = opening(desk, modal("Reply", field("text", TEXT)))
    ana = await windows()
    await press_reply(desk, ana)
    await ana.by("action:text").press_sequentially("We are so")

    view_id = await ana.page.locator("form.sheet").get_attribute("data-testid")
    changed = modal("Reply", section("Ben is writing too"), field("text", TEXT))
    await desk.call("views.update", view_id=view_id.removeprefix("view:"), view=changed)
    await ana.page.get_by_text("Ben is writing too").wait_for()
    await ana.page.keyboard.type("rry")

    assert await ana.by("action:text").input_value() == "We are sorry"


async def test_errors_stand_at_their_fields_and_the_stack_goes_back(desk: Desk, windows):
    check = modal("Check", section("Exactly this"))
    desk.answer = opening(
        desk,
        modal("Reply", field("text", TEXT), field("note", TEXT, optional=True)),
        {"response_action": "errors", "errors": {"text": "12 characters too long"}},
        {"response_action": "push", "view": check},
        {"response_action": "push", "view": check},
    )
    ana = await windows()
    await press_reply(desk, ana)

    await ana.by("modal-submit").click()
    await ana.page.get_by_text("Please complete this required field.").wait_for()
    assert desk.of("view_submission") == []

    await ana.by("action:text").fill("Sorry")
    await ana.by("modal-submit").click()
    await ana.by("error:text").get_by_text("12 characters too long").wait_for()
    assert await ana.by("action:text").get_attribute("aria-invalid") == "true"
    assert await ana.by("error:note").is_hidden()

    await ana.by("modal-submit").click()
    await ana.page.get_by_text("Exactly this").wait_for()
    await ana.by("modal-back").click()
    await ana.by("action:text").wait_for()
    assert await ana.by("action:text").input_value() == "Sorry"

    await ana.by("modal-submit").click()
    await ana.page.get_by_text("Exactly this").wait_for()
    await ana.by("modal-close").click()
    await ana.by("modal").wait_for(state="hidden")


async def test_an_app_that_does_not_ack_leaves_the_text_and_says_so(desk: Desk, windows):
    desk.answer = opening(desk, modal("Reply", field("text", TEXT)), None, {})
    ana = await windows()
    await press_reply(desk, ana)
    await ana.by("action:text").fill("Sorry")

    await ana.by("modal-submit").click()
    assert await ana.by("modal-submit").get_attribute("aria-busy") == "true"
    await ana.by("modal-failure").get_by_text("We had some trouble connecting. Try again?").wait_for()
    assert await ana.by("action:text").input_value() == "Sorry"

    await ana.by("modal-submit").click()
    await ana.by("modal").wait_for(state="hidden")


async def test_a_modal_stays_in_the_window_that_opened_it(desk: Desk, windows):
    desk.answer = opening(desk, modal("Reply", field("text", TEXT)))
    ana, elsewhere = await windows(), await windows()

    await press_reply(desk, ana)
    await desk.post("Another card meanwhile")
    await elsewhere.page.locator(".words", has_text="Another card meanwhile").wait_for()

    await expect(elsewhere.by("modal")).to_be_hidden()
    await expect(ana.by("modal")).to_be_visible()


async def test_escape_closes_the_modal_and_the_app_hears_of_it(desk: Desk, windows):
    desk.answer = opening(desk, modal("Reply", field("text", TEXT), notify_on_close=True))
    ana = await windows()
    await press_reply(desk, ana)

    await ana.page.keyboard.press("Escape")
    await ana.by("modal").wait_for(state="hidden")

    await desk.until("view_closed")
    assert len(desk.of("view_closed")) == 1


async def test_every_input_reaches_the_app(desk: Desk, windows):
    view = modal(
        "Resolve",
        field("note", {"type": "plain_text_input"}),
        field("reason", {"type": "radio_buttons", "options": [option("answered"), option("spam")]}),
        field("boxes", {"type": "checkboxes", "options": [option("own"), option("second")]}),
        field("account", {"type": "static_select", "options": [option("main"), option("help")]}),
        field("who", {"type": "users_select"}),
        field("day", {"type": "datepicker"}),
    )
    desk.answer = opening(desk, view)
    ana = await windows(timezone_id="Asia/Tokyo")
    await press_reply(desk, ana)

    await ana.by("action:note").fill("Called & <thanked>")
    await ana.by("option:spam").check()
    await ana.by("option:second").check()
    for name, value in (("account", "help"), ("who", "U0BEN00001")):
        await ana.by(f"action:{name}").click()
        await ana.by(f"option:{value}").click()
    await ana.by("action:day").fill("2026-12-01")
    await ana.by("modal-submit").click()
    await ana.by("modal").wait_for(state="hidden")

    values = desk.of("view_submission")[0]["view"]["state"]["values"]
    assert values["note"]["note"]["value"] == "Called &amp; &lt;thanked&gt;"
    assert values["reason"]["reason"]["selected_option"]["value"] == "spam"
    assert [one["value"] for one in values["boxes"]["boxes"]["selected_options"]] == ["second"]
    assert values["account"]["account"]["selected_option"]["value"] == "help"
    assert values["who"]["who"]["selected_user"] == "U0BEN00001"
    assert values["day"]["day"]["selected_date"] == "2026-12-01"


async def test_a_question_stands_before_a_button_that_asks_one(desk: Desk, windows):
    question = {"title": plain("Freeze?"), "text": plain("All stops."), "confirm": plain("Freeze"), "deny": plain("No")}
    ana = await windows()
    await desk.post("Card", blocks=[actions(button("freeze", "Freeze", confirm=question))])

    await ana.by("action:freeze").click()
    await ana.by("confirm-no").click()
    assert desk.of("block_actions") == []

    await ana.by("action:freeze").click()
    await ana.by("confirm-yes").click()
    await ana.by("confirm").wait_for(state="detached")
    await ana.quiet()
    assert [one["actions"][0]["action_id"] for one in desk.of("block_actions")] == ["freeze"]


async def test_a_message_is_drawn_again_only_when_it_changed(desk: Desk, windows):
    ana = await windows()
    first, second = await desk.post("First"), await desk.post("Second")
    await ana.by(f"message:{second}").wait_for()
    mark = "document.querySelectorAll('.message').forEach((one, i) => { one.dataset.mark = i; })"
    await ana.page.evaluate(mark)

    await desk.call("chat.update", channel="C0CARE0001", ts=first, text="First, changed")
    await ana.page.get_by_text("First, changed").wait_for()

    assert await ana.by(f"message:{first}").get_attribute("data-mark") is None
    assert await ana.by(f"message:{second}").get_attribute("data-mark") == "1"


async def test_a_reader_of_old_messages_is_not_moved_but_told(desk: Desk, windows):
    ana = await windows()
    for number in range(40):
        await ana.page.evaluate(
            "(text) => fetch('/page/message', {method: 'POST', headers: {'Content-Type': 'application/json'},"
            " body: JSON.stringify({user: 'U0BEN00001', channel: 'C0CARE0001', text})})",
            f"Line {number}\n\nwith room",
        )
    await ana.page.get_by_text("Line 39").wait_for()
    await ana.page.locator(".scroller").evaluate("(one) => { one.scrollTop = 0; }")

    await desk.post("Something new")
    await ana.by("new-messages").get_by_text("1 new message").wait_for()
    assert await ana.page.locator(".scroller").evaluate("(one) => one.scrollTop") == 0

    await ana.by("new-messages").click()
    await ana.by("new-messages").wait_for(state="hidden")
    left = "(one) => one.scrollHeight - one.scrollTop - one.clientHeight"
    assert await ana.page.locator(".scroller").evaluate(left) < 2


async def test_a_button_does_not_move_away_under_the_pointer(desk: Desk, windows):
    ana = await windows(viewport={"width": 1280, "height": 500})
    await desk.post("Card", blocks=[section("long\n" * 20), actions(button("claim", "Claim"))])
    await ana.by("action:claim").hover()
    before = await ana.by("action:claim").bounding_box()

    await desk.post("Something new")
    await ana.by("new-messages").get_by_text("1 new message").wait_for()
    assert await ana.by("action:claim").bounding_box() == before

    await ana.by("composer").fill("Writing goes to the newest")
    await ana.by("composer").press("Enter")
    await ana.by("new-messages").wait_for(state="hidden")


async def test_a_lost_connection_is_shown_and_mended(tmp_path: Path, browser):
    keep = tmp_path / "workspace.sqlite3"
    page = await browser.new_page()
    async with serving(Sandbox(MANIFEST, keep=keep)) as address:
        await page.goto(address)
        await page.get_by_test_id("composer").fill("Before the break")
        await page.get_by_test_id("composer").press("Enter")
        await page.locator(".words", has_text="Before the break").wait_for()
    await page.get_by_text("The sandbox does not answer. Trying again…").wait_for()

    async with serving(Sandbox(MANIFEST, keep=keep), port=int(address.rsplit(":", 1)[1])):
        await page.locator("#banner").wait_for(state="hidden")
        await page.get_by_test_id("composer").fill("After it")
        await page.get_by_test_id("composer").press("Enter")
        await page.locator(".words", has_text="After it").wait_for()
        assert await page.locator(".words", has_text="Before the break").count() == 1
        await page.close()


async def test_a_second_press_waits_for_the_first(desk: Desk, windows):
    release = asyncio.Event()

    async def slow(_envelope):
        await release.wait()
        return {}

    desk.answer = slow
    ana = await windows()
    await desk.post("Card", blocks=[actions(button("claim", "Claim"))])

    await ana.by("action:claim").click()
    await ana.page.locator("[aria-busy=true]").wait_for()
    await ana.by("action:claim").dispatch_event("click")
    release.set()
    await ana.quiet()

    assert len(desk.of("block_actions")) == 1
