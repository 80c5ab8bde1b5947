"""What Goshawk writes down: one JSON object an event, never a secret, never what a stranger or a colleague wrote."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import structlog

from bot import log
from bot.clock import SystemClock
from bot.feeds.replay import Replay
from tests.stories.stage import ANA, stage

CANARY = "kanarienvogel"


@pytest.fixture(autouse=True)
def _logging_as_before() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    yield
    root.handlers = handlers
    root.setLevel(level)
    structlog.reset_defaults()


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


def fail(words: str) -> None:
    raise ValueError(words)


@pytest.mark.parametrize(
    "secret",
    [
        "xoxb-123456789012-abcdefGHIJK",
        "xoxe.xoxp-1-Mi0yLTEyMzQ1Njc4OTAx",
        "xapp-1-A0123-456-deadbeef",
        "Bearer abc/def+ghi==",
        "postgresql://goshawk:swordfish@host/name",
        "the-webhook-secret",
    ],
)
def test_a_secret_is_blotted_out_wherever_it_stands(capsys, secret):
    log.configure("INFO", secrets=["the-webhook-secret", ""])
    told = log.get("bot.test")

    told.info(f"as the event {secret}", field=secret, deep={"list": [secret]}, error=ValueError(secret))
    logging.getLogger("library").warning("said by a library: %s", secret)
    try:
        fail(secret)
    except ValueError:
        told.exception("with a traceback")

    said = capsys.readouterr().err
    assert len(said.splitlines()) == 3
    assert "[hidden]" in said
    tail = secret.rpartition("-")[2] if secret.startswith("x") else secret.split(":")[-1].split("@")[0].split()[-1]
    assert tail not in said


def test_an_event_is_one_line_whatever_it_holds(capsys):
    log.configure("INFO")

    log.get("bot.test").info('a\nb\r\n\x1b[31m\0"}{', why="line\u2028separator\x85", long="x" * 10_000)

    (line,) = lines(capsys)
    assert line["event"] == 'a\nb\r\n\x1b[31m\0"}{'
    assert (line["level"], len(line["long"])) == ("info", log.FIELD_LIMIT)
    assert line["timestamp"].endswith("Z")


def test_a_long_traceback_keeps_its_last_words(capsys):
    log.configure("INFO")

    try:
        fail("x" * 5_000 + " and the last words")
    except ValueError:
        log.get("bot.test").exception("it broke")

    assert lines(capsys)[0]["exception"].endswith("and the last words")


def test_what_an_error_quotes_is_left_out(capsys):
    log.configure("DEBUG")

    for quoted in (repr("my lovely suitcase"), repr("it's a suitcase"), '"my suitcase"'):
        try:
            fail(f"cannot read {quoted} or {'name'!r}")
        except ValueError:
            log.get("bot.test").exception("it broke")

    told = [line["exception"] for line in lines(capsys)]
    assert [one.splitlines()[-1] for one in told] == ["ValueError: cannot read [words] or 'name'"] * 3
    assert all("test_log_lines.py" in one and "suitcase" not in one for one in told)


def test_libraries_speak_from_warning_on_under_whatever_name(capsys):
    log.configure("DEBUG")
    for name in ("slack_bolt.AsyncApp", "goshawk:AsyncApp", "httpx", "a.library", "anything"):
        logger = logging.getLogger(name)
        logger.info("a whole body")
        logger.debug("a whole body")
        logger.warning("something to act on")
    logging.getLogger("goshawk:AsyncApp").warning("As you gave `client` as well, `token` will be unused.")
    log.get("bot.test").debug("ours")

    assert [line["event"] for line in lines(capsys)] == ["something to act on"] * 5 + ["ours"]


async def test_nothing_that_people_wrote_is_in_the_log_of_a_whole_story(tmp_path: Path, capsys):
    file = tmp_path / "posts.jsonl"
    texts = [
        f"My {CANARY} parcel never arrived and nobody answers!",
        f"lovely {CANARY} day",
        f"{CANARY} \x1b[2J sank it",
    ]
    rows = [{"id": n, "author": f"mo{n}", "text": text} for n, text in enumerate(texts)]
    file.write_text("\n".join(map(json.dumps, rows)) + '\n{"id": 9, "author": "mo", "text": "' + CANARY)
    async with stage(tmp_path / "data") as scene:
        log.configure("INFO")
        await scene.goshawk.listener(Replay(path=file, clock=SystemClock(), platform="X")).read()
        card = await scene.card(CANARY)
        await scene.press(ANA, card, "case.claim")
        await scene.say(ANA, f"<@U0GOSHAWK1> note {CANARY}", thread_ts=card["ts"])
        await scene.command(ANA, f"nonsense {CANARY}")
        await scene.command(ANA, f"note 1 {CANARY}")
        await scene.command(ANA, f"1 {CANARY} and thanks", command="/reply")
        await scene.settled()
    log.get("bot.test").info("the log is heard")

    said = capsys.readouterr().err
    assert "the log is heard" in said
    assert CANARY not in said
