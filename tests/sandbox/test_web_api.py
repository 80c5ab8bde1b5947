"""The Web API's door: tokens, scopes, arguments as the SDK sends them, and every refusal by its own name."""

import copy
import json

import httpx
import pytest
from slack_sdk.errors import SlackApiError

from tests.sandbox.stage import (
    ANA,
    BEN,
    BOT,
    CARE,
    ESCALATIONS,
    GENERAL,
    GUS,
    MANIFEST,
    OTTO,
    PRIVATE,
    card,
    connected,
    staged,
)


async def test_the_token_belongs_to_the_bot(stage):
    who = await stage.web.auth_test()

    assert (who["user_id"], who["team_id"], who["bot_id"]) == (BOT, "T0HARBOUR1", "B0GOSHAWK1")
    assert stage.sandbox.bot_token.startswith("xoxb-sandbox-")
    assert stage.sandbox.app_token.startswith("xapp-sandbox-")


@pytest.mark.parametrize(
    ("header", "error"),
    [
        ({}, "not_authed"),
        ({"Authorization": "Bearer xoxb-1234567890-real-looking"}, "invalid_auth"),
        ({"Authorization": "Bearer xapp-1-A0-real-looking"}, "invalid_auth"),
        ({"Authorization": "Basic eG94Yjo="}, "not_authed"),
    ],
)
async def test_takes_no_token_but_its_own(stage, header, error):
    answer = await stage.http.post("/api/auth.test", headers=header)

    assert answer.json() == {"ok": False, "error": error}


async def test_the_app_token_counts_in_the_header_only(stage):
    token = stage.sandbox.app_token

    as_field = await stage.http.post("/api/apps.connections.open", data={"token": token})
    wrong = await stage.call("apps.connections.open")
    right = await stage.web.apps_connections_open(app_token=token)

    assert as_field.json()["error"] == "not_authed"
    assert wrong["error"] == "not_allowed_token_type"
    assert right["url"].startswith(stage.url.replace("http", "ws") + "/socket?ticket=")


async def test_merges_query_form_and_json(stage):
    header = {"Authorization": f"Bearer {stage.sandbox.bot_token}"}
    blocks = json.dumps(card())

    by_query = await stage.http.get("/api/chat.postMessage", params={"channel": CARE, "text": "query"}, headers=header)
    by_form = await stage.http.post(
        "/api/chat.postMessage",
        params={"channel": CARE},
        data={"text": "form", "blocks": blocks},
        headers=header,
    )
    by_field = await stage.http.post(
        "/api/chat.postMessage",
        data={"channel": CARE, "text": "token in a field", "token": stage.sandbox.bot_token},
    )

    assert all(answer.json()["ok"] for answer in (by_query, by_form, by_field))
    assert [message["text"] for message in await stage.messages()] == ["query", "form", "token in a field"]
    assert len((await stage.messages())[1]["blocks"]) == 2


@pytest.mark.parametrize(
    ("content", "kind", "error"),
    [
        (b"{", "application/json", "invalid_json"),
        (b"[]", "application/json", "json_not_object"),
        (b"\xff\xfe", "application/x-www-form-urlencoded", "invalid_form_data"),
        (b"<xml/>", "text/xml", "invalid_post_type"),
    ],
)
async def test_refuses_a_body_it_cannot_read(stage, content, kind, error):
    header = {"Authorization": f"Bearer {stage.sandbox.bot_token}", "Content-Type": kind}

    answer = await stage.http.post("/api/auth.test", content=content, headers=header)

    assert answer.json()["error"] == error


