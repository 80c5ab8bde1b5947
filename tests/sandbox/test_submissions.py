"""Submitting a modal: state in the shape of each element, what the client refuses, and every answer."""

import asyncio

import pytest

from tests.sandbox.desk import options
from tests.sandbox.lines import raw
from tests.sandbox.stage import ANA, BEN, CARE, bolt, connected, field, modal

ELEMENTS = [
    ({"type": "plain_text_input", "action_id": "a"}, "a < b & 👍", {"value": "a &lt; b &amp; :+1:"}),
    ({"type": "static_select", "action_id": "a", "options": options("x", "y")}, "y", "selected_option"),
    ({"type": "radio_buttons", "action_id": "a", "options": options("x", "y")}, "y", "selected_option"),
    ({"type": "checkboxes", "action_id": "a", "options": options("x", "y")}, ["y"], "selected_options"),
    ({"type": "users_select", "action_id": "a"}, BEN, {"selected_user": BEN}),
    ({"type": "conversations_select", "action_id": "a"}, CARE, {"selected_conversation": CARE}),
    ({"type": "datepicker", "action_id": "a"}, "2026-12-24", {"selected_date": "2026-12-24"}),
]


@pytest.mark.parametrize(("element", "given", "expected"), ELEMENTS)
@pytest.mark.parametrize("name", ["block", "a"])
async def test_values_are_delivered_in_the_shape_of_their_element(desk, element, given, expected, name):
    view_id = await desk.opens(field("block", element))

    answer = await desk.stage.sim("submit", user=ANA, view_id=view_id, values={name: given})

    state = desk.submitted[0]["view"]["state"]["values"]["block"]["a"]
    assert answer["ok"] and state.pop("type") == element["type"]
    if isinstance(expected, dict):
        assert state == expected
    else:
        chosen = state[expected]
        assert [one["value"] for one in (chosen if isinstance(chosen, list) else [chosen])] == ["y"]


async def test_initial_values_stand_until_somebody_changes_them(desk):
    view_id = await desk.opens(
        field("a", {"type": "plain_text_input", "action_id": "a", "initial_value": "tea &amp; <b>"}),
        field(
            "b",
            {
                "type": "static_select",
                "action_id": "b",
                "options": options("x", "y"),
                "initial_option": options("x")[0],
            },
        ),
        field(
            "c",
            {
                "type": "checkboxes",
                "action_id": "c",
                "options": options("x", "y"),
                "initial_options": options("y"),
            },
            optional=True,
        ),
    )

    await desk.stage.sim("submit", user=ANA, view_id=view_id, values={})

    values = desk.submitted[0]["view"]["state"]["values"]
    assert values["a"]["a"]["value"] == "tea &amp; &lt;b&gt;"
    assert values["b"]["b"]["selected_option"]["value"] == "x"
    assert [one["value"] for one in values["c"]["c"]["selected_options"]] == ["y"]


@pytest.mark.parametrize(
    ("element", "given", "sentence"),
    [
        ({"type": "plain_text_input"}, "", "Please complete this required field."),
        ({"type": "plain_text_input"}, None, "Please complete this required field."),
        ({"type": "checkboxes", "options": options("x")}, [], "Please complete this required field."),
        ({"type": "plain_text_input", "max_length": 3}, "four", "Please enter no more than 3 characters."),
        ({"type": "plain_text_input", "min_length": 3}, "ab", "Please enter at least 3 characters."),
        ({"type": "plain_text_input"}, "a" * 3_001, "Please enter no more than 3000 characters."),
    ],
)
async def test_the_client_itself_refuses_what_slacks_client_refuses(desk, element, given, sentence):
    view_id = await desk.opens(field("block", {"action_id": "a", **element}))

    answer = await desk.stage.sim("submit", user=ANA, view_id=view_id, values={"block": given})

    assert answer == {"ok": False, "errors": {"block": sentence}}
    assert desk.submitted == []
    assert (await desk.stack())[0]["errors"] == {"block": sentence}


async def test_what_a_person_cannot_submit(desk):
    view_id = await desk.opens(field("b", {"type": "static_select", "action_id": "b", "options": options("x")}))

    unknown = await desk.stage.sim("submit", user=ANA, view_id=view_id, values={"nothing": "x"})
    no_option = await desk.stage.sim("submit", user=ANA, view_id=view_id, values={"b": "z"})
    no_object = await desk.stage.sim("submit", user=ANA, view_id=view_id, values=["x"])
    not_hers = await desk.stage.sim("submit", user=BEN, view_id=view_id, values={"b": "x"})

    assert [answer["error"] for answer in (unknown, no_option, no_object, not_hers)] == [
        "no such control",
        "no such option",
        "values must be an object",
        "no such view on top",
    ]


async def test_an_empty_ack_closes_the_view(desk):
    view_id = await desk.opens()

    await desk.stage.sim("submit", user=ANA, view_id=view_id, values={"answer": "yes"})

    assert await desk.stack() == []


