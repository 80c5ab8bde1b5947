"""The page's feed: one bounded state for each person, pushed when something changed, seldom and complete."""

import asyncio
from contextlib import asynccontextmanager

import aiohttp
import pytest

from tests.sandbox.stage import ANA, BEN, BOT, CARE, DEV, ESCALATIONS, GUS, PRIVATE, card, connected, modal


@asynccontextmanager
async def window(stage, user=ANA, origin=None, name=""):
    """A browser window of this person; ``newest()`` reads until the feed is quiet."""
    url = stage.url.replace("http", "ws") + f"/page/live?user={user}&window={name}"
    async with aiohttp.ClientSession() as session, session.ws_connect(url, origin=origin) as socket:
        yield socket


async def newest(socket, patience_s=0.4):
    """Return the last state pushed and how many pushes there were."""
    pushes = []
    try:
        while True:
            pushes.append(await socket.receive_json(timeout=patience_s))
    except TimeoutError:
        assert all(push["kind"] == "state" for push in pushes)
        return pushes[-1]["state"], len(pushes)


async def test_the_first_push_is_the_whole_state(stage):
    async with window(stage) as socket:
        state, count = await newest(socket)

    assert count == 1
    assert (state["me"], state["team"]) == (ANA, {"id": "T0HARBOUR1", "name": "Harbourline"})
    assert [room["name"] for room in state["channels"]] == [
        "social-care",
        "social-escalations",
        "social-private",
        "general",
        "Goshawk",
    ]
    assert [room["kind"] for room in state["channels"]][2:] == ["private", "public", "app"]
    assert state["commands"][0] == {"command": "/social", "description": "Cases", "usage_hint": "[queue]"}
    assert {one["handle"]: one["users"] for one in state["usergroups"]} == {
        "social-leads": ["U0CLEO0001"],
        "pr": ["U0DEV00001"],
    }
    assert (state["home"], state["views"], state["connections"]) == (None, [], 0)


async def test_people_see_their_own_channels_and_whispers(stage):
    await stage.web.chat_postMessage(channel=PRIVATE, text="secret")
    await stage.web.chat_postEphemeral(channel=CARE, user=ANA, text="only ana")

    async with window(stage, ANA) as hers, window(stage, GUS) as his, window(stage, DEV) as press:
        ana, gus, dev = [(await newest(socket))[0] for socket in (hers, his, press)]

    assert [message["text"] for message in ana["messages"][PRIVATE]] == ["secret"]
    assert [message["ephemeral"] for message in ana["messages"][CARE]] == [True]
    assert list(gus["messages"]) == [CARE, "D0GUS00001"]
    assert PRIVATE not in dev["messages"] and ESCALATIONS in dev["messages"]
    assert gus["messages"][CARE] == []


async def test_a_burst_becomes_few_pushes_and_a_bounded_state(stage):
    stage.sandbox.limits.tighten("off")
    async with window(stage) as socket:
        await socket.receive_json()
        first = (await stage.web.chat_postMessage(channel=CARE, text="the first"))["ts"]
        posts = [stage.web.chat_postMessage(channel=CARE, text=f"post {number}") for number in range(250)]
        await asyncio.gather(*posts)
        await stage.web.chat_postMessage(channel=CARE, text="a late reply", thread_ts=first)
        state, count = await newest(socket)

    shown = state["messages"][CARE]
    assert count < 30
    assert len(shown) == 201
    assert (shown[0]["text"], shown[-1]["text"]) == ("the first", "a late reply")
    assert len(await stage.messages()) == 252


async def test_unread_and_mentions_are_counted_until_the_channel_is_read(stage):
    async with window(stage, BEN) as socket:
        await stage.web.chat_postMessage(channel=CARE, text="one")
        parent = (await stage.web.chat_postMessage(channel=CARE, text=f"two <@{BEN}>"))["ts"]
        await stage.web.chat_postMessage(channel=CARE, text="a reply counts for nobody", thread_ts=parent)
        await stage.web.chat_postMessage(channel=CARE, text=f"unless <@{BEN}>", thread_ts=parent)
        before, _ = await newest(socket)
        await stage.http.post("/page/read", json={"user": BEN, "channel": CARE})
        after, _ = await newest(socket)

    care = [(state["channels"][0]["unread"], state["channels"][0]["mentions"]) for state in (before, after)]
    assert care == [(2, 2), (0, 0)]


async def test_a_person_acts_through_the_page(stage, app):
    @app.action("claim")
    async def claim(ack, body, client):
        await client.views_open(trigger_id=body["trigger_id"], view=modal())
        await ack()

    @app.view("reply")
    async def reply(ack):
        await ack(response_action="errors", errors={"answer": "no"})

    async with connected(stage, app), window(stage) as socket:
        ts = (await stage.web.chat_postMessage(channel=CARE, text="card", blocks=card()))["ts"]
        press = {"user": ANA, "channel": CARE, "message_ts": ts, "action_id": "claim"}
        pressed = await stage.http.post("/page/action", json=press, headers={"Origin": stage.url})
        [view] = (await newest(socket))[0]["views"]
        values = {"answer": {"text": "hello"}}
        sent = {"user": ANA, "view_id": view["id"], "values": values}
        submitted = await stage.http.post("/page/submit", json=sent)
        [after] = (await newest(socket))[0]["views"]

    assert pressed.json()["ok"] and submitted.json()["response_action"] == "errors"
    assert (view["title"], view["submit"], view["callback_id"]) == ("Reply", "Send", "reply")
    assert (after["errors"], after["busy"]) == ({"answer": "no"}, False)


async def test_a_modal_is_shown_in_the_window_that_caused_it(stage, desk):
    desk.answer = {"response_action": "push", "view": modal()}
    async with window(stage, name="one") as one, window(stage, name="two") as two:
        command = {"user": ANA, "channel": CARE, "command": "/social", "window": "one"}
        await stage.http.post("/page/command", json=command)
        sent = {"user": ANA, "view_id": desk.opened["id"], "values": {"answer": "hello"}, "window": "one"}
        await stage.http.post("/page/submit", json=sent)
        here, there = [(await newest(socket))[0]["views"] for socket in (one, two)]
        await stage.sim("close", user=ANA, all=True)
        await desk.opens()
        everywhere = [(await newest(socket))[0]["views"] for socket in (one, two)]

    assert (len(here), there) == (2, [])
    assert [len(views) for views in everywhere] == [1, 1]


async def test_foreign_pages_and_unknown_people_get_no_feed(stage):
    for user, origin in ((ANA, "http://evil.example"), ("U0NOBODY01", None), (BOT, None)):
        with pytest.raises(aiohttp.WSServerHandshakeError):
            async with window(stage, user, origin):
                pass


async def test_the_page_and_its_files_are_served_under_a_strict_policy(stage):
    page = await stage.http.get("/")
    missing = await stage.http.get("/static/../server.py")
    other = await stage.http.get("/static/nothing.js")

    assert page.status_code == 200 and page.headers["content-type"].startswith("text/html")
    assert page.headers["content-security-policy"].startswith("default-src 'self';")
    assert "unsafe" not in page.headers["content-security-policy"]
    assert [missing.status_code, other.status_code] == [404, 404]


async def test_what_a_person_cannot_see_is_not_pushed(stage):
    async with window(stage, GUS) as socket:
        await newest(socket)
        await stage.web.chat_postMessage(channel=PRIVATE, text="secret")
        await stage.web.chat_postMessage(channel=CARE, text="public")
        state, count = await newest(socket)

    assert count == 1
    assert [message["text"] for message in state["messages"][CARE]] == ["public"]
