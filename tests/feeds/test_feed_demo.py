"""The demo platform as a feed: against a script of quirks, and against the real thing."""

import asyncio
import json
import socket
from contextlib import aclosing, asynccontextmanager, contextmanager
from dataclasses import replace
from datetime import timedelta

import pytest
import uvicorn

from bot.clock import SystemClock
from bot.demo.server import Platform as Square
from bot.domain.mention import ReplyMode, Visibility
from bot.errors import FeedTrouble, SendDoubtful, SendLater, SendRefused
from bot.feeds.base import Parent, Receipt
from bot.feeds.demo import DemoFeed
from bot.sections import DemoFeedSettings
from tests.fakes.platform import nobody

POST = {
    "id": "p1",
    "network": "mastodon",
    "author": {"handle": "@mira", "name": "Mira", "followers": 12, "verified": True},
    "text": "@harbourline my cabin was sold twice",
    "posted_at": "2026-11-21T08:59:00Z",
    "url": "http://127.0.0.1:9/p/p1",
    "thread": "p0",
    "answers": "p0",
    "lang": "en",
    "mentions": ["harbourline"],
    "visibility": "private",
    "likes": 3,
    "reposts": 1,
    "photos": 2,
    "account": None,
    "mood": "a field nobody knows",
}


@pytest.fixture
async def feed(platform, clock):
    settings = DemoFeedSettings(kind="demo", name="demo", url=platform.url, every_s=2)
    feed = DemoFeed(settings, clock, token="secret", sleep=clock.sleep)
    yield feed
    await feed.aclose()


def will_show(platform, *posts, cursor="7"):
    platform.will_answer(200, json.dumps({"posts": posts, "cursor": cursor}).encode())


async def first(feed, since=""):
    async with aclosing(feed.listen(since)) as pages:
        return await anext(pages)


@pytest.fixture
def limits(platform):
    platform.will_answer(200, b'{"mastodon": 500, "x": 280, "blog": "many"}')


async def test_a_post_becomes_a_mention(feed, platform, limits, clock):
    will_show(platform, POST)

    page = await first(feed, since="6")

    (mention,) = page.mentions
    assert (mention.feed, mention.platform, mention.post_id, mention.thread) == ("demo", "Mastodon", "p1", "p0")
    assert (mention.author.handle, mention.author.followers, mention.author.verified) == ("mira", 12, True)
    assert mention.tagged and mention.private and mention.photos == 2
    assert clock.now() - mention.posted_at == timedelta(minutes=1)
    assert (mention.terms.mode, mention.terms.account, mention.terms.limit) == (ReplyMode.API, "harbourline", 500)
    assert page.cursor == "7"
    assert platform.asked == ["/api/limits", "/api/posts?since=6&limit=50"]
    assert platform.heard[1].headers["authorization"] == "Bearer secret"


async def test_what_we_wrote_ourselves_is_left_out_and_counted(feed, platform, limits):
    will_show(platform, POST, {**POST, "id": "p2", "account": "harbourline", "answers": None})

    page = await first(feed)

    assert len(page.mentions) == 1
    assert page.skipped == {"written by us": 1}
    assert page.read == 2


async def test_what_we_answered_there_is_brought_as_our_own(feed, platform, limits):
    will_show(platform, {**POST, "account": "harbourline"})

    (mention,) = (await first(feed)).mentions

    assert mention.own and mention.answers == "p0"


async def test_a_post_says_which_version_it_is(feed, platform, limits, clock):
    will_show(platform, POST, {**POST, "id": "p2", "edited_at": clock.now().isoformat()})

    page = await first(feed)

    assert [mention.revised_at for mention in page.mentions] == [None, clock.now()]


