"""Answers around the Web API: response URLs and acks, with their five uses and thirty minutes."""

import pytest
from slack_sdk.webhook.async_client import AsyncWebhookClient

from tests.sandbox.stage import ANA, CARE, GENERAL, button, card, connected


@pytest.fixture
async def urls(stage, app):
    """Response URLs that the app was given, newest last."""
    given = []

    @app.action("claim")
    async def claim(ack, body):
        given.append(body["response_url"])
        await ack()

    @app.command("/social")
    async def social(ack, body):
        given.append(body["response_url"])
        await ack()

    async with connected(stage, app):
        yield given


async def press(stage, ts):
    answer = await stage.sim("action", user=ANA, channel=CARE, message_ts=ts, action_id="claim")
    assert answer["ok"]


async def test_answers_privately_or_to_all(stage, urls):
    await stage.sim("command", user=ANA, channel=GENERAL, command="/social", text="")
    hook = AsyncWebhookClient(urls[0])

    private = await hook.send(text="only you")
    public = await hook.send(text="all of you", response_type="in_channel")

    assert (private.status_code, private.body, public.body) == (200, "ok", "ok")
    after = await stage.state()
    assert [(one["user"], one["text"]) for one in after["ephemerals"]] == [(ANA, "only you")]
    assert [message["text"] for message in after["messages"][GENERAL]] == ["all of you"]


async def test_replaces_and_deletes_the_original(stage, urls):
    ts = (await stage.web.chat_postMessage(channel=CARE, text="card", blocks=card()))["ts"]
    await press(stage, ts)
    hook = AsyncWebhookClient(urls[0])

    await hook.send(text="replaced", replace_original=True)
    replaced = await stage.messages()
    await hook.send_dict({"delete_original": True})

    assert [(message["text"], message["blocks"]) for message in replaced] == [("replaced", [])]
    assert await stage.messages() == []


async def test_is_the_only_way_to_change_a_whisper(stage, urls):
    await stage.web.chat_postEphemeral(channel=CARE, user=ANA, text="psst", blocks=card(button()))
    ts = (await stage.state())["ephemerals"][0]["ts"]
    await press(stage, ts)

    await AsyncWebhookClient(urls[0]).send(text="changed", replace_original=True)

    [whisper] = (await stage.state())["ephemerals"]
    assert (whisper["ts"], whisper["text"]) == (ts, "changed")


async def test_works_five_times(stage, urls):
    await stage.sim("command", user=ANA, channel=CARE, command="/social", text="")
    hook = AsyncWebhookClient(urls[0])

    answers = [await hook.send(text=f"{number}") for number in range(6)]

    assert [answer.status_code for answer in answers] == [200] * 5 + [404]
    assert "used_url" in answers[-1].body


async def test_works_for_thirty_minutes(stage, urls):
    await stage.sim("command", user=ANA, channel=CARE, command="/social", text="")
    hook = AsyncWebhookClient(urls[0])

    await stage.sim("clock", advance_s=29 * 60)
    in_time = await hook.send(text="in time")
    await stage.sim("clock", advance_s=61)
    late = await hook.send(text="late")

    assert in_time.status_code == 200
    assert (late.status_code, "expired_url" in late.body) == (404, True)


@pytest.mark.parametrize(
    ("body", "error"),
    [
        (b'{"blocks": [{"type": "header"}]}', "invalid_blocks"),
        (b"{}", "no_text"),
        (b"not json", "invalid_json"),
        (b"[]", "json_not_object"),
        (b'{"delete_original": true}', "message_not_found"),
    ],
)
async def test_refuses_bad_answers(stage, urls, body, error):
    await stage.sim("command", user=ANA, channel=CARE, command="/social", text="")

    answer = await stage.http.post(urls[0], content=body)

    assert (answer.status_code, answer.json()["error"]) == (400, error)
    assert (await stage.state())["calls"][-1]["method"] == "response_url"


async def test_a_made_up_url_is_refused(stage):
    answer = await stage.http.post("/respond/made-up", json={"text": "x"})

    assert (answer.status_code, answer.json()["error"]) == (404, "invalid_url")


async def test_a_bad_answer_in_an_ack_is_counted(stage, app):
    @app.command("/social")
    async def social(ack):
        await ack(blocks=[{"type": "header"}])

    async with connected(stage, app):
        await stage.sim("command", user=ANA, channel=CARE, command="/social", text="")

    [error] = (await stage.state())["protocol_errors"]
    assert (error["kind"], error["error"]) == ("bad_ack_payload", "invalid_blocks")
