"""The places of the page: message box, threads, Home, guide, phone width, the reader's own time zone."""

import pytest
from playwright.async_api import expect

from tests.page.blocks import actions, button, field, modal, mrkdwn, option, plain, quote, section
from tests.page.desk import CARE, Desk

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_the_slash_menu_shows_usage_and_sends_the_command(desk: Desk, windows):
    async def answer(_envelope):
        return {"text": "Nothing waits."}

    desk.answer = answer
    ana = await windows()
    await ana.by("composer").press_sequentially("/so")
    assert "[queue | claim 1042]" in await ana.by("suggest:/social").inner_text()

    await ana.page.keyboard.press("Enter")
    await ana.page.keyboard.type("claim 1042")
    assert "[queue | claim 1042]" in await ana.by("composer-usage").inner_text()
    await ana.page.keyboard.press("Enter")
    await expect(ana.by("composer")).to_have_value("")
    await expect(ana.page.locator(".is-private")).to_have_count(1)

    heard = [one["payload"] for one in desk.heard if one["type"] == "slash_commands"]
    assert [(one["command"], one["text"], one["user_id"]) for one in heard] == [("/social", "claim 1042", "U0ANA00001")]


async def test_a_command_without_an_app_is_told_and_not_lost(address: str, windows):
    ana = await windows()

    await ana.by("composer").fill("/social queue")
    await ana.by("composer").press("Enter")

    await ana.by("notice").get_by_text("/social failed").wait_for()
    await expect(ana.by("composer")).to_have_value("/social queue")


async def test_people_are_completed_and_the_app_hears_its_name(desk: Desk, windows):
    ana = await windows()
    await ana.by("composer").press_sequentially("@gos")
    await ana.page.keyboard.press("Tab")
    await ana.page.keyboard.type("help")
    await ana.page.keyboard.press("Enter")
    await ana.page.locator(".mention", has_text="@Goshawk").wait_for()

    await desk.until("app_mention")
    assert [one["event"]["text"] for one in desk.of("app_mention")] == ["<@U0GOSHAWK1> help"]


async def test_a_name_typed_by_hand_in_a_thread_is_a_mention(desk: Desk, windows):
    ana = await windows(place=f"#{CARE}/{await desk.post('Card')}")

    await ana.by("thread-composer").fill("@Goshawk claim")
    await ana.by("thread-composer").press("Enter")
    await ana.page.locator("#thread .mention", has_text="@Goshawk").wait_for()

    await desk.until("app_mention")
    assert [one["event"]["text"] for one in desk.of("app_mention")] == ["<@U0GOSHAWK1> claim"]


async def test_an_empty_place_says_so(desk: Desk, windows):
    ana = await windows(place="#D0ANA00001/messages")
    await ana.by("timeline-empty").get_by_text("What Goshawk has to tell you alone comes here").wait_for()

    await desk.post("You are wanted", channel="D0ANA00001")

    await ana.page.locator(".words", has_text="You are wanted").wait_for()
    await expect(ana.by("timeline-empty")).to_be_hidden()


async def test_a_mention_that_nobody_hears_is_told(desk: Desk, windows):
    ana = await windows(place="#C0GENERAL1")

    await ana.by("composer").fill("@Goshawk help")
    await ana.by("composer").press("Enter")

    await ana.by("notice").get_by_text("@Goshawk is not in this channel").wait_for()
    await ana.by("composer").fill("/invite @goshawk")
    await ana.by("composer").press("Enter")
    await ana.by("notice").get_by_text("In #general now: Goshawk.").wait_for()


async def test_a_thread_opens_beside_and_counts_its_replies(desk: Desk, windows):
    ana = await windows()
    ts = await desk.post("Card", blocks=[section("Card"), actions(button("claim", "Claim"))])
    await desk.post("The customer wrote again", thread_ts=ts)

    await ana.by(f"replies:{ts}").get_by_text("1 reply").click()
    await ana.by("thread-composer").fill("I know")
    await ana.by("thread-composer").press("Enter")

    await ana.by(f"replies:{ts}").get_by_text("2 replies").wait_for()
    assert await ana.page.locator("#thread .message").count() == 3
    assert await ana.page.locator("#place .words", has_text="I know").count() == 0

    await ana.page.keyboard.press("Escape")
    await ana.page.locator("#thread").wait_for(state="hidden")


async def test_a_private_note_in_a_thread_is_seen_once_and_can_be_put_away(desk: Desk, windows):
    ana = await windows()
    ts = await desk.post("Card")
    await desk.call("chat.postEphemeral", channel=CARE, user="U0ANA00001", text="Only for Ana", thread_ts=ts)
    note = ana.page.locator(".is-private", has_text="Only for Ana")
    await expect(note).to_have_count(1)

    await ana.by(f"message:{ts}").hover()
    await ana.by(f"thread:{ts}").click()
    await expect(ana.page.locator("#thread .is-private")).to_have_count(1)
    await expect(note).to_have_count(1)

    await note.get_by_text("Dismiss").click()
    await expect(note).to_have_count(0)
    await ana.by("thread-close").click()
    await ana.page.locator("#thread").wait_for(state="hidden")
    await expect(note).to_have_count(0)


async def test_a_reaction_is_counted_heard_and_taken_back(desk: Desk, windows):
    ana, ben = await windows(), await windows("U0BEN00001")
    ts = await desk.post("Card")
    await ana.by(f"message:{ts}").hover()
    await ana.by(f"quick:{ts}:eyes").click()

    await ben.by(f"reaction:{ts}:eyes").click()
    await ana.by(f"reaction:{ts}:eyes").get_by_text("2").wait_for()
    await ana.by(f"reaction:{ts}:eyes").click()
    await ben.by(f"reaction:{ts}:eyes").get_by_text("1").wait_for()

    assert [one["event"]["reaction"] for one in desk.of("reaction_added")] == ["eyes", "eyes"]


