"""Controls in messages: what the app hears, in Slack's shapes, and what a person cannot do."""

import asyncio
import copy
import re

import pytest

from tests.sandbox.stage import (
    ANA,
    BEN,
    CARE,
    DEV,
    ESCALATIONS,
    GUS,
    MANIFEST,
    OTTO,
    PRIVATE,
    button,
    card,
    connected,
    staged,
)


def options(*values):
    return [{"text": {"type": "plain_text", "text": value.title()}, "value": value} for value in values]


MENU = {"type": "static_select", "action_id": "pick", "options": options("one", "two")}
OVERFLOW = {"type": "overflow", "action_id": "more", "options": options("assign", "snooze")}
BOXES = {"type": "checkboxes", "action_id": "tick", "options": options("a", "b")}
RADIO = {"type": "radio_buttons", "action_id": "tune", "options": options("x", "y")}
PERSON = {"type": "users_select", "action_id": "who"}
ROOM = {"type": "conversations_select", "action_id": "where"}
DAY = {"type": "datepicker", "action_id": "day"}


@pytest.fixture
async def heard(stage, app):
    """Every block_actions body that the app heard, acked."""
    bodies = []

    @app.action(re.compile(".*"))
    async def press(ack, body):
        bodies.append(body)
        await ack()

    async with connected(stage, app):
        yield bodies


async def post(stage, *elements, channel=CARE):
    return (await stage.web.chat_postMessage(channel=channel, text="card", blocks=card(*elements)))["ts"]


async def test_a_press_has_slacks_shape(stage, heard):
    ts = await post(stage, button(style="primary"))

    answer = await stage.sim("action", user=ANA, channel=CARE, message_ts=ts, action_id="claim")

    [body] = heard
    action = body["actions"][0]
    assert answer["ok"] and 0 <= answer["ack_ms"] < 3_000
    assert body["type"] == "block_actions"
    assert body["user"] == {"id": ANA, "username": "ana", "name": "ana", "team_id": "T0HARBOUR1"}
    assert body["team"] == {"id": "T0HARBOUR1", "domain": "harbourline"}
    assert body["api_app_id"] == "A0GOSHAWK1"
    assert body["container"] == {
        "type": "message",
        "message_ts": ts,
        "channel_id": CARE,
        "is_ephemeral": False,
    }
    assert body["channel"] == {"id": CARE, "name": "social-care"}
    assert body["message"]["ts"] == ts and body["message"]["bot_id"] == "B0GOSHAWK1"
    assert body["state"] == {"values": {}}
    assert body["response_url"].startswith(f"{stage.url}/respond/")
    assert (action["type"], action["block_id"], action["action_id"]) == ("button", "acts", "claim")
    assert (action["value"], action["style"], action["text"]["text"]) == ("7:1", "primary", "Claim")
    assert float(action["action_ts"]) > 0


@pytest.mark.parametrize(
    ("element", "chosen", "key", "value"),
    [
        (MENU, "two", "selected_option", options("two")[0]),
        (RADIO, "y", "selected_option", options("y")[0]),
        (BOXES, ["a", "b"], "selected_options", options("a", "b")),
        (PERSON, BEN, "selected_user", BEN),
        (ROOM, CARE, "selected_conversation", CARE),
        (DAY, "2026-12-24", "selected_date", "2026-12-24"),
    ],
)
async def test_a_choice_is_told_and_stands_in_the_state(stage, heard, element, chosen, key, value):
    ts = await post(stage, element)

    answer = await stage.sim(
        "action",
        user=ANA,
        channel=CARE,
        message_ts=ts,
        action_id=element["action_id"],
        selected=chosen,
    )

    assert answer["ok"]
    told = heard[0]["actions"][0][key]
    stands = heard[0]["state"]["values"]["acts"][element["action_id"]]
    assert strip(told) == value
    assert strip(stands[key]) == value
    assert stands["type"] == element["type"]


def strip(value):
    """Without ``emoji``, which Slack adds to every plain text."""
    if isinstance(value, list):
        return [strip(one) for one in value]
    if isinstance(value, dict):
        return {key: strip(one) for key, one in value.items() if key != "emoji"}
    return value


async def test_an_overflow_menu_tells_the_chosen_option(stage, heard):
    ts = await post(stage, OVERFLOW)

    await stage.sim("action", user=ANA, channel=CARE, message_ts=ts, action_id="more", selected="snooze")

    assert heard[0]["actions"][0]["selected_option"]["value"] == "snooze"
    assert heard[0]["state"] == {"values": {}}


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"action_id": "nothing"}, "no such control"),
        ({"block_id": "head"}, "no such control"),
        ({"value": "8:1"}, "no such control"),
        ({"message_ts": "1.000001"}, "no such message"),
        ({"channel": "C0NOWHERE1"}, "no such channel"),
        ({"channel": PRIVATE, "user": DEV}, "not_in_channel"),
        ({"user": "U0NOBODY01"}, "no such user"),
        ({"user": "U0GOSHAWK1"}, "no such user"),
        ({"action_id": "pick", "selected": "three"}, "no such option"),
        ({"action_id": "pick", "selected": ""}, "no such option"),
        ({"action_id": "pick"}, "no such option"),
    ],
)
async def test_what_a_person_cannot_press(stage, heard, change, error):
    ts = await post(stage, button(), MENU)
    body = {"user": ANA, "channel": CARE, "message_ts": ts, "action_id": "claim"} | change

    answer = await stage.sim("action", **body)

    assert (answer["ok"], answer["error"]) == (False, error)
    assert heard == []


