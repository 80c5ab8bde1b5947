"""More than a hundred hostile texts, as messages and as cards: they stay text, nobody is called, nothing is asked."""

import httpx
import pytest
from playwright.async_api import Browser, expect

from bot.sandbox.server import Sandbox
from tests.page.blocks import actions, button, mrkdwn, option, plain, quote, section
from tests.page.conftest import Window, serving
from tests.page.desk import CARE, ESCALATIONS, MANIFEST, Desk
from tests.page.test_page_safety import CLEAN, INTRUDERS
from tests.slack.hostile import TEXTS

pytestmark = pytest.mark.asyncio(loop_scope="session")

#: Each would set the canary, or fetch, where markup from outside became markup of the page.
CANARIES = [
    "<script>window.owned=1</script>",
    "<script type=module>window.owned=1</script>",
    "<img src=x onerror=window.owned=1>",
    "<img src=https://elsewhere.invalid/x.png>",
    "<svg onload=window.owned=1><animate onbegin=window.owned=1>",
    "<iframe srcdoc='<script>parent.owned=1</script>'></iframe>",
    "<style>@import 'https://elsewhere.invalid/x.css';</style>",
    "<link rel=stylesheet href=https://elsewhere.invalid/x.css>",
    "<details open ontoggle=window.owned=1>",
    "<input autofocus onfocus=window.owned=1>",
    '"><script>window.owned=1</script>',
    "' autofocus onfocus='window.owned=1",
    "${window.owned=1}",
    "{{constructor.constructor('window.owned=1')()}}",
]
WORDS = (*TEXTS, *CANARIES)


def safe(words: str) -> str:
    """Escape as an app must."""
    return words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def card(number: int, words: str) -> list[dict]:
    """Return a card that holds the words in every kind of text."""
    words = words[:500]
    label = (words.strip() or "empty")[:70]
    return [
        {"type": "header", "text": plain(f"{number} {words}"[:150])},
        section(f"{number}\n{safe(words)}", fields=[plain(f"{number} {words}")]),
        quote(words),
        {"type": "context", "elements": [mrkdwn(f"{number}\n{safe(words)}"), plain(f"{number} {words}")]},
        actions(
            button("go", label, accessibility_label=label),
            {
                "type": "static_select",
                "action_id": "pick",
                "placeholder": plain(label),
                "options": [option("a", label)],
            },
        ),
    ]


async def everything(ana: Window, channel: str) -> None:
    """Go to a channel and have all of it drawn."""
    await ana.by(f"channel:{channel}").click()
    await expect(ana.page.get_by_role("article").last).to_be_visible()
    while await ana.by("earlier-messages").is_visible():
        await ana.by("earlier-messages").dispatch_event("click")
    await expect(ana.page.get_by_role("article")).to_have_count(len(WORDS))


async def test_hostile_words_stay_words(browser: Browser):
    """A hundred and fifty texts, each drawn eight times over: it takes some seconds."""
    assert len(set(WORDS)) >= 140
    sandbox = Sandbox(MANIFEST, sim_token="let me play")
    sandbox.limits.tighten("off")
    async with serving(sandbox) as address:
        desk = Desk(address)
        for number, words in enumerate(WORDS):
            await desk.post(f"{number}\n{safe(words)}", CARE)
            await desk.post(f"card {number}", ESCALATIONS, blocks=card(number, words))
        await desk.close()
        page = await browser.new_page()
        ana, asked = Window(page, address), []
        page.on("dialog", lambda dialog: asked.append(dialog.message))
        await page.goto(f"{address}/?user=U0ANA00001")
        for channel in (CARE, ESCALATIONS):
            await everything(ana, channel)
            assert await page.evaluate(INTRUDERS) == CLEAN
        quotes = {"".join(words.split()) for words in await page.locator("blockquote").all_text_contents()}
        await ana.by("open-inspector").click()
        await ana.by("inspect:calls").click()
        await ana.page.locator(".trace-head").first.click()
        await ana.by("reader-switch").check()
        await ana.page.locator(".trace-raw:visible").wait_for()
        assert await page.evaluate(INTRUDERS) == CLEAN
        async with httpx.AsyncClient(base_url=address, headers={"X-Sim-Token": "let me play"}) as http:
            state = (await http.get("/sim/state")).json()
        await page.close()

    assert [words for words in WORDS if "".join(words[:500].split()) not in quotes] == []
    assert (state["pings"], ana.foreign, ana.faults, asked) == ([], [], [], [])
