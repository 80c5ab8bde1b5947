"""The unmodified SDK and bolt, over Socket Mode and over signed HTTP: one app, the same workspace, the same outcome."""

import contextlib

import pytest

from tests.sandbox.receiver import receiving
from tests.sandbox.stage import ANA, BOT, CARE, bolt, card, connected, modal, staged

COMMAND = {"user": ANA, "channel": CARE, "command": "/social", "text": "queue"}


class Played:
    """A stage and an app that listens, whichever way it is reached."""

    def __init__(self, stage, app, way):
        self.stage, self.app, self.way = stage, app, way
        self.sim, self.state, self.idle = stage.sim, stage.state, stage.idle

    async def posted(self):
        """Post a card and return its ts."""
        sent = await self.stage.web.chat_postMessage(channel=CARE, text="card", blocks=card())
        return sent["ts"]

    async def opened(self, **extra):
        """Let a command open a modal."""

        @self.app.command("/social")
        async def social(ack, body, client):
            await client.views_open(trigger_id=body["trigger_id"], view=modal(**extra))
            await ack()

        assert (await self.sim("command", **COMMAND))["ok"]

    async def titles(self):
        """Return the titles of the open modals, the lowest first."""
        stacks = (await self.state())["views"]
        return [view["title"] for view in stacks.get(ANA, ())]


@contextlib.asynccontextmanager
async def over_socket():
    async with staged() as stage:
        app = bolt(stage)
        async with connected(stage, app):
            yield stage, app


@contextlib.asynccontextmanager
async def over_http():
    async with receiving() as (stage, receiver):
        receiver.app = bolt(stage)
        yield stage, receiver.app


@pytest.fixture(params=[over_socket, over_http])
async def played(request):
    async with request.param() as (stage, app):
        one = Played(stage, app, request.param)
        yield one
        state = await one.state()
        assert state["protocol_errors"] == []
        assert {sent["state"] for sent in state["deliveries"]} == {"acked"}
        assert {sent["connection"] for sent in state["deliveries"]} == ({0} if one.way is over_http else {1})


def title(text):
    return {"title": {"type": "plain_text", "text": text}}


async def test_a_command_is_answered_in_its_ack(played):
    @played.app.command("/social")
    async def social(ack, command):
        await ack(f"You said {command['text']}, {command['is_enterprise_install']}.")

    answer = await played.sim("command", **COMMAND)

    assert answer["ok"]
    [shown] = (await played.state())["ephemerals"]
    assert (shown["text"], shown["user"]) == ("You said queue, false.", ANA)


async def test_a_command_is_answered_with_blocks_for_everybody(played):
    @played.app.command("/social")
    async def social(ack):
        await ack(text="card", blocks=card(), response_type="in_channel")

    await played.sim("command", **COMMAND)

    [shown] = await played.stage.messages()
    assert [block["type"] for block in shown["blocks"]] == ["section", "actions"]


async def test_a_command_is_answered_later_by_its_url(played):
    @played.app.command("/social")
    async def social(ack, respond):
        await ack()
        await respond("now")
        await respond(text="for all", response_type="in_channel")

    await played.sim("command", **COMMAND)
    await played.idle()

    assert [one["text"] for one in (await played.state())["ephemerals"]] == ["now"]
    assert [one["text"] for one in await played.stage.messages()] == ["for all"]


async def test_a_button_opens_a_modal_once(played):
    errors = []

    @played.app.action("claim")
    async def claim(ack, body, client, action):
        assert (action["value"], body["container"]["message_ts"], body["message"]["text"]) == ("7:1", ts, "card")
        await client.views_open(trigger_id=body["trigger_id"], view=modal())
        again = await played.stage.call("views.open", trigger_id=body["trigger_id"], view=modal())
        errors.append(again["error"])
        await ack()

    ts = await played.posted()
    answer = await played.sim("action", user=ANA, channel=CARE, message_ts=ts, action_id="claim")

    assert answer["ok"]
    assert await played.titles() == ["Reply"]
    assert errors == ["exchanged_trigger_id"]


