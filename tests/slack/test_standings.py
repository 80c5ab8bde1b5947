"""What Slack says of an account decides whether it may act at all: only a full member of this workspace may."""

from __future__ import annotations

from typing import Any

import pytest

from bot.domain.staff import Standing
from bot.slack.directory import Directory
from tests.slack.test_directory import Hand, Workspace

SOMEBODY = "U0SOME0001"


@pytest.mark.parametrize(
    ("told", "standing"),
    [
        ({"team_id": "T1"}, Standing.MEMBER),
        ({"team_id": "T1", "is_restricted": True}, Standing.GUEST),
        ({"team_id": "T1", "is_restricted": True, "is_ultra_restricted": True}, Standing.GUEST),
        ({"team_id": "T1", "is_bot": True}, Standing.BOT),
        ({"team_id": "T1", "is_bot": True, "is_admin": True}, Standing.BOT),
        ({"team_id": "T1", "id": "USLACKBOT"}, Standing.BOT),
        ({"team_id": "T2"}, Standing.STRANGER),
        ({"team_id": "T2", "is_owner": True}, Standing.STRANGER),
        ({"team_id": "T1", "is_stranger": True}, Standing.STRANGER),
        ({"team_id": "T1", "deleted": True}, Standing.STRANGER),
    ],
)
async def test_only_a_full_member_of_this_workspace_is_one(told: dict[str, Any], standing: Standing):
    workspace = Workspace()
    person = {"id": SOMEBODY, "name": "some", **told}
    workspace.people = {str(person["id"]): person}
    directory = Directory(workspace, Hand())  # type: ignore[arg-type]
    await directory.read()

    assert (await directory.staff(str(person["id"]))).standing is standing
