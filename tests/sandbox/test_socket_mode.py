"""Socket Mode: payloads, acks in time on the right connection, and what is wrong with the others."""

import asyncio

from tests.sandbox.lines import kinds, raw
from tests.sandbox.stage import ANA, BOT, CARE, GENERAL, OTTO, button, card, connected


async def test_without_a_connection_a_command_fails_as_in_slack(stage):
    answer = await stage.sim("command", user=ANA, channel=CARE, command="/social", text="")

    assert answer == {"ok": False, "error": "dispatch_failed"}
    [notice] = (await stage.state())["notices"][ANA]
    assert notice["text"] == '/social failed with the error "dispatch_failed"'


async def test_a_late_ack_is_a_timeout_and_a_protocol_error(stage):
    async with raw(stage) as socket:
        pressed = asyncio.create_task(stage.sim("command", user=ANA, channel=CARE, command="/social", text=""))
        envelope = await socket.receive_json()
        answer = await pressed
        await socket.send_json({"envelope_id": envelope["envelope_id"]})
        await socket.send_json({"envelope_id": envelope["envelope_id"]})
        await stage.idle()

    assert answer == {"ok": False, "error": "operation_timeout"}
    assert await kinds(stage) == ["late_ack", "double_ack"]
    assert (await stage.state())["protocol_errors"][0]["ms"] >= 3_000


async def test_double_unknown_misplaced_and_broken_acks_are_counted(stage):
    async with raw(stage) as first, raw(stage) as second:
        command = {"user": ANA, "channel": CARE, "command": "/social", "text": ""}
        sent = asyncio.create_task(stage.sim("command", **command))
        envelope = await first.receive_json()
        await second.send_json({"envelope_id": envelope["envelope_id"]})
        await stage.http.get("/sim/idle", params={"timeout_s": 0.3})
        await first.send_json({"envelope_id": envelope["envelope_id"]})
        assert (await sent)["ok"]
        await first.send_json({"envelope_id": envelope["envelope_id"]})
        await first.send_json({"envelope_id": "made-up"})
        await first.send_str("not json")
        await stage.idle()

    assert await kinds(stage) == ["wrong_socket", "double_ack", "unknown_envelope", "bad_frame"]


async def test_an_event_that_nobody_acks_comes_again(stage):
    async with raw(stage) as socket:
        await stage.sim("message", user=ANA, channel=CARE, text=f"<@{BOT}> hello")
        first = await socket.receive_json()
        again = await socket.receive_json(timeout=5)
        await socket.send_json({"envelope_id": again["envelope_id"]})
        await stage.idle()

    assert (first["retry_attempt"], first["accepts_response_payload"]) == (0, False)
    assert (again["retry_attempt"], again["retry_reason"]) == (1, "timeout")
    assert first["payload"]["event_id"] == again["payload"]["event_id"]
    assert first["envelope_id"] != again["envelope_id"]


async def test_idle_waits_for_the_ack_and_tells_when_it_gives_up(stage):
    async with raw(stage) as socket:
        await stage.sim("message", user=ANA, channel=CARE, text=f"<@{BOT}> hello")
        busy = await stage.http.get("/sim/idle", params={"timeout_s": 0.4})
        envelope = await socket.receive_json()
        await socket.send_json({"envelope_id": envelope["envelope_id"]})
        await stage.idle()

    assert (busy.status_code, busy.json()["ok"]) == (408, False)


async def test_bolt_hears_a_mention_with_its_thread(stage, app):
    heard = []

    @app.event("app_mention")
    async def mentioned(event, body, say):
        heard.append((event, body))
        await say(text="I am here", thread_ts=event["ts"])

    async with connected(stage, app):
        said = await stage.sim("message", user=OTTO, channel=CARE, text=f"<@{BOT}> claim & run")
        await stage.idle()

    [(event, body)] = heard
    assert event["text"] == f"<@{BOT}> claim &amp; run"
    assert (event["user"], event["channel"], event["ts"]) == (OTTO, CARE, said["ts"])
    assert event["user_team"] == "T0PARTNER1" and body["is_ext_shared_channel"]
    parent, reply = await stage.messages()
    assert (reply["thread_ts"], parent["reply_count"]) == (said["ts"], 1)


async def test_events_outside_of_the_bots_channels_are_not_heard(stage, app):
    heard = []

    @app.event("app_mention")
    async def mentioned(event):
        heard.append(event["channel"])

    async with connected(stage, app):
        await stage.sim("message", user=ANA, channel=GENERAL, text=f"<@{BOT}> psst")
        await stage.sim("message", user=ANA, channel="D0ANA00001", text=f"<@{BOT}> in private")
        await stage.sim("message", user=ANA, channel=CARE, text="@goshawk by its name")
        await stage.idle()

    assert heard == [CARE]


