"""Corners that a test or a page may reach: the interface itself, odd arguments, threads of people."""

import copy

import pytest

from tests.sandbox.stage import (
    ANA,
    BEN,
    BOT,
    CARE,
    GENERAL,
    MANIFEST,
    card,
    connected,
    field,
    modal,
    staged,
)


@pytest.mark.parametrize(("content", "error"), [(b"{", "invalid_json"), (b"[]", "json_not_object")])
async def test_a_verb_takes_a_json_object(stage, content, error):
    answer = await stage.http.post("/sim/message", content=content)

    assert (answer.status_code, answer.json()["error"]) == (400, error)


async def test_the_clock_goes_forward_only(stage):
    backward = await stage.sim("clock", advance_s=-1)
    wrong = await stage.http.get("/sim/idle", params={"timeout_s": "soon"})
    closed = await stage.http.get("/sim/idle", headers={"X-Sim-Token": "guess"})

    assert backward["error"] == "advance_s must be a number of seconds, 0 or more, 1000000000 at most"
    assert (wrong.status_code, closed.status_code) == (400, 403)


async def test_metadata_is_kept_and_checked(stage):
    good = {"event_type": "case", "event_payload": {"id": 7}}

    posted = await stage.web.chat_postMessage(channel=CARE, text="x", metadata=good)
    no_type = await stage.call("chat.postMessage", channel=CARE, text="x", metadata={"event_payload": {}})
    no_payload = await stage.call("chat.postMessage", channel=CARE, text="x", metadata={"event_type": "case"})

    assert posted["message"]["metadata"]["event_payload"] == {"id": 7}
    assert (no_type["error"], no_payload["error"]) == ("invalid_metadata_format", "invalid_metadata_schema")


async def test_a_name_of_ones_own_needs_its_scope():
    manifest = copy.deepcopy(MANIFEST)
    manifest["oauth_config"]["scopes"]["bot"] += ["chat:write.customize", "mpim:write", "im:read"]
    async with staged(manifest) as stage:
        posted = await stage.web.chat_postMessage(channel=CARE, text="x", username="Harbour")
        several = await stage.call("conversations.open", users=f"{ANA},{BEN}")
        direct = await stage.call("conversations.info", channel="D0ANA00001")
        opened = await stage.call("conversations.open", channel="D0ANA00001", return_im=True)

    assert (posted["message"]["username"], posted["message"]["subtype"]) == ("Harbour", "bot_message")
    assert several["error"] == "method_not_supported_for_channel_type"
    assert direct["channel"]["user"] == opened["channel"]["user"] == ANA


async def test_markdown_text_is_the_text(stage):
    posted = await stage.web.chat_postMessage(channel=CARE, markdown_text="**hello**")

    assert posted["message"]["text"] == "**hello**"


@pytest.mark.parametrize(
    ("attachments", "error"),
    [
        ([{"text": "x"}] * 101, "too_many_attachments"),
        (["x"], "invalid_attachments"),
        ([{"fields": "x"}], "invalid_attachments"),
        ([{"blocks": [{"type": "header"}]}], "invalid_attachments"),
    ],
)
async def test_bad_attachments_are_refused(stage, attachments, error):
    answer = await stage.call("chat.postMessage", channel=CARE, attachments=attachments)

    assert answer["error"] == error


async def test_a_body_of_three_megabytes_is_too_large(stage):
    answer = await stage.call("chat.postMessage", channel=CARE, text="a" * 3_000_000)

    assert answer["error"] == "request_too_large"


async def test_private_channels_without_the_bot_do_not_exist_for_it(stage):
    room = stage.sandbox._world.channels["C0PRIVATE1"]
    room.members.remove(BOT)

    answers = [
        await stage.call("chat.postMessage", channel=room.id, text="x"),
        await stage.call("chat.postMessage", channel="#social-private", text="x"),
        await stage.call("conversations.info", channel=room.id),
        await stage.call("conversations.members", channel=room.id),
    ]
    listed = await stage.call("conversations.list", types="private_channel")

    assert {answer["error"] for answer in answers} == {"channel_not_found"}
    assert listed["channels"] == []


@pytest.mark.parametrize("limit", [0, 1_001, -5])
async def test_a_page_holds_one_to_a_thousand(stage, limit):
    answer = await stage.call("users.list", limit=limit)

    assert answer["error"] == "invalid_limit"


