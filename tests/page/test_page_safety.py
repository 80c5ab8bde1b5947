"""Whatever strangers write stays text, and the page asks nobody but its own sandbox."""

import pytest

from tests.page.blocks import actions, button, field, modal, mrkdwn, option, plain, quote, section
from tests.page.desk import Desk

pytestmark = pytest.mark.asyncio(loop_scope="session")

EVIL = "<script>window.owned=1</script><img src=x onerror=window.owned=1><b>fat</b>\"'><svg onload=window.owned=1>"
SAFE = EVIL.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")

#: Everything that markup from outside could have become.
INTRUDERS = """() => ({
    owned: window.owned ?? null,
    foreign: document.querySelectorAll("body script, body link, body style, img, iframe, object, embed, b").length,
    handlers: [...document.querySelectorAll("*")].filter((one) => [...one.attributes].some(
        (attribute) => attribute.name.startsWith("on") || attribute.name === "style" && attribute.value.includes("url")
    )).length,
})"""
CLEAN = {"owned": None, "foreign": 0, "handlers": 0}


def hostile_blocks() -> list[dict]:
    return [
        {"type": "header", "text": plain(EVIL[:150])},
        section(
            SAFE,
            fields=[plain(EVIL), mrkdwn(SAFE)],
            accessory=button("aside", EVIL[:75], accessibility_label=EVIL[:75]),
        ),
        quote(EVIL),
        {"type": "context", "elements": [mrkdwn(SAFE), plain(EVIL)]},
        {"type": "image", "image_url": "https://elsewhere.invalid/x.png", "alt_text": EVIL, "title": plain(EVIL)},
        actions(
            button("go", EVIL[:75], value=EVIL),
            {
                "type": "static_select",
                "action_id": "pick",
                "placeholder": plain(EVIL),
                "options": [option("a", EVIL[:75])],
            },
            {"type": "overflow", "action_id": "more", "options": [option("b", EVIL[:75])]},
        ),
    ]


async def test_hostile_text_stays_text_in_every_block(desk: Desk, windows):
    ana = await windows()
    ts = await desk.post(SAFE, blocks=hostile_blocks(), username=EVIL[:80])
    await desk.post(SAFE, thread_ts=ts)
    await desk.call("chat.postEphemeral", channel="C0CARE0001", user="U0ANA00001", text=SAFE)

    await ana.by(f"replies:{ts}").click()
    await ana.by("action:more").first.click()
    await ana.by("option:b").wait_for()

    assert await ana.page.evaluate(INTRUDERS) == CLEAN
    assert await ana.by(f"message:{ts}").first.locator("blockquote").inner_text() == EVIL
    assert await ana.page.locator(".words", has_text=EVIL).count() == 2


async def test_hostile_text_stays_text_in_modals_and_home(desk: Desk, windows):
    async def open_modal(envelope):
        if envelope["type"] == "interactive" and envelope["payload"]["type"] == "block_actions":
            text = {"type": "plain_text_input", "placeholder": plain(EVIL), "initial_value": SAFE}
            choice = {"type": "radio_buttons", "options": [option("a", EVIL[:75])]}
            view = modal(
                "<b>fat</b>",
                field("text", text, label=EVIL, hint=plain(EVIL)),
                field("choice", choice, optional=True),
            )
            await desk.call("views.open", trigger_id=envelope["payload"]["trigger_id"], view=view)
        elif envelope["type"] == "interactive":
            return {"response_action": "errors", "errors": {"text": EVIL}}
        return {}

    desk.answer = open_modal
    home = {"type": "home", "blocks": hostile_blocks()}
    await desk.call("views.publish", user_id="U0ANA00001", view=home)
    ana = await windows(place="#D0ANA00001")

    await ana.by("action:go").click()
    await ana.by("modal-submit").click()
    await ana.by("error:text").wait_for()

    assert await ana.by("error:text").inner_text() == EVIL
    assert await ana.by("action:text").input_value() == EVIL
    assert await ana.page.locator(".sheet-title").inner_text() == "<b>fat</b>"
    assert await ana.page.evaluate(INTRUDERS) == CLEAN


async def test_typed_hostile_text_stays_text_for_everybody(desk: Desk, windows):
    ana, ben = await windows(), await windows("U0BEN00001")

    for line in (EVIL, "/nonsense " + EVIL):
        await ana.by("composer").fill(line)
        await ana.by("composer").press("Enter")
    await ana.by("notice").wait_for()
    await ben.page.locator(".words", has_text=EVIL).wait_for()

    assert await ana.page.evaluate(INTRUDERS) == CLEAN
    assert await ben.page.evaluate(INTRUDERS) == CLEAN


@pytest.mark.parametrize(
    "link",
    [
        "<javascript:alert(1)|here>",
        "<data:text/html,hi|here>",
        "<JaVaScRiPt:alert(1)>",
        "<vbscript:x|here>",
        "<file:///etc|here>",
    ],
)
async def test_a_dangerous_address_is_no_link(windows, link: str):
    ana = await windows()

    drawn = await ana.page.evaluate(
        """async (text) => {
            const { mrkdwn } = await import("/static/js/mrkdwn.js");
            const box = document.createElement("div");
            box.append(...mrkdwn(text));
            return box.querySelectorAll("a").length;
        }""",
        link,
    )

    assert drawn == 0


async def test_a_link_shows_its_real_target_and_opens_apart(desk: Desk, windows):
    ana = await windows()
    await desk.post("Look at <https://evil.example/login|https://bank.example>")

    link = ana.page.locator(".words a")
    await link.wait_for()

    assert await link.get_attribute("title") == "https://evil.example/login"
    assert await link.get_attribute("target") == "_blank"
    assert "noopener" in await link.get_attribute("rel")


async def test_the_policy_stops_an_inline_script(desk: Desk, browser, address: str):
    page = await browser.new_page()
    await page.goto(address)
    refused = []
    page.on("console", lambda line: refused.append(line.text))

    await page.evaluate(
        """() => {
            const script = document.createElement("script");
            script.textContent = "window.owned = 1";
            document.body.append(script);
        }"""
    )

    assert await page.evaluate("window.owned ?? null") is None
    assert any("Content Security Policy" in line for line in refused)
