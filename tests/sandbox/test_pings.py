"""Who would have been pinged, and how typed text is delivered."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sandbox import workspace
from bot.sandbox.pings import pings
from bot.sandbox.text import Directory, escape, typed_command, typed_input, typed_message, unescape
from tests.sandbox.stage import ANA, BEN, BOT, CARE, CLEO, DEV, ESCALATIONS, GENERAL, GUS, OTTO, PRIVATE

NAMES = Directory(workspace.people("Goshawk"), workspace.channels(), workspace.groups())
EVERYBODY = [ANA, BEN, CLEO, DEV, GUS, OTTO]


def pinged(**body):
    channel = NAMES.channels[CARE]
    return pings(body, channel=channel, names=NAMES, by=BOT)


def section(text, kind="mrkdwn"):
    return {"type": "section", "text": {"type": kind, "text": text}}


def rich(*elements):
    quote = {"type": "rich_text_quote", "elements": list(elements)}
    return {"type": "rich_text", "elements": [quote]}


@pytest.mark.parametrize(
    ("body", "users"),
    [
        ({"text": f"<@{ANA}> and <@{ANA}|ana>"}, [ANA]),
        ({"text": "<!subteam^S0LEADS001|@social-leads>"}, [CLEO]),
        ({"text": "<!subteam^S0NOBODY|@x>"}, []),
        ({"text": "", "blocks": [rich({"type": "user", "user_id": "not an id"})]}, []),
        ({"text": "<!channel>"}, EVERYBODY),
        ({"text": "<!here|here>"}, EVERYBODY),
        ({"text": "<!everyone>"}, EVERYBODY),
        ({"text": f"<@{BOT}>"}, []),
        ({"text": "<@U0NOBODY01>"}, []),
        ({"text": "&lt;!channel&gt; <https://a.example|<!channel>"}, EVERYBODY),
        ({"text": "&lt;!channel&gt;"}, []),
        ({"text": "@ana"}, []),
        ({"text": "@ana", "link_names": True}, [ANA]),
        ({"text": "@ben", "parse": "full"}, [BEN]),
        ({"text": "@pr", "link_names": True}, [DEV]),
        ({"text": "@here", "parse": "full"}, EVERYBODY),
        ({"text": "", "blocks": [section("@ana")], "link_names": True}, [ANA]),
        ({"text": "", "blocks": [section(f"<@{ANA}>")]}, [ANA]),
        ({"text": "", "blocks": [section(f"<@{ANA}>", "plain_text")]}, []),
        ({"text": "", "blocks": [{"type": "markdown", "text": f"<@{ANA}>"}]}, [ANA]),
        (
            {"text": "", "blocks": [{"type": "context", "elements": [{"type": "mrkdwn", "text": "<!here>"}]}]},
            EVERYBODY,
        ),
        ({"text": "", "blocks": [rich({"type": "text", "text": f"<@{ANA}> <!channel>"})]}, []),
        ({"text": "", "blocks": [rich({"type": "user", "user_id": ANA})]}, [ANA]),
        ({"text": "", "blocks": [rich({"type": "usergroup", "usergroup_id": "S0PR000001"})]}, [DEV]),
        ({"text": "", "blocks": [rich({"type": "broadcast", "range": "here"})]}, EVERYBODY),
        ({"text": "", "attachments": [{"text": f"<@{ANA}>"}]}, [ANA]),
        ({"text": "", "attachments": [{"fields": [{"value": "<!here>"}]}]}, EVERYBODY),
        ({"text": "", "attachments": [{"blocks": [section(f"<@{BEN}>")]}]}, [BEN]),
        ({"text": "", "attachments": [{"blocks": [rich({"type": "user", "user_id": BEN})]}]}, [BEN]),
        ({"text": "", "blocks": [{"type": "table", "rows": [[rich({"type": "user", "user_id": BEN})]]}]}, [BEN]),
    ],
)
def test_pings_exactly_whom_slack_would(body, users):
    assert pinged(**body).users == users


@pytest.mark.parametrize(
    ("room", "text", "told"),
    [
        (PRIVATE, f"<@{ANA}> <@{DEV}> <!subteam^S0PR000001>", [ANA]),
        (PRIVATE, "<!here>", [ANA, BEN, CLEO]),
        (ESCALATIONS, f"<@{GUS}> <@{OTTO}> <@{DEV}>", [DEV]),
        (GENERAL, f"<@{ANA}>", [ANA]),
        ("D0ANA00001", "hello", [ANA]),
        ("D0ANA00001", f"<@{BEN}>", [ANA]),
    ],
)
def test_only_who_can_see_the_channel_is_told_and_in_a_direct_message_always(room, text, told):
    found = pings({"text": text}, channel=NAMES.channels[room], names=NAMES, by=BOT)

    assert found.users == told


def test_the_author_is_not_told_of_an_own_message():
    found = pings({"text": "hello"}, channel=NAMES.channels["D0ANA00001"], names=NAMES, by=ANA)

    assert found.users == []


async def test_an_edit_tells_nobody_and_takes_nothing_back(stage):
    quiet = (await stage.web.chat_postMessage(channel=CARE, text="a card"))["ts"]
    loud = (await stage.web.chat_postMessage(channel=CARE, text=f"<@{BEN}>"))["ts"]

    await stage.web.chat_update(channel=CARE, ts=quiet, text=f"for <@{ANA}>")
    await stage.web.chat_update(channel=CARE, ts=loud, text="for nobody")

    state = await stage.state()
    assert [(one["pings"], one["named"]) for one in state["messages"][CARE]] == [([], [ANA]), ([BEN], [])]
    assert state["pings"] == [
        {"channel": CARE, "ts": quiet, "users": [], "tokens": [f"<@{ANA}>"]},
        {"channel": CARE, "ts": loud, "users": [BEN], "tokens": []},
    ]


async def test_whispers_and_replies_ping_only_whom_they_name(stage):
    parent = (await stage.sim("message", user=ANA, channel=CARE, text="mine"))["ts"]
    await stage.web.chat_postEphemeral(channel=CARE, user=ANA, text=f"<@{BEN}>")
    await stage.web.chat_postMessage(channel=CARE, text="answer", thread_ts=parent)
    await stage.web.chat_postMessage(channel=ANA, text="for you alone")

    state = await stage.state()
    assert [(one["pings"], one["named"]) for one in state["ephemerals"]] == [([], [BEN])]
    assert [one["pings"] for one in state["messages"][CARE]] == [[], []]
    assert [one["pings"] for one in state["messages"]["D0ANA00001"]] == [[ANA]]


def test_warns_of_brackets_that_somebody_forgot_to_escape():
    found = pinged(text="a < b <https://a.example|x> <script>", blocks=[section("<3")])

    assert found.warnings == ["< b  <script>", "<script>", "<3"]
    assert found.users == found.tokens == []


@given(st.text())
def test_escaped_text_pings_nobody(text):
    found = pinged(text=escape(text), blocks=[section(escape(text) or "x"), rich({"type": "text", "text": text})])

    assert (found.users, found.tokens, found.warnings) == ([], [], [])


@given(st.text())
def test_what_is_typed_never_arrives_raw_and_is_not_lost(text):
    delivered = typed_input(text)

    assert "<" not in delivered and ">" not in delivered
    assert unescape(escape(text)) == text


def test_a_command_names_people_as_a_message_does_but_calls_nobody_together():
    delivered = typed_command("assign 12 @Ben Okafor @here", NAMES, should_escape=True)

    assert delivered == f"assign 12 <@{BEN}|ben> @here"


@given(st.text(alphabet="<>@#!&|U0ANA00001 ana.subteam^here"))
def test_a_typed_command_holds_no_broadcast(text):
    delivered = typed_command(text, NAMES, should_escape=True)

    found = pinged(text=delivered)
    assert not any("!" in token for token in found.tokens)
    assert found.warnings == []


@pytest.mark.parametrize(
    ("typed", "delivered"),
    [
        (f"<@{BOT}> hi", f"<@{BOT}> hi"),
        ("@ana: see #general", f"<@{ANA}>: see <#C0GENERAL1|general>"),
        ("@pr please", "<!subteam^S0PR000001|@pr> please"),
        ("mail a@ana.example", "mail a@ana.example"),
        ("@ana.", f"<@{ANA}>."),
        ("@Goshawk claim", f"<@{BOT}> claim"),
        ("(@ANA RUIZ), @Ben Okafors", f"(<@{ANA}>), <@{BEN}> Okafors"),
        ("@Social-Leads and @Here", "<!subteam^S0LEADS001|@social-leads> and <!here>"),
        ("@anagram @ana-x @ana.b @nobody @@ana", "@anagram @ana-x @ana.b @nobody @@ana"),
        ("https://a.example/@ana", "<https://a.example/@ana>"),
        ("a < b && c", "a &lt; b &amp;&amp; c"),
        ("https://a.example/?a=1&b=2 ok", "<https://a.example/?a=1&amp;b=2> ok"),
        ("<!here> look 👀", "<!here> look :eyes:"),
        ("<script>", "&lt;script&gt;"),
    ],
)
def test_messages_are_delivered_as_slack_writes_them(typed, delivered):
    assert typed_message(typed, NAMES) == delivered
