"""The private channel is looked at before private words are shown, and so is who sits in it."""

from __future__ import annotations

from typing import Any

import pytest

from bot.domain.ids import StaffId
from bot.errors import SlackBusy, SlackRefused, SlackTrouble
from bot.slack.backroom import FRESH_S, MEMBERS_FRESH_S, MEMBERS_LAST_S, Backroom, open_because

ANA = StaffId("U0ANA00001")
CLOSED = {"id": "C0PRIVATE1", "is_private": True, "is_ext_shared": False, "is_archived": False}


class Slack:
    """Tells of one channel, or fails."""

    def __init__(self) -> None:
        self.told: dict[str, Any] | SlackTrouble = CLOSED
        self.inside: list[str] | SlackTrouble = [ANA]
        self.asked: list[str] = []

    async def channel(self, channel: str) -> dict[str, Any]:
        self.asked.append(channel)
        if isinstance(self.told, SlackTrouble):
            raise self.told
        return self.told

    async def members(self, channel: str) -> list[str]:
        self.asked.append(channel)
        if isinstance(self.inside, SlackTrouble):
            raise self.inside
        return self.inside


class Scene:
    def __init__(self) -> None:
        self.now = 0.0
        self.slack = Slack()
        self.room = Backroom(self.slack, lambda: self.now)
        self.room.channel = "C0PRIVATE1"


@pytest.fixture
def scene() -> Scene:
    return Scene()


@pytest.mark.parametrize(
    ("channel", "why"),
    [
        (CLOSED, ""),
        ({**CLOSED, "is_private": False}, "is public"),
        ({}, "is public"),
        ({**CLOSED, "is_ext_shared": True}, "is shared with another company"),
        ({**CLOSED, "is_pending_ext_shared": True}, "is shared with another company"),
        ({**CLOSED, "is_archived": True}, "is archived"),
    ],
)
def test_a_channel_is_closed_or_it_is_said_why_not(channel: dict[str, Any], why: str):
    assert open_because(channel) == why


async def test_it_is_looked_at_once_in_a_while(scene: Scene):
    assert [await scene.room.why_open() for _ in range(3)] == ["", "", ""]
    scene.slack.told = {**CLOSED, "is_private": False}
    assert await scene.room.why_open() == ""

    scene.now += FRESH_S

    assert await scene.room.why_open() == "is public"
    assert len(scene.slack.asked) == 2


async def test_the_channel_of_a_tier_is_looked_at_by_itself(scene: Scene):
    assert await scene.room.why_open() == ""
    scene.slack.told = {"id": "C0ESCAL001", "is_private": False}

    assert await scene.room.why_not("C0ESCAL001") == "is public"
    assert await scene.room.why_open() == ""
    assert scene.slack.asked == ["C0PRIVATE1", "C0ESCAL001"]


async def test_a_channel_that_is_gone_is_open(scene: Scene):
    scene.slack.told = SlackRefused("gone", code="channel_not_found")

    assert await scene.room.why_open() == "cannot be looked at (channel_not_found)"


async def test_as_long_as_slack_does_not_tell_nothing_is_shown(scene: Scene):
    scene.slack.told = SlackBusy("slow", retry_after_s=1)

    with pytest.raises(SlackBusy):
        await scene.room.why_open()


async def test_without_a_channel_there_is_nobody_in_it_and_slack_is_not_asked(scene: Scene):
    scene.room.channel = ""

    assert await scene.room.why_open() == "is not set up"
    assert not await scene.room.holds(ANA)
    assert scene.slack.asked == []


async def test_who_left_is_out_after_half_a_minute(scene: Scene):
    assert await scene.room.holds(ANA)
    scene.slack.inside = []

    scene.now += MEMBERS_FRESH_S

    assert not await scene.room.holds(ANA)


async def test_the_last_answer_holds_for_a_while_and_then_nobody_is_in_it(scene: Scene):
    assert await scene.room.holds(ANA)
    scene.slack.inside = SlackBusy("slow", retry_after_s=1)

    scene.now += MEMBERS_FRESH_S
    assert await scene.room.holds(ANA)
    scene.now += MEMBERS_LAST_S

    assert not await scene.room.holds(ANA)
