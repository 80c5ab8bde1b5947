"""``goshawk doctor`` against the sandbox: what it finds, in words, and its exit code."""

from __future__ import annotations

import asyncio
import json
import os
import re
import shutil
import socket
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.cases import rations
from bot.domain.health import FeedHealth, Pulse
from bot.domain.ids import CaseId, MentionId, ReplyId
from bot.domain.job import Job
from bot.domain.reply import Reply, ReplyState
from bot.store.engine import Store, Work
from bot.store.unit import Unit
from tests.cli.terminal import Process
from tests.fakes.people import ANA
from tests.fakes.posts import START

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

#: The sandbox's #social-care is shared with another company.
OUR_OWN = WELL.replace("#social-care", "#social-escalations")

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


UNSAID = 'Posts that do not say who can read them count as private; visibility = "public" changes that.'
NO_ROLES = (
    "No roles are configured: every full member may answer; workspace owners and admins (cleo) approve and administer."
)


def test_all_is_well_without_roles_and_it_is_said_who_may_do_what(goshawk, folder, slack):
    (folder / "goshawk.toml").write_text(OUR_OWN)

    said = goshawk("doctor", **slack)

    assert (said.code, said.err) == (0, "")
    lines = said.out.replace("Clock: 1 s", "Clock: 0 s").splitlines()
    assert re.fullmatch(r"ok       Goshawk \S+, Python 3\.\S+, SQLite 3\.\S+\.", lines.pop(1))
    assert re.fullmatch(rf"ok       Disk of {folder}: [\d.]+ GiB free, \d+%\.", lines.pop(1))
    assert lines == [
        f"ok       Settings: {folder / 'goshawk.toml'}, and the environment.",
        "ok       Database: goshawk-data/goshawk.db, made at the first start.",
        "ok       Workspace: Harbourline (T0HARBOUR1).",
        "ok       Slack: both tokens are right, and no scope of 9 is missing.",
        "ok       History may be read: after a crash, what was posted is found again.",
        "ok       Clock: 0 s from Slack's.",
        "ok       #social-escalations: cards of public complaints.",
        "ok       #social-private: cards of private mentions.",
        "ok       #social-escalations: escalations to lead.",
        "ok       @social-leads are called by lead.",
        f"ok       {NO_ROLES}",
        f"ok       Feed shop: webhook. {UNSAID}",
        "All is well.",
    ]


def test_it_is_told_that_the_operator_vouches_for_a_sender(goshawk, folder, slack):
    (folder / "goshawk.toml").write_text(WELL.replace('name = "shop"', 'name = "shop"\nvisibility = "public"'))

    said = goshawk("doctor", **slack)

    assert "Feed shop: webhook. Posts that do not say who can read them count as public, as you set it." in said.out


def test_roles_are_told_by_name_group_and_bounds(goshawk, folder, slack):
    (folder / "goshawk.toml").write_text(OUR_OWN + ROLES)

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
        "warning  #social-care is shared with another company: its people read what is posted there.",
        "Nothing is broken, 7 to look at.",
    ):
        assert words in said.out, words


def test_everything_that_is_broken_is_said_at_once(goshawk, folder, slack):
    content = WELL.replace("#social-care", "#nowhere").replace("@social-leads", "@leeds").replace('"shop"', '"stall"')
    (folder / "goshawk.toml").write_text(content + '[[roles]]\nrole = "admin"\nwho = ["@nobody", "S0NOGROUP1"]\n')

    said = goshawk("doctor", **slack, GOSHAWK_HEARTBEAT_FILE="nowhere/alive.json")

    assert said.code == 2
    for words in (
        "broken   GOSHAWK_HEARTBEAT_FILE: there is no folder nowhere.",
        "broken   I see no channel #nowhere.",
        "broken   The workspace has no person or user group called @leeds.",
        "broken   The workspace has no person or user group called @nobody.",
        "broken   The workspace has no person or user group with the id S0NOGROUP1.",
        "broken   The webhook stall has no secret.",
        "6 broken, 0 to look at.",
    ):
        assert words in said.out, words


