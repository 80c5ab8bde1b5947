"""Faults on demand: what the unmodified SDK sees of each, and what Slack holds afterwards."""

import asyncio
import contextlib

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from tests.sandbox.stage import CARE, GENERAL


async def post(stage, text="a card", channel=CARE):
    return await stage.web.chat_postMessage(channel=channel, text=text)


async def texts(stage, channel=CARE):
    return [message["text"] for message in await stage.messages(channel)]


async def arm(stage, kind, **body):
    answer = await stage.sim("faults", kind=kind, **body)
    assert answer["ok"], answer
    return answer["faults"][-1]


async def clear(stage):
    assert (await stage.http.delete("/sim/faults")).json() == {"ok": True, "faults": []}


@contextlib.asynccontextmanager
async def retrying(stage):
    """Give the SDK's client as it comes: with its own handler for broken connections."""
    async with aiohttp.ClientSession() as session:
        yield AsyncWebClient(stage.sandbox.bot_token, base_url=f"{stage.url}/api/", session=session)


@pytest.mark.parametrize("status", [500, 503])
async def test_a_proxy_answers_with_a_page_of_its_own(stage, status):
    await arm(stage, "status", status=status)

    with pytest.raises(SlackApiError) as failed:
        await post(stage)

    assert failed.value.response.status_code == status
    assert failed.value.response.data == {}
    assert await texts(stage) == []
    assert (await post(stage))["ok"]


async def test_a_page_may_come_as_if_it_were_fine(stage):
    await arm(stage, "html", times=2)
    header = {"Authorization": f"Bearer {stage.sandbox.bot_token}"}

    with pytest.raises(SlackApiError) as failed:
        await post(stage)
    page = await stage.http.post("/api/chat.postMessage", headers=header, json={"channel": CARE, "text": "a card"})

    assert (failed.value.response.status_code, failed.value.response.data) == (200, {})
    assert page.headers["content-type"].startswith("text/html")
    assert "<h1>" in page.text
    assert await texts(stage) == []


async def test_a_connection_cut_before_leaves_nothing(stage):
    await arm(stage, "reset_before")

    with pytest.raises(aiohttp.ClientError):
        await post(stage)

    assert await texts(stage) == []


async def test_a_connection_cut_after_leaves_the_message(stage):
    await arm(stage, "reset_after")

    with pytest.raises(aiohttp.ClientError):
        await post(stage)

    assert await texts(stage) == ["a card"]


async def test_the_sdk_as_it_comes_posts_twice_then(stage):
    await arm(stage, "reset_after")

    async with retrying(stage) as web:
        assert (await web.chat_postMessage(channel=CARE, text="a card"))["ok"]

    assert await texts(stage) == ["a card", "a card"]


async def test_a_slow_call_is_applied_when_it_is_answered(stage):
    await arm(stage, "slow", seconds=600)
    posting = asyncio.create_task(post(stage))
    await asyncio.sleep(0.1)
    before = await texts(stage)

    await stage.sim("clock", advance_s=600)

    assert (await posting)["ok"]
    assert (before, await texts(stage)) == ([], ["a card"])


async def test_a_slow_answer_comes_after_the_deed(stage):
    await arm(stage, "slow_answer", seconds=600)
    posting = asyncio.create_task(post(stage))
    await asyncio.sleep(0.1)
    before = await texts(stage)

    await stage.sim("clock", advance_s=600)

    assert (await posting)["ok"]
    assert (before, await texts(stage)) == (["a card"], ["a card"])


async def test_a_lost_answer_ends_when_the_caller_hangs_up(stage):
    await arm(stage, "lost")

    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.2):
            await post(stage)

    assert await texts(stage) == ["a card"]
    await stage.idle()


async def test_what_was_said_to_have_failed_may_still_happen(stage):
    await arm(stage, "late", seconds=600)

    with pytest.raises(SlackApiError) as failed:
        await post(stage)
    before = await texts(stage)
    await stage.sim("clock", advance_s=600)
    await stage.idle()

    assert failed.value.response.status_code == 503
    assert (before, await texts(stage)) == ([], ["a card"])


async def test_slack_may_ask_for_patience_at_any_time(stage):
    await arm(stage, "ratelimited", seconds=30)

    with pytest.raises(SlackApiError) as refused:
        await post(stage)

    assert refused.value.response.status_code == 429
    assert refused.value.response.headers["Retry-After"] == "30"
    assert refused.value.response["error"] == "ratelimited"


@pytest.mark.parametrize(("applied", "left"), [(False, []), (True, ["a card"])])
async def test_an_error_may_be_true_or_not(stage, applied, left):
    await arm(stage, "error", error="internal_error", applied=applied)

    with pytest.raises(SlackApiError) as failed:
        await post(stage)

    assert failed.value.response["error"] == "internal_error"
    assert await texts(stage) == left


async def test_a_fault_meets_its_own_method_so_many_times(stage):
    await arm(stage, "status", method="chat.postMessage", times=2)

    assert (await stage.web.auth_test())["ok"]
    for _ in range(2):
        with pytest.raises(SlackApiError):
            await post(stage)

    assert (await post(stage))["ok"]
    [fault] = (await stage.http.get("/sim/faults")).json()["faults"]
    assert fault == {"kind": "status", "method": "chat.postMessage", "left": 0, "played": 2}
    assert (await stage.state())["faults"] == [fault]


async def test_answers_by_response_url_meet_faults_too(stage):
    await arm(stage, "status", method="response_url")

    assert (await stage.web.auth_test())["ok"]
    assert (await stage.http.post("/respond/whose", json={})).status_code == 503
    assert (await stage.http.post("/respond/whose", json={})).status_code == 404


async def test_a_call_that_never_arrived_is_remembered_as_such(stage):
    await arm(stage, "status")
    with pytest.raises(SlackApiError):
        await post(stage)

    [call] = (await stage.state())["calls"]
    assert (call["method"], call["ok"], call["error"]) == ("chat.postMessage", False, "fault: status")


async def test_cleared_faults_are_not_played(stage):
    await arm(stage, "html", times=9)
    await clear(stage)

    assert (await post(stage))["ok"]


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ({}, "kind must be one of status, html"),
        ({"kind": "flood"}, "kind must be one of status, html"),
        ({"kind": "slow", "seconds": "long"}, "cannot be told seconds = 'long'"),
        ({"kind": "slow", "minutes": 1}, "cannot be told minutes = 1"),
        ({"kind": "slow", "method": "chat.postmessage"}, "there is no method chat.postmessage"),
        ({"kind": "slow", "times": 0}, "times must be 1 to"),
        ({"kind": "status", "status": 200}, "status 500, 502, 503 or 504"),
        ({"kind": "bot_removed", "channel": "C0NOWHERE"}, "there is no channel 'C0NOWHERE'"),
        ({"kind": "bot_removed", "channel": GENERAL}, "the bot is not in"),
        ({"kind": "message_deleted", "channel": CARE, "ts": "1.000000"}, "there is no message"),
    ],
)
async def test_a_fault_that_cannot_be_is_refused_in_a_sentence(stage, body, sentence):
    answer = await stage.sim("faults", **body)

    assert not answer["ok"]
    assert sentence in answer["error"]
    assert (await stage.http.get("/sim/faults")).json()["faults"] == []


async def test_faults_are_behind_the_token(stage):
    for method in ("GET", "POST", "DELETE"):
        answer = await stage.http.request(method, "/sim/faults", headers={"X-Sim-Token": "guessed"})
        assert answer.status_code == 403
