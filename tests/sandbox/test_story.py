"""One case through the sandbox: card, press, modal, submission, updated card; by the unmodified SDK."""

from tests.sandbox.stage import ANA, CARE, button, card, connected, modal


async def test_a_card_is_claimed_answered_and_updated(stage, app):
    @app.action("claim")
    async def claim(ack, body, client):
        await client.views_open(trigger_id=body["trigger_id"], view=modal(private_metadata=body["message"]["ts"]))
        await ack()

    @app.view("reply")
    async def reply(ack, view, client):
        said = view["state"]["values"]["answer"]["text"]["value"]
        await client.chat_update(channel=CARE, ts=view["private_metadata"], text=f"Replied: {said}", blocks=[])
        await ack()

    async with connected(stage, app):
        posted = await stage.web.chat_postMessage(channel=CARE, text="New complaint", blocks=card(button()))
        pressed = await stage.sim("action", user=ANA, channel=CARE, message_ts=posted["ts"], action_id="claim")
        opened = (await stage.state())["views"][ANA][0]
        sent = await stage.sim("submit", user=ANA, view_id=opened["id"], values={"answer": "so sorry"})
        await stage.idle()

    after = await stage.state()
    assert pressed["ok"] and pressed["ack_ms"] < 3_000
    assert sent["ok"]
    assert [message["text"] for message in after["messages"][CARE]] == ["Replied: so sorry"]
    assert after["views"] == {}
    assert after["protocol_errors"] == []


async def test_a_slash_command_is_answered_in_its_ack(stage, app):
    @app.command("/social")
    async def social(ack, command):
        await ack(f"You said {command['text']}")

    async with connected(stage, app):
        answer = await stage.sim("command", user=ANA, channel=CARE, command="/social", text="queue & <mine>")

    assert answer["response"] == {"text": "You said queue &amp; &lt;mine&gt;"}
    whisper = (await stage.state())["ephemerals"][0]
    assert (whisper["user"], whisper["text"]) == (ANA, "You said queue &amp; &lt;mine&gt;")
