"""Our replies: published once, found again, answered by their authors."""

from datetime import datetime, timedelta

import pytest

from bot.demo.script import LIMITS, load

SCRIPT = load()


@pytest.fixture
def first():
    """A post that is there at once, whose author has two answers in store."""
    return next(beat.post for beat in SCRIPT[:4] if len(beat.post.follow_ups) == 2)


async def test_a_reply_stands_in_the_thread_and_in_the_list_as_ours(visitor, reply, read_all, first):
    answer = await reply(visitor, first.id, "We are looking into it now.", key="k1")

    posts = await read_all(visitor)
    assert answer.status_code == 201
    assert posts[-1]["id"] == answer.json()["id"]
    assert posts[-1]["account"] == "harbourline"
    assert (posts[-1]["thread"], posts[-1]["answers"]) == (first.id, first.id)
    assert posts[-1]["network"] == first.network


async def test_the_same_key_publishes_once(visitor, reply, read_all, first):
    once = await reply(visitor, first.id, "On it.", key="k1")
    twice = await reply(visitor, first.id, "On it.", key="k1")

    assert (once.status_code, twice.status_code) == (201, 200)
    assert once.json() == twice.json()
    assert len(await read_all(visitor)) == 5


async def test_a_key_stands_for_one_text_and_one_post(visitor, reply, first):
    await reply(visitor, first.id, "On it.", key="k1")

    other_text = await reply(visitor, first.id, "Off it.", key="k1")
    other_post = await reply(visitor, SCRIPT[1].post.id, "On it.", key="k1")

    assert (other_text.status_code, other_post.status_code) == (409, 409)


async def test_two_keys_are_two_replies(visitor, reply, first):
    one = await reply(visitor, first.id, "Part one.", key="k1")
    two = await reply(visitor, first.id, "Part two.", key="k2")

    assert one.json()["id"] != two.json()["id"]


async def test_a_lost_answer_is_found_by_looking(visitor, reply, read_all, first):
    await visitor.post("/sim/doubt", json={"next": 1})

    lost = await reply(visitor, first.id, "Did this arrive?", key="k7")
    found = (await visitor.get(f"/api/posts/{first.id}/replies")).json()["replies"]
    again = await reply(visitor, first.id, "Did this arrive?", key="k7")

    assert lost.status_code == 502
    assert [(one["key"], one["text"]) for one in found] == [("k7", "Did this arrive?")]
    assert again.status_code == 200
    assert again.json() == {"id": found[0]["id"], "url": found[0]["url"]}
    assert len(await read_all(visitor)) == 5


async def test_the_author_answers_within_8_to_15_seconds(visitor, clock, reply, read_all, first):
    ours = (await reply(visitor, first.id, "What is your booking?", key="k1")).json()["id"]
    sent_at = clock()

    clock.turn(7.9)
    early = [post for post in await read_all(visitor) if post["answers"] == ours]
    clock.turn(7.2)
    late = [post for post in await read_all(visitor) if post["answers"] == ours]

    assert early == []
    assert [post["text"] for post in late] == [first.follow_ups[0]]
    assert late[0]["author"]["handle"] == first.author.handle
    assert late[0]["thread"] == first.id
    waited = datetime.fromisoformat(late[0]["posted_at"]) - sent_at
    assert timedelta(seconds=8) <= waited <= timedelta(seconds=15)


async def test_the_second_reply_brings_the_second_answer_and_then_peace(visitor, clock, reply, read_all, first):
    await reply(visitor, first.id, "What is your booking?", key="k1")
    clock.turn(16)
    answer = next(post for post in await read_all(visitor) if post["text"] == first.follow_ups[0])
    for number, key in enumerate(["k2", "k3"]):
        await reply(visitor, answer["id"], f"Answer {number}.", key=key)
        clock.turn(16)

    said = [p["text"] for p in await read_all(visitor) if p["thread"] == first.id and not p["account"]]
    assert said == [first.text, *first.follow_ups]


async def test_an_answer_that_is_due_survives_a_restart(reopen, clock, reply, read_all, first):
    async with reopen() as client:
        ours = (await reply(client, first.id, "What is your booking?", key="k1")).json()["id"]
        clock.turn(2)
    clock.turn(3_600)

    async with reopen() as client:
        at_once = [post for post in await read_all(client) if post["answers"] == ours]
        again = await reply(client, first.id, "What is your booking?", key="k1")
        clock.turn(13.1)
        later = [post for post in await read_all(client) if post["answers"] == ours]

    assert at_once == []
    assert (again.status_code, again.json()["id"]) == (200, ours)
    assert [post["text"] for post in later] == [first.follow_ups[0]]


@pytest.mark.parametrize("network", list(LIMITS))
async def test_each_network_holds_its_limit_and_no_more(visitor, clock, reply, network):
    clock.turn(10_000)
    post = next(b.post for b in SCRIPT if b.post.network == network and b.post.gone_after_s is None)

    fits = await reply(visitor, post.id, "é" * LIMITS[network], key="fits")
    too_long = await reply(visitor, post.id, "é" * (LIMITS[network] + 1), key="long")

    assert (await visitor.get("/api/limits")).json() == LIMITS
    assert fits.status_code == 201
    assert too_long.status_code == 422
    assert str(LIMITS[network]) in too_long.json()["message"]


@pytest.mark.parametrize("text", ["", "  \n", None, 7, "\ud83d"])
async def test_a_text_that_is_none_is_refused(visitor, first, text):
    body = '{"text": "\\ud83d"}' if text == "\ud83d" else None
    answer = await visitor.post(
        f"/api/posts/{first.id}/replies",
        headers={"Idempotency-Key": "k"},
        **({"content": body} if body else {"json": {"text": text}}),
    )

    assert answer.status_code == 422


