"""``goshawk run`` against the sandbox as against Slack: what it needs, what it says, what it brings."""

from __future__ import annotations

import json
import re
import time
import urllib.error
import urllib.request

import pytest

from bot.feeds.webhook import signature
from tests.cli.terminal import Process

SECRET = "the-shop's-secret"
COMPLAINT = "My cabin was sold twice and nobody answers!"
SENT = {"id": "1", "author": "mira", "text": COMPLAINT, "visibility": "public"}
SETTINGS = """
[channels]
cases = "#social-care"

[[tiers]]
name = "lead"
channel = "#social-escalations"
notify = ["@social-leads"]

[[feeds]]
kind = "webhook"
name = "shop"
"""


@pytest.fixture
def slack(start) -> dict[str, str]:
    """Run the sandbox alone; give what it says to export."""
    sandbox: Process = start("sandbox", "--port", "0")
    said = [sandbox.line() for _ in range(6)]
    exported = dict(re.findall(r"export ([A-Z_]+)=(\S+)", "\n".join(said)))
    assert said[0].startswith("Slack sandbox: http://127.0.0.1:")
    return {**exported, "PORT": "0", "GOSHAWK_SECRETS__SHOP": SECRET}


def test_a_signed_delivery_becomes_a_card_and_the_stop_is_clean(start, slack, tmp_path):
    (tmp_path / "goshawk.toml").write_text(SETTINGS)
    goshawk: Process = start("run", env=slack)
    found = re.fullmatch(r"Goshawk is watching\. Webhooks and health: (http://127\.0\.0\.1:\d+)", goshawk.line())
    assert found
    goshawk.url = found[1]
    stamp, body = str(int(time.time())), json.dumps(SENT)
    request = urllib.request.Request(  # noqa: S310 - http on loopback
        f"{goshawk.url}/hooks/shop",
        data=body.encode(),
        headers={"X-Goshawk-Timestamp": stamp, "X-Goshawk-Signature": signature(SECRET, stamp, body.encode())},
    )

    with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310 - the same
        told = json.loads(answer.read())
    sandbox = Process(goshawk.handle, slack["SLACK_API_URL"].removesuffix("/api/"))
    card, _ = sandbox.first_card()
    health = goshawk.get("/healthz")
    code, out, err = goshawk.stopped()

    assert told["stored"] == told["flagged"] == 1
    assert COMPLAINT in json.dumps(card["blocks"])
    assert health == "ok\n"
    assert (code, out) == (0, "")
    assert all(json.loads(line)["level"] == "info" for line in err.splitlines())
    assert not [secret for secret in (SECRET, slack["SLACK_BOT_TOKEN"], slack["SLACK_APP_TOKEN"]) if secret in err]


def test_a_worker_with_a_port_tells_its_health_and_figures_there(start, slack):
    worker: Process = start("worker", "--port", "0", env=slack)
    found = re.fullmatch(r"Goshawk is at work\. Webhooks and health: (http://127\.0\.0\.1:\d+)", worker.line())
    assert found
    worker.url = found[1]

    ready, figures = worker.get("/readyz"), worker.get("/metrics")
    code, _, _ = worker.stopped()

    assert ready == {"ready": True, "reasons": {}}
    assert "goshawk_socket_connected 2.0" in figures and 'goshawk_db_commit_seconds_bucket{le="0.1"}' in figures
    assert code == 0


#: What is wrong, and what must be said about it.
WRONG = {
    "a bot token that Slack refuses": (
        {"SLACK_BOT_TOKEN": "xoxb-sandbox-revoked"},
        "",
        "Slack does not take our token: invalid_auth. Check SLACK_BOT_TOKEN",
    ),
    "an app token that Slack refuses": (
        {"SLACK_APP_TOKEN": "xapp-sandbox-revoked"},
        "",
        "Slack does not take our token: invalid_auth. Check SLACK_APP_TOKEN: it begins with xapp- and needs the scope",
    ),
    "a channel that does not exist": ({}, '[channels]\ncases = "#nowhere"', "I see no channel #nowhere. Create it"),
    "a channel without Goshawk": ({}, '[channels]\ncases = "#general"', "Goshawk is not in #general."),
    "a public channel for private posts": ({}, '[channels]\nprivate = "#social-care"', "is public"),
    "people who do not exist": ({}, 'oncall = "@nobody"', "no person or user group called @nobody"),
}


def test_what_slack_does_not_know_is_said(goshawk, folder, slack):
    for environment, content, sentence in WRONG.values():
        (folder / "goshawk.toml").write_text(content)

        said = goshawk("run", **{**slack, **environment})

        assert (said.code, sentence in said.err) == (2, True), said.err
        assert said.err.splitlines()[-1].startswith("goshawk: ")
        assert "Traceback" not in said.err


def test_the_database_of_another_folder_can_be_migrated(goshawk, folder):
    done = goshawk("migrate", "--data", "elsewhere")

    assert (done.code, done.out) == (0, "The database is up to date.\n")
    assert (folder / "elsewhere" / "goshawk.db").is_file() and not (folder / "goshawk-data").exists()
