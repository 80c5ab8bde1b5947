"""Signed HTTP: what is posted, what counts as an ack, and what happens without one."""

import asyncio
from urllib.parse import parse_qs, parse_qsl

import httpx
import orjson
import pytest
from slack_sdk.signature import Clock, SignatureVerifier
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response

from bot.sandbox.errors import UrlUnusable
from bot.sandbox.server import Sandbox
from tests.sandbox.receiver import receiving
from tests.sandbox.stage import ANA, BOT, CARE, MANIFEST, bolt, button, card, modal, staged

COMMAND = {"user": ANA, "channel": CARE, "command": "/social"}
MENTION = {"user": ANA, "channel": CARE, "text": f"<@{BOT}> hello"}


@pytest.fixture
async def posted():
    async with receiving() as (stage, receiver):
        yield stage, receiver


async def kinds(stage):
    return [error["kind"] for error in (await stage.state())["protocol_errors"]]


async def until(said):
    """Wait for something that another task will have done."""
    async with asyncio.timeout(5):
        while not said():  # noqa: ASYNC110 - a moment
            await asyncio.sleep(0.01)


async def test_a_command_is_a_form_with_words_for_booleans(posted):
    stage, receiver = posted

    assert (await stage.sim("command", **COMMAND, text="queue & <all>"))["ok"]

    [one] = receiver.heard
    form = dict(parse_qsl(one.body.decode()))
    assert one.headers["content-type"] == "application/x-www-form-urlencoded"
    assert one.headers["user-agent"] == "Slackbot 1.0 (+https://api.slack.com/robots)"
    assert (form["command"], form["text"]) == ("/social", "queue &amp; &lt;all&gt;")
    assert form["is_enterprise_install"] == "false"


async def test_an_interaction_is_one_form_field_of_json(posted):
    stage, receiver = posted
    ts = (await stage.web.chat_postMessage(channel=CARE, text="card", blocks=card(button())))["ts"]

    assert (await stage.sim("action", user=ANA, channel=CARE, message_ts=ts, action_id="claim"))["ok"]

    [payload] = parse_qs(receiver.heard[0].body.decode())["payload"]
    assert orjson.loads(payload)["actions"][0]["action_id"] == "claim"


async def test_an_event_is_json(posted):
    stage, receiver = posted

    await stage.sim("message", **MENTION)
    await stage.idle()

    [one] = receiver.heard
    assert (one.json["type"], one.json["event"]["type"]) == ("event_callback", "app_mention")
    assert "x-slack-retry-num" not in one.headers
    assert [(d["connection"], d["state"]) for d in (await stage.state())["deliveries"]] == [(0, "acked")]


async def test_what_is_posted_carries_a_signature_that_the_sdk_trusts(posted):
    stage, receiver = posted
    await stage.sim("clock", advance_s=3600)
    await stage.sim("command", **COMMAND, text="é")

    [one] = receiver.heard
    verifier = SignatureVerifier(stage.sandbox.signing_secret)
    assert verifier.is_valid_request(one.body, one.headers)
    assert not verifier.is_valid_request(one.body + b"x", one.headers)
    assert not SignatureVerifier("another secret").is_valid_request(one.body, one.headers)


async def test_a_request_that_is_played_again_too_late_is_refused_by_bolt(posted):
    stage, receiver = posted
    await stage.sim("command", **COMMAND, text="")
    [one] = receiver.heard

    class Later(Clock):
        def now(self):
            return super().now() + 301

    assert not SignatureVerifier(stage.sandbox.signing_secret, Later()).is_valid_request(one.body, one.headers)

    receiver.app = bolt(stage)

    @receiver.app.command("/social")
    async def social(ack):
        await ack()

    stale = one.headers | {"x-slack-request-timestamp": str(int(one.headers["x-slack-request-timestamp"]) - 301)}
    async with httpx.AsyncClient(base_url=receiver.url) as anybody:
        fresh = await anybody.post("/slack/events", content=one.body, headers=one.headers)
        late = await anybody.post("/slack/events", content=one.body, headers=stale)

    assert (fresh.status_code, late.status_code) == (200, 401)


@pytest.mark.parametrize("proof", ["", "no", "<h1>Hello</h1>"])
async def test_events_go_only_where_the_challenge_was_answered(posted, proof):
    stage, receiver = posted
    receiver.proof = proof

    await stage.sim("message", **MENTION)
    await stage.idle()
    receiver.proof = None
    await stage.sim("clock", advance_s=61)
    await stage.idle()

    assert await kinds(stage) == ["challenge_failed"] * 2
    assert [one.headers["x-slack-retry-num"] for one in receiver.heard] == ["2"]


@pytest.mark.parametrize(
    ("answer", "shown"),
    [
        (Response(), []),
        (PlainTextResponse("Nothing waits."), ["Nothing waits."]),
        (JSONResponse({"text": "Two wait."}), ["Two wait."]),
        (JSONResponse({"text": "Made.", "response_type": "ephemeral"}, 201), ["Made."]),
    ],
)
async def test_the_answer_to_a_command_is_its_ack(posted, answer, shown):
    stage, receiver = posted
    receiver.answers.append(answer)

    assert (await stage.sim("command", **COMMAND, text=""))["ok"]

    assert [one["text"] for one in (await stage.state())["ephemerals"]] == shown