REFUSALS = [
    ("chat.post", {}, "unknown_method"),
    ("chat.postMessage", {"text": "x"}, "channel_not_found"),
    ("chat.postMessage", {"channel": "C0NOWHERE1", "text": "x"}, "channel_not_found"),
    ("chat.postMessage", {"channel": GENERAL, "text": "x"}, "not_in_channel"),
    ("chat.postMessage", {"channel": CARE}, "no_text"),
    ("chat.postMessage", {"channel": CARE, "text": "   "}, "no_text"),
    ("chat.postMessage", {"channel": CARE, "text": "x", "blocks": "{"}, "invalid_blocks_format"),
    ("chat.postMessage", {"channel": CARE, "text": "x", "blocks": {"a": 1}}, "invalid_blocks_format"),
    ("chat.postMessage", {"channel": CARE, "text": "x", "attachments": "no"}, "invalid_attachments"),
    ("chat.postMessage", {"channel": CARE, "text": "x", "thread_ts": "1.000001"}, "thread_not_found"),
    ("chat.postMessage", {"channel": CARE, "markdown_text": "a", "text": "b"}, "markdown_text_conflict"),
    ("chat.postMessage", {"channel": CARE, "markdown_text": "a" * 12_001}, "msg_too_long"),
    ("chat.postMessage", {"channel": CARE, "text": "x", "metadata": "no"}, "invalid_metadata_format"),
    ("chat.postMessage", {"channel": CARE, "text": "x", "username": "Sea"}, "missing_scope"),
    ("chat.postEphemeral", {"channel": CARE, "text": "x", "user": "U0NOBODY01"}, "user_not_found"),
    ("chat.postEphemeral", {"channel": ESCALATIONS, "text": "x", "user": GUS}, "user_not_in_channel"),
    ("chat.postEphemeral", {"channel": CARE, "text": "x"}, "invalid_arguments"),
    ("chat.update", {"channel": CARE, "ts": "1.000001", "text": "x"}, "message_not_found"),
    ("chat.update", {"channel": "#social-care", "ts": "1.000001", "text": "x"}, "channel_not_found"),
    ("chat.delete", {"channel": CARE, "ts": "1.000001"}, "message_not_found"),
    ("chat.getPermalink", {"channel": CARE, "message_ts": "1.000001"}, "message_not_found"),
    ("users.info", {"user": "U0NOBODY01"}, "user_not_found"),
    ("users.list", {"cursor": "nonsense"}, "invalid_cursor"),
    ("users.list", {"limit": "many"}, "invalid_arguments"),
    ("usergroups.users.list", {"usergroup": "S0"}, "no_such_subteam"),
    ("conversations.info", {"channel": "C0NOWHERE1"}, "channel_not_found"),
    ("conversations.info", {"channel": "D0ANA00001"}, "missing_scope"),
    ("conversations.members", {"channel": "C0NOWHERE1"}, "channel_not_found"),
    ("conversations.list", {"types": "im"}, "missing_scope"),
    ("conversations.list", {"types": "room"}, "invalid_types"),
    ("conversations.open", {}, "users_list_not_supplied"),
    ("conversations.open", {"users": f"{ANA},{GUS}"}, "missing_scope"),
    ("conversations.open", {"users": "U0NOBODY01"}, "user_not_found"),
    ("views.open", {"trigger_id": "1.2.a"}, "invalid_arguments"),
    ("views.open", {"view": {"type": "modal"}, "trigger_id": "1.2.a"}, "invalid_trigger_id"),
    ("views.open", {"view": {"type": "modal"}}, "invalid_trigger_id"),
    ("views.update", {"view": {"type": "modal"}}, "invalid_arguments"),
    ("views.update", {"view": {"type": "modal"}, "view_id": "V1"}, "not_found"),
    ("views.publish", {"view": {"type": "home", "blocks": []}, "user_id": "U0"}, "invalid_arguments"),
]


@pytest.mark.parametrize(("method", "args", "error"), REFUSALS)
async def test_refuses_in_slacks_words(stage, method, args, error):
    answer = await stage.call(method, **args)

    assert (answer["ok"], answer["error"]) == (False, error)
    assert (await stage.state())["calls"][-1]["error"] == error


async def test_a_scope_that_the_manifest_lacks_is_named():
    manifest = copy.deepcopy(MANIFEST)
    manifest["oauth_config"]["scopes"]["bot"] = ["commands", "chat:write"]
    async with staged(manifest) as stage:
        answer = await stage.call("users.info", user=ANA)

    assert answer == {
        "ok": False,
        "error": "missing_scope",
        "needed": "users:read",
        "provided": "commands,chat:write",
    }


async def test_writes_to_a_public_channel_from_outside_only_with_its_scope():
    manifest = copy.deepcopy(MANIFEST)
    manifest["oauth_config"]["scopes"]["bot"].append("chat:write.public")
    async with staged(manifest) as stage:
        posted = await stage.call("chat.postMessage", channel=GENERAL, text="hello")
        whispered = await stage.call("chat.postEphemeral", channel=GENERAL, text="psst", user=ANA)

    assert posted["ok"]
    assert whispered["error"] == "not_in_channel"


async def test_the_sdk_raises_what_slack_refuses(stage):
    with pytest.raises(SlackApiError) as refused:
        await stage.web.chat_postMessage(channel=CARE, text="x", blocks=[{"type": "header"}])

    assert refused.value.response["error"] == "invalid_blocks"
    assert refused.value.response["response_metadata"]["messages"] == [
        "[ERROR] missing required field: text [json-pointer:/blocks/0]"
    ]


