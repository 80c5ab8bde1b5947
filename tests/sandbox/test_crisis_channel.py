"""A channel made by the app: named, filled with people, given a topic, archived; and still there after a restart."""

import pytest
from slack_sdk.errors import SlackApiError

from tests.sandbox.stage import ANA, BEN, BOT, CARE, ESCALATIONS, GENERAL, GUS, OTTO, PRIVATE, granted, staged

MAY = ("channels:manage", "groups:write", "channels:join", "im:read")


@pytest.fixture
async def stage():
    async with staged(granted(*MAY)) as one:
        yield one


async def test_a_crisis_has_its_channel_from_first_to_last(stage):
    made = (await stage.web.conversations_create(name="crisis-ferry-12"))["channel"]
    await stage.web.conversations_invite(channel=made["id"], users=[ANA, BEN])
    topic = await stage.web.conversations_setTopic(channel=made["id"], topic="Ferry 12 & what we say")
    members = (await stage.web.conversations_members(channel=made["id"]))["members"]
    await stage.web.chat_postMessage(channel=made["id"], text="Here we meet.")
    await stage.web.conversations_archive(channel=made["id"])
    late = await stage.call("chat.postMessage", channel=made["id"], text="too late")

    assert (made["creator"], made["is_member"], made["is_private"]) == (BOT, True, False)
    assert topic["channel"]["topic"]["value"] == "Ferry 12 & what we say"
    assert members == [BOT, ANA, BEN]
    assert late["error"] == "is_archived"


async def test_a_private_channel_is_seen_only_by_who_is_in_it(stage):
    made = (await stage.web.conversations_create(name="crisis-legal", is_private=True))["channel"]
    listed = await stage.web.conversations_list(types="private_channel")
    stage.sandbox._world.channels[PRIVATE].members.remove(BOT)

    answers = [
        await stage.call("conversations.info", channel=PRIVATE),
        await stage.call("conversations.members", channel=PRIVATE),
        await stage.call("chat.postMessage", channel=PRIVATE, text="x"),
        await stage.call("chat.postMessage", channel="#social-private", text="x"),
    ]
    left = await stage.web.conversations_list(types="private_channel")

    assert made["is_group"] and made["is_private"]
    assert [room["id"] for room in listed["channels"]] == [PRIVATE, made["id"]]
    assert {answer["error"] for answer in answers} == {"channel_not_found"}
    assert [room["id"] for room in left["channels"]] == [made["id"]]


async def test_made_channels_and_their_state_survive_a_restart(tmp_path):
    keep = tmp_path / "sandbox.db"
    async with staged(granted(*MAY), keep=keep) as stage:
        made = (await stage.web.conversations_create(name="crisis"))["channel"]["id"]
        await stage.web.conversations_invite(channel=made, users=ANA)
        await stage.web.conversations_setTopic(channel=CARE, topic="Storm")
        await stage.web.conversations_archive(channel=ESCALATIONS)
        posted = (await stage.web.chat_postMessage(channel=made, text="kept"))["ts"]

    async with staged(granted(*MAY), keep=keep) as stage:
        members = await stage.web.conversations_members(channel=made)
        care = (await stage.web.conversations_info(channel=CARE))["channel"]
        closed = (await stage.web.conversations_info(channel=ESCALATIONS))["channel"]
        again = await stage.call("conversations.create", name="crisis")
        other = (await stage.web.conversations_create(name="crisis-2"))["channel"]["id"]
        messages = await stage.messages(made)

    assert set(members["members"]) == {BOT, ANA}
    assert (care["topic"]["value"], care["is_ext_shared"], closed["is_archived"]) == ("Storm", True, True)
    assert again["error"] == "name_taken"
    assert other != made
    assert [message["ts"] for message in messages] == [posted]


async def test_joining_twice_is_a_warning(stage):
    first = await stage.web.conversations_join(channel=GENERAL)
    second = await stage.web.conversations_join(channel=GENERAL)

    assert "warning" not in first.data
    assert (second["warning"], second["response_metadata"]) == (
        "already_in_channel",
        {"warnings": ["already_in_channel"]},
    )
    assert first["channel"]["is_member"]


