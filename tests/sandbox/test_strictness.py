"""Rules that a careless app breaks in Slack, and so here: triggers, answers by URL, acks, presses that are late."""

import asyncio

import pytest
from slack_sdk.webhook.async_client import AsyncWebhookClient

from tests.sandbox.desk import options
from tests.sandbox.stage import ANA, CARE, OTTO, bolt, button, card, connected, field, modal


async def post(stage, *elements, **more):
    return (await stage.web.chat_postMessage(channel=CARE, text="card", blocks=card(*elements), **more))["ts"]


async def press(stage, ts, **change):
    return await stage.sim("action", **{"user": ANA, "channel": CARE, "message_ts": ts, "action_id": "claim"} | change)


async def answer(desk, ts, **body):
    """Press, and answer by the response URL of that press; the status and the body of what Slack says."""
    assert (await press(desk.stage, ts))["ok"]
    said = await AsyncWebhookClient(desk.pressed[-1]["response_url"]).send_dict(body)
    return said.status_code, said.body


async def test_a_trigger_pushes_once_and_for_three_seconds(desk):
    await desk.opens(card()[1], field("answer", {"type": "plain_text_input", "action_id": "text"}))
    for _ in range(2):
        await desk.stage.sim("action", user=ANA, action_id="claim")
    used, expired = (body["trigger_id"] for body in desk.pressed)

    first = await desk.stage.call("views.push", trigger_id=used, view=modal())
    again = await desk.stage.call("views.push", trigger_id=used, view=modal())
    as_open = await desk.stage.call("views.open", trigger_id=used, view=modal())
    await desk.stage.sim("clock", advance_s=3.1)
    late = await desk.stage.call("views.push", trigger_id=expired, view=modal())
    made_up = await desk.stage.call("views.push", trigger_id="1.2.abc", view=modal())

    assert first["ok"]
    assert [one["error"] for one in (again, as_open, late, made_up)] == [
        "exchanged_trigger_id",
        "exchanged_trigger_id",
        "expired_trigger_id",
        "invalid_trigger_id",
    ]


async def test_the_trigger_of_a_submission_opens_a_modal(desk):
    view_id = await desk.opens()
    await desk.stage.sim("submit", user=ANA, view_id=view_id, values={"answer": "x"})

    opened = await desk.stage.call("views.open", trigger_id=desk.submitted[0]["trigger_id"], view=modal())

    assert opened["ok"] and [view["id"] for view in await desk.stack()] == [opened["view"]["id"]]


async def test_a_deletion_says_nothing_else(desk):
    ts = await post(desk.stage)

    status, said = await answer(desk, ts, delete_original=True, text="and by the way")

    assert (status, "invalid_arguments" in said) == (400, True)
    assert [message["text"] for message in await desk.stage.messages()] == ["card"]


@pytest.mark.parametrize("body", [{"replace_original": True, "text": "x"}, {"delete_original": True}])
@pytest.mark.parametrize("has_replies", [True, False])
async def test_an_original_that_is_gone_stays_gone(desk, body, has_replies):
    ts = await post(desk.stage)
    if has_replies:
        await desk.stage.web.chat_postMessage(channel=CARE, text="reply", thread_ts=ts)
    assert (await press(desk.stage, ts))["ok"]
    await desk.stage.web.chat_delete(channel=CARE, ts=ts)

    said = await AsyncWebhookClient(desk.pressed[0]["response_url"]).send_dict(body)

    assert (said.status_code, "message_not_found" in said.body) == (400, True)
    assert [one["text"] for one in await desk.stage.messages() if one["ts"] == ts] == (
        ["This message was deleted."] if has_replies else []
    )


async def test_an_answer_by_url_goes_into_a_thread_that_exists(desk):
    parent = await post(desk.stage)
    reply = await post(desk.stage, thread_ts=parent)

    inside = await answer(desk, parent, text="in the thread", response_type="in_channel", thread_ts=parent)
    beneath = await answer(desk, parent, text="x", thread_ts=reply)
    nowhere = await answer(desk, parent, text="x", thread_ts="1.000001")

    assert inside == (200, "ok")
    assert [(status, "thread_not_found" in said) for status, said in (beneath, nowhere)] == [(400, True)] * 2
    assert (await desk.stage.messages())[-1]["thread_ts"] == parent


async def test_an_answer_by_url_has_no_name_of_its_own(desk):
    await answer(desk, await post(desk.stage), text="x", response_type="in_channel", username="The Boss")

    assert (await desk.stage.messages())[-1]["username"] == ""


