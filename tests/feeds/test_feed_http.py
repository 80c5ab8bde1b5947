"""Reading is bounded and patient; sending happens once and its outcome is named."""

import asyncio
import gzip
from datetime import timedelta

import orjson
import pytest

from bot.errors import FeedBusy, FeedTrouble, SendDoubtful, SendLater, SendLocked, SendRefused
from bot.feeds.http import Wire
from tests.fakes.platform import nobody

GIB = 1 << 30


@pytest.fixture
async def wire(clock):
    wire = Wire(name="Square", clock=clock, timeout_s=2.0, direct=True, sleep=clock.sleep, dice=lambda: 0.0)
    yield wire
    await wire.aclose()


async def send(wire, url):
    return await wire.send(f"{url}/reply", json={"text": "hello"}, headers={"Idempotency-Key": "k"})


async def test_waits_when_the_platform_says_so(wire, platform, clock):
    began = clock.now()
    platform.will_answer(429, retry_after="3")
    platform.will_answer(200, b"posts")

    answer = await wire.read(f"{platform.url}/search")

    assert answer.body == b"posts"
    assert platform.asked == ["/search", "/search"]
    assert clock.now() - began == timedelta(seconds=3)


async def test_a_moment_in_retry_after_is_understood(wire, platform, clock):
    began = clock.now()
    platform.will_answer(503, retry_after="Sat, 21 Nov 2026 09:00:07 GMT")
    platform.will_answer(200)

    await wire.read(platform.url)

    assert clock.now() - began == timedelta(seconds=7)


@pytest.mark.parametrize(("told", "seconds"), [("3600", 3600), ("9" * 30, 86_400), ("Sat, 21 Nov 2026 10:00:00", 3600)])
async def test_a_long_wait_is_handed_to_the_listener_at_once(wire, platform, told, seconds):
    platform.will_answer(429, retry_after=told)

    with pytest.raises(FeedBusy, match="Square asks us to come back later") as busy:
        await wire.read(platform.url)

    assert busy.value.retry_after_s == seconds
    assert len(platform.asked) == 1


@pytest.mark.parametrize("told", ["soon", "nan", "", "inf", "-5"])
async def test_an_odd_retry_after_does_not_confuse_us(wire, platform, told):
    for _ in range(4):
        platform.will_answer(429, retry_after=told)

    with pytest.raises(FeedBusy) as busy:
        await wire.read(platform.url)

    assert 0 <= busy.value.retry_after_s <= 86_400


async def test_gives_up_after_a_few_tries(wire, platform):
    for _ in range(4):
        platform.will_answer(502, b"<html>Bad gateway</html>")

    with pytest.raises(FeedTrouble, match=r"Square cannot be read: status 502\."):
        await wire.read(platform.url)

    assert len(platform.asked) == 4


async def test_a_broken_connection_is_tried_again(wire, platform):
    platform.will_reset()
    platform.will_answer(200, b"back")

    assert (await wire.read(platform.url)).body == b"back"


async def test_a_refusal_is_not_tried_again(wire, platform):
    platform.will_answer(401, b'{"error": "unauthorized", "message": "The token was revoked."}')

    with pytest.raises(FeedTrouble, match=r"The token was revoked \(status 401\)"):
        await wire.read(platform.url)

    assert len(platform.asked) == 1


async def test_a_status_that_was_asked_for_is_an_answer(wire, platform):
    platform.will_answer(304)

    assert (await wire.read(platform.url, also={304})).status == 304


async def test_nobody_there_is_said_in_a_sentence(wire):
    async with nobody() as url:
        with pytest.raises(FeedTrouble, match="Square cannot be reached"):
            await wire.read(url)


