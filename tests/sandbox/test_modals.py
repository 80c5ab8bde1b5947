"""Modals and Home as the app shows them: triggers, the stack of three, hashes, closing, pressing inside."""

from tests.sandbox.stage import ANA, CARE, button, card, field, modal


async def test_an_opened_view_has_slacks_shape(desk):
    view_id = await desk.opens(private_metadata="7", external_id="own", notify_on_close=True)

    view = desk.opened
    assert (view["id"], view["root_view_id"], view["previous_view_id"]) == (view_id, view_id, None)
    assert (view["private_metadata"], view["external_id"], view["callback_id"]) == ("7", "own", "reply")
    assert (view["app_id"], view["bot_id"], view["team_id"]) == ("A0GOSHAWK1", "B0GOSHAWK1", "T0HARBOUR1")
    assert view["hash"] and view["notify_on_close"] is True and view["clear_on_close"] is False
    assert view["state"]["values"] == {"answer": {"text": {"type": "plain_text_input", "value": None}}}


async def test_the_fourth_view_is_one_too_many(desk):
    view_id = await desk.opens(card()[1], field("answer", {"type": "plain_text_input", "action_id": "text"}))
    results = []

    for _ in range(3):
        top = (await desk.stack())[-1]["id"]
        await desk.stage.sim("action", user=ANA, view_id=top, action_id="claim")
        results.append(
            await desk.stage.call("views.push", trigger_id=desk.pressed[-1]["trigger_id"], view=modal(card()[1]))
        )

    assert [result["ok"] for result in results] == [True, True, False]
    assert results[-1]["error"] == "push_limit_reached"
    assert results[1]["view"]["root_view_id"] == view_id


async def test_pushes_only_from_inside_a_modal(desk):
    await desk.opens()
    ts = (await desk.stage.web.chat_postMessage(channel=CARE, text="c", blocks=card(button())))["ts"]
    await desk.stage.sim("action", user=ANA, channel=CARE, message_ts=ts, action_id="claim")

    refused = await desk.stage.call("views.push", trigger_id=desk.pressed[0]["trigger_id"], view=modal())

    assert refused["error"] == "not_found"


async def test_a_trigger_works_once_and_for_three_seconds(desk):
    ts = (await desk.stage.web.chat_postMessage(channel=CARE, text="c", blocks=card(button())))["ts"]
    press = {"user": ANA, "channel": CARE, "message_ts": ts, "action_id": "claim"}
    await desk.stage.sim("action", **press)
    await desk.stage.sim("action", **press)
    used, expired = (body["trigger_id"] for body in desk.pressed)

    first = await desk.stage.call("views.open", trigger_id=used, view=modal())
    again = await desk.stage.call("views.open", trigger_id=used, view=modal())
    await desk.stage.sim("clock", advance_s=3.1)
    late = await desk.stage.call("views.open", trigger_id=expired, view=modal())

    assert first["ok"]
    assert (again["error"], late["error"]) == ("exchanged_trigger_id", "expired_trigger_id")


async def test_update_by_id_own_id_and_hash(desk):
    view_id = await desk.opens(external_id="own")
    old = desk.opened["hash"]

    by_id = await desk.stage.call("views.update", view_id=view_id, hash=old, view=modal(external_id="own"))
    stale = await desk.stage.call("views.update", view_id=view_id, hash=old, view=modal(external_id="own"))
    by_own = await desk.stage.call("views.update", external_id="own", view=modal(external_id="own"))

    assert by_id["ok"] and by_own["ok"]
    assert stale["error"] == "hash_conflict"


async def test_views_that_are_too_large_are_refused(desk):
    view_id = await desk.opens()
    words = {"type": "section", "text": {"type": "mrkdwn", "text": "a" * 3_000}}

    refused = await desk.stage.call("views.update", view_id=view_id, view=modal(*[words] * 90))

    assert refused["error"] == "view_too_large"


async def test_an_input_needs_a_submit_button(desk):
    view_id = await desk.opens()
    view = modal()
    del view["submit"]

    refused = await desk.stage.call("views.update", view_id=view_id, view=view)

    assert refused["error"] == "invalid_arguments"
    assert refused["response_metadata"]["messages"][-1] == (
        "[ERROR] Goshawk must define `submit` to use an `input` block in modals [json-pointer:/view/blocks/0/input]"
    )


async def test_closing_is_told_only_when_asked_for(desk):
    await desk.opens(notify_on_close=True, private_metadata="7")
    told = await desk.stage.sim("close", user=ANA)
    await desk.opens()
    await desk.stage.sim("close", user=ANA)

    assert told["ok"]
    [body] = desk.closed
    assert (body["type"], body["is_cleared"], body["view"]["private_metadata"]) == ("view_closed", False, "7")
    assert await desk.stack() == []


async def test_the_cross_clears_the_whole_stack(desk):
    view_id = await desk.opens(notify_on_close=True)
    desk.answer = {"response_action": "push", "view": modal()}
    await desk.stage.sim("submit", user=ANA, view_id=view_id, values={"answer": "one"})

    await desk.stage.sim("close", user=ANA, all=True)

    assert await desk.stack() == []
    assert [(body["view"]["id"], body["is_cleared"]) for body in desk.closed] == [(view_id, True)]


async def test_typing_in_a_field_is_told_only_with_dispatch_action(desk):
    view_id = await desk.opens(
        field("quiet", {"type": "plain_text_input", "action_id": "quiet"}),
        field("loud", {"type": "plain_text_input", "action_id": "loud"}, dispatch_action=True),
    )

    quiet = await desk.stage.sim("action", user=ANA, view_id=view_id, action_id="quiet", value="x")
    loud = await desk.stage.sim(
        "action", user=ANA, view_id=view_id, action_id="loud", value="a&b", values={"quiet": "typed"}
    )

    assert quiet["error"] == "no such control"
    assert loud["ok"]
    [body] = desk.pressed
    assert body["container"] == {"type": "view", "view_id": view_id}
    assert body["actions"][0]["value"] == "a&amp;b"
    assert body["view"]["state"]["values"]["quiet"]["quiet"]["value"] == "typed"
    assert "message" not in body and "response_url" not in body


async def test_the_home_is_opened_published_and_pressed(stage, desk):
    opened = []

    @desk.app.event("app_home_opened")
    async def home(event, client):
        opened.append(event)
        view = {"type": "home", "private_metadata": "p", "blocks": card()}
        await client.views_publish(user_id=event["user"], view=view)

    await stage.sim("home", user=ANA)
    await stage.idle()
    again = await stage.sim("home", user=ANA)
    await stage.idle()
    pressed = await stage.sim("action", user=ANA, action_id="claim")
    shown = (await stage.state())["homes"][ANA]
    stale = await stage.call("views.publish", user_id=ANA, hash="1.x", view={"type": "home", "blocks": []})

    assert (opened[0]["tab"], opened[0]["channel"], "view" in opened[0]) == ("home", "D0ANA00001", False)
    assert opened[1]["view"]["id"] == again["view_id"] == shown["id"]
    assert pressed["ok"]
    assert desk.pressed[0]["view"]["type"] == "home"
    assert stale["error"] == "hash_conflict"
