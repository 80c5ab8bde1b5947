"""The list of posts: what is there at the start, what comes when, and what a restart keeps."""

from datetime import datetime, timedelta

import pytest

from bot.demo.script import load
from bot.demo.server import Platform

SCRIPT = load()


async def test_four_posts_are_there_at_once_and_two_of_them_complain(visitor, clock, read_all):
    posts = await read_all(visitor)

    complaints = {beat.post.id for beat in SCRIPT if beat.post.complaint}
    assert len(posts) == 4
    assert sum(post["id"] in complaints for post in posts) >= 2
    assert all(
        timedelta() <= clock() - datetime.fromisoformat(post["posted_at"]) < timedelta(minutes=1) for post in posts
    )


async def test_a_post_tells_all_that_a_feed_needs(visitor):
    first = (await visitor.get("/api/posts", params={"limit": 1})).json()["posts"][0]

    assert set(first) == {
        "id", "network", "author", "text", "posted_at", "url", "thread", "answers", "lang",
        "mentions", "visibility", "likes", "reposts", "photos", "account",
    }  # fmt: skip
    assert set(first["author"]) == {"handle", "name", "followers", "verified"}
    assert first["thread"] == first["id"]
    assert first["answers"] is None
    assert first["mentions"] == ["harbourline"]
    assert first["posted_at"].endswith("Z")
    assert (await visitor.get(first["url"])).status_code == 200


async def test_the_next_post_comes_after_its_gap_and_is_dated_then(visitor, clock, read_all):
    gap_s = SCRIPT[4].due_s - SCRIPT[3].due_s
    opened = clock()

    clock.turn(gap_s - 0.1)
    before = await read_all(visitor)
    clock.turn(5)
    after = await read_all(visitor)

    assert len(before) == 4
    assert len(after) == 5
    assert datetime.fromisoformat(after[4]["posted_at"]) == opened + timedelta(seconds=gap_s)


async def test_a_cursor_brings_only_what_is_new(visitor, clock):
    first = (await visitor.get("/api/posts")).json()
    clock.turn(40)

    second = (await visitor.get("/api/posts", params={"since": first["cursor"]})).json()
    third = (await visitor.get("/api/posts", params={"since": second["cursor"]})).json()

    assert {post["id"] for post in first["posts"]}.isdisjoint(post["id"] for post in second["posts"])
    assert second["posts"]
    assert third == {"posts": [], "cursor": second["cursor"]}


async def test_small_pages_bring_the_same_as_large_ones(visitor, clock, read_all):
    clock.turn(200)

    small, large = await read_all(visitor, limit=3), await read_all(visitor, limit=200)

    assert [post["id"] for post in small] == [post["id"] for post in large]


async def test_the_list_shows_one_post_twice(visitor, clock, read_all):
    clock.turn(10_000)

    shown = [post["id"] for post in await read_all(visitor)]

    again = {beat.post.id for beat in SCRIPT if beat.again}
    gone = {beat.post.id for beat in SCRIPT if beat.post.gone_after_s is not None}
    assert again
    assert {post_id for post_id in shown if shown.count(post_id) > 1} == again
    assert shown == [beat.post.id for beat in SCRIPT if beat.post.id not in gone]


async def test_a_viral_post_spreads_with_time(visitor, clock):
    viral = next(beat for beat in SCRIPT if beat.post.kind == "viral")
    clock.turn(viral.due_s - SCRIPT[3].due_s)

    counts = []
    for _ in range(4):
        post = (await visitor.get(f"/api/posts/{viral.post.id}")).json()
        counts.append((post["likes"], post["reposts"]))
        clock.turn(240)

    assert counts[0] == (0, 0)
    assert counts == sorted(set(counts))
    assert counts[1][0] > 20_000
    assert counts[-1][0] < viral.post.likes


async def test_speed_shortens_the_gaps(reopen, clock, read_all):
    async with reopen(speed=10) as client:
        clock.turn(5)
        posts = await read_all(client)

    assert len(posts) == sum(beat.due_s <= SCRIPT[3].due_s + 50 for beat in SCRIPT)


async def test_a_restart_goes_on_where_it_was(reopen, clock, read_all):
    async with reopen() as client:
        clock.turn(30)
        before = await read_all(client)
        cursor = (await client.get("/api/posts", params={"limit": 200})).json()["cursor"]
    clock.turn(3_600)

    async with reopen() as client:
        after = await read_all(client)
        clock.turn(15)
        fresh = (await client.get("/api/posts", params={"since": cursor})).json()["posts"]

    said = ("id", "posted_at", "text", "thread")
    assert [[post[key] for key in said] for post in after] == [[post[key] for key in said] for post in before]
    assert 1 <= len(fresh) <= 2
    assert all(datetime.fromisoformat(post["posted_at"]) > clock() - timedelta(seconds=15) for post in fresh)


async def test_a_clock_set_back_takes_nothing_back(visitor, clock, read_all):
    clock.turn(100)
    before = await read_all(visitor)

    clock.turn(-500)

    assert len(await read_all(visitor)) == len(before)


@pytest.mark.parametrize("question", ["since=yesterday", "since=-1", "limit=0", "limit=201", "limit=x", "since=²"])
async def test_a_wrong_question_is_refused_in_words(visitor, question):
    answer = await visitor.get(f"/api/posts?{question}")

    assert answer.status_code == 400
    assert "whole number" in answer.json()["message"]


@pytest.mark.parametrize("shown", ["", "Bearer wrong", "Bearer", "Basic YTpi", "Bearer ü"])
async def test_strangers_without_the_token_read_nothing(visitor, shown):
    answer = await visitor.get("/api/posts", headers={"Authorization": shown.encode()})

    assert answer.status_code == 401
    assert "posts" not in answer.json()


async def test_only_loopback_names_are_served(visitor):
    assert (await visitor.get("/", headers={"Host": "rebound.example"})).status_code == 400


@pytest.mark.parametrize("speed", [0, -1, float("nan")])
def test_a_stream_must_move(speed):
    with pytest.raises(ValueError, match="above 0"):
        Platform(speed=speed)