async def test_photos_are_brought_as_links(feed, platform, limits):
    given = ["https://pictures.example/1.jpg", "javascript:alert(1)", {"url": "https://pictures.example/2.jpg"}, 7]
    will_show(platform, {**POST, "photo_urls": given})

    (mention,) = (await first(feed)).mentions

    assert mention.photo_urls == ("https://pictures.example/1.jpg", "https://pictures.example/2.jpg")


async def test_one_post_can_be_read_by_itself(feed, platform):
    platform.will_answer(200, json.dumps({**POST, "visibility": "public"}).encode())
    platform.will_answer(200, json.dumps(POST).encode())
    platform.will_answer(404, b"{}")
    platform.will_answer(200, b"[]")

    told = [await feed.parent("p/1") for _ in range(4)]

    assert platform.asked[0] == "/api/posts/p%2F1"
    assert told[0] == Parent(handle="mira", text="@harbourline my cabin was sold twice", public=True)
    assert told[1] is not None and not told[1].public
    assert told[2:] == [None, None]


async def test_full_pages_follow_each_other_without_a_pause(feed, platform, limits, clock):
    will_show(platform, *({**POST, "id": f"p{number}"} for number in range(50)), cursor="50")
    will_show(platform, {**POST, "id": "p50"}, cursor="51")
    will_show(platform, cursor="51")
    began = clock.now()

    async with aclosing(feed.listen("")) as pages:
        sizes = [len((await anext(pages)).mentions) for _ in range(3)]

    assert sizes == [50, 1, 0]
    assert [path.split("?")[1] for path in platform.asked[1:]] == [
        "since=&limit=50",
        "since=50&limit=50",
        "since=51&limit=50",
    ]
    assert clock.now() - began == timedelta(seconds=2)


@pytest.mark.parametrize(
    ("spoilt", "reason"),
    [
        ({**POST, "id": None}, "no id"),
        ({**POST, "text": "\x00  "}, "no text"),
        ({**POST, "author": "mira"}, "no author"),
        ("no post at all", "no id"),
        (None, "no id"),
    ],
)
async def test_a_spoilt_post_does_not_hide_its_neighbours(feed, platform, limits, spoilt, reason):
    will_show(platform, spoilt, {**POST, "id": "p2"})

    page = await first(feed)

    assert [mention.post_id for mention in page.mentions] == ["p2"]
    assert page.rejected == {reason: 1}
    assert len(page.examples) == 1


async def test_optional_fields_of_wrong_types_are_tolerated(feed, platform, limits, clock):
    names = ("mentions", "likes", "photos", "lang", "visibility", "url", "thread", "posted_at")
    odd = {name: {"x": [1]} for name in names}
    will_show(platform, {**POST, **odd, "network": ["?"], "reposts": -5, "followers": "9e999"})

    (mention,) = (page := await first(feed)).mentions

    assert (mention.likes, mention.reposts, mention.url, mention.lang) == (0, 0, "", "")
    assert mention.visibility is Visibility.UNKNOWN
    assert mention.posted_at == clock.now()
    assert page.notes == {"no date": 1}


@pytest.mark.parametrize("at", ["1970-01-01T00:00:00Z", "2100-01-01T00:00:00Z"])
async def test_an_impossible_date_is_replaced_and_noted(feed, platform, limits, clock, at):
    will_show(platform, {**POST, "posted_at": at})

    page = await first(feed)

    assert page.mentions[0].posted_at == clock.now()
    assert page.notes == {"implausible date": 1}


@pytest.mark.parametrize(
    "body", [b"<html>down for maintenance</html>", b"", b"[]", b'{"posts": {}}', b'{"posts": []}', b"null"]
)
async def test_an_answer_that_is_no_page_is_trouble_not_silence(feed, platform, limits, body):
    platform.will_answer(200, body)

    with pytest.raises(FeedTrouble):
        await first(feed)


async def test_hostile_text_passes_except_what_databases_refuse(feed, platform, limits):
    will_show(platform, {**POST, "text": "<!channel> \x00\u202e <script> \ud83d end" + "x" * 30_000})

    (mention,) = (await first(feed)).mentions

    assert mention.text.startswith("<!channel> \u202e <script>  end")
    assert len(mention.text) == 20_000 and mention.text.endswith(" […]")