async def test_a_mention_in_a_thread_names_the_thread(stage, app):
    heard = []

    @app.event("app_mention")
    async def mentioned(event):
        heard.append(event["thread_ts"])

    async with connected(stage, app):
        parent = (await stage.web.chat_postMessage(channel=CARE, text="card"))["ts"]
        reply = (await stage.sim("message", user=ANA, channel=CARE, text="first", thread_ts=parent))["ts"]
        await stage.sim("message", user=ANA, channel=CARE, text=f"<@{BOT}> claim", thread_ts=reply)
        await stage.idle()
    link = await stage.web.chat_getPermalink(channel=CARE, message_ts=reply)

    assert heard == [parent]
    assert link["permalink"].endswith(f"?thread_ts={parent}&cid={CARE}")
    assert (await stage.messages())[0]["reply_count"] == 2


async def test_deleting_a_reply_counts_it_out(stage):
    parent = (await stage.web.chat_postMessage(channel=CARE, text="card"))["ts"]
    reply = (await stage.web.chat_postMessage(channel=CARE, text="r", thread_ts=parent))["ts"]

    await stage.web.chat_delete(channel=CARE, ts=reply)

    assert [message["reply_count"] for message in await stage.messages()] == [0]


async def test_empty_words_and_reactions_go_nowhere(stage):
    whisper = (await stage.web.chat_postEphemeral(channel=CARE, user=ANA, text="psst"))["message_ts"]

    silent = await stage.sim("message", user=ANA, channel=CARE, text="  ")
    reacted = await stage.sim("reaction", user=ANA, channel=CARE, message_ts=whisper, name="eyes")

    assert (silent["error"], reacted["error"]) == ("no_text", "no such reaction")


async def test_an_ack_with_a_payload_that_slack_ignores_is_counted(stage, app):
    @app.action("claim")
    async def claim(ack):
        await ack("nobody will see this")

    async with connected(stage, app):
        ts = (await stage.web.chat_postMessage(channel=CARE, text="card", blocks=card()))["ts"]
        await stage.sim("action", user=ANA, channel=CARE, message_ts=ts, action_id="claim")

    assert [error["kind"] for error in (await stage.state())["protocol_errors"]] == ["ignored_payload"]


async def test_a_home_is_updated_by_its_id(stage):
    home = {"type": "home", "blocks": card()}
    view_id = (await stage.web.views_publish(user_id=ANA, view=home))["view"]["id"]

    await stage.web.views_update(view_id=view_id, view={"type": "home", "blocks": []})
    as_modal = await stage.call("views.update", view_id=view_id, view=modal())

    assert (await stage.state())["homes"][ANA]["blocks"] == []
    assert as_modal["error"] == "invalid_arguments"


async def test_a_modal_without_submit_cannot_be_submitted_nor_a_fourth_pushed(desk):
    launcher = modal(card()[1])
    del launcher["submit"]
    view_id = await desk.opens()
    for _ in range(2):
        desk.answer = {"response_action": "push", "view": modal()}
        top = (await desk.stack())[-1]["id"]
        await desk.stage.sim("submit", user=ANA, view_id=top, values={"answer": "x"})
    too_high = await desk.stage.sim("submit", user=ANA, view_id=(await desk.stack())[-1]["id"], values={"answer": "x"})
    await desk.stage.call("views.update", view_id=(await desk.stack())[-1]["id"], view=launcher)
    dumb = await desk.stage.sim("submit", user=ANA, view_id=(await desk.stack())[-1]["id"], values={})
    nobody = await desk.stage.sim("action", user=BEN, view_id=view_id, action_id="claim")

    assert too_high["error"] == "bad_response_action"
    assert dumb["error"] == "this view has no submit button"
    assert nobody["error"] == "no such view"


async def test_grouped_options_are_chosen_by_value(desk):
    group = {"label": {"type": "plain_text", "text": "Teams"}, "options": []}
    group["options"] = [{"text": {"type": "plain_text", "text": "PR"}, "value": "pr"}]
    view_id = await desk.opens(field("team", {"type": "static_select", "action_id": "team", "option_groups": [group]}))

    await desk.stage.sim("submit", user=ANA, view_id=view_id, values={"team": "pr"})

    chosen = desk.submitted[0]["view"]["state"]["values"]["team"]["team"]["selected_option"]
    assert chosen["value"] == "pr"


async def test_the_public_channel_of_others_is_visible_to_the_bot(stage):
    described = await stage.call("conversations.info", channel=GENERAL)

    assert described["channel"]["is_member"] is False
    assert "num_members" not in described["channel"]