@pytest.mark.parametrize(
    ("answer", "failure"),
    [
        (Response(status_code=500), "http_error"),
        (PlainTextResponse("who are you", 401), "http_error"),
        (PlainTextResponse("a" * 1_000_001), "http_error"),
        (RedirectResponse("http://192.0.2.1/slack/events"), "connection_failed"),
        (RedirectResponse("https://127.0.0.1/slack/events"), "connection_failed"),
    ],
)
async def test_any_other_answer_fails_a_command_and_it_does_not_come_again(posted, answer, failure):
    stage, receiver = posted
    receiver.answers.append(answer)

    failed = await stage.sim("command", **COMMAND, text="")
    await stage.idle()

    state = await stage.state()
    assert failed == {"ok": False, "error": "dispatch_failed"}
    assert [line["text"] for line in state["notices"][ANA]] == ['/social failed with the error "dispatch_failed"']
    assert [(one["state"], one["failure"]) for one in state["deliveries"]] == [("failed", failure)]
    assert len(receiver.heard) == 1


@pytest.mark.parametrize(("hops", "failure"), [(2, ""), (3, "too_many_redirects")])
async def test_two_redirects_are_followed_and_no_more(posted, hops, failure):
    stage, receiver = posted
    receiver.answers.extend(RedirectResponse(f"{receiver.url}/elsewhere", 307) for _ in range(hops))

    answer = await stage.sim("command", **COMMAND, text="")

    assert answer["ok"] == (not failure)
    assert [one["failure"] for one in (await stage.state())["deliveries"]] == [failure]
    assert [one.path for one in receiver.heard] == ["/slack/events", "/elsewhere", "/elsewhere"]
    assert len({one.body for one in receiver.heard}) == 1


async def test_nobody_at_the_request_url():
    async with staged(request_url="http://127.0.0.1:1/slack/events") as stage:
        failed = await stage.sim("command", **COMMAND, text="")

        assert failed == {"ok": False, "error": "dispatch_failed"}
        assert [one["failure"] for one in (await stage.state())["deliveries"]] == ["connection_failed"]


async def test_a_late_answer_is_a_timeout_and_counted_when_it_comes(posted):
    stage, receiver = posted
    receiver.delay = lambda: asyncio.sleep(3.2)

    failed = await stage.sim("command", **COMMAND, text="")
    await until(lambda: stage.sandbox._world.ledger.protocol_errors)

    state = await stage.state()
    assert failed == {"ok": False, "error": "operation_timeout"}
    assert [(one["kind"], one["type"]) for one in state["protocol_errors"]] == [("late_ack", "slash_commands")]
    assert state["protocol_errors"][0]["ms"] >= 3_000
    assert [(one["state"], one["failure"]) for one in state["deliveries"]] == [("late", "http_timeout")]


async def test_an_event_comes_again_at_once_after_a_minute_and_after_five(posted):
    stage, receiver = posted
    receiver.answers.extend(Response(status_code=500) for _ in range(4))

    await stage.sim("message", **MENTION)
    heard = []
    for advance_s in (0, 59, 2, 301):
        await stage.sim("clock", advance_s=advance_s)
        await stage.idle()
        heard.append(len(receiver.heard))

    assert heard == [2, 2, 3, 4]
    retries = [(one.headers["x-slack-retry-num"], one.headers["x-slack-retry-reason"]) for one in receiver.heard[1:]]
    assert retries == [("1", "http_error"), ("2", "http_error"), ("3", "http_error")]
    assert len({one.json["event_id"] for one in receiver.heard}) == 1
    assert await kinds(stage) == ["event_lost"]


async def test_a_slow_event_comes_again_without_waiting_for_the_answer(posted):
    stage, receiver = posted
    slow = asyncio.Event()
    receiver.delay = lambda: asyncio.sleep(0) if len(receiver.heard) > 1 else slow.wait()

    await stage.sim("message", **MENTION)
    await until(lambda: len(receiver.heard) == 2)
    slow.set()
    await stage.idle()

    assert receiver.heard[1].headers["x-slack-retry-reason"] == "http_timeout"
    assert [one["state"] for one in (await stage.state())["deliveries"]] == ["late", "acked"]


async def test_an_app_may_ask_not_to_hear_an_event_again(posted):
    stage, receiver = posted
    receiver.answers.append(Response(status_code=503, headers={"X-Slack-No-Retry": "1"}))

    await stage.sim("message", **MENTION)
    await stage.idle()

    assert len(receiver.heard) == 1
    assert await kinds(stage) == []


async def test_a_text_instead_of_json_leaves_a_modal_in_trouble(posted):
    stage, receiver = posted
    await stage.sim("command", **COMMAND, text="")
    trigger = dict(parse_qsl(receiver.heard[0].body.decode()))["trigger_id"]
    await stage.web.views_open(trigger_id=trigger, view=modal())
    receiver.answers.append(PlainTextResponse("ok"))

    answer = await stage.sim("submit", user=ANA, values={"text": "sorry"})

    assert (answer["ok"], answer["error"]) == (False, "bad_response_action")


async def test_the_response_url_leads_to_the_host_by_which_the_app_calls(posted):
    stage, receiver = posted
    port = stage.url.rpartition(":")[2]

    await stage.sim("command", **COMMAND, text="")
    async with httpx.AsyncClient() as app:
        await app.post(f"http://localhost:{port}/api/api.test")
    await stage.sim("command", **COMMAND, text="")

    first, second = (dict(parse_qsl(one.body.decode()))["response_url"] for one in receiver.heard)
    assert first.startswith(f"http://127.0.0.1:{port}/respond/")
    assert second.startswith(f"http://localhost:{port}/respond/")


@pytest.mark.parametrize(
    "url",
    [
        "https://127.0.0.1/slack/events",
        "http://example.com/slack/events",
        "http://127.0.0.1.example.com/",
        "http://me@127.0.0.1/",
        "127.0.0.1:3000",
        "http://127.0.0.1:port/",
    ],
)
def test_a_request_url_elsewhere_is_refused(url):
    with pytest.raises(UrlUnusable, match="must lead to this machine"):
        Sandbox(MANIFEST, request_url=url)
