"""A storm: many people complain about one trouble within a minute."""

from collections import Counter

import pytest

from bot.demo.script import load, load_storm

STORM = load_storm()


@pytest.fixture
def blown(read_all):
    """Read the posts of storms that are out, by id."""

    async def read(client):
        return {post["id"]: post for post in await read_all(client) if "-s" in post["id"]}

    return read


def test_it_is_many_voices_of_many_people_and_moods():
    everyday = {(beat.post.network, beat.post.author.handle) for beat in load()}
    people = {(post.network, post.author.handle) for post in STORM}
    kinds = Counter(post.kind for post in STORM)

    assert len(STORM) >= 40
    assert len(people) == len(STORM)
    assert people.isdisjoint(everyday)
    assert {"plain", "irony", "question", "praise", "noise", "stranded", "safety", "refund", "access"} <= set(kinds)
    assert 3 <= sum(post.lang != "en" for post in STORM) <= 5
    assert sum((post.author.followers or 0) > 30_000 for post in STORM) == 2
    assert max(len(post.text) for post in STORM) > 5 * min(len(post.text) for post in STORM)


async def test_it_comes_in_order_and_evenly(visitor, clock, blown):
    answer = await visitor.post("/sim/storm", json={"posts": 40})
    counts = []
    for _ in range(4):
        clock.turn(10)
        counts.append(len(await blown(visitor)))

    posts = list((await blown(visitor)).values())
    assert answer.json() == {"ok": True, "posts": 40, "seconds": 40}
    assert counts == [10, 20, 30, 40]
    assert [post["text"] for post in posts] == [post.text for post in STORM[:40]]
    assert [post["posted_at"] for post in posts] == sorted(post["posted_at"] for post in posts)
    assert all(post["thread"] == post["id"] and post["answers"] is None for post in posts)


async def test_its_span_is_in_seconds_of_the_clock_at_any_speed(reopen, clock, blown):
    async with reopen(speed=20) as client:
        await client.post("/sim/storm", json={"seconds": 11})
        clock.turn(5.6)
        half = len(await blown(client))
        clock.turn(5.5)
        whole = len(await blown(client))

    assert (half, whole) == (len(STORM) // 2, len(STORM))


async def test_the_everyday_goes_on_during_a_storm(visitor, clock, read_all):
    await visitor.post("/sim/storm", json={})
    clock.turn(40)

    everyday = [post["id"] for post in await read_all(visitor) if "-s" not in post["id"]]
    assert len(everyday) > 4
    assert everyday == [beat.post.id for beat in load()[: len(everyday)]]


async def test_a_second_storm_is_refused_while_one_blows(visitor, clock, blown):
    await visitor.post("/sim/storm", json={"posts": 4, "seconds": 8})
    clock.turn(2)

    refused = await visitor.post("/sim/storm", json={})
    clock.turn(7)

    assert refused.status_code == 409
    assert refused.json()["message"] == "A storm is under way: 3 of its posts are still to come."
    assert len(await blown(visitor)) == 4


async def test_it_can_come_again_under_new_ids(visitor, clock, blown):
    for _ in range(3):
        answer = await visitor.post("/sim/storm", json={"posts": 2, "seconds": 2})
        assert answer.status_code == 200
        clock.turn(3)

    first, second = STORM[0].id, STORM[1].id
    assert list(await blown(visitor)) == [f"{post}-s{told}" for told in (1, 2, 3) for post in (first, second)]


async def test_a_restart_in_the_middle_neither_loses_nor_doubles(reopen, clock, blown):
    async with reopen() as client:
        await client.post("/sim/storm", json={"posts": 40})
        clock.turn(15)
        before = await blown(client)
    clock.turn(3_600)

    async with reopen() as client:
        at_once = await blown(client)
        refused = await client.post("/sim/storm", json={})
        clock.turn(26)
        after = await blown(client)

    assert list(at_once) == list(before)
    assert len(before) == 15
    assert refused.status_code == 409
    assert [post["text"] for post in after.values()] == [post.text for post in STORM[:40]]


async def test_who_stood_in_it_answers_and_stands_on_a_page(visitor, clock, reply, read_all):
    await visitor.post("/sim/storm", json={"posts": 1, "seconds": 1})
    clock.turn(2)
    ours = (await reply(visitor, f"{STORM[0].id}-s1", "All of them, sorry.", key="k1")).json()
    clock.turn(16)

    said = [post for post in await read_all(visitor) if post["answers"] == ours["id"]]
    assert [post["text"] for post in said] == [STORM[0].follow_ups[0]]
    assert (await visitor.get(f"/p/{STORM[0].id}-s1")).status_code == 200


@pytest.mark.parametrize(
    "asked", [{"posts": 0}, {"posts": 1_000}, {"posts": "many"}, {"seconds": 0}, {"seconds": 3_601}, {"posts": None}]
)
async def test_a_storm_of_nonsense_is_refused_in_words(visitor, clock, blown, asked):
    answer = await visitor.post("/sim/storm", json=asked)
    clock.turn(60)

    assert answer.status_code == 400
    assert "whole number" in answer.json()["message"]
    assert await blown(visitor) == {}


async def test_an_outage_may_promise_what_it_does_not_keep(visitor, clock):
    await visitor.post("/sim/down", json={"seconds": 60, "retry_after": 1})
    clock.turn(30)
    during = await visitor.get("/api/posts")
    clock.turn(31)

    assert (during.status_code, during.headers["retry-after"]) == (503, "1")
    assert (await visitor.get("/api/posts")).status_code == 200
