"""No rule of WCAG 2 (A and AA) and none of good practice is broken, in any state of the page, light and dark."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable

import pytest
from playwright.async_api import expect

from tests.browser.conftest import House, Seat
from tests.stories.stage import GUS

pytestmark = pytest.mark.asyncio(loop_scope="session")

#: A few cards are enough: every rule is asked about every node.
STREAM_S = 60
SUITCASE = "where my suitcase is"
HOME = "#D0ANA00001"


async def channel(demo: House) -> Seat:
    seat = await demo.window()
    await expect(seat.card(SUITCASE)).to_be_visible()
    return seat


async def empty_channel(demo: House) -> Seat:
    seat = await demo.window(place="#C0GENERAL1")
    await expect(seat.by("timeline-empty").first).to_be_visible()
    return seat


async def thread(demo: House) -> Seat:
    seat = await channel(demo)
    await seat.card(SUITCASE).hover()
    await seat.card(SUITCASE).get_by_role("button", name="Reply in thread").click()
    await expect(seat.by("thread-composer")).to_be_visible()
    return seat


async def reply_window(demo: House) -> Seat:
    seat = await channel(demo)
    await seat.press(SUITCASE, "case.reply").click()
    await expect(seat.sheet).to_be_visible()
    return seat


async def field_error(demo: House) -> Seat:
    seat = await reply_window(demo)
    await seat.sheet.get_by_role("textbox").fill(" ")
    await seat.by("modal-submit").click()
    await expect(seat.by("error:text")).to_be_visible()
    return seat


async def check_window(demo: House) -> Seat:
    """The exact words once more: a P1 answer is never sent without."""
    seat = await channel(demo)
    await seat.press("has a missing plate", "case.reply").click()
    await seat.sheet.get_by_role("textbox").fill("The gangway is closed.")
    await seat.by("modal-submit").click()
    await expect(seat.sheet).to_contain_text("Check before sending")
    return seat


async def people_list(demo: House) -> Seat:
    """A list that lies over a window."""
    seat = await channel(demo)
    await seat.more(SUITCASE, "Assign…")
    await seat.sheet.get_by_role("button", name="Who takes it?").click()
    await expect(seat.by("menu")).to_be_visible()
    return seat


async def escalate_window(demo: House) -> Seat:
    seat = await channel(demo)
    await seat.press(SUITCASE, "case.escalate").click()
    await expect(seat.sheet.get_by_role("radiogroup")).to_be_visible()
    return seat


async def home(demo: House) -> Seat:
    seat = await demo.window(place=HOME)
    await expect(seat.by("home")).to_contain_text("Hello ana")
    return seat


async def phone(demo: House) -> Seat:
    seat = await demo.window(width=390, has_touch=True)
    await expect(seat.card(SUITCASE)).to_be_visible()
    return seat


async def phone_list(demo: House) -> Seat:
    seat = await phone(demo)
    await seat.by("open-sidebar").click()
    await expect(seat.by("user-switcher")).to_be_in_viewport()
    return seat


async def slash_menu(demo: House) -> Seat:
    seat = await channel(demo)
    await seat.by("composer").fill("/")
    await expect(seat.by("composer-menu")).to_be_visible()
    return seat


async def card_menu(demo: House) -> Seat:
    seat = await channel(demo)
    await seat.press(SUITCASE, "case.more").click()
    await expect(seat.by("menu")).to_be_visible()
    return seat


async def emoji_menu(demo: House) -> Seat:
    seat = await channel(demo)
    await seat.card(SUITCASE).hover()
    await seat.card(SUITCASE).get_by_role("button", name="Another reaction").click()
    await expect(seat.by("menu")).to_be_visible()
    return seat


async def somebody_else(demo: House) -> Seat:
    seat = await channel(demo)
    await seat.by("user-switcher").click()
    await expect(seat.by(f"be:{GUS}")).to_be_visible()
    return seat


async def private_note(demo: House) -> Seat:
    seat = await channel(demo)
    await seat.type("/social help")
    await expect(seat.page.get_by_text("Only visible to you").last).to_be_visible()
    return seat


async def failed_command(demo: House) -> Seat:
    seat = await channel(demo)
    await seat.type("/nonsense")
    await expect(seat.by("notice").last).to_be_visible()
    return seat


async def inspector(demo: House) -> Seat:
    seat = await channel(demo)
    await seat.by("open-inspector").click()
    await seat.page.locator(".trace-head").first.click()
    await expect(seat.page.locator(".trace-raw:visible")).to_have_count(1)
    return seat


async def inspected_pings(demo: House) -> Seat:
    seat = await channel(demo)
    await seat.by("open-inspector").click()
    await seat.by("inspect:pings").click()
    await expect(seat.by("inspect:pings")).to_have_attribute("aria-selected", "true")
    return seat


async def inspector_on_a_phone(demo: House) -> Seat:
    seat = await phone(demo)
    await seat.by("open-inspector").click()
    await expect(seat.by("inspect:all")).to_be_visible()
    return seat


async def read_aloud(demo: House) -> Seat:
    seat = await inspector(demo)
    await seat.by("reader-switch").check()
    await expect(seat.by("spoken").last).to_be_visible()
    return seat


async def connect_dialog(demo: House) -> Seat:
    seat = await channel(demo)
    await seat.by("connect-link").click()
    await expect(seat.by("manifest")).to_have_value(re.compile("display_information"))
    return seat


async def guide_away(demo: House) -> Seat:
    seat = await channel(demo)
    await seat.by("guide-dismiss").click()
    await expect(seat.by("guide-back")).to_be_visible()
    return seat


STATES: list[Callable[[House], Awaitable[Seat]]] = [
    channel,
    empty_channel,
    thread,
    reply_window,
    field_error,
    check_window,
    people_list,
    escalate_window,
    home,
    phone,
    phone_list,
    slash_menu,
    card_menu,
    emoji_menu,
    somebody_else,
    private_note,
    failed_command,
    inspector,
    inspected_pings,
    inspector_on_a_phone,
    read_aloud,
    connect_dialog,
    guide_away,
]


@pytest.mark.parametrize("state", STATES, ids=lambda state: state.__name__)
async def test_no_rule_is_broken(demo: House, state: Callable[[House], Awaitable[Seat]]):
    seat = await state(demo)

    found = []
    for scheme in ("light", "dark"):
        await seat.page.emulate_media(color_scheme=scheme)
        found += [f"{scheme}: {one}" for one in await seat.broken_rules()]

    assert not found, "\n".join(found)
