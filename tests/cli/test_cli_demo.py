"""``goshawk demo`` as a person meets it: a process, one line, a page, and a clean end."""

from __future__ import annotations

import json
import re
import signal
import sqlite3
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.cli.terminal import PATIENCE_S

REAL = {
    "SLACK_BOT_TOKEN": "xoxb-a-real-workspace",
    "SLACK_APP_TOKEN": "xapp-a-real-workspace",
    "SLACK_API_URL": "https://slack.example/api/",
    "DATABASE_URL": "postgresql://nobody@nowhere.example/none",
    "PORT": "1",
}


def case_of(card: dict[str, Any]) -> str:
    found = re.search(r'"value": "(\d+)', json.dumps(card["blocks"]))
    assert found
    return found[1]


def posts_of(data: Path) -> list[tuple[str, int]]:
    with closing(sqlite3.connect(data / "goshawk.db")) as store:
        return store.execute("SELECT post_id, case_id FROM mention ORDER BY id").fetchall()


def remembered_in(data: Path) -> set[str]:
    """Return where cards stand, as the bot knows it."""
    with closing(sqlite3.connect(data / "goshawk.db")) as store:
        return {ts for (ts,) in store.execute("SELECT ts FROM card WHERE channel = 'C0CARE0001'")}


@pytest.mark.parametrize("by", [signal.SIGINT, signal.SIGTERM])
def test_the_line_comes_when_the_page_opens_and_the_stop_is_clean(start, tmp_path, by):
    (tmp_path / "goshawk.toml").write_text('[channels]\ncases = "#no-such-channel"\nnonsense = true\n')
    demo = start("demo", "--no-browser", "--port", "0", "--data", tmp_path / "kept", env=REAL).watching()

    page = demo.get("/")
    card, _ = demo.first_card()
    code, _, err = demo.stopped(by)

    assert "<html" in page
    assert card["blocks"]
    assert (code, err) == (0, "")


def test_started_again_everything_is_there_and_nothing_is_doubled(start, tmp_path):
    words = ("demo", "--no-browser", "--port", "0", "--data", tmp_path)
    first = start(*words).watching()
    card, _ = first.first_card()
    pressed = first.do("action", user="U0ANA00001", channel="C0CARE0001", message_ts=card["ts"], action_id="case.claim")
    first.get("/sim/idle?timeout_s=5")
    before = {one["ts"] for one in first.cards()}
    first.stopped()
    posts_before = posts_of(tmp_path)

    again = start(*words).watching()
    again.get("/sim/idle?timeout_s=2")
    found = again.get("/sim/state")["messages"]["C0CARE0001"]
    again.stopped()
    posts = posts_of(tmp_path)

    assert pressed["ok"]
    assert before <= {one["ts"] for one in found}
    assert "Claimed by ana" in next(str(one["blocks"]) for one in found if one["ts"] == card["ts"])
    assert posts[: len(posts_before)] == posts_before
    assert len({post for post, _ in posts}) == len(posts)


def test_killed_and_started_again_nothing_is_lost_or_doubled(start, tmp_path):
    words = ("demo", "--no-browser", "--port", "0", "--data", tmp_path, "--speed", "20")
    seen: set[str] = set()
    for _ in range(3):
        demo = start(*words).watching()
        demo.first_card()
        seen |= {case_of(one) for one in demo.cards()}
        demo.handle.kill()
        demo.handle.wait()

    last = start(*words[:-2]).watching()
    # What was on its way to the disk is looked for after its settle wait of ten seconds, or posted anew.
    patience = time.monotonic() + 40
    while time.monotonic() < patience:
        standing = last.cards()
        if seen <= {case_of(one) for one in standing} and {one["ts"] for one in standing} <= remembered_in(tmp_path):
            break
        time.sleep(0.2)
    last.get("/sim/idle?timeout_s=2")
    standing = last.cards()
    last.stopped()
    cases, posts = [case_of(one) for one in standing], [post for post, _ in posts_of(tmp_path)]

    assert seen <= set(cases)
    assert len(cases) == len(set(cases))
    assert {one["ts"] for one in standing} <= remembered_in(tmp_path)
    assert len(posts) == len(set(posts))


def test_two_demos_on_one_folder_are_one_too_many(start, tmp_path):
    words = ("demo", "--no-browser", "--port", "0", "--data", tmp_path)
    start(*words).watching()

    second = start(*words)
    out, err = second.handle.communicate(timeout=60)

    assert second.handle.returncode == 2
    assert out == ""
    assert err.startswith(f"goshawk: Another Goshawk runs on {tmp_path}. Stop it, or choose another folder with --data")


def test_a_storm_pressed_on_the_page_becomes_cards(start, tmp_path):
    demo = start("demo", "--no-browser", "--port", "0", "--data", tmp_path).watching()
    demo.first_card()

    pressed = demo.do("trick", name="storm")
    again = demo.do("trick", name="storm")
    begun = time.monotonic()
    while not (found := [card for card in demo.cards() if "-s1" in json.dumps(card["blocks"])]):
        assert time.monotonic() - begun < PATIENCE_S
        time.sleep(0.1)

    assert re.fullmatch(
        r"Storm: 4\d posts about one trouble in the next 40 s\. Watch #social-care\.", pressed["message"]
    )
    assert (again["ok"], again["error"]) == (False, "trick_under_way")
    assert "gates" in json.dumps(found[0]["blocks"])


def test_a_platform_taken_down_is_said_in_the_channel_within_seconds(start, tmp_path):
    """Three looks, a second apart, must fail before the bot says that it is blind."""
    demo = start("demo", "--no-browser", "--port", "0", "--data", tmp_path).watching()
    demo.first_card()

    begun = time.monotonic()
    pressed = demo.do("trick", name="down")
    while "cannot be read" not in json.dumps(demo.get("/sim/state")["messages"]["C0CARE0001"]):
        assert time.monotonic() - begun < PATIENCE_S
        time.sleep(0.1)

    assert "a reply meanwhile: it waits, and leaves once." in pressed["message"]
    assert time.monotonic() - begun < 30


def test_the_manifest_to_copy_is_the_one_that_is_printed(start, goshawk):
    sandbox = start("sandbox", "--port", "0")

    sandbox.url = sandbox.line().removeprefix("Slack sandbox: ")
    shown = sandbox.get("/page/connect")["manifest"]

    assert shown == goshawk("manifest").out.rstrip("\n")
    assert sandbox.do("trick", name="storm")["error"] == "unknown_trick"


def test_the_sandbox_takes_the_manifest_of_any_app(start, tmp_path):
    own = {
        "display_information": {"name": "Hello"},
        "features": {"slash_commands": [{"command": "/hello", "description": "Says hello"}]},
        "oauth_config": {"scopes": {"bot": ["commands", "chat:write"]}},
    }
    (tmp_path / "hello.json").write_text(json.dumps(own))
    sandbox = start("sandbox", "--port", "0", "--manifest", "hello.json")
    sandbox.url = sandbox.line().removeprefix("Slack sandbox: ")

    answers = [
        sandbox.do("command", user="U0ANA00001", channel="C0CARE0001", command=name) for name in ("/hello", "/social")
    ]

    assert [answer["error"] for answer in answers] == ["dispatch_failed", "unknown_command"]
    assert json.loads(sandbox.get("/page/connect")["manifest"]) == own