async def test_an_archived_channel_takes_neither_presses_nor_answers(desk):
    ts = await post(desk.stage)
    assert (await press(desk.stage, ts))["ok"]
    desk.stage.sandbox._world.channels[CARE].is_archived = True

    said = await AsyncWebhookClient(desk.pressed[0]["response_url"]).send(text="too late")
    pressed = await press(desk.stage, ts)
    typed = await desk.stage.sim("command", user=ANA, channel=CARE, command="/social", text="")
    used = await desk.stage.sim("shortcut", user=ANA, channel=CARE, message_ts=ts, callback_id="escalate")

    assert (said.status_code, "is_archived" in said.body) == (400, True)
    assert {one["error"] for one in (pressed, typed, used)} == {"is_archived"}


async def test_who_has_left_and_what_is_deleted_cannot_be_pressed(desk):
    ts, deleted, kept = [await post(desk.stage) for _ in range(3)]
    await desk.stage.web.chat_postMessage(channel=CARE, text="reply", thread_ts=kept)
    for one in (deleted, kept):
        await desk.stage.web.chat_delete(channel=CARE, ts=one)
    desk.stage.sandbox._world.channels[CARE].members.remove(OTTO)

    answers = [await press(desk.stage, one) for one in (deleted, kept)] + [await press(desk.stage, ts, user=OTTO)]

    assert [one["error"] for one in answers] == ["no such message", "no such message", "not_in_channel"]
    assert desk.pressed == []


async def test_two_quick_presses_are_two_presses(desk):
    ts = await post(desk.stage)

    answers = await asyncio.gather(press(desk.stage, ts), press(desk.stage, ts))

    assert [one["ok"] for one in answers] == [True, True]
    assert len({body["trigger_id"] for body in desk.pressed}) == 2


@pytest.mark.parametrize(
    "reply",
    [
        {"response_action": "errors", "errors": {"head": "no field"}},
        {"response_action": "errors", "errors": {"answer": ""}},
        {"response_action": "errors", "errors": {}},
        {"response_action": "errors"},
        {"response_action": "update"},
        {"response_action": "push", "view": {"type": "home", "blocks": []}},
    ],
)
async def test_an_answer_to_a_submission_that_slack_does_not_take(stage, reply):
    app = bolt(stage)

    @app.command("/social")
    async def open_(ack, body, client):
        text = field("answer", {"type": "plain_text_input", "action_id": "text"})
        await client.views_open(trigger_id=body["trigger_id"], view=modal(card()[0], text))
        await ack()

    @app.view("reply")
    async def submit(ack):
        await ack(reply)

    async with connected(stage, app):
        await stage.sim("command", user=ANA, channel=CARE, command="/social", text="")
        told = await stage.sim("submit", user=ANA, values={"answer": "x"})
        state = await stage.state()

    assert (told["ok"], told["error"]) == (False, "bad_response_action")
    assert len(state["views"][ANA]) == 1
    assert state["protocol_error_counts"] == {"bad_response_action": 1}


async def test_a_command_is_not_for_threads(stage):
    ts = (await stage.web.chat_postMessage(channel=CARE, text="card"))["ts"]

    typed = await stage.sim("command", user=ANA, channel=CARE, command="/social", text="claim 1", thread_ts=ts)

    assert typed["error"] == "not_supported_in_threads"
    [line] = (await stage.state())["notices"][ANA]
    assert (line["text"], line["kind"]) == ("/social is not supported in threads. Sorry!", "failed")


async def test_what_the_app_wrote_comes_back_as_it_wrote_it(desk):
    raw = "a<b & :wave: <@U0ANA00001> 👋"
    menu = {"type": "static_select", "action_id": "pick", "options": options("x")}
    menu["options"][0]["value"] = raw
    ts = await post(desk.stage, button(value=raw), menu)
    view_id = await desk.opens(private_metadata=raw)

    await press(desk.stage, ts)
    await press(desk.stage, ts, action_id="pick", selected=raw)
    await desk.stage.sim("submit", user=ANA, view_id=view_id, values={"answer": "a<b 👋"})

    clicked, picked = (body["actions"][0] for body in desk.pressed)
    assert (
        clicked["value"] == picked["selected_option"]["value"] == desk.submitted[0]["view"]["private_metadata"] == raw
    )
    assert desk.submitted[0]["view"]["state"]["values"]["answer"]["text"]["value"] == "a&lt;b :wave:"


@pytest.mark.parametrize(("clears", "left"), [(True, 0), (False, 1)])
async def test_closing_a_view_clears_the_stack_only_when_it_says_so(desk, clears, left):
    view_id = await desk.opens()
    desk.answer = {"response_action": "push", "view": modal(clear_on_close=clears)}
    await desk.stage.sim("submit", user=ANA, view_id=view_id, values={"answer": "x"})

    await desk.stage.sim("close", user=ANA)

    assert len(await desk.stack()) == left
