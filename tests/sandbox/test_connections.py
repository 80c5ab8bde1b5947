"""The life of a connection: its ticket, its hello, its turn, and every way in which it ends."""

import asyncio

import aiohttp
import pytest

from tests.sandbox.lines import raw
from tests.sandbox.stage import ANA, CARE, bolt, connected


async def test_says_hello_first(stage):
    async with raw(stage) as socket:
        assert socket.hello["type"] == "hello"
        assert socket.hello["num_connections"] == 1
        assert socket.hello["connection_info"] == {"app_id": "A0GOSHAWK1"}


async def test_a_ticket_opens_one_connection(stage):
    url = (await stage.web.apps_connections_open(app_token=stage.sandbox.app_token))["url"]
    async with aiohttp.ClientSession() as session:
        async with session.ws_connect(url):
            with pytest.raises(aiohttp.WSServerHandshakeError):
                await session.ws_connect(url)


async def test_a_ticket_is_good_for_half_a_minute(stage):
    url = (await stage.web.apps_connections_open(app_token=stage.sandbox.app_token))["url"]
    await stage.sim("clock", advance_s=31)

    async with aiohttp.ClientSession() as session:
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await session.ws_connect(url)


async def test_a_connection_is_refreshed_after_five_hours(stage):
    async with raw(stage) as socket:
        life_s = socket.hello["debug_info"]["approximate_connection_time"]
        await stage.sim("clock", advance_s=life_s - 10)
        warning = await socket.receive_json(timeout=1)
        await stage.sim("clock", advance_s=10)
        refresh = await socket.receive_json(timeout=1)

    assert (warning["type"], warning["reason"]) == ("disconnect", "warning")
    assert (refresh["type"], refresh["reason"]) == ("disconnect", "refresh_requested")


async def test_the_eleventh_connection_is_one_too_many(stage):
    async with aiohttp.ClientSession() as session:
        sockets = []
        for _ in range(11):
            url = (await stage.web.apps_connections_open(app_token=stage.sandbox.app_token))["url"]
            sockets.append(await session.ws_connect(url))
        frames = [await socket.receive_json() for socket in sockets]
        for socket in sockets:
            await socket.close()

    assert [frame["type"] for frame in frames] == ["hello"] * 10 + ["disconnect"]
    assert frames[-1]["reason"] == "too_many_websockets"


async def test_each_payload_goes_to_one_of_the_connections(stage):
    heard = []

    def listening(name):
        app = bolt(stage)

        @app.command("/social")
        async def social(ack):
            heard.append(name)
            await ack()

        return app

    async with connected(stage, listening("one")), connected(stage, listening("two")):
        for _ in range(6):
            assert (await stage.sim("command", user=ANA, channel=CARE, command="/social", text=""))["ok"]

    assert heard == ["one", "two"] * 3


async def test_an_abort_cuts_the_line_without_a_word(stage):
    async with raw(stage) as socket:
        stage.sandbox._world.sockets.abort()
        frame = await socket.receive()

    assert (frame.type, socket.close_code) == (aiohttp.WSMsgType.CLOSED, 1006)
    assert (await stage.state())["connections"] == []


async def test_closing_all_says_goodbye(stage):
    async with raw(stage) as first, raw(stage) as second:
        stage.sandbox._world.sockets.close_all()
        frames = [await first.receive(), await second.receive()]

    assert [(frame.type, frame.data) for frame in frames] == [(aiohttp.WSMsgType.CLOSE, 1000)] * 2


async def test_a_warning_only_warns_and_a_refresh_ends(stage):
    async with raw(stage) as socket:
        sockets = stage.sandbox._world.sockets
        sockets.disconnect("warning")
        sockets.disconnect("refresh_requested")
        frames = [await socket.receive_json(), await socket.receive_json()]
        still_open = len(sockets.connections)
        end = await socket.receive(timeout=3)

    assert [(frame["type"], frame["reason"]) for frame in frames] == [
        ("disconnect", "warning"),
        ("disconnect", "refresh_requested"),
    ]
    assert (still_open, end.type) == (1, aiohttp.WSMsgType.CLOSE)


async def test_refused_connections_hear_why(stage):
    stage.sandbox._world.sockets.refuse_next(1)

    async with raw(stage) as refused, raw(stage) as taken:
        assert refused.hello == {"type": "disconnect", "reason": "too_many_websockets"}
        assert taken.hello["num_connections"] == 1


async def test_bolt_comes_back_after_a_refresh(stage, app):
    heard = []

    @app.command("/social")
    async def social(ack, command):
        heard.append(command["text"])
        await ack()

    async with connected(stage, app):
        stage.sandbox._world.sockets.disconnect("refresh_requested")
        async with asyncio.timeout(3):
            while [one.id for one in stage.sandbox._world.sockets.connections] != [2]:  # noqa: ASYNC110 - a moment
                await asyncio.sleep(0.02)
        answer = await stage.sim("command", user=ANA, channel=CARE, command="/social", text="again")

    assert (answer["ok"], heard) == (True, ["again"])