async def test_people_and_places_are_described(stage):
    everybody = await stage.web.users_list(limit=3)
    names = [member["name"] async for page in everybody for member in page["members"]]
    otto = (await stage.web.users_info(user=OTTO))["user"]
    gus = (await stage.web.users_info(user=GUS))["user"]
    groups = await stage.web.usergroups_list(include_users=True)
    press = await stage.web.usergroups_users_list(usergroup="S0PR000001")
    rooms = await stage.web.conversations_list(types="public_channel,private_channel")
    care = (await stage.web.conversations_info(channel=CARE, include_num_members=True))["channel"]
    members = await stage.web.conversations_members(channel=PRIVATE)
    direct = await stage.web.conversations_open(users=ANA)

    assert names == ["ana", "ben", "cleo", "dev", "gus", "goshawk"]
    assert otto["is_stranger"] and otto["team_id"] == "T0PARTNER1"
    assert gus["is_restricted"] and gus["is_ultra_restricted"]
    assert [group["users"] for group in groups["usergroups"]] == [["U0CLEO0001"], ["U0DEV00001"]]
    assert press["users"] == ["U0DEV00001"]
    assert [room["id"] for room in rooms["channels"]] == [CARE, ESCALATIONS, PRIVATE, GENERAL]
    assert [room["is_member"] for room in rooms["channels"]] == [True, True, True, False]
    assert care["is_ext_shared"] and care["num_members"] == 7
    assert members["members"] == [ANA, BEN, "U0CLEO0001", BOT]
    assert direct["channel"]["id"] == "D0ANA00001"


async def test_a_long_text_is_cut_and_a_permalink_names_the_message(stage):
    posted = await stage.web.chat_postMessage(channel="#social-care", text="a" * 40_001)
    link = await stage.web.chat_getPermalink(channel=CARE, message_ts=posted["ts"])

    assert len(posted["message"]["text"]) == 40_000
    assert link["permalink"].endswith(f"/archives/{CARE}/p{posted['ts'].replace('.', '')}")


async def test_an_update_with_text_alone_drops_the_blocks(stage):
    posted = await stage.web.chat_postMessage(channel=CARE, text="card", blocks=card())

    updated = await stage.web.chat_update(channel=CARE, ts=posted["ts"], text="only words")

    assert "blocks" not in updated["message"]
    [message] = await stage.messages()
    assert (message["text"], message["blocks"], message["edited"]) == ("only words", [], True)


async def test_touches_only_its_own_messages(stage):
    theirs = (await stage.sim("message", user=ANA, channel=CARE, text="mine"))["ts"]
    whisper = (await stage.web.chat_postEphemeral(channel=CARE, user=ANA, text="psst"))["message_ts"]

    updated = await stage.call("chat.update", channel=CARE, ts=theirs, text="x")
    deleted = await stage.call("chat.delete", channel=CARE, ts=theirs)
    whispered = await stage.call("chat.update", channel=CARE, ts=whisper, text="x")

    assert updated["error"] == "cant_update_message"
    assert deleted["error"] == "cant_delete_message"
    assert whispered["error"] == "message_not_found"


async def test_threads_count_their_replies_and_leave_a_tombstone(stage):
    parent = (await stage.web.chat_postMessage(channel=CARE, text="parent"))["ts"]
    reply = (await stage.web.chat_postMessage(channel=CARE, text="reply", thread_ts=parent))["ts"]

    nested = await stage.call("chat.postMessage", channel=CARE, text="x", thread_ts=reply)
    await stage.web.chat_delete(channel=CARE, ts=parent)

    assert nested["error"] == "cannot_reply_to_message"
    stone, kept = await stage.messages()
    assert (stone["text"], stone["deleted"], stone["reply_count"]) == ("This message was deleted.", True, 1)
    assert kept["thread_ts"] == parent


async def test_posts_to_a_person_arrive_in_the_conversation_with_the_bot(stage):
    posted = await stage.web.chat_postMessage(channel=ANA, text="for you")

    assert posted["channel"] == "D0ANA00001"
    assert (await stage.messages("D0ANA00001"))[0]["text"] == "for you"


async def test_only_loopback_and_its_own_page_are_served(stage, app):
    async with httpx.AsyncClient(base_url=stage.url) as stranger:
        rebound = await stranger.get("/", headers={"Host": "evil.example"})
        foreign = await stranger.post("/page/message", json={"user": ANA}, headers={"Origin": "http://evil.example"})
        form = await stranger.post("/page/message", data={"user": ANA})
        closed = await stranger.get("/sim/state")
        wrong = await stranger.get("/sim/state", headers={"X-Sim-Token": "guess"})

        picture = await stranger.get(
            "/api/api.test", headers={"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"}
        )
        link = await stranger.get("/", headers={"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"})

    assert [rebound.status_code, foreign.status_code, form.status_code] == [403, 403, 415]
    assert [picture.status_code, link.status_code] == [403, 200]
    assert [closed.status_code, wrong.status_code] == [403, 403]
    async with connected(stage, app):
        assert len((await stage.state())["connections"]) == 1
