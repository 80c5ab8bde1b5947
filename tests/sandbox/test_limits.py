"""Rate limits: Slack's tiers, a message a second in each channel, and who waits as told is served."""

import asyncio

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_async_handlers import AsyncRateLimitErrorRetryHandler
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.clock import Clock
from bot.sandbox.limits import Limits, TooFast
from tests.sandbox.stage import CARE, ESCALATIONS


class StillClock(Clock):
    """A clock that moves only when it is turned."""

    def now(self):
        return 1_000_000 + self.advanced_s


@pytest.fixture
def clock(stage):
    """Hold the time still for the limits, however slow the machine is."""
    stage.sandbox.limits._clock = StillClock()
    return stage.sandbox.limits._clock


async def post(stage, text="a card", channel=CARE):
    return await stage.web.chat_postMessage(channel=channel, text=text)


async def post_in_a_burst(stage, channel=CARE):
    """Post until Slack has had enough; return how many it took."""
    for count in range(1_000):
        try:
            await post(stage, channel=channel)
        except SlackApiError:
            return count
    raise AssertionError("never refused")


def calls_until_refused(limits, method):
    """Call until Slack has had enough; return how many calls it took."""
    for count in range(1_000):
        try:
            limits.take(method)
        except TooFast:
            return count
    raise AssertionError("never refused")


async def test_a_channel_takes_a_short_burst_and_then_says_how_long_to_wait(stage, clock):
    taken = await post_in_a_burst(stage)

    with pytest.raises(SlackApiError) as refused:
        await post(stage)

    assert taken == 4
    assert refused.value.response.status_code == 429
    assert refused.value.response.headers["Retry-After"] == "1"
    assert refused.value.response.data == {"ok": False, "error": "ratelimited"}
    assert len(await stage.messages()) == taken


async def test_channels_are_counted_each_for_itself(stage, clock):
    await post_in_a_burst(stage)

    assert (await post(stage, channel=ESCALATIONS))["ok"]


async def test_after_a_second_there_is_room_for_one_more(stage, clock):
    await post_in_a_burst(stage)
    clock.advance(1)

    assert await post_in_a_burst(stage) == 1


async def test_a_message_a_second_is_never_refused(stage, clock):
    for _ in range(20):
        await post(stage)
        clock.advance(1)

    assert (await stage.state())["limits"]["refused"] == {}


def test_the_workspace_takes_several_hundred_messages_a_minute():
    limits = Limits(StillClock())
    for number in range(300):
        limits.take("chat.postMessage", f"C{number}")

    with pytest.raises(TooFast):
        limits.take("chat.postMessage", "C300")


@pytest.mark.parametrize(
    ("method", "calls"),
    [("users.list", 20), ("chat.update", 50), ("views.publish", 100), ("users.info", 100)],
)
def test_a_method_takes_as_many_calls_a_minute_as_its_tier_says(method, calls):
    clock = StillClock()
    limits = Limits(clock)

    assert calls_until_refused(limits, method) == calls

    clock.advance(60)

    assert calls_until_refused(limits, method) == calls


async def test_the_clock_of_the_tests_turns_the_limits_too(stage):
    calls_until_refused(stage.sandbox.limits, "views.publish")
    await stage.sim("clock", advance_s=60)

    assert calls_until_refused(stage.sandbox.limits, "views.publish") >= 100


async def test_a_refused_call_tells_the_rest_of_the_wait(stage, clock):
    calls_until_refused(stage.sandbox.limits, "users.list")

    header = {"Authorization": f"Bearer {stage.sandbox.bot_token}"}
    refused = await stage.http.get("/api/users.list", headers=header)

    assert (refused.status_code, refused.headers["retry-after"]) == (429, "3")


async def test_a_stranger_uses_up_nobodys_calls(stage):
    for _ in range(30):
        await stage.http.get("/api/users.list", headers={"Authorization": "Bearer xoxb-not-ours"})

    assert (await stage.call("users.list"))["ok"]


async def test_the_sdk_waits_as_told_and_posts_once(stage):
    await post_in_a_burst(stage)
    before = len(await stage.messages())
    waiting = AsyncRateLimitErrorRetryHandler(max_retry_count=1)

    async with aiohttp.ClientSession() as session:
        url = f"{stage.url}/api/"
        web = AsyncWebClient(stage.sandbox.bot_token, base_url=url, session=session, retry_handlers=[waiting])
        answer = await web.chat_postMessage(channel=CARE, text="patient")

    assert answer["ok"]
    assert [message["text"] for message in (await stage.messages())[before:]] == ["patient"]


async def test_limits_can_be_switched_off_and_tightened(stage, clock):
    assert (await stage.sim("limits", tightness="off"))["limits"]["tightness"] == "off"
    await asyncio.gather(*(post(stage) for _ in range(30)))

    assert (await stage.sim("limits", tightness="tight"))["ok"]

    assert await post_in_a_burst(stage) == 1
    assert calls_until_refused(stage.sandbox.limits, "users.list") == 5


async def test_an_unknown_tightness_is_named(stage):
    answer = await stage.sim("limits", tightness="severe")

    assert answer == {"ok": False, "error": "tightness must be one of real, off, tight"}


async def test_the_state_says_who_was_refused_and_what_is_left(stage, clock):
    await post_in_a_burst(stage)

    limits = (await stage.state())["limits"]

    assert limits["tightness"] == "real"
    assert limits["refused"] == {f"chat.postMessage {CARE}": 1}
    assert limits["left"][f"chat.postMessage {CARE}"] == 0
    assert limits["left"]["chat.postMessage"] > 290


async def test_answers_by_response_url_are_many_but_not_endless(stage, clock):
    for _ in range(600):
        stage.sandbox.limits.take("response_url")

    refused = await stage.http.post("/respond/whose", json={"text": "too fast"})
    clock.advance(1)
    served = await stage.http.post("/respond/whose", json={"text": "in time"})

    assert (refused.status_code, refused.headers["retry-after"]) == (429, "1")
    assert served.status_code == 404
