"""Faults of the sockets and of the world itself: cut, repeated, swapped, revoked, archived, down."""

import asyncio
import contextlib

import pytest
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_sdk.errors import SlackApiError

from tests.sandbox.desk import Desk
from tests.sandbox.stage import ANA, BEN, BOT, CARE, MANIFEST, PRIVATE, button, card, staged


async def arm(stage, kind, **body):
    answer = await stage.sim("faults", kind=kind, **body)
    assert answer["ok"], answer


async def clear(stage):
    assert (await stage.http.delete("/sim/faults")).json() == {"ok": True, "faults": []}


async def social(stage):
    return await stage.sim("command", user=ANA, channel=CARE, command="/social", text="")


async def refusal(call):
    with pytest.raises(SlackApiError) as refused:
        await call
    return refused.value.response["error"]


async def posted(stage, channel=CARE):
    return (await stage.web.chat_postMessage(channel=channel, text="a card", blocks=card()))["ts"]


async def sockets(stage):
    return {one["id"] for one in (await stage.state())["connections"]}


@contextlib.asynccontextmanager
async def on_duty(stage):
    """Connect an app that looks after its socket twice a second; bolt's own 5 s would make every test as slow."""
    desk = Desk(stage)
    handler = AsyncSocketModeHandler(desk.app, stage.sandbox.app_token, ping_interval=0.5)
    await handler.connect_async()
    try:
        yield desk
    finally:
        await handler.close_async()


async def answers_again(stage, old):
    """Wait until a command is answered over another connection than these; bolt may connect more than once."""
    async with asyncio.timeout(8):
        while not (await sockets(stage) - old and (await social(stage))["ok"]):  # noqa: ASYNC110 - no bell to wait for
            await asyncio.sleep(0.02)


@pytest.mark.parametrize("kind", ["socket_abort", "socket_close", "refresh_requested", "warning"])
async def test_bolt_comes_back_after_its_socket_ended_or_is_going_to(stage, kind):
    async with on_duty(stage):
        old = await sockets(stage)
        await arm(stage, kind)

        await answers_again(stage, old)


async def test_bolt_tries_again_when_its_socket_is_one_too_many(stage):
    async with on_duty(stage):
        old = await sockets(stage)
        await arm(stage, "too_many_websockets", times=1)
        await arm(stage, "socket_close")

        await answers_again(stage, old)


async def test_a_press_may_be_delivered_twice(stage, desk):
    ts = await posted(stage)
    await arm(stage, "duplicate")

    await stage.sim("action", user=ANA, channel=CARE, message_ts=ts, action_id="claim")
    await stage.idle()

    assert len(desk.pressed) == 2
    assert desk.pressed[0]["trigger_id"] == desk.pressed[1]["trigger_id"]


async def test_presses_may_overtake_each_other(stage, desk):
    blocks = card(button("claim"), button("resolve"))
    ts = (await stage.web.chat_postMessage(channel=CARE, text="a card", blocks=blocks))["ts"]
    await arm(stage, "out_of_order")

    async with asyncio.TaskGroup() as both:
        for name in ("claim", "resolve"):
            both.create_task(stage.sim("action", user=ANA, channel=CARE, message_ts=ts, action_id=name))
            await asyncio.sleep(0.05)

    assert [body["actions"][0]["action_id"] for body in desk.pressed] == ["resolve", "claim"]


async def test_a_revoked_token_counts_no_more_until_it_is_given_back():
    events = {"bot_events": ["app_home_opened", "tokens_revoked"]}
    manifest = MANIFEST | {"settings": MANIFEST["settings"] | {"event_subscriptions": events}}
    heard = []
    async with staged(manifest) as stage, on_duty(stage) as desk:
        desk.app.event("tokens_revoked")(_noting(heard))
        await arm(stage, "token_revoked")

        assert await refusal(stage.web.auth_test()) == "token_revoked"
        assert await refusal(stage.web.apps_connections_open(app_token=stage.sandbox.app_token)) == "invalid_auth"
        await stage.idle()
        assert heard == [{"oauth": [], "bot": [BOT]}]

        await clear(stage)
        assert (await stage.web.auth_test())["ok"]


def _noting(heard):
    async def note(event):
        heard.append(event["tokens"])

    return note


async def test_an_archived_channel_takes_nothing_until_it_is_opened_again(stage):
    await arm(stage, "channel_archived", channel=CARE)
    refused = await refusal(posted(stage))
    await clear(stage)

    assert refused == "is_archived"
    assert await posted(stage)


@pytest.mark.parametrize(("channel", "error"), [(CARE, "not_in_channel"), (PRIVATE, "channel_not_found")])
async def test_a_bot_that_was_removed_may_come_back(stage, channel, error):
    await arm(stage, "bot_removed", channel=channel)
    refused = await refusal(posted(stage, channel))
    await clear(stage)

    assert refused == error
    assert await posted(stage, channel)


async def test_a_bot_that_was_invited_meanwhile_is_a_member_once(stage):
    await arm(stage, "bot_removed", channel=CARE)
    stage.sandbox._world.join(stage.sandbox._world.channels[CARE], BOT)
    await clear(stage)

    assert stage.sandbox._world.channels[CARE].members.count(BOT) == 1


async def test_a_deleted_message_cannot_be_redrawn(stage):
    ts = await posted(stage)
    await arm(stage, "message_deleted", channel=CARE, ts=ts)

    assert await refusal(stage.web.chat_update(channel=CARE, ts=ts, text="redrawn")) == "message_not_found"


async def test_when_slack_is_down_nothing_works_and_then_everything_does(stage):
    async with on_duty(stage):
        old = await sockets(stage)
        await arm(stage, "slack_down", seconds=600)
        with pytest.raises(SlackApiError) as failed:
            await posted(stage)
        people = await stage.sim("message", user=BEN, channel=CARE, text="anybody here?")
        url = await stage.http.post("/respond/whose", json={})
        gone = await sockets(stage)

        await stage.sim("clock", advance_s=600)
        await answers_again(stage, old)

        assert (failed.value.response.status_code, url.status_code, gone) == (503, 503, set())
        assert people["error"] == "Slack is down. Nothing you do here reaches anybody; try again in a while."
        assert (await stage.sim("message", user=BEN, channel=CARE, text="back again"))["ok"]


async def test_slack_is_up_again_when_the_faults_are_cleared(stage):
    await arm(stage, "slack_down", seconds=600)
    await clear(stage)

    assert await posted(stage)
