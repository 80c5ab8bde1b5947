"""The bot outside of its channels: it hears nothing, the writer is told so and can bring it in."""

import pytest

from tests.sandbox.stage import ANA, BEN, BOT, CARE, GENERAL, bolt, connected, staged


@pytest.fixture
def keep(tmp_path):
    return tmp_path / "workspace.sqlite3"


async def told(stage, user=ANA):
    return [line["text"] for line in (await stage.state())["notices"].get(user, [])]


async def test_a_mention_where_the_bot_is_no_member_is_answered_by_the_client(stage):
    await stage.sim("message", user=ANA, channel=CARE, text="@Goshawk help")
    await stage.sim("message", user=ANA, channel=GENERAL, text="@Goshawk help")

    hint = "@Goshawk is not in this channel and did not hear you. Invite it with /invite @goshawk"
    assert await told(stage) == [hint]
    assert await told(stage, BEN) == []


async def test_an_invited_bot_hears_its_name_and_stays(keep):
    heard = []
    async with staged(keep=keep) as stage:
        invited = await stage.sim("command", user=ANA, channel=GENERAL, command="/invite", text="@Goshawk")
        again = await stage.sim("command", user=ANA, channel=GENERAL, command="/invite", text="@goshawk")
        assert invited["ok"] and again["ok"]
        assert await told(stage) == ["In #general now: Goshawk.", "In #general already: Goshawk."]

    async with staged(keep=keep) as stage:
        app = bolt(stage)

        @app.event("app_mention")
        async def mentioned(event):
            heard.append(event["text"])

        async with connected(stage, app):
            await stage.sim("message", user=ANA, channel=GENERAL, text="@Goshawk help")
            await stage.idle()

    assert heard == [f"<@{BOT}> help"]


@pytest.mark.parametrize(("channel", "text"), [(GENERAL, ""), (GENERAL, "@nobody"), ("D0ANA00001", "@ben")])
async def test_an_invitation_needs_a_channel_and_a_name(stage, channel, text):
    answer = await stage.sim("command", user=ANA, channel=channel, command="/invite", text=text)

    assert answer["error"] == "invite_needs_a_channel_and_a_name"
    assert await told(stage) == ["/invite needs a channel and a name: /invite @goshawk"]
