"""Shortcuts: of a message and from anywhere, in Slack's shapes; and when there is none."""

import copy

import pytest
from slack_sdk.webhook.async_client import AsyncWebhookClient

from tests.sandbox.stage import ANA, BEN, BOT, CARE, DEV, GENERAL, MANIFEST, PRIVATE, bolt, connected, modal, staged


@pytest.fixture
async def heard(stage, app):
    """Every shortcut that the app heard, acked."""
    bodies = []

    @app.shortcut("escalate")
    @app.shortcut("report")
    async def use(ack, body):
        bodies.append(body)
        await ack()

    async with connected(stage, app):
        yield bodies


async def write(stage, channel=CARE, user=BEN):
    return (await stage.sim("message", user=user, channel=channel, text="Third parcel lost"))["ts"]


async def test_a_message_shortcut_has_slacks_shape(stage, heard):
    ts = await write(stage, GENERAL)

    answer = await stage.sim("shortcut", user=ANA, channel=GENERAL, message_ts=ts, callback_id="escalate")

    [body] = heard
    assert answer["ok"] and 0 <= answer["ack_ms"] < 3_000
    assert (body["type"], body["callback_id"], body["message_ts"]) == ("message_action", "escalate", ts)
    assert body["user"] == {"id": ANA, "username": "ana", "name": "ana", "team_id": "T0HARBOUR1"}
    assert body["team"] == {"id": "T0HARBOUR1", "domain": "harbourline"}
    assert body["channel"] == {"id": GENERAL, "name": "general"}
    assert (body["message"]["user"], body["message"]["text"]) == (BEN, "Third parcel lost")
    assert body["trigger_id"].count(".") == 2 and float(body["action_ts"]) > 0
    assert body["response_url"].startswith(f"{stage.url}/respond/")
    assert not {"actions", "state", "container", "view"} & set(body)


async def test_a_global_shortcut_names_no_place_and_cannot_be_answered_by_url(stage, heard):
    answer = await stage.sim("shortcut", user=ANA, callback_id="report")

    [body] = heard
    assert answer["ok"]
    assert (body["type"], body["callback_id"], body["user"]["id"]) == ("shortcut", "report", ANA)
    assert body["trigger_id"] and float(body["action_ts"]) > 0
    assert not {"channel", "message", "message_ts", "response_url"} & set(body)


async def test_a_shortcut_opens_a_modal_once(stage, heard):
    await stage.sim("shortcut", user=ANA, callback_id="report")
    trigger_id = heard[0]["trigger_id"]

    opened = await stage.call("views.open", trigger_id=trigger_id, view=modal())
    again = await stage.call("views.open", trigger_id=trigger_id, view=modal())

    assert opened["ok"] and list((await stage.state())["views"]) == [ANA]
    assert again["error"] == "exchanged_trigger_id"


async def test_the_answer_to_a_shortcut_leaves_the_message_alone(stage, heard):
    ts = await write(stage, GENERAL)
    await stage.sim("shortcut", user=ANA, channel=GENERAL, message_ts=ts, callback_id="escalate")
    hook = AsyncWebhookClient(heard[0]["response_url"])

    told = await hook.send(text="escalated", replace_original=True)
    deleted = await hook.send_dict({"delete_original": True})

    state = await stage.state()
    assert (told.status_code, deleted.status_code) == (200, 400)
    assert [message["text"] for message in state["messages"][GENERAL]] == ["Third parcel lost"]
    assert [(one["user"], one["text"]) for one in state["ephemerals"]] == [(ANA, "escalated")]


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"callback_id": "nothing"}, "unknown_shortcut"),
        ({"callback_id": "report"}, "unknown_shortcut"),
        ({"message_ts": ""}, "unknown_shortcut"),
        ({"message_ts": "1.000001"}, "no such message"),
        ({"user": DEV, "channel": PRIVATE}, "not_in_channel"),
        ({"user": BOT}, "no such user"),
    ],
)
async def test_shortcuts_that_cannot_be_used(stage, heard, change, error):
    body = {"user": ANA, "channel": CARE, "message_ts": await write(stage), "callback_id": "escalate"}

    answer = await stage.sim("shortcut", **body | change)

    assert (answer["ok"], answer["error"]) == (False, error)
    assert heard == []


async def test_what_one_person_alone_sees_has_no_shortcuts(stage, heard):
    whisper = (await stage.web.chat_postEphemeral(channel=CARE, user=ANA, text="psst"))["message_ts"]

    answer = await stage.sim("shortcut", user=ANA, channel=CARE, message_ts=whisper, callback_id="escalate")

    assert (answer["error"], heard) == ("no shortcuts here", [])


async def test_a_shortcut_that_nobody_acks_fails_in_the_client(stage):
    nobody = await stage.sim("shortcut", user=ANA, callback_id="report")
    silent = bolt(stage)

    @silent.shortcut("report")
    async def never(ack):
        return

    async with connected(stage, silent):
        late = await stage.sim("shortcut", user=ANA, callback_id="report")

    assert (nobody["error"], late["error"]) == ("dispatch_failed", "operation_timeout")
    told = (await stage.state())["notices"][ANA]
    assert [(line["text"], line["kind"]) for line in told] == [
        ('Report a mention failed with the error "dispatch_failed"', "failed"),
        ('Report a mention failed with the error "operation_timeout"', "failed"),
    ]


async def test_an_answer_inside_the_ack_of_a_shortcut_is_counted(stage, app):
    @app.shortcut("report")
    async def use(ack):
        await ack("nobody will see this")

    async with connected(stage, app):
        await stage.sim("shortcut", user=ANA, callback_id="report")

    state = await stage.state()
    assert [(one["kind"], one["type"]) for one in state["protocol_errors"]] == [("ignored_payload", "shortcut")]
    assert state["protocol_error_counts"] == {"ignored_payload": 1}


@pytest.mark.parametrize("lack", ["commands", "interactivity"])
async def test_shortcuts_need_the_scope_and_interactivity(lack):
    manifest = copy.deepcopy(MANIFEST)
    if lack == "commands":
        manifest["oauth_config"]["scopes"]["bot"].remove("commands")
    else:
        manifest["settings"]["interactivity"]["is_enabled"] = False
    async with staged(manifest) as stage:
        answer = await stage.sim("shortcut", user=ANA, callback_id="report")

    assert answer["error"] == {"commands": "unknown_shortcut", "interactivity": "interactivity_disabled"}[lack]