async def test_a_platform_without_encryption_is_not_taken_for_a_secure_one(wire):
    async def greet(_, writer):
        writer.write(b"220 this speaks no TLS\r\n")
        writer.close()

    async with await asyncio.start_server(greet, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        with pytest.raises(FeedTrouble, match="no secure connection came about"):
            await wire.read(f"https://127.0.0.1:{port}/")


@pytest.mark.parametrize("url", ["", "nonsense", "http://", "http://a:port/", "mailto:a@b.example"])
async def test_an_address_that_is_none_is_trouble(wire, url):
    with pytest.raises(FeedTrouble):
        await wire.read(url)


async def test_an_answer_that_never_ends_is_left(clock, platform):
    platform.will_stall(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nbegun")
    wire = Wire(name="Square", clock=clock, timeout_s=0.2, tries=1, direct=True)

    with pytest.raises(FeedTrouble, match="no answer in time"):
        await wire.read(platform.url)
    await wire.aclose()


async def test_a_huge_answer_is_not_held(clock, platform):
    platform.will_answer(200, b"x" * 70_000)
    wire = Wire(name="Square", clock=clock, body_limit=60_000, direct=True)

    with pytest.raises(FeedTrouble, match="larger than 60,000 bytes"):
        await wire.read(platform.url)
    await wire.aclose()


async def test_a_small_packed_answer_may_not_unfold_without_end(clock, platform):
    platform.will_answer(200, gzip.compress(b"x" * 5_000_000), content_encoding="gzip")
    wire = Wire(name="Square", clock=clock, body_limit=60_000, direct=True)

    with pytest.raises(FeedTrouble, match="larger than"):
        await wire.read(platform.url)
    await wire.aclose()


async def test_a_packed_answer_is_unpacked(wire, platform):
    platform.will_answer(200, gzip.compress(b"hello"), content_encoding="gzip")

    assert (await wire.read(platform.url)).body == b"hello"


@pytest.mark.parametrize("body", [b"no gzip at all", gzip.compress(b"hello" * 500)[:-12]], ids=["other", "cut"])
async def test_broken_packing_is_trouble(wire, platform, body):
    platform.will_answer(200, body, content_encoding="gzip")

    with pytest.raises(FeedTrouble):
        await wire.read(platform.url)


async def test_a_body_cut_short_is_trouble_not_news(clock, platform):
    platform.will_say(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nonly this")
    wire = Wire(name="Square", clock=clock, tries=1, direct=True)

    with pytest.raises(FeedTrouble):
        await wire.read(platform.url)
    await wire.aclose()


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 410, 422])
async def test_a_clear_no_is_final(wire, platform, status):
    platform.will_answer(status, b'{"message": "This text is too long."}')

    with pytest.raises(SendRefused, match="This text is too long"):
        await send(wire, platform.url)


@pytest.mark.parametrize(
    ("status", "words", "locked"),
    [
        (401, "The token was revoked.", True),
        (403, "To protect our users, this account is temporarily locked.", True),
        (403, "Your account is suspended and may not do this.", True),
        (403, "Your login is currently disabled", True),
        (403, "This post is locked.", False),
        (403, "You cannot reply: the author's account is suspended.", False),
        (403, "This account has disabled replies.", False),
        (403, "Replies are disabled here.", False),
    ],
)
async def test_a_locked_account_is_told_from_a_refused_reply(wire, platform, status, words, locked):
    platform.will_answer(status, orjson.dumps({"error": words}))

    with pytest.raises(SendRefused) as refusal:
        await send(wire, platform.url)

    assert isinstance(refusal.value, SendLocked) is locked


@pytest.mark.parametrize(("told", "seconds"), [({"retry_after": "30"}, 30), ({}, 60)])
async def test_too_many_replies_are_sent_later(wire, platform, told, seconds):
    platform.will_answer(429, **told)

    with pytest.raises(SendLater) as later:
        await send(wire, platform.url)

    assert later.value.retry_after_s == seconds


async def test_a_reply_that_never_left_is_sent_later(wire):
    async with nobody() as url:
        with pytest.raises(SendLater, match="Square cannot be reached"):
            await send(wire, url)


@pytest.mark.parametrize("status", [301, 302, 408, 500, 502, 503, 504])
async def test_an_answer_that_proves_nothing_is_doubtful(wire, platform, status):
    platform.will_answer(status, b"<html>", retry_after="1")

    with pytest.raises(SendDoubtful, match="did not confirm"):
        await send(wire, platform.url)

    assert len(platform.asked) == 1


async def test_a_reset_after_sending_is_doubtful(wire, platform):
    platform.will_reset()

    with pytest.raises(SendDoubtful):
        await send(wire, platform.url)

    assert len(platform.asked) == 1


async def test_silence_after_sending_is_doubtful(clock, platform):
    platform.will_stall()
    wire = Wire(name="Square", clock=clock, timeout_s=0.2, direct=True)

    with pytest.raises(SendDoubtful, match="no answer in time"):
        await send(wire, platform.url)
    await wire.aclose()


async def test_half_an_answer_after_sending_is_doubtful(wire, platform):
    platform.will_say(b"HTTP/1.1 201 Created\r\ncontent-length: 50\r\n\r\n{")

    with pytest.raises(SendDoubtful):
        await send(wire, platform.url)