async def test_reactions_are_told_and_taken_back(stage, app):
    heard = []

    @app.event("reaction_added")
    async def reacted(event):
        heard.append((event["reaction"], event["item"]["ts"], event["item_user"]))

    async with connected(stage, app):
        ts = (await stage.web.chat_postMessage(channel=CARE, text="card"))["ts"]
        await stage.sim("reaction", user=ANA, channel=CARE, message_ts=ts, name="👀")
        shown = (await stage.messages())[0]["reactions"]
        back = await stage.sim("reaction", user=ANA, channel=CARE, message_ts=ts, name="eyes")
        await stage.idle()

    assert heard == [("eyes", ts, BOT)]
    assert shown == [{"name": "eyes", "users": [ANA]}]
    assert back["added"] is False
    assert (await stage.messages())[0]["reactions"] == []


async def test_a_listener_that_fails_leaves_the_button_hanging(stage, app):
    @app.action("claim")
    async def claim(ack):
        raise ValueError("a bug")

    async with connected(stage, app):
        ts = (await stage.web.chat_postMessage(channel=CARE, text="card", blocks=card(button())))["ts"]
        answer = await stage.sim("action", user=ANA, channel=CARE, message_ts=ts, action_id="claim")

    assert answer == {"ok": False, "error": "operation_timeout"}


async def test_when_a_connection_goes_its_payloads_are_lost_and_events_come_again(stage):
    async with raw(stage) as socket:
        sent = asyncio.create_task(stage.sim("command", user=ANA, channel=CARE, command="/social", text=""))
        await stage.sim("message", user=ANA, channel=CARE, text=f"<@{BOT}> hello")
        first = [await socket.receive_json(), await socket.receive_json()]
    async with raw(stage) as other:
        again = await other.receive_json(timeout=2)
        await other.send_json({"envelope_id": again["envelope_id"]})
        await stage.idle()

    assert await sent == {"ok": False, "error": "operation_timeout"}
    assert {frame["type"] for frame in first} == {"slash_commands", "events_api"}
    assert (again["type"], again["retry_attempt"]) == ("events_api", 1)


async def test_an_event_is_given_up_after_three_more_tries(stage):
    await stage.sim("message", user=ANA, channel=CARE, text=f"<@{BOT}> hello")
    tries = []
    for _ in range(4):
        async with raw(stage) as socket:
            await stage.sim("clock", advance_s=301)
            tries.append((await socket.receive_json(timeout=2))["retry_attempt"])
    await stage.idle()

    assert tries == [0, 1, 2, 3]
    assert await kinds(stage) == ["event_lost"]


async def test_a_payload_delivered_twice_comes_in_two_envelopes(stage):
    async with raw(stage) as socket:
        stage.sandbox._world.delivery.twice(1)
        sent = asyncio.create_task(stage.sim("command", user=ANA, channel=CARE, command="/social", text=""))
        both = [await socket.receive_json(), await socket.receive_json()]
        for envelope in both:
            await socket.send_json({"envelope_id": envelope["envelope_id"]})
        await stage.idle()

    assert (await sent)["ok"]
    assert both[0]["payload"] == both[1]["payload"] and both[0]["envelope_id"] != both[1]["envelope_id"]
    assert [one["state"] for one in (await stage.state())["deliveries"]] == ["acked", "acked"]
    assert await kinds(stage) == []


async def test_swapped_clicks_arrive_in_the_wrong_order(stage, app):
    heard = []

    @app.command("/social")
    async def social(ack, command):
        heard.append(command["text"])
        await ack()

    async with connected(stage, app):
        stage.sandbox._world.delivery.swap()
        command = {"user": ANA, "channel": CARE, "command": "/social"}
        first = asyncio.create_task(stage.sim("command", **command, text="first"))
        await asyncio.sleep(0.1)
        second = await stage.sim("command", **command, text="second")

        assert second["ok"] and (await first)["ok"]

    assert heard == ["second", "first"]


async def test_a_click_held_back_alone_goes_out_after_two_seconds(stage):
    async with raw(stage) as socket:
        stage.sandbox._world.delivery.swap()
        sent = asyncio.create_task(stage.sim("command", user=ANA, channel=CARE, command="/social", text=""))
        envelope = await socket.receive_json(timeout=2.5)
        await socket.send_json({"envelope_id": envelope["envelope_id"]})

        assert (await sent)["ack_ms"] < 1_000
