"""What was said, read back: newest first, between two moments, page by page, threads with their parent first."""

import pytest

from tests.sandbox.stage import ANA, CARE, GENERAL, PRIVATE, granted, staged

CASE = {"event_type": "case", "event_payload": {"case": 7}}


@pytest.fixture
async def stage():
    async with staged(granted("channels:history", "groups:history", "im:history")) as one:
        yield one


@pytest.fixture
async def said(stage):
    """The ts of five messages in #social-care."""
    return [(await stage.sim("message", user=ANA, channel=CARE, text=str(number)))["ts"] for number in range(5)]


async def test_history_comes_newest_first_and_whispers_stay_private(stage, said):
    await stage.web.chat_postEphemeral(channel=CARE, user=ANA, text="psst")

    answer = await stage.web.conversations_history(channel=CARE)

    assert [message["text"] for message in answer["messages"]] == ["4", "3", "2", "1", "0"]
    assert (answer["has_more"], answer["pin_count"]) == (False, 0)


async def test_the_ends_of_a_span_count_only_when_asked_for(stage, said):
    span = {"channel": CARE, "oldest": said[1], "latest": said[3]}

    between = await stage.web.conversations_history(**span)
    with_ends = await stage.web.conversations_history(**span, inclusive=True)

    assert [message["text"] for message in between["messages"]] == ["2"]
    assert [message["text"] for message in with_ends["messages"]] == ["3", "2", "1"]


async def test_pages_do_not_shift_when_something_is_said_or_deleted_meanwhile(stage, said):
    first = await stage.web.conversations_history(channel=CARE, limit=2)
    cursor = first["response_metadata"]["next_cursor"]
    await stage.sim("message", user=ANA, channel=CARE, text="new")
    stage.sandbox._world.messages.remove(stage.sandbox._world.messages.get(CARE, said[2]))

    second = await stage.web.conversations_history(channel=CARE, limit=2, cursor=cursor)

    assert first["has_more"]
    assert [message["text"] for message in first["messages"]] == ["4", "3"]
    assert [message["text"] for message in second["messages"]] == ["1", "0"]


async def test_metadata_outlive_an_edit_that_names_none(stage):
    ts = (await stage.web.chat_postMessage(channel=CARE, text="card", metadata=CASE))["ts"]

    await stage.web.chat_update(channel=CARE, ts=ts, text="another card")

    [found] = (await stage.web.conversations_history(channel=CARE, include_all_metadata=True))["messages"]
    assert (found["text"], found["metadata"]["event_payload"]) == ("another card", {"case": 7})


async def test_metadata_comes_only_when_asked_for(stage):
    ts = (await stage.web.chat_postMessage(channel=CARE, text="card", metadata=CASE))["ts"]
    await stage.web.chat_postMessage(channel=CARE, text="reply", thread_ts=ts, metadata=CASE)

    bare = await stage.web.conversations_history(channel=CARE)
    [full] = (await stage.web.conversations_history(channel=CARE, include_all_metadata=True))["messages"]
    thread = (await stage.web.conversations_replies(channel=CARE, ts=ts, include_all_metadata=True))["messages"]

    assert "metadata" not in bare["messages"][0]
    assert full["metadata"]["event_payload"] == {"case": 7}
    assert [message["metadata"]["event_type"] for message in thread] == ["case", "case"]


async def test_a_thread_is_its_parent_and_then_the_replies(stage, said):
    for text in ("a", "b", "c"):
        await stage.sim("message", user=ANA, channel=CARE, text=text, thread_ts=said[0])
    replies = stage.web.conversations_replies

    pages = [page["messages"] async for page in await replies(channel=CARE, ts=said[0], limit=2)]
    later = await replies(channel=CARE, ts=said[0], oldest=pages[1][0]["ts"])
    alone = await replies(channel=CARE, ts=said[1])

    assert [[message["text"] for message in page] for page in pages] == [["0", "a"], ["b", "c"]]
    assert pages[0][0]["reply_count"] == 3
    assert {message["parent_user_id"] for message in pages[1]} == {ANA}
    assert [message["text"] for message in later["messages"]] == ["0", "c"]
    assert [message["text"] for message in alone["messages"]] == ["1"]


async def test_history_shows_a_reply_only_when_it_was_broadcast_and_a_tombstone_as_such(stage):
    parent = (await stage.web.chat_postMessage(channel=CARE, text="parent"))["ts"]
    await stage.web.chat_postMessage(channel=CARE, text="quiet", thread_ts=parent)
    await stage.web.chat_postMessage(channel=CARE, text="loud", thread_ts=parent, reply_broadcast=True)
    await stage.web.chat_delete(channel=CARE, ts=parent)

    messages = (await stage.web.conversations_history(channel=CARE))["messages"]

    assert [message["subtype"] for message in messages] == ["thread_broadcast", "tombstone"]
    assert messages[0]["text"] == "loud"


@pytest.mark.parametrize(
    ("method", "args", "error"),
    [
        ("history", {"channel": "C0NOWHERE1"}, "channel_not_found"),
        ("history", {"channel": GENERAL}, "not_in_channel"),
        ("history", {"channel": CARE, "oldest": "yesterday"}, "invalid_ts_oldest"),
        ("history", {"channel": CARE, "latest": "1e9"}, "invalid_ts_latest"),
        ("history", {"channel": CARE, "limit": 1001}, "invalid_limit"),
        ("history", {"channel": CARE, "cursor": "bmV4dDow"}, "invalid_cursor"),
        ("replies", {"channel": CARE, "ts": "1.000001"}, "thread_not_found"),
        ("replies", {"channel": CARE}, "thread_not_found"),
        ("replies", {"channel": GENERAL, "ts": "1.000001"}, "not_in_channel"),
    ],
)
async def test_refuses_to_read_in_slacks_words(stage, method, args, error):
    answer = await stage.call(f"conversations.{method}", **args)

    assert answer["error"] == error


async def test_the_scope_goes_by_the_kind_of_channel():
    async with staged(granted("channels:history")) as stage:
        rooms = {"groups:history": PRIVATE, "im:history": "D0ANA00001"}
        answers = [await stage.call("conversations.history", channel=room) for room in rooms.values()]

    assert [answer["needed"] for answer in answers] == list(rooms)