async def test_home_is_drawn_when_it_is_opened(desk: Desk, windows):
    async def publish(envelope):
        if envelope["payload"].get("event", {}).get("type") == "app_home_opened":
            view = {"type": "home", "blocks": [section("*3* open cases"), actions(button("queue", "Open queue"))]}
            await desk.call("views.publish", user_id=envelope["payload"]["event"]["user"], view=view)
        return {}

    desk.answer = publish
    ana = await windows()

    await ana.by("channel:D0ANA00001").click()
    await ana.by("home").get_by_text("3 open cases").wait_for()
    await ana.by("action:queue").click()
    await ana.quiet()

    assert desk.of("block_actions")[0]["view"]["type"] == "home"


async def test_the_guide_ticks_itself_off_and_stays_away(desk: Desk, windows):
    ana = await windows()
    await desk.post("Card", blocks=[actions(button("x", "Claim"))])
    await ana.by("action:x").click()
    await ana.page.locator("[data-testid='step:claim'].is-done").wait_for()

    await ana.by("guide-dismiss").click()
    await ana.page.reload()
    await ana.by("action:x").wait_for()

    assert await ana.by("guide").count() == 0


async def test_the_guide_ticks_what_was_done_not_what_was_opened(desk: Desk, windows):
    boxes = {"type": "checkboxes", "options": [option("resolve", "Resolve as answered")]}
    reply = modal("Reply", field("done", boxes, optional=True), submit=plain("Send"))
    views = {"resolve": modal("Resolve", section("How?"), submit=plain("Resolve")), "reply": reply}

    async def answer(envelope):
        payload = envelope["payload"]
        if payload.get("type") == "block_actions":
            view = views[payload["actions"][0]["action_id"]]
            await desk.call("views.open", trigger_id=payload["trigger_id"], view=view)
        return {}

    desk.answer = answer
    ana = await windows()
    done = ana.page.locator(".guide-step.is-done strong")
    await desk.post("Card", blocks=[actions(button("reply", "Reply"), button("resolve", "Resolve…"))])

    await ana.by("action:resolve").click()
    await ana.by("modal-cancel").click()
    await ana.by("modal").wait_for(state="hidden")
    for words in ("@goshawk claim", "/claim next"):
        await expect(done).to_have_count(0)
        await ana.by("composer").fill(words)
        await ana.by("composer").press("Enter")
        await expect(ana.by("composer")).to_have_value("")
    await expect(done).to_have_text(["Claim a card"])
    await ana.by("action:reply").click()
    await ana.by("option:resolve").check()
    await ana.by("modal-submit").click()

    await expect(done).to_have_text(["Claim a card", "Send a reply", "Resolve it"])


@pytest.mark.parametrize(("zone", "shown"), [("Asia/Tokyo", "23:02"), ("America/New_York", "09:02")])
async def test_moments_are_written_in_the_readers_zone(desk: Desk, windows, zone: str, shown: str):
    ana = await windows(timezone_id=zone)

    await desk.post("due <!date^1795269720^{time}|14:02 UTC>")

    await ana.page.locator(".words", has_text=f"due {shown}").wait_for()


async def test_somebody_else_is_one_press_away(desk: Desk, windows):
    ana = await windows()

    await ana.by("user-switcher").click()
    await ana.by("be:U0CLEO0001").click()

    await ana.by("user-switcher").get_by_text("You are Cleo Lind").wait_for()


async def test_nothing_is_wider_than_a_phone(desk: Desk, windows):
    ana = await windows(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    long = "https://example.org/" + "a" * 300
    ts = await desk.post(
        "Card",
        blocks=[
            section(f"*P2 high* {long}", fields=[mrkdwn("*From*\n" + "b" * 200), mrkdwn("*Reach*\n12")]),
            quote("w" * 500),
            actions(*(button(f"b{number}", "A rather long label", value="1") for number in range(5))),
        ],
    )
    await desk.post(long, thread_ts=ts)
    wide = "document.documentElement.scrollWidth > innerWidth || [...document.querySelectorAll('.scroller')]\
        .some((one) => one.scrollWidth > one.clientWidth)"

    await ana.by(f"message:{ts}").wait_for()
    assert not await ana.page.evaluate(wide)
    await ana.by(f"replies:{ts}").click()
    await ana.page.locator("#thread .message").nth(1).wait_for()
    assert not await ana.page.evaluate(wide)
    await ana.by("thread-close").click()
    await ana.by("open-sidebar").click()
    await ana.by("channel:C0GENERAL1").click()
    await ana.page.get_by_text("Everything else").wait_for()


async def test_the_keyboard_alone_is_enough(desk: Desk, windows):
    menu = {
        "type": "overflow",
        "action_id": "more",
        "options": [{"text": {"type": "plain_text", "text": name}, "value": name} for name in ("Snooze", "Details")],
    }
    ana = await windows()
    ts = await desk.post("Card", blocks=[actions(button("claim", "Claim"), menu)])
    await ana.by(f"message:{ts}").wait_for()

    await ana.by("action:claim").focus()
    await ana.page.keyboard.press("Enter")
    await ana.quiet()
    await ana.page.keyboard.press("Tab")
    for key in ("Enter", "ArrowDown", "Enter"):
        await ana.page.keyboard.press(key)
    await ana.quiet()

    first, second = desk.of("block_actions")
    assert first["actions"][0]["action_id"] == "claim"
    assert first["container"] == {"type": "message", "message_ts": ts, "channel_id": CARE, "is_ephemeral": False}
    assert second["actions"][0]["selected_option"]["value"] == "Details"
