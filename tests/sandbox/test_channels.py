"""Where one may write: archived channels, the bot's own tab, replies that are shown in the channel as well."""

import copy

import pytest

from tests.sandbox.stage import ANA, BEN, BOT, CARE, GENERAL, MANIFEST, card, connected, modal, staged


@pytest.fixture
async def archived(stage):
    """The message in #social-care, which was archived after it."""
    ts = (await stage.web.chat_postMessage(channel=CARE, text="before", blocks=card()))["ts"]
    stage.sandbox._world.channels[CARE].is_archived = True
    return ts


async def test_nothing_moves_in_an_archived_channel(stage, archived):
    posted = await stage.call("chat.postMessage", channel=CARE, text="x")
    updated = await stage.call("chat.update", channel=CARE, ts=archived, text="x")
    deleted = await stage.call("chat.delete", channel=CARE, ts=archived)
    pressed = await stage.sim("action", user=ANA, channel=CARE, message_ts=archived, action_id="claim")
    said = await stage.sim("message", user=ANA, channel=CARE, text="x")

    assert {answer["error"] for answer in (posted, updated, deleted, pressed, said)} == {"is_archived"}


async def test_archived_channels_can_be_left_out_of_the_list(stage, archived):
    everything = await stage.call("conversations.list")
    living = await stage.call("conversations.list", exclude_archived=True)

    assert CARE in {room["id"] for room in everything["channels"]}
    assert CARE not in {room["id"] for room in living["channels"]}


async def test_a_reply_can_be_shown_in_the_channel_as_well(stage):
    parent = (await stage.web.chat_postMessage(channel=CARE, text="parent"))["ts"]

    reply = await stage.web.chat_postMessage(channel=CARE, text="r", thread_ts=parent, reply_broadcast=True)

    assert reply["message"]["subtype"] == "thread_broadcast"
    assert [message["broadcast"] for message in await stage.messages()] == [False, True]


async def test_the_bots_own_tab_can_be_closed():
    manifest = copy.deepcopy(MANIFEST)
    manifest["features"]["app_home"]["messages_tab_enabled"] = False
    async with staged(manifest) as stage:
        posted = await stage.call("chat.postMessage", channel=ANA, text="x")
        said = await stage.sim("message", user=ANA, channel="D0ANA00001", text="x")

    assert posted["error"] == said["error"] == "messages_tab_disabled"


async def test_a_mention_arrives_as_slack_delivers_it_with_the_blocks_of_its_composer(stage, app):
    heard = []

    @app.event("app_mention")
    async def mentioned(event):
        heard.append((event["text"], event["blocks"]))

    async with connected(stage, app):
        text = "@Goshawk ask @ben & <see> #general 👋 https://a.example @here"
        await stage.sim("message", user=ANA, channel=CARE, text=text)
        await stage.idle()

    [(text, [block])] = heard
    [section] = block["elements"]
    assert text == (f"<@{BOT}> ask <@{BEN}> &amp; &lt;see&gt; <#{GENERAL}|general> :wave: <https://a.example> <!here>")
    assert section["elements"] == [
        {"type": "user", "user_id": BOT},
        {"type": "text", "text": " ask "},
        {"type": "user", "user_id": BEN},
        {"type": "text", "text": " & <see> "},
        {"type": "channel", "channel_id": GENERAL},
        {"type": "text", "text": " :wave: "},
        {"type": "link", "url": "https://a.example"},
        {"type": "text", "text": " "},
        {"type": "broadcast", "range": "here"},
    ]


async def test_the_apps_own_view_id_belongs_to_one_view(stage, app):
    @app.command("/social")
    async def social(ack, body, client):
        await client.views_open(trigger_id=body["trigger_id"], view=modal(external_id="own"))
        await ack()

    async with connected(stage, app):
        first = await stage.sim("command", user=ANA, channel=CARE, command="/social", text="")
        second = await stage.sim("command", user=BEN, channel=CARE, command="/social", text="")

    assert first["ok"]
    assert second["error"] == "operation_timeout"
    assert (await stage.state())["calls"][-1]["error"] == "duplicate_external_id"
