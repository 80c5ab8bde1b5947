"""Messages to come: posted when the sandbox's clock says so, taken back before, kept over a restart."""

import asyncio

import pytest

from tests.sandbox.stage import ANA, CARE, ESCALATIONS, card, staged

DAY_S = 86_400


async def now(stage) -> int:
    return int((await stage.state())["now"])


async def texts(stage, channel=CARE) -> list[str]:
    await asyncio.sleep(0.05)
    return [message["text"] for message in await stage.messages(channel)]


async def test_a_message_is_posted_when_its_time_has_come(stage):
    at = await now(stage) + 600
    planned = await stage.web.chat_scheduleMessage(channel=CARE, post_at=at, text="later", blocks=card())
    listed = (await stage.web.chat_scheduledMessages_list(channel=CARE))["scheduled_messages"]

    await stage.sim("clock", advance_s=500)
    early = await texts(stage)
    await stage.sim("clock", advance_s=101)
    late = await texts(stage)

    assert (planned["channel"], planned["post_at"], planned["message"]["type"]) == (CARE, at, "delayed_message")
    assert [(one["id"], one["text"]) for one in listed] == [(planned["scheduled_message_id"], "later")]
    assert (early, late) == ([], ["later"])
    assert (await stage.web.chat_scheduledMessages_list())["scheduled_messages"] == []


async def test_a_planned_message_can_be_taken_back_until_its_last_minute(stage):
    at = await now(stage) + 600
    first = (await stage.web.chat_scheduleMessage(channel=CARE, post_at=at, text="first"))["scheduled_message_id"]
    second = (await stage.web.chat_scheduleMessage(channel=CARE, post_at=at, text="second"))["scheduled_message_id"]

    elsewhere = await stage.call("chat.deleteScheduledMessage", channel=ESCALATIONS, scheduled_message_id=first)
    await stage.web.chat_deleteScheduledMessage(channel=CARE, scheduled_message_id=first)
    again = await stage.call("chat.deleteScheduledMessage", channel=CARE, scheduled_message_id=first)
    await stage.sim("clock", advance_s=545)
    late = await stage.call("chat.deleteScheduledMessage", channel=CARE, scheduled_message_id=second)
    await stage.sim("clock", advance_s=60)

    assert {answer["error"] for answer in (elsewhere, again, late)} == {"invalid_scheduled_message_id"}
    assert await texts(stage) == ["second"]


async def test_what_was_planned_survives_a_restart_and_overdue_ones_go_out_at_once(tmp_path):
    keep = tmp_path / "sandbox.db"
    async with staged(keep=keep) as stage:
        at = await now(stage)
        await stage.web.chat_scheduleMessage(channel=ANA, post_at=at + 600, text="later")
        await stage.web.chat_scheduleMessage(channel=CARE, post_at=at + 2, text="soon")
    await asyncio.sleep(2)

    async with staged(keep=keep) as stage:
        soon = await texts(stage)
        await stage.sim("clock", advance_s=700)
        later = await texts(stage, "D0ANA00001")
        planned = await stage.web.chat_scheduleMessage(channel=CARE, post_at=at + 2_000, text="new")

    assert (soon, later) == (["soon"], ["later"])
    assert planned["scheduled_message_id"] == "Q0000000003"


async def test_nothing_is_posted_where_the_bot_may_no_longer_write_nor_with_metadata(stage):
    at = await now(stage) + 60
    metadata = {"event_type": "case", "event_payload": {}}
    await stage.web.chat_scheduleMessage(channel=ESCALATIONS, post_at=at, text="archived meanwhile")
    await stage.web.chat_scheduleMessage(channel=CARE, post_at=at, text="with metadata", metadata=metadata)
    stage.sandbox._world.channels[ESCALATIONS].is_archived = True

    await stage.sim("clock", advance_s=61)

    assert await texts(stage) + await texts(stage, ESCALATIONS) == []


@pytest.mark.parametrize(
    ("in_s", "error"), [(-1, "time_in_past"), (121 * DAY_S, "time_too_far"), ("soon", "invalid_time")]
)
async def test_a_bad_time_is_refused(stage, in_s, error):
    at = in_s if isinstance(in_s, str) else await now(stage) + in_s

    answer = await stage.call("chat.scheduleMessage", channel=CARE, text="x", post_at=at)

    assert answer["error"] == error


async def test_no_more_than_thirty_go_to_one_channel_in_five_minutes(stage):
    at = await now(stage) + 3_600
    schedule = stage.sandbox._scheduled
    for number in range(30):
        await stage.call("chat.scheduleMessage", channel=CARE, text="x", post_at=at + number)

    crowded = await stage.call("chat.scheduleMessage", channel=CARE, text="x", post_at=at + 299)
    later = await stage.call("chat.scheduleMessage", channel=CARE, text="x", post_at=at + 330)
    elsewhere = await stage.call("chat.scheduleMessage", channel=ESCALATIONS, text="x", post_at=at)

    assert (crowded["error"], later["ok"], elsewhere["ok"]) == ("restricted_too_many", True, True)
    assert len(schedule._waiting) == 32
