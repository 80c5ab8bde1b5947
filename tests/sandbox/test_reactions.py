"""The bot's own reactions: set once, taken back once, told to whoever subscribed."""

import pytest

from tests.sandbox.stage import ANA, BOT, CARE, ESCALATIONS, GENERAL, bolt, connected, granted, staged


@pytest.fixture
async def stage():
    async with staged(granted("reactions:write")) as one:
        yield one


@pytest.fixture
async def ts(stage):
    return (await stage.web.chat_postMessage(channel=CARE, text="card"))["ts"]


async def test_a_reaction_is_set_read_and_taken_back(stage, ts):
    await stage.web.reactions_add(channel=CARE, timestamp=ts, name="eyes")
    await stage.sim("reaction", user=ANA, channel=CARE, message_ts=ts, name="eyes")
    read = await stage.web.reactions_get(channel=CARE, timestamp=ts)
    await stage.web.reactions_remove(channel=CARE, timestamp=ts, name="eyes")

    [message] = await stage.messages()
    assert read["message"]["reactions"] == [{"name": "eyes", "users": [BOT, ANA], "count": 2}]
    assert message["reactions"] == [{"name": "eyes", "users": [ANA]}]


async def test_the_app_hears_of_its_own_reaction_but_bolt_does_not_answer_it(stage, ts):
    app, heard = bolt(stage), []

    @app.event("reaction_added")
    async def added(event):
        heard.append(event["user"])

    async with connected(stage, app):
        await stage.web.reactions_add(channel=CARE, timestamp=ts, name="eyes")
        await stage.sim("reaction", user=ANA, channel=CARE, message_ts=ts, name="wave")
        await stage.idle()

    told = [one["payload"]["event"]["user"] for one in (await stage.state())["deliveries"]]
    assert told == [BOT, ANA]
    assert heard == [ANA]


@pytest.mark.parametrize(
    ("method", "args", "error"),
    [
        ("add", {"name": "Eyes!"}, "invalid_name"),
        ("add", {}, "invalid_arguments"),
        ("add", {"name": "eyes", "timestamp": ""}, "no_item_specified"),
        ("add", {"name": "eyes", "channel": ""}, "no_item_specified"),
        ("add", {"name": "eyes", "timestamp": "now"}, "bad_timestamp"),
        ("add", {"name": "eyes", "timestamp": "1.000001"}, "message_not_found"),
        ("add", {"name": "eyes", "channel": GENERAL}, "not_in_channel"),
        ("add", {"name": "eyes", "channel": "C0NOWHERE1"}, "channel_not_found"),
        ("add", {"name": "wave::skin-tone-3"}, "already_reacted"),
        ("remove", {"name": "eyes"}, "no_reaction"),
        ("get", {"channel": ESCALATIONS}, "message_not_found"),
    ],
)
async def test_refuses_in_slacks_words(stage, ts, method, args, error):
    await stage.web.reactions_add(channel=CARE, timestamp=ts, name="wave::skin-tone-3")

    answer = await stage.call(f"reactions.{method}", **{"channel": CARE, "timestamp": ts, **args})

    assert answer["error"] == error


async def test_nobody_reacts_in_an_archived_channel_or_without_the_scope(stage, ts):
    stage.sandbox._world.channels[CARE].is_archived = True
    archived = await stage.call("reactions.add", channel=CARE, timestamp=ts, name="eyes")
    async with staged() as bare:
        missing = await bare.call("reactions.add", channel=CARE, timestamp=ts, name="eyes")

    assert archived["error"] == "is_archived"
    assert missing["needed"] == "reactions:write"
