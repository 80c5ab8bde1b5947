"""Who is who: asked for again when it is old, and no more often than Slack likes."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from bot.domain.staff import Standing
from bot.errors import Misconfigured, NotAllowed, SlackRefused
from bot.slack.directory import GROUPS_STALE_S, STALE_S, Directory

ANA, CLEO, GUS, LEFT = "U0ANA00001", "U0CLEO0001", "U0GUS00001", "U0LEFT0001"
LEADS, CARE = "S0LEADS001", "S0CARE0001"


class Workspace:
    """What Slack tells a directory; every question is counted."""

    def __init__(self) -> None:
        self.people = {
            ANA: {"id": ANA, "name": "ana", "team_id": "T1"},
            CLEO: {"id": CLEO, "name": "cleo", "team_id": "T1", "is_admin": True},
            GUS: {"id": GUS, "name": "gus", "team_id": "T1", "is_restricted": True},
            LEFT: {"id": LEFT, "name": "left", "team_id": "T1", "is_owner": True, "deleted": True},
        }
        self.groups_: dict[str, dict[str, Any]] = {
            LEADS: {"id": LEADS, "handle": "leads", "users": [CLEO]},
            CARE: {"id": CARE, "handle": "care", "users": [ANA, CLEO]},
        }
        self.channels: dict[str, dict[str, Any]] = {}
        self.silent = False
        self.asked: list[str] = []

    async def who_am_i(self) -> dict[str, Any]:
        return {"team_id": "T1", "user_id": "U0BOT00001"}

    async def pages(self, _method: str, key: str, **_arguments: Any) -> list[dict[str, Any]]:
        return {"members": list(self.people.values()), "usergroups": list(self.groups_.values())}.get(key, [])

    async def groups(self) -> list[dict[str, Any]] | None:
        self.asked.append("groups")
        return None if self.silent else list(self.groups_.values())

    async def channel(self, channel: str) -> dict[str, Any]:
        self.asked.append(channel)
        if self.silent:
            await asyncio.sleep(60)
        if channel not in self.channels:
            raise SlackRefused("Slack refused: channel_not_found.", code="channel_not_found")
        return self.channels[channel]

    async def person(self, staff_id: str) -> dict[str, Any]:
        self.asked.append(staff_id)
        if self.silent or staff_id not in self.people:
            raise NotAllowed("Slack does not tell me who you are just now.")
        return self.people[staff_id]


class Hand:
    """The hand of a clock."""

    def __init__(self) -> None:
        self.at = 1_000.0

    def __call__(self) -> float:
        return self.at


@pytest.fixture
def workspace() -> Workspace:
    return Workspace()


@pytest.fixture
def hand() -> Hand:
    return Hand()


@pytest.fixture
async def directory(workspace: Workspace, hand: Hand) -> Directory:
    made = Directory(workspace, hand)  # type: ignore[arg-type]
    await made.read()
    made.follow({LEADS, ANA})
    return made


async def test_a_person_comes_with_the_groups_that_rights_hang_on(directory):
    ana, cleo = await directory.staff(ANA), await directory.staff(CLEO)

    assert (ana.groups, cleo.groups) == (frozenset(), {LEADS})
    assert (ana.is_owner, cleo.is_owner) == (False, True)


async def test_who_joins_or_leaves_a_group_counts_half_a_minute_later(directory, workspace, hand):
    workspace.groups_[LEADS]["users"] = [ANA]
    assert (await directory.staff(ANA)).groups == frozenset()

    hand.at += GROUPS_STALE_S

    assert (await directory.staff(ANA)).groups == {LEADS}
    assert (await directory.staff(CLEO)).groups == frozenset()
    assert workspace.asked == ["groups"]


async def test_a_group_that_was_switched_off_has_nobody(directory, workspace, hand):
    del workspace.groups_[LEADS]
    hand.at += GROUPS_STALE_S

    assert (await directory.staff(CLEO)).groups == frozenset()


async def test_while_slack_does_not_tell_groups_and_people_stay_as_they_were(directory, workspace, hand):
    workspace.silent = True
    hand.at += STALE_S

    for _ in range(3):
        assert (await directory.staff(CLEO)).groups == {LEADS}

    assert workspace.asked.count("groups") == 1


async def test_a_member_who_became_a_guest_is_noticed(directory, workspace, hand):
    workspace.people[CLEO]["is_restricted"] = True
    hand.at += STALE_S

    assert (await directory.staff(CLEO)).standing is Standing.GUEST


async def test_a_clock_that_was_set_back_keeps_nothing_for_hours(directory, workspace, hand):
    workspace.groups_[LEADS]["users"] = []
    hand.at -= 3_600

    assert (await directory.staff(CLEO)).groups == frozenset()


async def test_without_roles_the_groups_are_never_asked_for(directory, workspace, hand):
    directory.follow(())
    hand.at += 10 * GROUPS_STALE_S

    await directory.staff(ANA)

    assert workspace.asked == []


async def test_who_is_unknown_and_whom_slack_does_not_tell_is_refused(directory):
    with pytest.raises(NotAllowed, match="who you are"):
        await directory.staff("U0NOBODY01")


@pytest.mark.parametrize(
    ("written", "found"),
    [("@leads", (LEADS, "@leads")), ("care", (CARE, "@care")), ("@ana", (ANA, "@ana")), (CLEO, (CLEO, "@cleo"))],
)
def test_a_role_names_people_and_groups_by_handle_or_id(directory, written: str, found: tuple[str, str]):
    assert directory.holder(written) == found


@pytest.mark.parametrize("written", ["@nobody", "@left", "Ana Ruiz", "U0NOBODY01", "S0NOBODY01"])
def test_a_role_for_nobody_is_refused(directory, written: str):
    with pytest.raises(Misconfigured, match=r"no person or user group .*Correct goshawk\.toml"):
        directory.holder(written)


def test_owners_who_left_own_nothing(directory):
    assert [one.name for one in directory.owners()] == ["cleo"]
    assert [one.name for one in directory.people_of(CARE)] in (["ana", "cleo"], ["cleo", "ana"])


PLACE = "C0GENERAL1"


@pytest.mark.parametrize(
    ("told", "public"),
    [
        ({"is_channel": True, "is_private": False, "is_im": False, "is_mpim": False}, True),
        ({"is_channel": True, "is_private": True}, False),
        ({"is_group": True, "is_private": True}, False),
        ({"is_im": True}, False),
        ({"is_im": True, "is_private": False}, False),
        ({"is_mpim": True, "is_private": False}, False),
        ({}, False),
    ],
)
async def test_a_place_is_public_only_when_slack_says_so(directory, workspace, told: dict[str, Any], public: bool):  # noqa: FBT001
    workspace.channels[PLACE] = told

    assert await directory.is_public(PLACE) is public


async def test_a_channel_is_asked_for_every_time_since_it_may_be_turned_private(directory, workspace):
    workspace.channels[PLACE] = {"is_private": False}
    assert await directory.is_public(PLACE)

    workspace.channels[PLACE] = {"is_private": True}

    assert not await directory.is_public(PLACE)


async def test_a_place_that_slack_does_not_tell_of_is_private(directory, workspace):
    assert not await directory.is_public("C0NOWHERE1")

    workspace.channels[PLACE], workspace.silent = {"is_private": False}, True

    assert not await directory.is_public(PLACE)