async def test_a_whisper_is_pressed_by_its_reader_alone_and_not_told_again(stage, heard):
    await stage.web.chat_postEphemeral(channel=CARE, user=ANA, text="psst", blocks=card())
    whisper = (await stage.state())["ephemerals"][0]
    press = {"channel": CARE, "message_ts": whisper["ts"], "action_id": "claim"}

    by_ben = await stage.sim("action", user=BEN, **press)
    by_ana = await stage.sim("action", user=ANA, **press)

    assert by_ben["error"] == "no such message"
    assert by_ana["ok"]
    assert heard[0]["container"]["is_ephemeral"] is True
    assert "message" not in heard[0]


async def test_private_and_direct_channels_are_not_named(stage, heard):
    ts = await post(stage, channel=PRIVATE)
    direct = await post(stage, channel=ANA)

    await stage.sim("action", user=ANA, channel=PRIVATE, message_ts=ts, action_id="claim")
    await stage.sim("action", user=ANA, channel="D0ANA00001", message_ts=direct, action_id="claim")

    assert [body["channel"]["name"] for body in heard] == ["privategroup", "directmessage"]


async def test_strangers_and_guests_are_recognisable(stage, heard):
    ts = await post(stage)

    for user in (OTTO, GUS):
        await stage.sim("action", user=user, channel=CARE, message_ts=ts, action_id="claim")

    assert [body["user"]["team_id"] for body in heard] == ["T0PARTNER1", "T0HARBOUR1"]


async def test_a_control_in_a_thread_names_its_thread(stage, heard):
    parent = (await stage.web.chat_postMessage(channel=CARE, text="parent"))["ts"]
    reply = await stage.web.chat_postMessage(channel=CARE, text="r", blocks=card(), thread_ts=parent)

    await stage.sim("action", user=ANA, channel=CARE, message_ts=reply["ts"], action_id="claim")

    assert heard[0]["container"]["thread_ts"] == parent
    assert heard[0]["message"]["thread_ts"] == parent


async def test_a_command_has_slacks_shape(stage, app):
    heard = []

    @app.command("/social")
    async def social(ack, body):
        heard.append(body)
        await ack()

    async with connected(stage, app):
        await stage.sim(
            "command",
            user=ANA,
            channel=PRIVATE,
            command="/social",
            text="assign 12 @ben in #social-care <b> & https://a.example/?x=1&y=2 👋 @nobody",
        )

    [body] = heard
    assert body["text"] == (
        f"assign 12 <@{BEN}|ben> in <#{CARE}|social-care> &lt;b&gt; &amp; "
        "<https://a.example/?x=1&amp;y=2> :wave: @nobody"
    )
    assert (body["user_id"], body["user_name"]) == (ANA, "ana")
    assert (body["channel_id"], body["channel_name"]) == (PRIVATE, "privategroup")
    assert (body["team_id"], body["team_domain"]) == ("T0HARBOUR1", "harbourline")
    assert (body["api_app_id"], body["is_enterprise_install"]) == ("A0GOSHAWK1", "false")
    assert body["trigger_id"].count(".") == 2


async def test_without_should_escape_names_stay_as_typed(stage, app):
    heard = []

    @app.command("/raw")
    async def raw(ack, body):
        heard.append(body["text"])
        await ack()

    async with connected(stage, app):
        await stage.sim("command", user=ANA, channel=CARE, command="/raw", text="@ben <#1> & https://a.example")

    assert heard == ["@ben &lt;#1&gt; &amp; https://a.example"]


async def test_commands_that_cannot_be_typed(stage):
    unknown = await stage.sim("command", user=ANA, channel=CARE, command="/nothing", text="")
    outside = await stage.sim("command", user=GUS, channel=ESCALATIONS, command="/social", text="")

    assert unknown["error"] == "unknown_command"
    assert outside["error"] == "not_in_channel"
    [notice] = (await stage.state())["notices"][ANA]
    assert notice["text"] == "/nothing is not a valid command."


async def test_what_the_manifest_does_not_declare_does_not_work():
    manifest = copy.deepcopy(MANIFEST)
    manifest["settings"]["interactivity"]["is_enabled"] = False
    manifest["features"]["app_home"]["home_tab_enabled"] = False
    manifest["oauth_config"]["scopes"]["bot"] = ["chat:write"]
    async with staged(manifest) as stage:
        ts = await post(stage)
        press = await stage.sim("action", user=ANA, channel=CARE, message_ts=ts, action_id="claim")
        command = await stage.sim("command", user=ANA, channel=CARE, command="/social", text="")
        home = await stage.sim("home", user=ANA)
        view = {"type": "home", "blocks": []}
        published = await stage.call("views.publish", user_id=ANA, view=view)

    assert press["error"] == "interactivity_disabled"
    assert command["error"] == "unknown_command"
    assert home["error"] == published["error"] == "not_enabled"


async def test_a_control_inside_an_attachment_works_too(stage, heard):
    attachments = [{"color": "#a30200", "blocks": [{"type": "actions", "elements": [button()]}]}]
    ts = (await stage.web.chat_postMessage(channel=CARE, text="x", attachments=attachments))["ts"]

    answer = await stage.sim("action", user=ANA, channel=CARE, message_ts=ts, action_id="claim")

    assert answer["ok"]
    assert heard[0]["message"]["attachments"][0]["color"] == "#a30200"


async def test_a_client_that_has_not_redrawn_yet_may_press_what_was_replaced(stage, heard):
    ts = await post(stage, button("claim"))
    press = {"user": ANA, "channel": CARE, "message_ts": ts, "action_id": "claim"}
    await stage.web.chat_update(channel=CARE, ts=ts, text="claimed", blocks=card(button("reply")))

    at_once = await stage.sim("action", **press)
    await asyncio.sleep(2.1)
    later = await stage.sim("action", **press)

    assert at_once["ok"]
    assert heard[0]["message"]["text"] == "claimed"
    assert later["error"] == "no such control"