async def test_errors_are_shown_at_their_fields(desk):
    view_id = await desk.opens()
    desk.answer = {"response_action": "errors", "errors": {"answer": "too sharp"}}

    answer = await desk.stage.sim("submit", user=ANA, view_id=view_id, values={"answer": "no"})

    assert (answer["response_action"], answer["errors"]) == ("errors", {"answer": "too sharp"})
    assert (await desk.stack())[0]["errors"] == {"answer": "too sharp"}


async def test_update_keeps_what_was_typed_and_push_lays_on_top(desk):
    view_id = await desk.opens()
    desk.answer = {"response_action": "update", "view": modal(title={"type": "plain_text", "text": "Again"})}
    await desk.stage.sim("submit", user=ANA, view_id=view_id, values={"answer": "one"})
    [updated] = await desk.stack()
    desk.answer = {"response_action": "push", "view": modal(title={"type": "plain_text", "text": "Check"})}
    pushed = await desk.stage.sim("submit", user=ANA, view_id=view_id, values={})
    bottom, top = await desk.stack()
    desk.answer = {}
    await desk.stage.sim("submit", user=ANA, view_id=top["id"], values={"answer": "ok"})

    assert (updated["id"], updated["title"]) == (view_id, "Again")
    assert updated["state"]["values"]["answer"]["text"]["value"] == "one"
    assert (pushed["response_action"], bottom["id"], top["title"]) == ("push", view_id, "Check")
    assert desk.submitted[-1]["view"]["previous_view_id"] == view_id
    assert desk.submitted[-1]["view"]["root_view_id"] == view_id
    assert [view["id"] for view in await desk.stack()] == [view_id]


async def test_clear_closes_everything(desk):
    view_id = await desk.opens()
    desk.answer = {"response_action": "push", "view": modal()}
    await desk.stage.sim("submit", user=ANA, view_id=view_id, values={"answer": "one"})
    desk.answer = {"response_action": "clear"}
    top = (await desk.stack())[-1]
    await desk.stage.sim("submit", user=ANA, view_id=top["id"], values={"answer": "two"})

    assert await desk.stack() == []


@pytest.mark.parametrize(
    "answer",
    [
        {"response_action": "errors", "errors": {"nothing": "x"}},
        {"response_action": "update", "view": {"type": "modal"}},
        {"response_action": "dance"},
        {"text": "this is no way to answer a view"},
    ],
)
async def test_a_bad_answer_is_trouble_for_the_person_and_counted(desk, answer):
    view_id = await desk.opens()
    desk.answer = answer

    told = await desk.stage.sim("submit", user=ANA, view_id=view_id, values={"answer": "x"})

    assert (told["ok"], told["error"]) == (False, "bad_response_action")
    [view] = await desk.stack()
    assert view["failure"] == "We had some trouble connecting. Try again?"
    assert (await desk.stage.state())["protocol_errors"][-1]["kind"] == "bad_response_action"


async def test_a_modal_shows_that_it_is_busy_and_then_that_nobody_answered(stage):
    silent = bolt(stage)

    @silent.command("/social")
    async def open_(ack, body, client):
        await client.views_open(trigger_id=body["trigger_id"], view=modal())
        await ack()

    @silent.view("reply")
    async def never(ack):
        return

    async with connected(stage, silent):
        await stage.sim("command", user=ANA, channel=CARE, command="/social", text="")
        view_id = (await stage.state())["views"][ANA][0]["id"]
        sending = asyncio.create_task(stage.sim("submit", user=ANA, view_id=view_id, values={"answer": "x"}))
        await asyncio.sleep(0.1)
        during = (await stage.state())["views"][ANA][0]
        again = await stage.sim("submit", user=ANA, view_id=view_id, values={"answer": "x"})
        answer = await sending
        after = (await stage.state())["views"][ANA][0]

    assert during["busy"] and not after["busy"]
    assert again["error"] == "the view is being submitted"
    assert answer == {"ok": False, "error": "operation_timeout"}
    assert after["failure"] == "We had some trouble connecting. Try again?"


async def test_an_answer_that_comes_after_another_window_opened_leaves_that_one_alone(stage):
    async def open_window(socket):
        typed = asyncio.create_task(stage.sim("command", user=ANA, channel=CARE, command="/social", text=""))
        envelope = await socket.receive_json()
        await stage.web.views_open(trigger_id=envelope["payload"]["trigger_id"], view=modal())
        await socket.send_json({"envelope_id": envelope["envelope_id"]})
        await typed
        return (await stage.state())["views"][ANA][0]["id"]

    async with raw(stage) as socket:
        first = await open_window(socket)
        sending = asyncio.create_task(stage.sim("submit", user=ANA, view_id=first, values={"answer": "x"}))
        submitted = await socket.receive_json()
        second = await open_window(socket)
        await socket.send_json({"envelope_id": submitted["envelope_id"], "payload": {"response_action": "clear"}})
        answer = await sending
        [left] = (await stage.state())["views"][ANA]

    assert answer["ok"] and left["id"] == second != first