def test_a_token_that_slack_refuses_is_broken_and_the_rest_is_still_told(goshawk, folder, slack):
    (folder / "goshawk.toml").write_text(WELL)

    said = goshawk("doctor", **{**slack, "SLACK_BOT_TOKEN": "xoxb-sandbox-revoked"})

    assert said.code == 2
    assert (
        "broken   Slack: Slack does not take our token: invalid_auth." in said.out and "ok       Feed shop" in said.out
    )


def test_without_tokens_the_doctor_says_where_to_find_them(goshawk, folder):
    said = goshawk("doctor")

    assert said.code == 2
    assert "broken   Slack: SLACK_BOT_TOKEN is not set. docs/slack.md says where to find it" in said.out


def test_a_disk_that_is_thrown_away_is_no_place_for_a_database(goshawk, folder, slack):
    (folder / "goshawk.toml").write_text(WELL)

    said = goshawk("doctor", **slack, DYNO="web.1")

    assert said.code == 2
    assert "broken   This host throws its disks away" in said.out


@pytest.mark.parametrize(
    ("approval", "which"),
    [('priorities = ["P1"]', "public"), ('words = ["refund"]', "public"), ('routes = ["cases"]', "public")],
)
def test_an_approval_that_nobody_may_give_is_a_warning(goshawk, folder, slack, approval, which):
    roles = ROLES.replace('role = "admin"', 'role = "viewer"')
    (folder / "goshawk.toml").write_text(f"{WELL}{roles}\n[approval]\n{approval}\n")

    said = goshawk("doctor", **slack)

    assert said.code == 1
    assert (f"warning  [approval] covers {which} cases, but no table" in said.out) == bool(which)


@pytest.mark.parametrize(
    ("approval", "words"),
    [
        ('routes = ["private"]', "private cases of every account, but approvers are there for harbourline only"),
        ('accounts = ["@Ferries"]\nroutes = ["cases"]', "public cases, but no table of [[roles]] has an approver"),
        ('accounts = ["@Ferries"]', "private cases of ferries, but no table of [[roles]] has an approver for them"),
        ('accounts = ["Harbourline"]', ""),
    ],
)
def test_an_approval_of_accounts_that_nobody_may_approve_for_is_a_warning(goshawk, folder, slack, approval, words):
    roles = ROLES.replace('role = "admin"', 'role = "approver"\naccounts = ["@harbourline"]\nroutes = ["cases"]')
    roles = roles if "cases" not in approval else ROLES.replace('role = "admin"', 'role = "viewer"')
    (folder / "goshawk.toml").write_text(f"{WELL}{roles}\n[approval]\n{approval}\n")

    said = goshawk("doctor", **slack)

    assert ("[approval] covers" in said.out) == bool(words)
    assert words in said.out


def test_a_database_that_cannot_be_used_is_broken_before_anything_runs(goshawk, folder, slack):
    (folder / "goshawk.toml").write_text(WELL)
    (folder / "words.db").write_text("no database " * 100)

    said = goshawk("doctor", **slack, DATABASE_URL="sqlite:///words.db")

    assert said.code == 2
    assert "broken   Database: The file words.db is damaged or no database" in said.out


def test_the_doctor_says_which_folder_it_looked_for_settings_in(goshawk, folder, slack):
    said = goshawk("doctor", **slack)

    assert f"Settings: the environment alone; there is no goshawk.toml in {folder}." in said.out


def test_programs_read_the_same_as_json(goshawk, folder, slack):
    (folder / "goshawk.toml").write_text(OUR_OWN)

    said = goshawk("doctor", "--json", **slack)

    found = json.loads(said.out)
    assert (said.code, found["worst"]) == (0, "ok")
    assert {"mark": "ok", "about": "team", "text": "Workspace: Harbourline (T0HARBOUR1)."} in found["findings"]


