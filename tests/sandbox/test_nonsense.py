"""What no honest app, page or person sends: it is refused in Slack's words, and what comes after works as before."""

import contextlib

import pytest
from starlette.responses import PlainTextResponse, RedirectResponse

from tests.sandbox.desk import options
from tests.sandbox.lines import raw
from tests.sandbox.receiver import receiving
from tests.sandbox.stage import ANA, BOT, CARE, ESCALATIONS, card, field, granted, staged

DEEP = "[" * 300 + "]" * 300

METHODS = """
    api.test auth.test blocks.validate bots.info chat.delete chat.getPermalink chat.postEphemeral
    chat.postMessage chat.scheduleMessage chat.update conversations.history conversations.info
    conversations.list conversations.members conversations.open conversations.replies
    files.completeUploadExternal files.getUploadURLExternal files.info reactions.add team.info
    users.info users.list views.open views.publish views.update
"""
ARGS = """
    alt_txt attachments blocks bot channel_id cursor external_id file filename files hash
    initial_comment latest length limit markdown_text message message_ts metadata name oldest parse
    post_at text thread_ts timestamp trigger_id ts types user user_id username users view view_id
"""
VALUES = (
    "null",
    "1e308",
    '"\\u0000"',
    '"\\ud800"',
    f'"{"9" * 5_000}"',
    "[[1]]",
    '{"type": []}',
    '[{"type": {}}]',
    '"[{}]"',
    DEEP,
    f'"{DEEP}"',
)


@pytest.mark.parametrize("value", VALUES, ids=lambda value: value[:20])
async def test_every_method_answers_nonsense_in_every_argument(value):
    """One argument at a time where the others are good, for a message; all at once for the rest."""
    scopes = ("channels:history", "files:read", "files:write", "reactions:write", "team:read", "chat:write.customize")
    async with staged(granted(*scopes)) as stage:
        stage.sandbox.limits.tighten("off")
        header = {"Authorization": f"Bearer {stage.sandbox.bot_token}", "Content-Type": "application/json"}
        odd = ",".join(f'"{name}": {value}' for name in ARGS.split())
        good = f'"channel": "{CARE}", "text": "x", "user": "{ANA}"'
        bodies = [(method, odd) for method in METHODS.split()] + [
            (method, f'"channel": "{CARE}", {odd}') for method in METHODS.split()
        ]
        bodies += [("chat.postMessage", f'{good}, "{name}": {value}') for name in ARGS.split()]
        bodies += [("chat.scheduleMessage", f'{good}, "post_at": {value}')]
        for method, body in bodies:
            said = await stage.http.post(f"/api/{method}", content=f"{{{body}}}", headers=header)
            assert (said.status_code, type(said.json()["ok"])) == (200, bool), (method, body[:200])

        assert (await stage.http.get("/sim/state")).status_code == 200
        assert (await stage.http.get("/page/inspector")).status_code == 200


async def test_json_is_refused_that_could_not_be_shown_again(stage):
    for path in ("/api/api.test", "/sim/message", "/page/message", "/sim/faults"):
        said = await stage.http.post(path, content=f'{{"x": {DEEP}}}', headers={"Content-Type": "application/json"})
        assert said.json()["error"] == "invalid_json"


async def test_a_form_of_forms_is_refused(stage):
    heads = "".join(f"--x{at}\r\nContent-Type: multipart/mixed; boundary=x{at + 1}\r\n\r\n" for at in range(1_500))
    kind = {"Content-Type": "multipart/form-data; boundary=x0"}

    said = await stage.http.post("/api/api.test", content=heads, headers=kind)

    assert said.json() == {"ok": False, "error": "invalid_form_data"}


@pytest.mark.parametrize("host", ["ana@127.0.0.1", "127.0.0.1/x", "127.0.0.1#x", "localhost:1:2", "localhost:x"])
async def test_a_host_is_a_name_and_a_port_and_nothing_else(stage, host):
    """It comes back in response URLs, upload URLs and the address of the socket."""
    said = await stage.http.get("/api/api.test", headers={"Host": host})

    assert said.status_code == 403


@pytest.mark.parametrize("seconds", [1e18, 1e308, -1, True, "x"])
async def test_the_clock_stays_within_what_a_date_can_say(stage, seconds):
    await stage.sim("clock", advance_s=seconds)

    assert (await stage.call("chat.postMessage", channel=CARE, text="now"))["ok"]
    assert (await stage.state())["now"] < 10**10


async def test_a_place_in_the_feed_that_cannot_be_is_refused(stage):
    said = await stage.http.get("/page/inspector", params={"since": "9" * 5_000})

    assert said.status_code == 400


async def test_an_ack_of_something_odd_leaves_the_connection_alone(stage):
    async with raw(stage) as socket:
        for frame in ('{"envelope_id": []}', '{"envelope_id": {}}', f'{{"envelope_id": {DEEP}}}', '"x"'):
            await socket.send_str(frame)
        await stage.idle()
        assert (await stage.sim("message", user=ANA, channel=CARE, text=f"<@{BOT}> hello"))["ok"]
        assert (await socket.receive_json(timeout=1))["type"] == "events_api"

    assert (await stage.state())["protocol_error_counts"] == {"unknown_envelope": 2, "bad_frame": 2}


