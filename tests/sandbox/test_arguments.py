"""How arguments come: merged from everywhere, with Slack's warnings and refusals; and the methods that just answer."""

import io
import json

import aiohttp
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sandbox.args import parts
from tests.sandbox.stage import CARE, button, card, modal

JSON, FORM = "application/json", "application/x-www-form-urlencoded"


def bearer(stage, **more: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {stage.sandbox.bot_token}", **more}


@pytest.mark.parametrize(
    ("content", "kind", "warning"),
    [
        (b'{"foo": "bar"}', JSON, "missing_charset"),
        (b'{"foo": "bar"}', JSON + ";charset=utf-8", None),
        (b"foo=bar", FORM + "; charset=utf-8", "superfluous_charset"),
        (b"foo=bar", FORM, None),
    ],
)
async def test_a_charset_is_wanted_for_json_and_for_nothing_else(stage, content, kind, warning):
    answer = await stage.http.post("/api/api.test", content=content, headers={"Content-Type": kind})

    body = answer.json()
    assert body["args"] == {"foo": "bar"}
    assert body.get("warning") == warning
    assert body.get("response_metadata") == ({"warnings": [warning]} if warning else None)


async def test_a_refusal_is_warned_as_well(stage):
    answer = await stage.http.post("/api/chat.postMessage", json={"channel": CARE}, headers=bearer(stage))

    assert (answer.json()["error"], answer.json()["warning"]) == ("no_text", "missing_charset")


@pytest.mark.parametrize(
    ("content", "headers", "error"),
    [
        (b"foo=bar", {}, "missing_post_type"),
        (b"foo=bar", {"Content-Type": FORM + "; charset=koi8-r"}, "invalid_charset"),
        (b"foo[]=bar", {"Content-Type": FORM}, "invalid_arg_name"),
        (b"--x", {"Content-Type": "multipart/form-data"}, "invalid_form_data"),
        (b"no parts", {"Content-Type": "multipart/form-data; boundary=x"}, "invalid_form_data"),
        (b"x" * 2_000_001, {"Content-Type": FORM}, "request_too_large"),
    ],
)
async def test_a_body_that_says_the_wrong_thing_is_refused(stage, content, headers, error):
    answer = await stage.http.post("/api/auth.test", content=content, headers=bearer(stage, **headers))

    assert answer.json()["error"] == error


async def test_a_form_with_parts_is_read_as_the_sdk_sends_it(stage):
    form = aiohttp.FormData({"channel": CARE, "text": "Zähl ung & <more>"}, default_to_multipart=True)

    async with aiohttp.ClientSession() as session:
        answer = await (
            await session.post(f"{stage.url}/api/chat.postMessage", data=form, headers=bearer(stage))
        ).json()
    by_sdk = await stage.web.api_call("api.test", files={"blob": io.BytesIO(b"\x00\x01")}, data={"foo": "bar"})

    assert answer["message"]["text"] == "Zähl ung & <more>"
    assert by_sdk["args"] == {"foo": "bar", "blob": "\x00\x01"}


@given(content=st.binary(max_size=300))
def test_the_content_of_a_part_comes_through_as_it_was(content):
    if b"\r\n--edge" in b"\r\n" + content:
        return
    body = b'--edge\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n'
    body += b"Content-Type: application/octet-stream\r\n\r\n" + content + b"\r\n--edge--\r\n"

    assert list(parts("multipart/form-data; boundary=edge", body)) == [("file", content)]


async def test_a_token_in_the_query_or_in_json_counts_for_nothing(stage):
    token = stage.sandbox.bot_token

    in_query = await stage.http.get("/api/auth.test", params={"token": token})
    in_json = await stage.http.post("/api/auth.test", json={"token": token})
    in_form = await stage.http.post("/api/auth.test", data={"token": token})

    assert (in_query.json()["error"], in_json.json()["error"], in_form.json()["ok"]) == (
        "not_authed",
        "not_authed",
        True,
    )


@pytest.mark.parametrize("text", [{"a": 1}, ["a"]])
async def test_an_object_is_no_text(stage, text):
    answer = await stage.call("chat.postMessage", channel=CARE, text=text)

    assert answer["error"] == "invalid_arguments"
    assert answer["response_metadata"]["messages"] == ["[ERROR] must be a string [json-pointer:/text]"]


async def test_what_the_sandbox_lacks_is_counted_by_name(stage):
    for method in ("pins.add", "dnd.info", "pins.add"):
        assert (await stage.call(method))["error"] == "unknown_method"

    assert (await stage.state())["unknown_methods"] == {"pins.add": 2, "dnd.info": 1}


async def test_api_test_gives_back_what_was_sent(stage):
    assert (await stage.web.api_test(foo="bar"))["args"] == {"foo": "bar"}
    assert (await stage.call("api.test", error="my_error"))["error"] == "my_error"


async def test_blocks_are_validated_without_a_token(stage):
    wrong = [{"type": "section", "text": {"type": "mrkdwn", "text": "x" * 3_001}}]

    good = [
        await stage.web.api_call("blocks.validate", json=body)
        for body in ({"blocks": card()}, {"message": {"text": "x", "blocks": card()}}, {"view": modal()})
    ]
    bad = (await stage.http.post("/api/blocks.validate", data={"blocks": json.dumps(wrong)})).json()
    message = await stage.call(
        "blocks.validate", message={"blocks": [{"type": "actions", "elements": [button()] * 26}]}
    )
    view = await stage.call("blocks.validate", view={"type": "modal", "blocks": []})

    assert all(answer["ok"] for answer in good)
    assert (bad["error"], bad["errors"][0]["pointer"]) == ("invalid_blocks", "/0/text/text")
    assert set(bad["errors"][0]) >= {"pointer", "code", "message", "constraint"}
    assert (message["error"], view["error"]) == ("invalid_message", "invalid_view")


@pytest.mark.parametrize("args", [{}, {"blocks": card(), "view": modal()}, {"blocks": "{"}])
async def test_exactly_one_thing_is_validated_at_a_time(stage, args):
    assert (await stage.call("blocks.validate", **args))["error"] == "invalid_arguments"


async def test_an_update_keeps_attachments_that_it_does_not_name(stage):
    notes = [{"text": "a note", "color": "#30a200"}]
    ts = (await stage.web.chat_postMessage(channel=CARE, text="card", attachments=notes))["ts"]

    kept = (await stage.web.chat_update(channel=CARE, ts=ts, text="new"))["message"]
    dropped = (await stage.web.chat_update(channel=CARE, ts=ts, text="new", attachments=[]))["message"]

    assert kept["attachments"][0]["text"] == "a note"
    assert "attachments" not in dropped
