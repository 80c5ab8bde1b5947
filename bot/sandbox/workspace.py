"""The fictional workspace: Harbourline, its people, channels and user groups."""

from dataclasses import dataclass, field
from typing import Any, Final

TEAM_ID: Final = "T0HARBOUR1"
TEAM_NAME: Final = "Harbourline"
TEAM_DOMAIN: Final = "harbourline"
PARTNER_TEAM_ID: Final = "T0PARTNER1"
BOT_USER: Final = "U0GOSHAWK1"
BOT_ID: Final = "B0GOSHAWK1"
APP_ID: Final = "A0GOSHAWK1"

#: When the workspace was founded: 2026-01-05, in seconds since the epoch.
CREATED: Final = 1_767_571_200
FOUNDER: Final = "U0CLEO0001"


@dataclass(frozen=True, slots=True)
class User:
    """One person, or the bot."""

    id: str
    name: str
    real_name: str
    title: str = ""
    team_id: str = TEAM_ID
    is_bot: bool = False
    is_restricted: bool = False
    is_stranger: bool = False

    def to_slack(self) -> dict[str, Any]:
        """Return the user object of users.info."""
        profile: dict[str, Any] = {
            "real_name": self.real_name,
            "display_name": self.name,
            "title": self.title,
            "team": self.team_id,
        }
        if self.is_bot:
            profile |= {"bot_id": BOT_ID, "api_app_id": APP_ID}
        body: dict[str, Any] = {
            "id": self.id,
            "team_id": self.team_id,
            "name": self.name,
            "real_name": self.real_name,
            "deleted": False,
            "profile": profile,
            "is_bot": self.is_bot,
            "is_app_user": False,
            "updated": CREATED,
        }
        if self.is_stranger:
            return body | {"is_stranger": True}
        return body | {
            "tz": "Etc/UTC",
            "tz_label": "Coordinated Universal Time",
            "tz_offset": 0,
            "is_admin": self.id == FOUNDER,
            "is_owner": self.id == FOUNDER,
            "is_primary_owner": self.id == FOUNDER,
            "is_restricted": self.is_restricted,
            "is_ultra_restricted": self.is_restricted,
        }


@dataclass(slots=True)
class Channel:
    """A conversation: public, private, or somebody's direct messages with the bot."""

    id: str
    name: str
    kind: str
    """``public``, ``private`` or ``app`` (the direct messages of one person with the bot)."""
    topic: str = ""
    members: list[str] = field(default_factory=list)
    is_shared: bool = False
    is_archived: bool = False

    @property
    def payload_name(self) -> str:
        """Return the name that interaction payloads carry: private ones are not named there."""
        return {"private": "privategroup", "app": "directmessage"}.get(self.kind, self.name)

    @property
    def scope_family(self) -> str:
        """Return the scope family of this conversation: channels, groups or im."""
        return {"private": "groups", "app": "im"}.get(self.kind, "channels")

    def person(self) -> str:
        """Return who talks with the bot here; only for direct messages."""
        return next(member for member in self.members if member != BOT_USER)

    def to_slack(self) -> dict[str, Any]:
        """Return the channel object of conversations.info."""
        body: dict[str, Any] = {
            "id": self.id,
            "created": CREATED,
            "is_archived": self.is_archived,
            "is_im": self.kind == "app",
            "is_org_shared": False,
            "context_team_id": TEAM_ID,
            "updated": CREATED * 1000,
        }
        if self.kind == "app":
            return body | {"user": self.person(), "is_user_deleted": False, "priority": 0, "is_open": True}
        private = self.kind == "private"
        return body | {
            "name": self.name,
            "name_normalized": self.name,
            "is_channel": not private,
            "is_group": private,
            "is_mpim": False,
            "is_private": private,
            "is_general": self.name == "general",
            "is_shared": self.is_shared,
            "is_ext_shared": self.is_shared,
            "is_pending_ext_shared": False,
            "is_member": BOT_USER in self.members,
            "creator": FOUNDER,
            "topic": {"value": self.topic, "creator": FOUNDER, "last_set": CREATED},
            "purpose": {"value": "", "creator": "", "last_set": 0},
            "previous_names": [],
            "num_members": len(self.members),
        }


@dataclass(frozen=True, slots=True)
class UserGroup:
    """Several people under one handle."""

    id: str
    handle: str
    name: str
    users: tuple[str, ...]

    def to_slack(self, *, with_users: bool) -> dict[str, Any]:
        """Return the usergroup object of usergroups.list."""
        body: dict[str, Any] = {
            "id": self.id,
            "team_id": TEAM_ID,
            "is_usergroup": True,
            "is_subteam": True,
            "name": self.name,
            "handle": self.handle,
            "description": "",
            "is_external": False,
            "date_create": CREATED,
            "date_update": CREATED,
            "date_delete": 0,
            "auto_type": None,
            "created_by": FOUNDER,
            "updated_by": FOUNDER,
            "deleted_by": None,
            "prefs": {"channels": [], "groups": []},
            "user_count": len(self.users),
        }
        return body | {"users": list(self.users)} if with_users else body


def people(bot_name: str) -> dict[str, User]:
    """Return the people of Harbourline and its bot, by id."""
    everyone = [
        User("U0ANA00001", "ana", "Ana Ruiz", "Customer care"),
        User("U0BEN00001", "ben", "Ben Okafor", "Customer care"),
        User("U0CLEO0001", "cleo", "Cleo Lind", "Team lead, care"),
        User("U0DEV00001", "dev", "Dev Patel", "Press and PR"),
        User("U0GUS00001", "gus", "Gus Hale", "Guest", is_restricted=True),
        User("U0OTTO0001", "otto", "Otto Berg", "Partner", team_id=PARTNER_TEAM_ID, is_stranger=True),
        User(BOT_USER, bot_name.lower(), bot_name, is_bot=True),
    ]
    return {user.id: user for user in everyone}


def channels() -> dict[str, Channel]:
    """Return the channels of Harbourline, by id, with one app conversation for each person."""
    care, lead, press = ["U0ANA00001", "U0BEN00001"], FOUNDER, "U0DEV00001"
    guests = ["U0GUS00001", "U0OTTO0001"]
    staff = [*care, lead, press]
    team = [*staff, BOT_USER]
    named = [
        Channel(
            "C0CARE0001",
            "social-care",
            "public",
            "What people say about us, one card each",
            [*team, *guests],
            is_shared=True,
        ),
        Channel("C0ESCAL001", "social-escalations", "public", "Cases that need a lead or PR", team),
        Channel("C0PRIVATE1", "social-private", "private", "Cases with personal data", [*care, lead, BOT_USER]),
        Channel("C0GENERAL1", "general", "public", "Everything else", staff),
    ]
    direct = [Channel("D" + user[1:], "", "app", "", [user, BOT_USER]) for user in [*staff, *guests]]
    return {channel.id: channel for channel in [*named, *direct]}


def groups() -> dict[str, UserGroup]:
    """Return the user groups of Harbourline, by id."""
    return {
        "S0LEADS001": UserGroup("S0LEADS001", "social-leads", "Social leads", ("U0CLEO0001",)),
        "S0PR000001": UserGroup("S0PR000001", "pr", "Press and PR", ("U0DEV00001",)),
    }