async def test_a_reply_carries_its_key_and_brings_a_receipt(feed, platform, outgoing):
    platform.will_answer(201, b'{"id": "r1", "url": "http://127.0.0.1:9/p/r1"}')

    secret = replace(outgoing.answers, post_id="a/b", visibility=Visibility.PRIVATE)
    receipt = await feed.reply(replace(outgoing, answers=secret))

    assert receipt == Receipt("r1", "http://127.0.0.1:9/p/r1")
    assert platform.asked == ["/api/posts/a%2Fb/replies"]
    assert platform.heard[0].headers["idempotency-key"] == "k-1"
    assert json.loads(platform.heard[0].body) == {"text": "We are on it.", "visibility": "private"}


@pytest.mark.parametrize("body", [b"", b"{}", b"<html>ok</html>", b'{"id": null}', b"[1]"])
async def test_a_yes_without_an_id_is_doubtful(feed, platform, outgoing, body):
    platform.will_answer(200, body)

    with pytest.raises(SendDoubtful, match="did not say under which id"):
        await feed.reply(outgoing)


async def test_finds_its_reply_by_the_key(feed, platform, outgoing):
    theirs = {"id": "r1", "text": outgoing.text, "key": "another", "url": ""}
    platform.will_answer(200, json.dumps({"replies": [None, theirs, {**theirs, "id": "r2", "key": "k-1"}]}).encode())

    assert await feed.find(outgoing) == Receipt("r2", "")


async def test_finds_nothing_where_nothing_stands(feed, platform, outgoing):
    platform.will_answer(200, b'{"replies": []}')
    platform.will_answer(404)

    assert await feed.find(outgoing) is None
    assert await feed.find(outgoing) is None


async def test_a_look_up_that_fails_is_not_absent(feed, platform, outgoing, clock):
    platform.will_answer(200, b"<html>")
    platform.will_answer(429, retry_after="90")
    async with nobody() as url:
        lost = DemoFeed(DemoFeedSettings(kind="demo", name="lost", url=url), clock, sleep=clock.sleep)

        with pytest.raises(SendLater):
            await feed.find(outgoing)
        with pytest.raises(SendLater) as busy:
            await feed.find(outgoing)
        with pytest.raises(SendLater):
            await lost.find(outgoing)

        await lost.aclose()
    assert busy.value.retry_after_s == 90


class _Server(uvicorn.Server):
    @contextmanager
    def capture_signals(self):
        yield


@asynccontextmanager
async def square():
    """Serve the real demo platform."""
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        door.listen()
        server = _Server(uvicorn.Config(Square(token="t").asgi, log_level="warning", ws="none", lifespan="on"))
        running = asyncio.create_task(server.serve(sockets=[door]))
        url = f"http://127.0.0.1:{door.getsockname()[1]}"
        feed = DemoFeed(DemoFeedSettings(kind="demo", name="demo", url=url), SystemClock(), token="t")
        try:
            yield feed
        finally:
            await feed.aclose()
            server.should_exit = True
            await running


async def test_reads_and_answers_the_real_demo_platform_once(outgoing):
    async with square() as feed:
        page = await first(feed)
        to = replace(outgoing, answers=page.mentions[0])

        nothing = await feed.find(to)
        receipt = await feed.reply(to)
        again = await feed.reply(to)

        assert len(page.mentions) >= 4 and not page.rejected
        assert nothing is None
        assert receipt == again == await feed.find(to)
        with pytest.raises(SendRefused):
            await feed.reply(replace(to, text="Another text under the same key"))
        with pytest.raises(SendRefused):
            await feed.reply(replace(to, answers=replace(to.answers, post_id="no-such-post"), key="k-2"))