@pytest.mark.parametrize(
    ("answered", "left"),
    [
        ({}, []),
        ({"response_action": "clear"}, []),
        ({"response_action": "update", "view": modal(**title("Check"))}, ["Check"]),
        ({"response_action": "push", "view": modal(**title("Check"))}, ["Reply", "Check"]),
        ({"response_action": "errors", "errors": {"answer": "Too curt."}}, ["Reply"]),
    ],
)
async def test_what_the_ack_of_a_submission_does(played, answered, left):
    heard = []

    @played.app.view("reply")
    async def submitted(ack, view):
        heard.append(view["state"]["values"]["answer"]["text"]["value"])
        await ack(**answered)

    await played.opened()
    answer = await played.sim("submit", user=ANA, values={"text": "sorry"})

    assert (answer["ok"], answer.get("errors")) == (True, answered.get("errors"))
    assert heard == ["sorry"]
    assert await played.titles() == left


async def test_a_closed_modal_is_told(played):
    heard = []

    @played.app.view_closed("reply")
    async def closed(ack, body):
        heard.append((body["view"]["callback_id"], body["is_cleared"]))
        await ack()

    await played.opened(notify_on_close=True)
    await played.sim("close", user=ANA)

    assert heard == [("reply", False)]


async def test_a_mention_is_heard_and_answered_in_its_thread(played):
    @played.app.event("app_mention")
    async def mentioned(event, say):
        await say(text="I am here", thread_ts=event["ts"])

    await played.sim("message", user=ANA, channel=CARE, text=f"<@{BOT}> hello")
    await played.idle()

    first, second = await played.stage.messages()
    assert (second["text"], second["thread_ts"]) == ("I am here", first["ts"])


async def test_a_home_that_is_opened_is_drawn(played):
    @played.app.event("app_home_opened")
    async def opened(event, client):
        await client.views_publish(user_id=event["user"], view={"type": "home", "blocks": card()})

    await played.sim("home", user=ANA)
    await played.idle()

    assert [block["type"] for block in (await played.state())["homes"][ANA]["blocks"]] == ["section", "actions"]


async def test_a_reaction_is_heard(played):
    heard = []

    @played.app.event("reaction_added")
    async def reacted(event):
        heard.append((event["reaction"], event["item"]["ts"]))

    ts = await played.posted()
    await played.sim("reaction", user=ANA, channel=CARE, message_ts=ts, name="👀")
    await played.idle()

    assert heard == [("eyes", ts)]


async def test_what_one_person_alone_sees_is_replaced_by_its_url(played):
    @played.app.action("claim")
    async def claim(ack, body, respond):
        assert body["container"]["is_ephemeral"] and "message" not in body
        await ack()
        await respond(text="yours", replace_original=True)

    sent = await played.stage.web.chat_postEphemeral(channel=CARE, user=ANA, text="take it?", blocks=card())
    await played.sim("action", user=ANA, channel=CARE, message_ts=sent["message_ts"], action_id="claim")
    await played.idle()

    assert [one["text"] for one in (await played.state())["ephemerals"]] == ["yours"]


async def test_a_shortcut_of_a_message_is_heard(played):
    heard = []

    @played.app.shortcut("escalate")
    async def escalate(ack, body, respond):
        heard.append((body["type"], body["message"]["text"]))
        await ack()
        await respond("on its way")

    ts = await played.posted()
    await played.sim("shortcut", user=ANA, callback_id="escalate", channel=CARE, message_ts=ts)
    await played.idle()

    assert heard == [("message_action", "card")]
    assert [one["text"] for one in (await played.state())["ephemerals"]] == ["on its way"]


async def test_a_shortcut_of_no_message_opens_a_modal(played):
    @played.app.shortcut("report")
    async def report(ack, shortcut, client):
        await client.views_open(trigger_id=shortcut["trigger_id"], view=modal(**title("Report")))
        await ack()

    await played.sim("shortcut", user=ANA, callback_id="report")

    assert await played.titles() == ["Report"]