@pytest.mark.parametrize(
    "target", ["http://127.0.0.1:99999/", "http://xn--/", "javascript:1", "http://127.0.0.1@evil/"]
)
async def test_a_redirect_to_no_address_fails_at_once(target):
    async with receiving() as (stage, receiver):
        receiver.answers.append(RedirectResponse(target, 307))

        said = await stage.sim("command", user=ANA, channel=CARE, command="/social")

    assert said["error"] == "dispatch_failed"


async def test_a_proof_that_is_no_text_is_none():
    async with receiving() as (stage, receiver):
        receiver.proof = '{"challenge": ["x"]}'
        await stage.sim("message", user=ANA, channel=CARE, text=f"<@{BOT}> hello")
        await stage.idle()
        [sent] = [one for one in (await stage.state())["deliveries"] if one["attempt"] == 0]

    assert (sent["state"], sent["failure"]) == ("failed", "http_error")


async def test_an_answer_that_is_too_deep_is_words():
    async with receiving() as (stage, receiver):
        receiver.answers.append(PlainTextResponse(f'{{"text": {DEEP}}}'))
        assert (await stage.sim("command", user=ANA, channel=CARE, command="/social"))["ok"]
        assert (await stage.http.get("/sim/state")).status_code == 200


async def test_several_choices_are_a_list(desk):
    boxes = {"type": "checkboxes", "action_id": "many", "options": options("a", "b")}
    view_id = await desk.opens(field("boxes", boxes))

    for odd in (5, True, {"many": 5}, [["a"]]):
        said = await desk.stage.sim("submit", user=ANA, view_id=view_id, values={"boxes": odd})
        assert said["error"] == "no such option"


async def test_a_choice_that_an_update_takes_away_is_not_chosen_any_more(desk):
    """A menu that depends on another one: the same field, but what was chosen in it is gone."""

    def menu(*values):
        return field("reason", {"type": "static_select", "action_id": "pick", "options": options(*values)})

    note = field("note", {"type": "plain_text_input", "action_id": "text"})
    desk.answer = {"response_action": "errors", "errors": {"note": "No."}}
    view_id = await desk.opens(menu("late", "lost"), note)
    given = {"reason": "late", "note": "kept"}
    await desk.stage.sim("submit", user=ANA, view_id=view_id, values=given)
    view = desk.view | {"blocks": [menu("cold", "rude"), note]}

    updated = await desk.stage.call("views.update", view_id=view_id, view=view)

    values = updated["view"]["state"]["values"]
    assert (values["reason"]["pick"]["selected_option"], values["note"]["text"]["value"]) == (None, "kept")


async def test_forgotten_faults_let_the_next_press_pass(desk):
    ts = (await desk.stage.web.chat_postMessage(channel=CARE, text="Card", blocks=card()))["ts"]
    await desk.stage.sim("faults", kind="out_of_order")
    await desk.stage.http.delete("/sim/faults")

    said = await desk.stage.sim("action", user=ANA, channel=CARE, message_ts=ts, action_id="claim")

    assert said["ok"] and said["ack_ms"] < 1_000
    deliveries = (await desk.stage.state())["deliveries"]
    assert [one["state"] for one in deliveries] == ["acked"]


async def test_a_file_that_was_deleted_is_said_to_be_gone(tmp_path):
    keep = tmp_path / "sandbox.db"
    async with staged(keep=keep) as stage:
        await stage.web.chat_postMessage(channel=CARE, text="before")
        for one in tmp_path.iterdir():
            with contextlib.suppress(FileNotFoundError):
                one.unlink()
        await stage.web.chat_postMessage(channel=ESCALATIONS, text="after")

        assert "No such file" in (await stage.state())["keep_failure"]


async def test_what_is_remembered_of_a_huge_message_is_small(stage):
    brackets = [{"text": "<" * 40_000}] * 10
    assert (await stage.call("chat.postMessage", channel=CARE, text="<" * 1_000_000, attachments=brackets))["ok"]
    await stage.call("chat.postMessage", channel=CARE, text="x", metadata={"huge": "x" * 1_000_000})

    state = await stage.state()
    [message] = state["messages"][CARE]

    assert (len(message["text"]), len(message["warnings"])) == (40_000, 100)
    assert [len(str(call["args"])) < 3_000 for call in state["calls"]] == [True, True]
    assert state["calls"][-1]["args"]["shortened_from_bytes"] > 1_000_000


async def test_uploads_that_never_come_are_given_up():
    async with staged(granted("files:write")) as stage:
        stage.sandbox.limits.tighten("off")
        waiting = [await stage.call("files.getUploadURLExternal", filename="a.txt", length=1) for _ in range(501)]

        said = [(await stage.http.post(one["upload_url"], content=b"x")).status_code for one in waiting[:2]]

    assert said == [404, 200]
