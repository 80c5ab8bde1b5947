"""The board of a storm as people see it, on a desktop and on a phone."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from tests.browser.conftest import House
from tests.browser.test_browser_pictures import shoot
from tests.fakes.clock import TurnableClock
from tests.stories.stage import ANA, BEN, stage

#: What a crowd at a ferry port writes, and to how many followers; the first two once, the others over and over.
CROWD = (
    ("@harbourline my mum is diabetic and stranded at gate 4 without her insulin, she needs help now", "lena_k", 5_400),
    ("@harbourline there is smoke in the car deck and the crew ignores it, this is dangerous", "deck_hand_jo", 95),
    ("@harbourline you charged me twice for the same crossing and nobody answers", "tomas.w", 1_240),
    ("@harbourline three hours at gate 4 and nobody tells us anything. answer your phones!", "pier_queen", 310),
    ("@harbourline still waiting at the gate, third delay today, no staff here, no reply", "ferry.spotter", 23_800),
    ("@harbourline refund refused twice although you cancelled the crossing, nobody answers", "ivo_the_baker", 610),
    ("@harbourline my suitcase never arrived and nobody answers me", "mara.quill", 42),
)


@pytest.mark.asyncio(loop_scope="session")
async def test_a_storm_is_read_and_worked_from_one_message(tmp_path: Path, browser: Browser):
    storm = {"storm_per_minute": 30, "storm_burst": 8}
    async with stage(tmp_path, clock=TurnableClock(), **storm) as scene:
        for one in range(56):
            text, who, followers = CROWD[one if one < 2 else 2 + one % 5]
            scene.town.post(text, by=f"{who}{one // 5 or ''}", followers=followers - one)
        await scene.read()
        await scene.turn(seconds=5)
        demo = House(scene, browser)
        ana = await demo.window(ANA, viewport={"width": 1280, "height": 1_130})
        board = ana.card("Storm since")
        await expect(board).to_contain_text("Nobody has yet")
        await shoot(ana, "board", last=board)
        assert await ana.broken_rules() == []
        phone = await demo.window(BEN, viewport={"width": 390, "height": 1_420}, has_touch=True, device_scale_factor=2)
        await expect(phone.card("Storm since")).to_contain_text("Nobody has yet")
        await shoot(phone, "board-phone", last=phone.card("Storm since"))
        await board.get_by_test_id("action:case.claim").first.click()
        await expect(ana.card("Claimed by ana")).to_be_visible()
        await demo.close()