def test_what_others_may_read_is_said_with_what_to_type(goshawk, folder, slack, template):
    data = folder / "goshawk-data"
    data.mkdir(mode=0o755)
    shutil.copy(template, data / "goshawk.db")
    (data / "goshawk.db").chmod(0o644)
    (folder / "goshawk.toml").write_text('slack_bot_token = "xoxb-sandbox-x"\n' + OUR_OWN)
    (folder / "goshawk.toml").chmod(0o640)

    said = goshawk("doctor", **slack)

    assert said.code == 1
    for place, mode in (("goshawk-data/goshawk.db", 600), ("goshawk.toml", 600), ("goshawk-data", 700)):
        assert f"Type: chmod {mode} {place}\n" in said.out


def kept(folder: Path, template: Path, work: Work[None] | None = None) -> None:
    """Put a database into the data folder, after some work in it."""
    (folder / "goshawk-data").mkdir(mode=0o700)
    shutil.copy(template, folder / "goshawk-data" / "goshawk.db")
    (folder / "goshawk-data" / "goshawk.db").chmod(0o600)
    store = Store(f"sqlite:///{folder / 'goshawk-data' / 'goshawk.db'}", inline=True)
    store.open()
    if work:
        asyncio.run(store.transact(work))
    store.close()


def in_trouble(unit: Unit) -> None:
    """Leave behind what an operator should see: old and dead promises, a doubtful reply, a feed that fails."""
    for key in ("old", "dead"):
        unit.jobs.add(Job(kind="x", key=key, due=START))
    unit.jobs.flush()
    [dead] = [job for job in unit.jobs.claim(["x"], at=START, lease=timedelta(days=900), limit=9) if job.key == "dead"]
    unit.jobs.bury(dead, at=START, trouble="It cannot be done.")
    unit.jobs.take_back(at=START)
    who = {"by": ANA.id, "by_name": ANA.name, "written_at": START}
    reply = Reply(id=ReplyId(0), case_id=CaseId(1), mention_id=MentionId(1), text="Sorry!", **who)
    unit.replies.add(replace(reply, state=ReplyState.UNKNOWN))
    for _ in range(9):
        unit.quotas.take(rations.key_of("shop", "Harbourline", datetime.now(UTC)), cap=10)
    unit.feeds.note(FeedHealth(feed="shop", pulse=Pulse.FAILING, since=START, last_read_at=START, trouble="It is down"))


def test_what_waits_in_the_database_is_told(goshawk, folder, slack, template):
    (folder / "goshawk.toml").write_text("replies_per_day = 10\n" + OUR_OWN)
    kept(folder, template, in_trouble)

    said = goshawk("doctor", **slack)

    assert said.code == 1
    for words in (
        "ok       Database: goshawk-data/goshawk.db, sound.",
        "warning  The oldest promise was due ",
        "warning  Replies of today by shop as harbourline: 9 of 10.",
        "warning  1 promises were given up. `goshawk jobs list` says which and why.",
        "warning  1 replies are in doubt. Their cards ask: did it arrive?",
        f"warning  Feed shop cannot be read: It is down. It was last read {START:%Y-%m-%d %H:%M} UTC.",
    ):
        assert words in said.out, words


def test_a_damaged_database_is_broken_and_it_is_said_how_to_restore(goshawk, folder, slack, template):
    (folder / "goshawk.toml").write_text(OUR_OWN)
    kept(folder, template)
    with (folder / "goshawk-data" / "goshawk.db").open("r+b") as content:
        content.seek(19 * 4_096)
        content.write(os.urandom(4_096))

    said = goshawk("doctor", **slack)

    assert said.code == 2
    assert re.search(r"broken   Database: goshawk-data/goshawk.db is damaged .* `goshawk restore FILE`\.", said.out)


def test_a_server_that_says_nothing_is_not_waited_for(goshawk, folder, slack):
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        door.listen()
        begun = time.monotonic()
        said = goshawk("doctor", **slack, DATABASE_URL=f"postgresql://me@127.0.0.1:{door.getsockname()[1]}/x")

    assert said.code == 2 and time.monotonic() - begun < 40
    assert "broken   Database: " in said.out and "ok       Workspace: Harbourline" in said.out