async def test_one_who_cannot_come_keeps_all_out_unless_named_alone(stage):
    with pytest.raises(SlackApiError) as refused:
        await stage.web.conversations_invite(channel=ESCALATIONS, users=[GUS, OTTO])

    members = await stage.web.conversations_members(channel=ESCALATIONS)
    assert refused.value.response["errors"] == [{"user": OTTO, "ok": False, "error": "cant_invite"}]
    assert GUS not in members["members"]


REFUSALS = [
    ("create", {"name": ""}, "invalid_name_required"),
    ("create", {"name": "Crisis"}, "invalid_name_specials"),
    ("create", {"name": "crisis 12"}, "invalid_name_specials"),
    ("create", {"name": "--"}, "invalid_name_punctuation"),
    ("create", {"name": "a" * 81}, "invalid_name_maxlength"),
    ("create", {"name": "general"}, "name_taken"),
    ("invite", {"channel": CARE}, "no_user"),
    ("invite", {"channel": CARE, "users": "U0NOBODY01"}, "user_not_found"),
    ("invite", {"channel": CARE, "users": BOT}, "cant_invite_self"),
    ("invite", {"channel": CARE, "users": ANA}, "already_in_channel"),
    ("invite", {"channel": GENERAL, "users": GUS}, "not_in_channel"),
    ("invite", {"channel": "D0ANA00001", "users": BEN}, "method_not_supported_for_channel_type"),
    ("setTopic", {"channel": CARE, "topic": "a" * 251}, "too_long"),
    ("setTopic", {"channel": GENERAL, "topic": "x"}, "not_in_channel"),
    ("archive", {"channel": GENERAL}, "cant_archive_general"),
    ("archive", {"channel": "D0ANA00001"}, "method_not_supported_for_channel_type"),
    ("join", {"channel": PRIVATE}, "method_not_supported_for_channel_type"),
    ("join", {"channel": "C0NOWHERE1"}, "channel_not_found"),
    ("members", {"channel": "C0NOWHERE1"}, "channel_not_found"),
]


@pytest.mark.parametrize(("method", "args", "error"), REFUSALS)
async def test_refuses_to_change_a_channel_in_slacks_words(stage, method, args, error):
    answer = await stage.call(f"conversations.{method}", **args)

    assert answer["error"] == error


async def test_an_archived_channel_takes_nobody_in(stage):
    await stage.web.conversations_archive(channel=CARE)

    calls = {"archive": {}, "join": {}, "invite": {"users": GUS}, "setTopic": {"topic": "x"}}
    errors = [
        (await stage.call(f"conversations.{name}", channel=CARE, **more))["error"] for name, more in calls.items()
    ]

    assert errors == ["already_archived", "is_archived", "is_archived", "is_archived"]


async def test_each_act_needs_the_scope_of_its_kind_of_channel():
    async with staged() as stage:
        public = await stage.call("conversations.create", name="crisis")
        private = await stage.call("conversations.create", name="crisis", is_private=True)
        topic = await stage.call("conversations.setTopic", channel=PRIVATE, topic="x")
        join = await stage.call("conversations.join", channel=GENERAL)

    needed = [answer["needed"] for answer in (public, private, topic, join)]
    assert needed == ["channels:manage", "groups:write", "groups:write", "channels:join"]


async def test_a_narrow_scope_is_enough_for_a_narrow_act():
    async with staged(granted("channels:write.topic", "groups:write.invites")) as stage:
        topic = await stage.call("conversations.setTopic", channel=CARE, topic="x")
        invite = await stage.call("conversations.invite", channel=PRIVATE, users=GUS)
        archive = await stage.call("conversations.archive", channel=CARE)

    assert (topic["ok"], invite["ok"], archive["error"]) == (True, True, "missing_scope")