@pytest.mark.parametrize(
    ("body", "status"), [(b"{", 400), (b"[]", 400), (b"[" * 60_000, 400), (b"\xff", 400), (b" " * 70_000, 413)]
)
async def test_a_body_that_is_no_request_is_refused(visitor, first, body, status):
    answer = await visitor.post(f"/api/posts/{first.id}/replies", headers={"Idempotency-Key": "k"}, content=body)

    assert answer.status_code == status


async def test_a_reply_needs_a_key(visitor, first):
    answer = await visitor.post(f"/api/posts/{first.id}/replies", json={"text": "hello"})

    assert answer.status_code == 400
    assert "Idempotency-Key" in answer.json()["message"]


async def test_a_post_that_is_not_out_cannot_be_answered(visitor, reply):
    answer = await reply(visitor, SCRIPT[-1].post.id, "Hello from the future.", key="k1")

    assert answer.status_code == 404


async def test_a_deleted_post_is_gone_for_everyone(visitor, clock, reply, read_all):
    beat = next(beat for beat in SCRIPT if beat.post.gone_after_s is not None)
    clock.turn(beat.due_s - SCRIPT[3].due_s)
    before = await visitor.get(f"/api/posts/{beat.post.id}")
    clock.turn(beat.post.gone_after_s)

    answer = await reply(visitor, beat.post.id, "We saw that.", key="k1")

    assert before.status_code == 200
    assert answer.status_code == 404
    assert (await visitor.get(f"/p/{beat.post.id}")).status_code == 404
    assert beat.post.id not in [post["id"] for post in await read_all(visitor)]


async def told(visitor, since):
    """Give what the list says after a cursor, and the next cursor."""
    page = (await visitor.get("/api/posts", params={"since": since})).json()
    return page["posts"], page["cursor"]


async def test_the_list_says_that_a_post_was_deleted(visitor, clock):
    beat = next(beat for beat in SCRIPT if beat.post.gone_after_s is not None)
    clock.turn(beat.due_s - SCRIPT[3].due_s)
    cursor = "0"
    while (page := await told(visitor, cursor))[0]:
        cursor = page[1]
    clock.turn(beat.post.gone_after_s)

    posts, _ = await told(visitor, cursor)

    assert {"id": beat.post.id, "network": beat.post.network, "deleted": True} in posts


async def test_an_author_edits_and_deletes(visitor):
    post_id = SCRIPT[0].post.id
    before, cursor = await told(visitor, "0")

    await visitor.post("/sim/edit", json={"id": post_id, "text": "I take it all back."})
    edited, cursor = await told(visitor, cursor)
    await visitor.post("/sim/delete", json={"id": post_id})
    deleted, _ = await told(visitor, cursor)

    assert [post["text"] for post in edited] == ["I take it all back."]
    assert edited[0]["edited_at"] >= edited[0]["posted_at"] and not any("edited_at" in post for post in before)
    assert [(post["id"], post["deleted"]) for post in deleted] == [(post_id, True)]
    assert (await visitor.get(f"/api/posts/{post_id}")).status_code == 404
    assert (await visitor.post("/sim/delete", json={"id": post_id})).status_code == 404
    assert before


async def test_what_began_in_private_stays_private(visitor, clock, reply, read_all):
    clock.turn(10_000)
    secret = next(beat.post for beat in SCRIPT if beat.post.visibility == "private")

    ours = (await reply(visitor, secret.id, "Thank you, we will call.", key="k1", visibility="public")).json()["id"]
    clock.turn(16)

    thread = [post for post in await read_all(visitor) if post["thread"] == secret.id]
    assert [post["answers"] for post in thread] == [None, secret.id, ours]
    assert {post["visibility"] for post in thread} == {"private"}


async def test_a_private_reply_to_a_public_post_is_answered_in_private(visitor, clock, reply, read_all, first):
    await reply(visitor, first.id, "Your reference, please?", key="k1", visibility="private")
    clock.turn(16)

    thread = [post for post in await read_all(visitor) if post["thread"] == first.id]
    assert [post["visibility"] for post in thread] == ["public", "private", "private"]


async def test_the_platform_goes_down_and_comes_back(visitor, clock, reply, first):
    await visitor.post("/sim/down", json={"seconds": 30})

    down = [(await visitor.get(path)).status_code for path in ("/api/posts", "/api/limits", "/", f"/p/{first.id}")]
    refused = await reply(visitor, first.id, "Anyone there?", key="k1")
    clock.turn(31)

    assert down == [503] * 4
    assert (refused.status_code, refused.headers["retry-after"]) == (503, "31")
    assert (await visitor.get(f"/api/posts/{first.id}/replies")).json() == {"replies": []}


async def test_the_platform_can_be_brought_back_early(visitor):
    await visitor.post("/sim/down", json={"seconds": 30})
    await visitor.post("/sim/down", json={"seconds": 0})

    assert (await visitor.get("/api/posts")).status_code == 200


@pytest.mark.parametrize("path", ["/sim/down", "/sim/doubt", "/sim/storm"])
async def test_faults_are_for_those_with_the_token(visitor, path):
    stranger = await visitor.post(path, json={"seconds": 9, "next": 9}, headers={"Authorization": "Bearer no"})
    muddled = await visitor.post(path, json={"seconds": "many", "next": True})

    assert (stranger.status_code, muddled.status_code) == (401, 400)
    assert (await visitor.get("/api/posts")).status_code == 200
