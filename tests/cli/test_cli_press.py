"""``goshawk doctor --press``: a person presses a test card, alone or beside a bot that runs."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest

from tests.cli.terminal import PATIENCE_S, Process

SETTINGS = """
[channels]
cases = "#social-escalations"
private = "#social-private"
"""
ESCALATIONS = "C0ESCAL001"


@pytest.fixture
def sandbox(start) -> Process:
    """Run the sandbox alone."""
    process: Process = start("sandbox", "--port", "0")
    process.url = process.line().rsplit(" ", 1)[1]
    process.exported = dict(  # type: ignore[attr-defined]
        re.findall(r"export ([A-Z_]+)=(\S+)", "\n".join(process.line() for _ in range(5)))
    )
    return process


def card(sandbox: Process) -> dict:
    """Wait for the test card."""
    ends = time.monotonic() + PATIENCE_S
    while time.monotonic() < ends:
        for message in sandbox.get("/sim/state")["messages"].get(ESCALATIONS, []):
            if "doctor.press" in str(message["blocks"]):
                return message
        time.sleep(0.05)
    raise AssertionError("no test card")


def press(sandbox: Process, message: dict) -> None:
    where = {"channel": ESCALATIONS, "message_ts": message["ts"], "action_id": "doctor.press"}
    assert sandbox.do("action", user="U0ANA00001", **where)["ok"]


def stands(sandbox: Process) -> str:
    [message] = sandbox.get("/sim/state")["messages"][ESCALATIONS]
    return str(message["blocks"])


@pytest.mark.parametrize("beside", ["nobody", "a bot"])
def test_a_press_comes_through_and_the_way_is_measured(start, sandbox, tmp_path: Path, beside: str):
    (tmp_path / "goshawk.toml").write_text(SETTINGS)
    if beside == "a bot":
        bot = start("run", "--port", "0", env=sandbox.exported)
        assert bot.line().startswith("Goshawk is watching.")
    doctor = start("doctor", "--press", "--wait", "40", env=sandbox.exported)

    press(sandbox, card(sandbox))
    out, err = doctor.handle.communicate(timeout=PATIENCE_S)

    assert re.search(
        r"ok       A press came through: posted in [\d.]+ s, pressed by U0ANA00001, [\d.]+ s on the way\.", out
    )
    assert err == "A test card stands in #social-escalations: press it.\n"
    assert "The connection works" in stands(sandbox) and "doctor.press" not in stands(sandbox)
    assert doctor.handle.returncode == 1  # no tiers, no feeds


def test_a_press_that_does_not_come_is_said_in_time(start, sandbox, tmp_path: Path):
    (tmp_path / "goshawk.toml").write_text(SETTINGS)
    doctor = start("doctor", "--press", "--wait", "2", env=sandbox.exported)

    out, _ = doctor.handle.communicate(timeout=PATIENCE_S)

    assert "broken   No press on the test card came through within 2 s." in out
    assert "no press arrived in time" in stands(sandbox)
    assert doctor.handle.returncode == 2
