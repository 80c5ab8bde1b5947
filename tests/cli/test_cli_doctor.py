"""``goshawk doctor`` against the sandbox: what it finds, in words, and its exit code."""

from __future__ import annotations

import re

import pytest

from tests.cli.terminal import Process

WELL = """
[channels]
cases = "#social-care"
private = "#social-private"

[[tiers]]
name = "lead"
channel = "#social-escalations"
notify = ["@social-leads"]

[[feeds]]
kind = "webhook"
name = "shop"
"""

ROLES = """
[[roles]]
role = "responder"
who = ["@ana", "U0BEN00001"]

[[roles]]
role = "approver"
who = ["@social-leads"]
accounts = ["harbourline"]
routes = ["private"]

[[roles]]
role = "admin"
who = ["@dev"]
"""


@pytest.fixture
def slack(start) -> dict[str, str]:
    """Run the sandbox alone; give what it says to export."""
    sandbox: Process = start("sandbox", "--port", "0")
    exported = dict(re.findall(r"export ([A-Z_]+)=(\S+)", "\n".join(sandbox.line() for _ in range(6))))
    return {**exported, "GOSHAWK_SECRETS__SHOP": "the-shop's-secret"}


NO_ROLES = (
    "No roles are configured: every full member may answer; workspace owners and admins (cleo) approve and administer."
)


def test_all_is_well_without_roles_and_it_is_said_who_may_do_what(goshawk, folder, slack):
    (folder / "goshawk.toml").write_text(WELL)

    said = goshawk("doctor", **slack)

    assert (said.code, said.err) == (0, "")
    assert said.out.splitlines() == [
        "ok       Slack: both tokens are right, and no scope of 9 is missing.",
        "ok       #social-care: cards of public complaints.",
        "ok       #social-private: cards of private mentions.",
        "ok       #social-escalations: escalations to lead.",
        "ok       @social-leads are called by lead.",
        f"ok       {NO_ROLES}",
        "ok       Feed shop: webhook.",
        "All is well.",
    ]


def test_roles_are_told_by_name_group_and_bounds(goshawk, folder, slack):
    (folder / "goshawk.toml").write_text(WELL + ROLES)

    said = goshawk("doctor", **slack)

    assert said.code == 0
    assert "@ana may answer." in said.out and "@ben may answer." in said.out
    assert "@social-leads (cleo) may answer and approve as harbourline, private cases only." in said.out
    assert "@dev may answer, approve and administer." in said.out
    assert "Whoever is named in no table of [[roles]] may do nothing." in said.out


def test_what_should_be_looked_at_is_a_warning(goshawk, folder, slack):
    (folder / "goshawk.toml").write_text('[[roles]]\nrole = "responder"\nwho = ["@gus"]\n')

    said = goshawk("doctor", **slack)

    assert said.code == 1
    for words in (
        "warning  No private channel:",
        "warning  No tiers:",
        "warning  @gus is named as responder, but gus is a guest: they may do nothing.",
        "warning  Nobody is approver:",
        "warning  Nobody is admin:",
        "warning  Nothing is listened to.",
        "Nothing is broken, 6 to look at.",
    ):
        assert words in said.out, words


def test_everything_that_is_broken_is_said_at_once(goshawk, folder, slack):
    content = WELL.replace("#social-care", "#nowhere").replace("@social-leads", "@leeds").replace('"shop"', '"stall"')
    (folder / "goshawk.toml").write_text(content + '[[roles]]\nrole = "admin"\nwho = ["@nobody", "S0NOGROUP1"]\n')

    said = goshawk("doctor", **slack)

    assert said.code == 2
    for words in (
        "broken   I see no channel #nowhere.",
        "broken   The workspace has no person or user group called @leeds.",
        "broken   The workspace has no person or user group called @nobody.",
        "broken   The workspace has no person or user group with the id S0NOGROUP1.",
        "broken   The webhook stall has no secret.",
        "5 broken, 0 to look at.",
    ):
        assert words in said.out, words


def test_a_token_that_slack_refuses_is_broken_and_the_rest_is_still_told(goshawk, folder, slack):
    (folder / "goshawk.toml").write_text(WELL)

    said = goshawk("doctor", **{**slack, "SLACK_BOT_TOKEN": "xoxb-sandbox-revoked"})

    assert said.code == 2
    assert "broken   Slack: Slack refused: invalid_auth." in said.out and "ok       Feed shop" in said.out


def test_without_tokens_the_doctor_says_where_to_find_them(goshawk, folder):
    said = goshawk("doctor")

    assert said.code == 2
    assert "broken   Slack: SLACK_BOT_TOKEN is not set. docs/slack.md says where to find it" in said.out


def test_a_disk_that_is_thrown_away_is_no_place_for_a_database(goshawk, folder, slack):
    (folder / "goshawk.toml").write_text(WELL)

    said = goshawk("doctor", **slack, DYNO="web.1")

    assert said.code == 2
    assert "broken   This host throws its disks away" in said.out
