"""What hangs on a message: attachments, files, the app's shortcuts; and the notices of the client."""

import copy

import httpx
import pytest
from playwright.async_api import expect

from bot.sandbox.server import Sandbox
from tests.page.blocks import actions, button, section
from tests.page.conftest import serving
from tests.page.desk import CARE, MANIFEST, Desk

pytestmark = pytest.mark.asyncio(loop_scope="session")

PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000 1f15c489"
    "0000000a49444154789c6360000000020001e5274d340000000049454e44ae426082".replace(" ", "")
)


async def upload(desk: Desk, name: str, content: bytes, title: str) -> None:
    place = await desk.call("files.getUploadURLExternal", filename=name, length=len(content))
    async with httpx.AsyncClient(trust_env=False) as courier:
        await courier.post(place["upload_url"], content=content)
    await desk.call("files.completeUploadExternal", files=[{"id": place["file_id"], "title": title}], channel_id=CARE)


async def test_a_long_attachment_is_folded_until_it_is_opened(desk: Desk, windows):
    text = "\n".join(f"line {number}" for number in range(1, 10))
    fields = [{"title": "Host", "value": "db-1", "short": True}]
    blocks = [actions(button("look", "Look"))]
    both = [
        {"color": "danger", "title": "Disk", "text": text, "fields": fields},
        {"color": "#36a64f", "blocks": blocks},
    ]
    await desk.post("", attachments=both)
    ana = await windows()

    words = ana.page.locator(".attachment .words")
    folded = (await words.bounding_box())["height"]
    await ana.by("show-more").click()

    assert (await words.bounding_box())["height"] > folded
    await expect(ana.by("show-more")).to_have_text("Show less")
    colours = "(bars) => bars.map((bar) => getComputedStyle(bar).borderLeftColor)"
    assert await ana.page.locator(".attachment-bar").evaluate_all(colours) == ["rgb(224, 30, 90)", "rgb(54, 166, 79)"]
    await ana.by("action:look").click()
    await desk.until("block_actions")


async def test_a_picture_is_shown_and_any_other_file_is_a_download(desk: Desk, windows):
    await upload(desk, "pier.png", PIXEL, "The pier")
    await upload(desk, "week.csv", b"a,b\n", "Weekly figures")
    ana = await windows()

    picture = ana.page.get_by_role("img", name="The pier")
    await expect(picture).to_be_visible()
    assert await picture.evaluate("(image) => image.decode().then(() => image.naturalWidth)") == 1
    async with ana.page.expect_download() as coming:
        await ana.page.locator(".file-row", has_text="Weekly figures").click()
    assert (await coming.value).suggested_filename == "week.csv"


async def test_a_message_shortcut_is_used_from_its_menu(desk: Desk, windows):
    ts = await desk.post("Card", blocks=[section("A complaint"), actions(button("claim", "Claim"))])
    ana = await windows()

    await ana.by(f"message:{ts}").hover()
    await ana.by(f"more:{ts}").click()
    await ana.page.keyboard.press("Enter")
    await desk.until("message_action")

    [told] = desk.of("message_action")
    assert (told["callback_id"], told["message"]["ts"]) == ("open_case", ts)
    await expect(ana.by(f"more:{ts}")).to_be_focused()


async def test_a_global_shortcut_stands_among_the_commands(desk: Desk, windows):
    ana = await windows()
    await ana.by("composer").press_sequentially("/find")

    await ana.page.keyboard.press("Enter")
    await desk.until("shortcut")

    assert [one["callback_id"] for one in desk.of("shortcut")] == ["find_case"]
    await expect(ana.by("composer")).to_have_value("")


async def test_alt_and_an_arrow_go_to_the_next_channel(desk: Desk, windows):
    ana = await windows()

    await ana.page.keyboard.press("Alt+ArrowDown")

    await expect(ana.by("channel:C0ESCAL001")).to_have_attribute("aria-current", "page")


async def test_where_the_app_does_not_listen_there_is_no_message_box(windows, browser):
    manifest = copy.deepcopy(MANIFEST)
    manifest["features"]["app_home"]["messages_tab_read_only_enabled"] = True
    async with serving(Sandbox(manifest)) as address:
        page = await browser.new_page()
        await page.goto(f"{address}/#D0ANA00001/messages")
        await page.get_by_test_id("tab:messages").wait_for()

        await expect(page.get_by_test_id("composer")).to_be_hidden()
        await page.close()


async def test_arrows_walk_through_the_tools_of_a_message_and_tab_reaches_them_once(desk: Desk, windows):
    ts = await desk.post("Hello")
    ana = await windows()
    await ana.by(f"quick:{ts}:eyes").focus()

    await ana.page.keyboard.press("ArrowLeft")
    await expect(ana.by(f"more:{ts}")).to_be_focused()
    await ana.page.keyboard.press("Shift+Tab")

    await expect(ana.by(f"quick:{ts}:eyes")).to_be_focused()


async def test_who_acts_while_slack_is_down_is_told_so(windows, browser):
    async with serving(Sandbox(MANIFEST, sim_token="play")) as address:
        async with httpx.AsyncClient(base_url=address, headers={"X-Sim-Token": "play"}, trust_env=False) as stage:
            assert (await stage.post("/sim/faults", json={"kind": "slack_down", "seconds": 60})).json()["ok"]
        page = await browser.new_page()
        await page.goto(address)

        await page.get_by_test_id("composer").fill("/claim next")
        await page.get_by_test_id("composer").press("Enter")

        await expect(page.get_by_test_id("notice")).to_contain_text("Slack is down.")
        await expect(page.get_by_test_id("composer")).to_have_value("/claim next")
        await page.close()
