"""The inspector's feed: what went between the app and the sandbox, newer than what the reader has seen."""

import json

from tests.sandbox.stage import ANA, CARE, bolt, card, connected


async def look(stage, since=0):
    return (await stage.http.get("/page/inspector", params={"since": since})).json()


async def test_the_feed_tells_of_calls_payloads_and_acks_once(stage):
    app = bolt(stage)
    app.action("claim")(_ack)
    async with connected(stage, app):
        ts = (await stage.web.chat_postMessage(channel=CARE, text="Card", blocks=card()))["ts"]
        before = await look(stage)
        await stage.sim("action", user=ANA, channel=CARE, message_ts=ts, action_id="claim")
        after = await look(stage, before["seq"])

    assert [one["method"] for one in before["calls"]][-1] == "chat.postMessage"
    assert [(one["kind"], one["state"], one["attempt"]) for one in after["deliveries"]] == [("interactive", "acked", 0)]
    assert after["deliveries"][0]["payload"]["actions"][0]["action_id"] == "claim"
    assert after["connections"] == [{"id": after["deliveries"][0]["connection"], "unacked": 0}]
    assert (await look(stage, after["seq"]))["deliveries"] == []


async def test_a_breach_of_the_protocol_is_told_with_its_place_in_the_row(stage):
    app = bolt(stage)
    app.action("claim")(_ack_too_much)
    async with connected(stage, app):
        ts = (await stage.web.chat_postMessage(channel=CARE, text="Card", blocks=card()))["ts"]
        await stage.sim("action", user=ANA, channel=CARE, message_ts=ts, action_id="claim")
        seen = await look(stage)

    assert [one["kind"] for one in seen["errors"]] == ["ignored_payload"]
    assert seen["counts"]["errors"] == 1
    assert seen["seq"] >= seen["errors"][0]["seq"] > 0


async def test_no_token_and_no_ticket_is_ever_shown(stage):
    async with connected(stage, bolt(stage)):
        await stage.call("chat.postMessage", channel=CARE, text=f"mine is {stage.sandbox.bot_token}")
        shown = json.dumps(await look(stage))

    assert "xoxb-..." in shown
    assert stage.sandbox.bot_token not in shown
    assert "ticket=..." in shown


async def test_a_place_that_is_no_number_is_refused(stage):
    answer = await stage.http.get("/page/inspector", params={"since": "-1"})

    assert (answer.status_code, answer.json()["ok"]) == (400, False)


async def _ack(ack):
    await ack()


async def _ack_too_much(ack):
    await ack(response_action="clear")
